public import Diagnostics
public import Foundation
public import Runs

/// The registry of a project, which records the runs that went into production, when, and why.
///
/// ```swift
/// let champion = try Registry(project: project).champion(of: "solidworks")
/// ```
///
/// results/registry.jsonl holds one record per line, each with the hash of the line before it;
/// models/NAME holds the files that the records refer to. Every reader checks each against the
/// other.
public struct Registry: Sendable {
  public let project: Project
  /// The registry's file.
  let path: String
  /// The file's name in findings.
  let shown: String
  /// Seconds to wait for another process that has locked the registry.
  public var lockTimeout = 60.0

  public init(project: Project) {
    self.project = project
    path = project.resultsFolder(of: "registry.jsonl")
    shown =
      path.hasPrefix(project.folder + "/")
      ? String(path.dropFirst(project.folder.count + 1)) : path
  }

  /// The champion of a name, with all its files checked; nil if nothing was promoted under the
  /// name.
  /// - Throws: `FindingsError` if the registry or a file is not as it was written.
  public func champion(of name: String) throws(FindingsError) -> PromotedModel? {
    try reading { chain, warnings throws(FindingsError) in
      try champion(of: name, chain, warnings)
    }
  }

  /// The champion of a name that must have one.
  /// - Throws: as `champion(of:)`, and `FindingsError` if nothing was promoted under the name.
  public func existingChampion(of name: String) throws(FindingsError) -> PromotedModel {
    try reading { chain, warnings throws(FindingsError) in
      if let champion = try champion(of: name, chain, warnings) { return champion }
      throw FindingsError(
        .nothingPromoted(name, known: Set(chain.records.map(\.name)).sorted()))
    }
  }

  /// Every record, oldest first, and warnings about what a crash left. The files that records refer
  /// to are not checked.
  /// - Throws: `FindingsError` if the registry is not as it was written.
  public func records() throws(FindingsError) -> (records: [RegistryRecord], warnings: [Finding]) {
    try reading { chain, warnings throws(FindingsError) in (chain.records, warnings) }
  }

  func champion(
    of name: String, _ chain: RegistryChain, _ warnings: [Finding]
  ) throws(FindingsError) -> PromotedModel? {
    guard ModelName.isValid(name) else { throw FindingsError(.unusableName(name)) }
    let folder = folder(name)
    let record = chain.last(of: name)
    var warnings = warnings
    let problems = record.map { folder.versionProblems($0) } ?? []
    switch folder.state(chain.records, isTorn: chain.tornLength > 0) {
    case .wrong(let findings): throw FindingsError(problems + findings)
    case .unfinished: warnings.append(.unfinishedPromotion(folder.shown, record))
    case .complete: break
    }
    try problems.throwIfErrors()
    return record.map { record in
      PromotedModel(
        name: name, runId: record.runId, folder: folder.versionPath(record.runId), record: record,
        warnings: warnings)
    }
  }

  /// A run that was promoted under a name, whether or not it is the champion now; nil if there is
  /// none with this id. The hashes of the files that record its training are checked.
  /// - Throws: `FindingsError` if the registry, or the record of the run or of its refit, is not as
  ///   it was written.
  public func promotedRun(
    _ runId: String, of name: String
  ) throws(FindingsError) -> StoredRun? {
    try reading { chain, _ throws(FindingsError) in
      guard
        let record = chain.records.last(where: { $0.name == name && $0.runId == runId })
      else { return nil }
      let folder = folder(name)
      try folder.versionProblems(record, only: ModelArtifact.recordNames).throwIfErrors()
      return try StoredRun(folder: folder.versionPath(runId))
    }
  }

  func folder(_ name: String) -> ModelFolder {
    ModelFolder(name, project: project)
  }

  /// The names in the registry and those that have a folder, sorted.
  func names(_ chain: RegistryChain) -> [String] {
    Set(chain.records.map(\.name)).union(ModelFolder.names(project)).sorted()
  }

  // MARK: - The file

  /// Runs a closure on the registry's content while no other process changes it.
  func reading<Value>(
    _ work: (RegistryChain, [Finding]) throws(FindingsError) -> Value
  ) throws(FindingsError) -> Value {
    let file = try RegistryFile(path, shown: shown, forChanges: false, lockTimeout: lockTimeout)
    guard let file else {
      do throws(FindingsError) {
        return try work(RegistryChain(), [])
      } catch {
        // The very first promotion may have begun and ended meanwhile.
        guard FileManager.default.fileExists(atPath: path) else { throw error }
        return try reading(work)
      }
    }
    let (chain, warnings) = try checked(file.read())
    return try work(chain, warnings)
  }

