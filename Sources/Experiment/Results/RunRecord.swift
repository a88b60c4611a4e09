internal import Cryptography
internal import Diagnostics
internal import Evaluation
internal import Files
internal import Foundation
internal import Learning
internal import Panel
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

    init(_ counts: CutoffCounts) {
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
  }

  public struct PresetEntry: Codable, Sendable, Equatable {
    public let name: String
    /// By the names that the spec uses: those of the preset, and those that it sets itself.
    public let parameters: [String: String]

    /// nil without a preset.
    init?(_ model: ModelSpec) {
      guard model.preset != .none else { return nil }
      name = model.preset.rawValue
      parameters = Dictionary(
        model.parameters.map { ($0.name.value, $0.value.value) }, uniquingKeysWith: { $1 })
    }
  }

  public struct Timing: Codable, Sendable {
    public let stage: String
    public let seconds: Double
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
  public internal(set) var recordSha256: String?

  init(
    _ run: ExperimentRun, identity: RunIdentity, variations: [String], threads: Int,
    timings: [Timing], findings: [RecordedFinding]
  ) {
    schema = Self.currentSchema
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
          calibration: .value(fold.calibration))
      }
    preset = PresetEntry(run.spec.model)
    sample = run.model.sample.map { .value(SampleRecord($0)) }
    trees = run.model.earlyStop.map { .value(TreesRecord($0)) }
    calibration = .value(CalibrationRecord(run.calibrator))
    caveats = run.caveats.list
    acceptedCaveats = nil
    self.variations = variations.isEmpty ? nil : variations
    evidence = .value(EvidenceRecord(run.evaluation.metrics.evidence, of: run.spec))
    oneFeature = run.evaluation.oneFeature?.baseline.feature
    self.findings = findings
    self.threads = threads
    self.timings = timings
  }

  /// Makes the record of a run's refit: the same spec and data, fitted on other cutoffs.
  init(_ refit: Refit, beside run: RunRecord) {
    schema = run.schema
    runId = run.runId
    name = run.name
    specSha256 = run.specSha256
    data = run.data
    versions = run.versions
    dataThrough = run.dataThrough
    cutoffs = refit.cutoffCounts.map(CutoffEntry.init)
    folds = nil
    preset = run.preset
    sample = refit.model.sample.map { .value(SampleRecord($0)) }
    trees = refit.model.earlyStop.map { .value(TreesRecord($0)) }
    calibration = .value(CalibrationRecord(refit.calibrator))
    caveats = run.caveats
    acceptedCaveats = nil
    variations = run.variations
    evidence = nil
    oneFeature = nil
    findings = run.findings
    threads = run.threads
    timings = run.timings.filter { $0.stage == RunStage.refitting.rawValue }
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
      // The same version introduced both.
      if (record.files != nil) == (seal == .intact) { return record }
    } catch {
      throw FindingsError(.unreadableRunFile(path, what: what, StoredRun.reason(error)))
    }
    throw FindingsError(.damagedRunFile(path, "its content was changed"))
  }

  /// Returns this record with the hashes of a folder's files.
  /// - Throws: `CocoaError` when a file cannot be read.
  func with(hashesOf files: [String], in folder: String) throws -> RunRecord {
    var record = self
    record.files = try RunFiles.hashes(of: files, in: folder)
    return record
  }

  /// Whether the record's run has exactly this spec, by its `LoadedSpec.identityText`.
  public func isOf(identityText: String) -> Bool { specSha256 == Self.specHash(identityText) }

}

/// The inputs that decide a run's result, and the run's name, which is derived from them.
struct RunIdentity {
  /// The last observed day and the first 12 digits of a hash of all the values below.
  let id: String
  /// The hash that `RunRecord.specHash` makes.
  let specHash: String
  let data: [DataFingerprint]
  let versions: [String: String]

  init(identityText: String, data: [DataFingerprint], versions: [String: String], through: String) {
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
