internal import Cryptography
package import Diagnostics
internal import Files
internal import Foundation
package import Panel
public import Spec

/// A run's run.json: the inputs and settings that it was made from.
///
/// Keys in the file are in snake case. Records of schema 1, found in models that earlier versions
/// promoted, have sentences in place of some values. They can be read but are never written.
public struct RunRecord: SealedDocument, Sendable {
  public struct CutoffEntry: Codable, Sendable {
    public let date: String
    public let role: String
    public let windowEnd: String
    public let rows: Int
    public let positives: Int

    package init(_ counts: CutoffCounts) {
      date = counts.cutoff.date.description
      role = counts.cutoff.role.rawValue
      windowEnd = counts.cutoff.windowEnd.description
      rows = counts.rows
      positives = counts.positives
    }
  }

  /// The last day whose outcome the model has learned: the latest end of a label window of a train
  /// or calibrate cutoff. Written in ISO 8601, so that text order is date order.
  public var learnedThrough: String? {
    cutoffs.filter { $0.role == Role.train.rawValue || $0.role == Role.calibrate.rawValue }
      .map(\.windowEnd).max()
  }

  public struct FoldEntry: Codable, Sendable {
    public let lastTestCutoff: String
    public let firstTrainCutoff: String?
    public let calibration: Recorded<CalibrationRecord>

    package init(
      lastTestCutoff: String, firstTrainCutoff: String?, calibration: CalibrationRecord
    ) {
      (self.lastTestCutoff, self.firstTrainCutoff) = (lastTestCutoff, firstTrainCutoff)
      self.calibration = .value(calibration)
    }
  }

  public struct PresetEntry: Codable, Sendable, Equatable {
    public let name: String
    /// By the names that the spec uses: those of the preset, and those that it sets itself.
    public let parameters: [String: String]

    /// nil without a preset.
    package init?(_ model: ModelSpec) {
      guard model.preset != .none else { return nil }
      name = model.preset.rawValue
      parameters = Dictionary(
        model.parameters.map { ($0.name.value, $0.value.value) }, uniquingKeysWith: { $1 })
    }
  }

  public struct Timing: Codable, Sendable {
    public let stage: String
    public let seconds: Double

    package init(stage: String, seconds: Double) { (self.stage, self.seconds) = (stage, seconds) }
  }

  /// The version of this schema; absent in records of schema 1.
  public let schema: Int?
  public let runId: String
  public let name: String
  /// The hash that `specHash` makes.
  public let specSha256: String
  public let data: [DataFingerprint]
  public let versions: [String: String]
  public let dataThrough: String
  public let cutoffs: [CutoffEntry]
  /// Newest first; absent when there is only one.
  public let folds: [FoldEntry]?
  /// The preset with all parameters that the learner was given; absent without one.
  public let preset: PresetEntry?
  /// The sample that the model has learned from; absent when that is every train row.
  public let sample: Recorded<SampleRecord>?
  /// The number of trees that early stopping chose, and how; absent when the spec gives it.
  public let trees: Recorded<TreesRecord>?
  public let calibration: Recorded<CalibrationRecord>
  public let caveats: [Caveat]
  /// In a record of schema 1, the lines of the caveats that the spec accepts in writing.
  private let acceptedCaveats: [String]?
  /// `LoadedSpec.variations`; absent when the spec's file is complete by itself.
  public let variations: [String]?
  /// Absent in the record of a refit, because no rows were held out to evaluate it.
  public let evidence: Recorded<EvidenceRecord>?
  public let oneFeature: String?
  public let findings: [RecordedFinding]
  public let threads: Int
  public let timings: [Timing]
  /// The SHA-256 of the run's other files, by name. A refit's record lists its own files except
  /// spec.yaml, which belongs to the run. Absent in runs of versions that stored no hashes.
  public internal(set) var files: [String: String]?
  /// The SHA-256 of the record's text without this line.
  public package(set) var recordSha256: String?