  /// The records in the registry's bytes.
  /// - Throws: `FindingsError` if one is damaged or lacks the signature it needs.
  func checked(_ bytes: Data) throws(FindingsError) -> (RegistryChain, [Finding]) {
    let chain = RegistryChain(bytes)
    if let damage = chain.damage {
      throw FindingsError(.damagedRegistry(shown, line: damage.line, damage.message))
    }
    let trust = try RegistryTrust(project)
    for (index, line) in chain.lines.enumerated() {
      if let objection = trust.objection(to: line) {
        throw FindingsError(.untrustedRecord(shown, line: index + 1, objection))
      }
    }
    var warnings = chain.impossibleDates(shown, .warning)
    if chain.tornLength > 0 { warnings.append(.tornRecord(shown, line: chain.lines.count + 1)) }
    return (chain, warnings)
  }
}

/// The metadata to record for a promotion or a rollback.
public struct RegistryEntry: Sendable {
  public let by: String
  public let reason: String?
  /// Reads the time once the registry is locked, so that a process that waited longer never gets an
  /// earlier time.
  public let clock: @Sendable () -> Date
  public let git: GitState?
  /// The key that signs the record; nil leaves it unsigned.
  public let key: SigningKey?

  public init(
    by: String, reason: String?, clock: @escaping @Sendable () -> Date = { Date() }, git: GitState?,
    key: SigningKey?
  ) {
    self.by = by
    self.reason = reason
    self.clock = clock
    self.git = git
    self.key = key
  }
}

/// The outcome of a promotion or a rollback.
public struct RegistryOutcome: Sendable {
  public enum Result: Sendable {
    /// It was done and recorded.
    case recorded(RegistryRecord)
    /// The run was already champion; nothing was written.
    case isChampion(runId: String)
    /// Another run has become champion since the gates were checked; nothing was written.
    case championChanged
  }

  public let result: Result
  /// What an earlier crash had left and was repaired.
  public let warnings: [Finding]

  public init(result: Result, warnings: [Finding]) {
    self.result = result
    self.warnings = warnings
  }

  /// The record that was written; nil if none was.
  public var record: RegistryRecord? {
    if case .recorded(let record) = result { record } else { nil }
  }
}

/// A run to promote, with the evidence for it.
public struct PromotionRequest: Sendable {
  public let run: StoredRun
  public let artifact: ModelArtifact
  /// The name to promote it as.
  public let name: String
  /// The outcome of the gates.
  public let gate: RegistryRecord.Gate
  /// The run that was champion when the gates were checked.
  public let champion: String?
  /// The reason to promote it although the gates did not pass.
  public let override: String?

  public init(
    run: StoredRun, artifact: ModelArtifact, name: String, gate: RegistryRecord.Gate,
    champion: String?, override: String?
  ) {
    self.run = run
    self.artifact = artifact
    self.name = name
    self.gate = gate
    self.champion = champion
    self.override = override
  }
}

/// The champion of a name, the model that scores in production, verified against the registry.
public struct PromotedModel: Sendable {
  /// The name it was promoted as.
  public let name: String
  public let runId: String
  /// The folder of its artifact, whose files match the hashes in the registry.
  public let folder: String
  /// The record that made it champion.
  public let record: RegistryRecord
  /// What a crash left in the registry and was skipped.
  public let warnings: [Finding]
}

/// The problem with a line of the registry, in words.
struct RegistryDamage: Error {
  let message: String

  init(_ message: String) { self.message = message }
}

/// Names that become folders and files in models/.
enum ModelName {
  /// Follows the rule for a spec's name: letters, digits, and `.`, `_`, `-`, `@`, `=`, `,`, `+`;
  /// `.` and `-` may not come first.
  static func isValid(_ name: String) -> Bool {
    name.utf8.count <= 200 && name.wholeMatch(of: #/[A-Za-z0-9_@=,+][A-Za-z0-9._@=,+-]*/#) != nil
  }

  /// Whether a name is that of an artifact's file, in its folder or its refit's.
  static func isValidFile(_ name: String) -> Bool {
    let refit = "\(StoredRun.refitFolder)/"
    return isValid(name.hasPrefix(refit) ? String(name.dropFirst(refit.count)) : name)
  }
}
