public import Diagnostics
internal import Files
internal import Foundation
public import Runs
internal import Spec

/// Finds the runs that a reference names.
///
/// A reference is tried, in this order, as `git:REV:NAME`, `champion` or `champion:NAME`, a folder
/// (of a run, or results/NAME), the path of a spec, a run's id, an experiment's name, and the
/// beginning of a run's id.
public struct RunFinder: Sendable {
  public let project: Project

  public init(project: Project) { self.project = project }

  /// The one run that a reference names.
  /// - Parameter name: the experiment on the other side; `champion` alone means its champion.
  /// - Throws: `FindingsError` when there is none, or several.
  public func run(
    _ reference: String, beside name: String? = nil
  ) throws(FindingsError) -> ComparedRun {
    let found = try runs(reference, beside: name)
    guard found.count == 1 else {
      throw FindingsError(.severalRuns(reference, found.map(\.name)))
    }
    return found[0]
  }

  /// The runs that a reference names: all runs of a spec that is a sweep, otherwise one.
  /// - Throws: as `run(_:beside:)`.
  public func runs(
    _ reference: String, beside name: String? = nil
  ) throws(FindingsError) -> [ComparedRun] {
    if reference.hasPrefix("git:") { return [try committed(reference)] }
    if Self.isChampion(reference) { return [try champion(reference, beside: name)] }
    if let found = try folder(reference) { return [found] }
    if reference.hasSuffix(".yaml") || reference.hasSuffix(".yml") { return try spec(reference) }
    let results = ResultsIndex(project)
    let runs = results.runs
    let exact = runs.filter { $0.id == reference }
    if exact.count == 1 { return [try stored(reference, exact[0].folder)] }
    if exact.isEmpty, results.names.contains(reference) {
      return [try latest(of: reference, as: reference)]
    }
    let matches = exact.isEmpty ? runs.filter { $0.begins(with: reference) } : exact
    switch matches.count {
    case 0: throw FindingsError(.unknownRun(reference, known: results.names))
    case 1: return [try stored(reference, matches[0].folder)]
    default: throw FindingsError(.ambiguousRun(reference, matches.map(\.shown)))
    }
  }

  /// The run of an experiment whose id begins with a text.
  /// - Throws: as `run(_:beside:)`.
  public func run(_ id: String, of name: String) throws(FindingsError) -> StoredRun {
    let runs = ResultsIndex(project).runs.filter { $0.name == name }
    let exact = runs.filter { $0.id == id }
    let matches = exact.isEmpty ? runs.filter { $0.begins(with: id) } : exact
    switch matches.count {
    case 0: throw FindingsError(.unknownRun(id, of: name, known: runs.map(\.id)))
    case 1: return try StoredRun(folder: matches[0].folder)
    default: throw FindingsError(.ambiguousRun(id, matches.map(\.shown)))
    }
  }

  /// The runs of a comparison. `champion` alone means the champion of the other side's experiment.
  /// - Throws: as `run(_:beside:)`.
  public func sides(
    base: String, candidates: [String]
  ) throws(FindingsError) -> (base: ComparedRun, candidates: [ComparedRun]) {
    if base == "champion" {
      let found = try all(candidates, beside: nil)
      return (try run(base, beside: found.first?.name), found)
    }
    let found = try run(base)
    return (found, try all(candidates, beside: found.name))
  }

  private func all(
    _ references: [String], beside name: String?
  ) throws(FindingsError) -> [ComparedRun] {
    var found: [ComparedRun] = []
    for reference in references { found += try runs(reference, beside: name) }
    return found
  }

  /// Whether a reference names a champion.
  private static func isChampion(_ reference: String) -> Bool {
    reference == "champion" || reference.hasPrefix("champion:")
  }

  /// The latest run of every experiment that has results, by name, and findings about unreadable
  /// ones.
  public func latest() -> (runs: [ComparedRun], findings: [Finding]) {
    var (runs, findings) = ([ComparedRun](), [Finding]())
    for name in ResultsIndex(project).names {
      do throws(FindingsError) {
        runs.append(try latest(of: name, as: name))
      } catch {
        findings += error.findings
      }
    }
    return (runs, findings)
  }

  // MARK: - Kinds of references

  private func committed(_ reference: String) throws(FindingsError) -> ComparedRun {
    let parts = reference.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, !parts[1].isEmpty, !parts[2].isEmpty else {
      throw FindingsError(.malformedGitReference(reference))
    }
    let name = String(parts[2])
    let results = project.spec.results
    let isAbsolute = results.hasPrefix("/")
    let revision = GitRevision(
      folder: isAbsolute ? results : project.folder, revision: String(parts[1]))
    let folder = isAbsolute ? name : "\(results)/\(name)"
    func read<Value>(
      _ file: String, _ what: String, _ decode: (Data) throws -> Value
    ) throws(FindingsError) -> Value {
      let content = try revision.content(of: "\(folder)/\(file)")
      do {
        return try decode(content)
      } catch {
        throw FindingsError(
          .unreadableRunFile(
            "\(parts[1]):\(folder)/\(file)", what: what, StoredRun.reason(error)))
      }
    }
    return ComparedRun(
      reference: reference, name: name,
      metrics: try read("metrics.json", "metrics", StoredRun.metrics(json:)),
      importance: try read(
        "feature_importance.csv", "feature importance", StoredRun.importance(csv:)))
  }

