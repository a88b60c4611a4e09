public import Diagnostics
public import Experiment
internal import Foundation

/// The registry of a project: which runs went into production, when, and why.
///
/// ```swift
/// let champion = try Registry(project: project).champion(of: "solidworks")
/// ```
///
/// results/registry.jsonl holds one record per line, each with the hash of the line before it;
/// models/prospects/NAME holds the files that the records speak of. Whatever reads one of them checks
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
    ModelFolder(name, projectFolder: project.folder)
  }

  /// The names of the registry, and those that have a folder, sorted.
  func names(_ chain: RegistryChain) -> [String] {
    Set(chain.records.map(\.name)).union(ModelFolder.names(projectFolder: project.folder)).sorted()
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
