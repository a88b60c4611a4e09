internal import Crypto
internal import Diagnostics
internal import Foundation
internal import Learning
internal import Panel
internal import Spec

/// A run's run.json: what it was made of, in words.
struct RunRecord: Encodable {
  struct CutoffEntry: Encodable {
    let date: String
    let role: String
    let windowEnd: String
    let rows: Int
    let positives: Int
  }

  struct FoldEntry: Encodable {
    let lastTestCutoff: String
    let firstTrainCutoff: String?
    let calibration: String
  }

  struct Timing: Encodable {
    let stage: String
    let seconds: Double
  }

  let runId: String
  let name: String
  let specSha256: String
  let data: [DataFingerprint]
  let versions: [String: String]
  let dataThrough: String
  let cutoffs: [CutoffEntry]
  /// Newest first; absent where there is one.
  let folds: [FoldEntry]?
  let calibration: String
  let caveats: [String]
  let evidence: String
  let oneFeature: String?
  let findings: [String]
  let threads: Int
  var timings: [Timing]

  init(
    _ run: ExperimentRun, identity: RunIdentity, calibration: String, evidence: String,
    threads: Int, timings: [Timing]
  ) {
    runId = identity.id
    name = run.spec.name.value
    specSha256 = identity.specHash
    data = identity.data
    versions = identity.versions
    dataThrough = run.timeline.dataThrough.description
    cutoffs = run.cutoffCounts.map { counts in
      CutoffEntry(
        date: counts.cutoff.date.description, role: counts.cutoff.role.rawValue,
        windowEnd: counts.cutoff.windowEnd.description, rows: counts.rows,
        positives: counts.positives)
    }
    folds =
      run.folds.count == 1
      ? nil
      : run.folds.map { fold in
        FoldEntry(
          lastTestCutoff: fold.name,
          firstTrainCutoff: fold.timeline[.train].first?.date.description,
          calibration: fold.calibration)
      }
    self.calibration = calibration
    caveats = run.caveats.list.map(\.line)
    self.evidence = evidence
    oneFeature = run.evaluation.oneFeature?.baseline.feature
    findings = run.warnings.map { "\($0.id) \($0.message)" }
    self.threads = threads
    self.timings = timings
  }

  func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(self) + Data("\n".utf8)
  }
}

/// What decides a run's result, and the name that follows from it.
struct RunIdentity {
  /// The last observed day and the first 12 digits of a hash of all below.
  let id: String
  /// SHA-256 of the resolved spec's text.
  let specHash: String
  let data: [DataFingerprint]
  let versions: [String: String]

  init(resolvedSpec: String, data: [DataFingerprint], versions: [String: String], through: String) {
    specHash = SHA256.hash(data: Data(resolvedSpec.utf8)).hexadecimal
    self.data = data
    self.versions = versions
    var hash = SHA256()
    hash.update(data: Data(specHash.utf8))
    for print in data {
      let content = print.sha256 ?? print.contentHash ?? "-"
      hash.update(data: Data("\(print.path) \(content)\n".utf8))
    }
    for (name, version) in versions.sorted(by: { $0.key < $1.key }) {
      hash.update(data: Data("\(name) \(version)\n".utf8))
    }
    id = "\(through)-\(hash.finalize().hexadecimal.prefix(12))"
  }
}
