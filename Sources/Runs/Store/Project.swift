public import Diagnostics
public import Files
internal import Foundation
public import Spec

/// A project folder and the contents of its holdout.yaml.
public struct Project: Sendable {
  /// The folder that the paths of sources and results are relative to.
  public let folder: String
  public let spec: ProjectSpec

  public init(folder: String, spec: ProjectSpec) {
    self.folder = folder
    self.spec = spec
  }

  /// The folders from which specs may have files read.
  public var roots: ReadingRoots { spec.readingRoots(folder: folder) }

  /// The folder for an experiment's results.
  public func resultsFolder(of name: String) -> String {
    let results = spec.results
    return (results.hasPrefix("/") ? results : "\(folder)/\(results)") + "/\(name)"
  }

  /// Rejects a results folder that a link redirects elsewhere. A pull request may add links, and
  /// only holdout.yaml may decide where results go.
  /// - Throws: `FindingsError`.
  package func checkResults(of name: String) throws(FindingsError) {
    let base = spec.results.hasPrefix("/") ? spec.results : "\(folder)/\(spec.results)"
    // A folder that does not exist yet contains no links.
    guard let real = Files.realPath(base) else { return }
    let isOwn = !spec.results.hasPrefix("/") && !spec.results.split(separator: "/").contains("..")
    let isInside = !isOwn || ReadingRoots(project: folder).contains(real)
    guard isInside,
      ReadingRoots(project: real).objection(toWriting: "\(real)/\(name)/runs/x") == nil
    else { throw FindingsError(.resultsElsewhere(resultsFolder(of: name))) }
  }

  /// The folder of promoted models, relative to the project folder: `models`.
  ///
  /// In a project whose models an earlier version promoted into `models/prospects`, that folder
  /// stays in use until its contents are moved up one level.
  public var models: String {
    let former = "models/prospects"
    let names = (try? Files.names(in: "\(folder)/\(former)")) ?? []
    let isInUse = names.contains { Files.isFolder("\(folder)/\(former)/\($0)/versions") }
    return isInUse ? former : "models"
  }

  /// The path of the folder of promoted models.
  public var modelsFolder: String { "\(folder)/\(models)" }

  /// The folder in which panels and finished runs are cached.
  public var cacheFolder: String {
    spec.cache.hasPrefix("/") ? spec.cache : "\(folder)/\(spec.cache)"
  }
}

/// Finds the project that contains a folder.
public enum ProjectFinder {
  /// Finds the nearest folder, from `start` upwards, that contains a holdout.yaml. Without one,
  /// returns `start` itself with every default.
  ///
  /// A holdout.yaml names databases and folders, so a file that belongs to another user is
  /// rejected, as git rejects another user's repository.
  /// - Throws: `FindingsError` when the file exists but is wrong, or belongs to another user.
  public static func find(from start: String) throws(FindingsError) -> Project {
    var folder = start
    while true {
      let path = "\(folder)/holdout.yaml"
      if let kind = FileKind(at: path) {
        let shown = folder == start ? "holdout.yaml" : path
        if kind == .special { throw FindingsError(.notRead(shown, .special)) }
        let environment = ProcessInfo.processInfo.environment
        if let owner = Ownership.stranger(at: path), !isSafe(folder, environment) {
          throw FindingsError(.projectOfAnother(shown, owner, folder))
        }
        return Project(
          folder: folder, spec: try ProjectLoader.load(path: shown, environment: environment))
      }
      let parent = (folder as NSString).deletingLastPathComponent
      if parent == folder || parent.isEmpty { return Project(folder: start, spec: ProjectSpec()) }
      folder = parent
    }
  }

  private static let safeVariable = "HOLDOUT_SAFE_DIRECTORY"

  /// Whether the user trusts a folder's project, whoever owns it.
  private static func isSafe(_ folder: String, _ environment: [String: String]) -> Bool {
    (environment[safeVariable] ?? "").split(separator: ":").contains { entry in
      entry == "*" || Files.realPath(String(entry)) == Files.realPath(folder)
    }
  }
}

extension Finding {
  /// Reports a project file that belongs to another user: H711.
  fileprivate static func projectOfAnother(
    _ path: String, _ owner: String, _ folder: String
  ) -> Finding {
    Finding(
      711, "`\(path)` belongs to \(owner), who could change what this command reads",
      hints: [
        "if you trust it: `HOLDOUT_SAFE_DIRECTORY=\(folder)` in the environment (`*`: every "
          + "folder), or make it your own with `chown`"
      ])
  }
}

extension Explanation {
  static let projectFindings: [Explanation] = [
    Explanation(
      711, "a holdout.yaml of another user",
      cause: """
        holdout.yaml decides which databases and folders a command reads and where it writes. If \
        it belongs to neither you nor root, somebody else could change it, for example in `/tmp`. \
        It is rejected, as git rejects another user's repository.
        """,
      example: .commands("chown 12345 holdout.yaml && holdout check --offline spec.yaml"),
      fix: """
        If you trust its owner, set `HOLDOUT_SAFE_DIRECTORY` to the project's folder (several with \
        `:` between them, `*` for all), or make the file your own with `chown`. Under `sudo` the \
        caller's files count as your own.
        """)
  ]
}
