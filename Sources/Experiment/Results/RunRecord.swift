internal import Crypto
internal import Diagnostics
internal import Files
internal import Foundation
internal import Learning
internal import Panel
internal import Spec

/// A run's run.json: what it was made of, in words.
///
/// Keys in the file are in snake case.
public struct RunRecord: SealedDocument, Sendable {
  public struct CutoffEntry: Codable, Sendable {
    public let date: String
    public let role: String
    public let windowEnd: String
    public let rows: Int
    public let positives: Int

    init(_ counts: CutoffCounts) {
      date = counts.cutoff.date.description
      role = counts.cutoff.role.rawValue
      windowEnd = counts.cutoff.windowEnd.description
      rows = counts.rows
      positives = counts.positives
    }
  }

  /// The last day of which the model has learned what happened: the latest end of a label window of a train
  /// or calibrate cutoff, as ISO 8601 writes it, in which days stand in the order of time.
  public var learnedThrough: String? {
    cutoffs.filter { $0.role == Role.train.rawValue || $0.role == Role.calibrate.rawValue }
      .map(\.windowEnd).max()
  }

  public struct FoldEntry: Codable, Sendable {
    public let lastTestCutoff: String
    public let firstTrainCutoff: String?
    public let calibration: String
  }

  public struct Timing: Codable, Sendable {
    public let stage: String
    public let seconds: Double
  }

  public let runId: String
  public let name: String
  /// As `specHash` makes it.
  public let specSha256: String
  public let data: [DataFingerprint]
  public let versions: [String: String]
  public let dataThrough: String
  public let cutoffs: [CutoffEntry]
  /// Newest first; absent where there is one.
  public let folds: [FoldEntry]?
  /// What the model has learned from; absent where that is every train row.
  public let sample: String?
  /// The number of trees that was found, and how; absent where the spec gives it.
  public let trees: String?
  public let calibration: String
  public let caveats: [String]
  /// Those of the caveats that the spec accepts in writing; absent where there are none.
  public let acceptedCaveats: [String]?
  /// `LoadedSpec.variations`; absent where the spec's file says it all.
  public let variations: [String]?
  public let evidence: String
  public let oneFeature: String?
  public let findings: [String]
  public let threads: Int
  public let timings: [Timing]
  /// The SHA-256 of the run's other files, by name; of a refit, of its own but for spec.yaml, which is the
  /// run's. Absent in runs of versions that kept none.
  public internal(set) var files: [String: String]?
  /// The SHA-256 of the record's text without this line.
  public internal(set) var recordSha256: String?

  init(
    _ run: ExperimentRun, identity: RunIdentity, variations: [String], calibration: String,
    evidence: String, threads: Int, timings: [Timing]
  ) {
    runId = identity.id
    name = run.spec.name.value
    specSha256 = identity.specHash
    data = identity.data
    versions = identity.versions
    dataThrough = run.timeline.dataThrough.description
    cutoffs = run.cutoffCounts.map(CutoffEntry.init)
    folds =
      run.folds.count == 1
      ? nil
      : run.folds.map { fold in
        FoldEntry(
          lastTestCutoff: fold.name,
          firstTrainCutoff: fold.timeline[.train].first?.date.description,
          calibration: fold.calibration)
      }
    sample = run.model.sample?.words
    trees = run.model.earlyStop?.words
    self.calibration = calibration
    caveats = run.caveats.list.map(\.line)
    let accepted = run.caveats.list.filter { $0.isAccepted == true }.map(\.line)
    acceptedCaveats = accepted.isEmpty ? nil : accepted
    self.variations = variations.isEmpty ? nil : variations
    self.evidence = evidence
    oneFeature = run.evaluation.oneFeature?.baseline.feature
    findings = run.warnings.map { "\($0.id) \($0.message)" }
    self.threads = threads
    self.timings = timings
  }

  /// The record of a run's refit: the same spec and data, fitted on other cutoffs.
  init(_ refit: Refit, beside run: RunRecord) {
    runId = run.runId
    name = run.name
    specSha256 = run.specSha256
    data = run.data
    versions = run.versions
    dataThrough = run.dataThrough
    cutoffs = refit.cutoffCounts.map(CutoffEntry.init)
    folds = nil
    sample = refit.model.sample?.words
    trees = refit.model.earlyStop?.words
    calibration = RunSummary.calibration(refit.calibrator)
    caveats = run.caveats
    acceptedCaveats = run.acceptedCaveats
    variations = run.variations
    evidence = "none of its own: nothing was held out; the run beside it has the evidence"
    oneFeature = nil
    findings = run.findings
    threads = run.threads
    timings = run.timings.filter { $0.stage == RunStage.refitting.rawValue }
  }

  /// The SHA-256 of the part of a resolved spec that decides a run's results, `LoadedSpec.identityText`.
  static func specHash(_ identityText: String) -> String {
    Fingerprint.of(Data(identityText.utf8))
  }

  /// Reads a run.json, whatever its hash.
  /// - Throws: `DecodingError`.
  init(json: Data) throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    self = try decoder.decode(RunRecord.self, from: json)
  }

  /// Reads the run.json of a folder.
  /// - Throws: `FindingsError` when it is missing, or is not what the run wrote.
  static func read(_ folder: String) throws(FindingsError) -> RunRecord {
    let (path, what) = ("\(folder)/run.json", "a run's record")
    let text: Data
    do throws(FileError) {
      text = try Files.read(path)
    } catch {
      throw FindingsError(.unreadableRunFile(path, what: what, error.reason))
    }
    let seal = Seal(text)
    guard seal != .broken else {
      throw FindingsError(.damagedRunFile(path, "its content was changed"))
    }
    do {
      let record = try RunRecord(json: text)
      // Both came with the same version.
      if (record.files != nil) == (seal == .intact) { return record }
    } catch {
      throw FindingsError(.unreadableRunFile(path, what: what, StoredRun.reason(error)))
    }
    throw FindingsError(.damagedRunFile(path, "its content was changed"))
  }

  /// This record with the hashes of a folder's files.
  /// - Throws: `CocoaError` where one cannot be read.
  func with(hashesOf files: [String], in folder: String) throws -> RunRecord {
    var record = self
    record.files = try RunFiles.hashes(of: files, in: folder)
    return record
  }

  /// Whether this is of a run of just this spec, by its `LoadedSpec.identityText`.
  public func isOf(identityText: String) -> Bool { specSha256 == Self.specHash(identityText) }

}

/// What decides a run's result, and the name that follows from it.
struct RunIdentity {
  /// The last observed day and the first 12 digits of a hash of all below.
  let id: String
  /// As `RunRecord.specHash` makes it.
  let specHash: String
  let data: [DataFingerprint]
  let versions: [String: String]

  init(identityText: String, data: [DataFingerprint], versions: [String: String], through: String) {
    specHash = RunRecord.specHash(identityText)
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