  private func champion(
    _ reference: String, beside name: String?
  ) throws(FindingsError) -> ComparedRun {
    let parts = reference.split(separator: ":", maxSplits: 1)
    guard let name = parts.count > 1 ? String(parts[1]) : name else {
      throw FindingsError(.namelessChampion())
    }
    guard let model = try Registry(project: project).champion(of: name) else {
      throw FindingsError(.noChampion(name))
    }
    return ComparedRun(
      reference: reference, run: try StoredRun(folder: model.folder), promoted: model,
      remarks: model.warnings.map { .warning($0.message) })
  }

  /// The run in a folder, or the latest in results/NAME; nil for any other folder.
  private func folder(_ path: String) throws(FindingsError) -> ComparedRun? {
    let full = URL(fileURLWithPath: path).standardizedFileURL.path
    let manager = FileManager.default
    var isFolder: ObjCBool = false
    guard manager.fileExists(atPath: full, isDirectory: &isFolder), isFolder.boolValue else {
      return nil
    }
    let ofRuns = ["run.json", "model.txt", "spec.yaml"]
    if ofRuns.contains(where: { manager.fileExists(atPath: "\(full)/\($0)") }) {
      return try stored(path, full)
    }
    guard manager.fileExists(atPath: "\(full)/metrics.json") else { return nil }
    return try latest(in: full, as: path)
  }

  private func spec(_ path: String) throws(FindingsError) -> [ComparedRun] {
    let file = SpecLoader.load(path: path, roots: project.roots)
    guard !file.findings.hasErrors else { throw FindingsError(file.findings) }
    var runs: [ComparedRun] = []
    for member in file.members {
      guard let name = member.spec?.name.value else { continue }
      runs.append(try run(of: member, path, as: file.members.count > 1 ? name : path))
    }
    return runs
  }

  /// The latest run of an experiment, which must match this spec.
  /// - Parameters:
  ///   - path: the spec's path, for findings.
  ///   - reference: the run's name for people.
  /// - Throws: `FindingsError` when there is none, or it belongs to another version of the spec.
  func run(
    of member: LoadedSpec, _ path: String, as reference: String
  ) throws(FindingsError) -> ComparedRun {
    guard let name = member.spec?.name.value, let text = member.identityText else {
      throw FindingsError(member.findings)
    }
    let results = ResultsIndex(project)
    guard results.names.contains(name) else { throw FindingsError(.notYetRun(name, path)) }
    let found = try latest(of: name, as: reference, spec: member.spec)
    // Results without a record, as in a fresh checkout, do not say which version they belong to.
    if let record = found.run?.record, !record.isOf(identityText: text) {
      let same = results.runs.last { entry in
        entry.name == name
          && (try? StoredRun(folder: entry.folder))?.record.isOf(identityText: text) == true
      }
      throw FindingsError(.otherVersion(path, name, sameVersion: same?.id))
    }
    return found
  }

  // MARK: - Reading

  private func stored(_ reference: String, _ folder: String) throws(FindingsError) -> ComparedRun {
    let run = try StoredRun(folder: folder)
    return ComparedRun(reference: reference, run: run, remarks: Self.remarks(reference, run))
  }

  /// The remarks on a run whose files cannot be checked.
  private static func remarks(_ reference: String, _ run: StoredRun) -> [Remark] {
    run.hasHashes ? [] : [.noHashes(reference: reference, runId: run.record.runId)]
  }

  private func latest(
    of name: String, as reference: String, spec: ExperimentSpec? = nil
  ) throws(FindingsError) -> ComparedRun {
    try latest(in: project.resultsFolder(of: name), as: reference, spec: spec)
  }

  private func latest(
    in folder: String, as reference: String, spec: ExperimentSpec? = nil
  ) throws(FindingsError) -> ComparedRun {
    guard let run = try StoredRun.latest(in: folder) else {
      return ComparedRun(
        reference: reference, name: (folder as NSString).lastPathComponent,
        metrics: try StoredRun.metrics(in: folder),
        importance: try StoredRun.importance(in: folder), spec: spec)
    }
    let isSame = FileManager.default.contentsEqual(
      atPath: run.path("metrics.json"), andPath: "\(folder)/metrics.json")
    var remarks = Self.remarks(reference, run)
    if !isSame {
      remarks.append(.otherResults(reference: reference, runId: run.record.runId))
    }
    return ComparedRun(reference: reference, run: run, remarks: remarks, spec: spec)
  }
}

/// The results at a revision of the project's git repository.
struct GitRevision {
  /// The folder that paths are relative to.
  let folder: String
  /// A commit, a branch, a tag, or anything else that git resolves to a commit.
  let revision: String

  /// A file's content.
  /// - Parameter path: relative to the folder.
  /// - Throws: `FindingsError` with git's own message when git, the revision or the file is
  ///   missing.
  func content(of path: String) throws(FindingsError) -> Data {
    let arguments = ["-C", folder, "show", "--end-of-options", "\(revision):./\(path)"]
    guard let result = Subprocess.run("git", arguments, environment: ["LC_ALL": "C"]) else {
      throw FindingsError(.noGitResults(revision, path, "git cannot be started"))
    }
    guard result.status == 0 else {
      throw FindingsError(.noGitResults(revision, path, Self.shortened(result.errors)))
    }
    return result.output
  }

  /// The first line of git's message, without its `fatal: `.
  private static func shortened(_ words: Data) -> String {
    let line = String(decoding: words, as: UTF8.self).split(whereSeparator: \.isNewline).first ?? ""
    return String(line).replacing(#/^(fatal|error): /#, with: "")
  }
}
