public import Diagnostics
public import Experiment
public import Foundation

/// The registry of a project: which runs went into production, when, and why.
///
/// ```swift
/// let champion = try Registry(project: project).champion(of: "solidworks")
/// ```
///
/// results/registry.jsonl holds one record per line, each with the hash of the line before it;
/// models/NAME holds the files that the records speak of. Whatever reads one of them checks
/// it against the other.
public struct Registry: Sendable {
  public let project: Project
  /// The registry's file.
  let path: String
  /// What findings call it.
  let shown: String
  /// How many seconds to wait for another process that works on the registry.
  public var patience = 60.0

  public init(project: Project) {
    self.project = project
    path = project.resultsFolder(of: "registry.jsonl")
    shown =
      path.hasPrefix(project.folder + "/")
      ? String(path.dropFirst(project.folder.count + 1)) : path
  }

  /// The champion of a name, all of whose files have been checked; nil where nothing was promoted under
  /// that name.
  /// - Throws: `FindingsError` where the registry or a file is not as it was written.
  public func champion(of name: String) throws(FindingsError) -> PromotedModel? {
    try reading { chain, warnings throws(FindingsError) in
      try champion(of: name, chain, warnings)
    }
  }

  /// The champion of a name that has to have one.
  /// - Throws: as `champion(of:)`, and `FindingsError` where nothing was promoted under that name.
  public func existingChampion(of name: String) throws(FindingsError) -> PromotedModel {
    try reading { chain, warnings throws(FindingsError) in
      if let champion = try champion(of: name, chain, warnings) { return champion }
      throw FindingsError(
        .nothingPromoted(name, known: Set(chain.records.map(\.name)).sorted()))
    }
  }

  /// Every record, oldest first, and what a crash left.
  /// - Throws: `FindingsError` where the registry is not as it was written. The files that it speaks of
  ///   are not looked at.
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
    switch folder.standing(chain.records, isTorn: chain.tornLength > 0) {
    case .wrong(let findings): throw FindingsError(problems + findings)
    case .unfinished: warnings.append(.unfinishedPromotion(folder.shown, record))
    case .whole: break
    }
    try problems.throwIfErrors()
    return record.map { record in
      PromotedModel(
        name: name, runId: record.runId, folder: folder.versionPath(record.runId), record: record,
        warnings: warnings)
    }
  }

  /// A run that was promoted under a name, whether or not it is the champion now; nil where none of that id
  /// was. What it has learned from is checked by its hashes.
  /// - Throws: `FindingsError` where the registry, or the record of the run or of its refit, is not as it was
  ///   written.
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

  /// The names of the registry, and those that have a folder, sorted.
  func names(_ chain: RegistryChain) -> [String] {
    Set(chain.records.map(\.name)).union(ModelFolder.names(project)).sorted()
  }

  // MARK: - The file

  /// Works on what the registry holds, while nobody changes it.
  func reading<Value>(
    _ work: (RegistryChain, [Finding]) throws(FindingsError) -> Value
  ) throws(FindingsError) -> Value {
    let file = try RegistryFile(path, shown: shown, forChanges: false, patience: patience)
    guard let file else {
      do throws(FindingsError) {
        return try work(RegistryChain(), [])
      } catch {
        // The first promotion of all may have begun and ended meanwhile.
        guard FileManager.default.fileExists(atPath: path) else { throw error }
        return try reading(work)
      }
    }
    let (chain, warnings) = try checked(file.read())
    return try work(chain, warnings)
  }

  /// The records of the registry's bytes.
  /// - Throws: `FindingsError` where one is damaged, or is not signed as it has to be.
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

/// What a promotion or a rollback is to be recorded with.
public struct RegistryEntry: Sendable {
  public let by: String
  public let reason: String?
  /// Tells the moment, once the registry is locked: who waited longer is then never the earlier one.
  public let clock: @Sendable () -> Date
  public let git: GitState?
  /// What the record is signed with; nil leaves it unsigned.
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

/// What became of a promotion or a rollback.
public struct RegistryOutcome: Sendable {
  public enum Result: Sendable {
    /// It was done, with this record.
    case recorded(RegistryRecord)
    /// The run was champion already; nothing was written.
    case isChampion(runId: String)
    /// Another run has become champion since the gates were held against the run; nothing was written.
    case championChanged
  }

  public let result: Result
  /// What a crash before had left, and was mended.
  public let warnings: [Finding]

  public init(result: Result, warnings: [Finding]) {
    self.result = result
    self.warnings = warnings
  }

  /// The record that was written; nil where none was.
  public var record: RegistryRecord? {
    if case .recorded(let record) = result { record } else { nil }
  }
}

/// A run that is to go into production, and what speaks for it.
public struct PromotionRequest: Sendable {
  public let run: StoredRun
  public let artifact: ModelArtifact
  /// What it is to stand for.
  public let name: String
  /// What the gates said.
  public let gate: RegistryRecord.Gate
  /// The run that was champion when they said it.
  public let champion: String?
  /// Why it goes into production although they did not pass.
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

/// The champion of a name: what production scores with, verified against the registry.
public struct PromotedModel: Sendable {
  /// The name it was promoted as.
  public let name: String
  public let runId: String
  /// The folder of its artifact, whose files have the hashes that the registry says.
  public let folder: String
  /// The record that made it champion.
  public let record: RegistryRecord
  /// What a crash left in the registry, and was passed over.
  public let warnings: [Finding]
}

/// What is wrong with a line of the registry, in words.
struct RegistryDamage: Error {
  let message: String

  init(_ message: String) { self.message = message }
}

/// Names that stand for folders and files below models/.
enum ModelName {
  /// As a spec's name: letters, digits, and `.`, `_`, `-`, `@`, `=`, `,`, `+`, of which `.` and `-` do
  /// not come first.
  static func isValid(_ name: String) -> Bool {
    name.utf8.count <= 200 && name.wholeMatch(of: #/[A-Za-z0-9_@=,+][A-Za-z0-9._@=,+-]*/#) != nil
  }

  /// Whether a name is of a file of an artifact: in its folder, or in that of its refit.
  static func isValidFile(_ name: String) -> Bool {
    let refit = "\(StoredRun.refitFolder)/"
    return isValid(name.hasPrefix(refit) ? String(name.dropFirst(refit.count)) : name)
  }
}