  package init(
    _ identity: RunIdentity, name: String, dataThrough: String, cutoffs: [CutoffEntry],
    folds: [FoldEntry]?, preset: PresetEntry?, sample: SampleRecord?, trees: TreesRecord?,
    calibration: CalibrationRecord, caveats: [Caveat], variations: [String],
    evidence: EvidenceRecord, oneFeature: String?, threads: Int, timings: [Timing],
    findings: [RecordedFinding]
  ) {
    schema = Self.currentSchema
    runId = identity.id
    self.name = name
    specSha256 = identity.specHash
    data = identity.data
    versions = identity.versions
    self.dataThrough = dataThrough
    self.cutoffs = cutoffs
    self.folds = folds
    self.preset = preset
    self.sample = sample.map { .value($0) }
    self.trees = trees.map { .value($0) }
    self.calibration = .value(calibration)
    self.caveats = caveats
    acceptedCaveats = nil
    self.variations = variations.isEmpty ? nil : variations
    self.evidence = .value(evidence)
    self.oneFeature = oneFeature
    self.findings = findings
    self.threads = threads
    self.timings = timings
  }

  /// Makes the record of a run's refit: the same spec and data, fitted on other cutoffs.
  package init(
    refitOf run: RunRecord, cutoffs: [CutoffEntry], sample: SampleRecord?, trees: TreesRecord?,
    calibration: CalibrationRecord, timings: [Timing]
  ) {
    schema = run.schema
    runId = run.runId
    name = run.name
    specSha256 = run.specSha256
    data = run.data
    versions = run.versions
    dataThrough = run.dataThrough
    self.cutoffs = cutoffs
    folds = nil
    preset = run.preset
    self.sample = sample.map { .value($0) }
    self.trees = trees.map { .value($0) }
    self.calibration = .value(calibration)
    caveats = run.caveats
    acceptedCaveats = nil
    variations = run.variations
    evidence = nil
    oneFeature = nil
    findings = run.findings
    threads = run.threads
    self.timings = timings
  }

  /// The schema that this program writes.
  static let currentSchema = 2

  /// What people call a positive entity.
  public var nouns: PositiveNoun {
    guard case .value(let evidence)? = evidence else { return .default }
    return evidence.nouns
  }

  /// The caveats that the spec accepts in writing.
  public var accepted: [Caveat] { caveats.filter(isAccepted) }

  /// The caveats that the spec does not accept.
  public var open: [Caveat] { caveats.filter { !isAccepted($0) } }

  private func isAccepted(_ caveat: Caveat) -> Bool {
    caveat.accepted ?? acceptedCaveats?.contains(caveat.words) ?? false
  }

  /// The SHA-256 of the part of a resolved spec that decides a run's results,
  /// `LoadedSpec.identityText`.
  static func specHash(_ identityText: String) -> String {
    Fingerprint.of(Data(identityText.utf8))
  }

  /// Reads a run.json without checking its hash.
  /// - Throws: `DecodingError`.
  init(json: Data) throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    self = try decoder.decode(RunRecord.self, from: json)
  }

  /// Reads the run.json of a folder.
  /// - Throws: `FindingsError` when it is missing, or is not what the run wrote.
  package static func read(_ folder: String) throws(FindingsError) -> RunRecord {
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
      // The same version introduced both.
      if (record.files != nil) == (seal == .intact) { return record }
    } catch {
      throw FindingsError(.unreadableRunFile(path, what: what, StoredRun.reason(error)))
    }
    throw FindingsError(.damagedRunFile(path, "its content was changed"))
  }

  /// Returns this record with the hashes of a folder's files.
  /// - Throws: `CocoaError` when a file cannot be read.
  package func with(hashesOf files: [String], in folder: String) throws -> RunRecord {
    var record = self
    record.files = try RunFiles.hashes(of: files, in: folder)
    return record
  }

  /// Whether the record's run has exactly this spec, by its `LoadedSpec.identityText`.
  public func isOf(identityText: String) -> Bool { specSha256 == Self.specHash(identityText) }

}

/// The inputs that decide a run's result, and the run's name, which is derived from them.
package struct RunIdentity {
  /// The last observed day and the first 12 digits of a hash of all the values below.
  package let id: String
  /// The hash that `RunRecord.specHash` makes.
  package let specHash: String
  package let data: [DataFingerprint]
  package let versions: [String: String]

  package init(
    identityText: String, data: [DataFingerprint], versions: [String: String], through: String
  ) {
    specHash = RunRecord.specHash(identityText)
    self.data = data
    self.versions = versions
    var hash = SHA256()
    hash.update(Data(specHash.utf8))
    for print in data {
      let content = print.sha256 ?? print.contentHash ?? "-"
      hash.update(Data("\(print.path) \(content)\n".utf8))
    }
    for (name, version) in versions.sorted(by: { $0.key < $1.key }) {
      hash.update(Data("\(name) \(version)\n".utf8))
    }
    id = "\(through)-\(hash.finalize().hexadecimal.prefix(12))"
  }
}
