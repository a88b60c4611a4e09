public import Diagnostics
internal import Files
internal import Foundation
internal import Spec

/// Finds the project that a folder is in.
public enum ProjectFinder {
  /// The nearest folder, from `start` upwards, that holds a holdout.yaml; without one, `start` itself
  /// with every default.
  ///
  /// A holdout.yaml names databases and folders, so that of another user is not obeyed, as git does not
  /// obey another user's repository.
  /// - Throws: `FindingsError` when the file is there but wrong, or somebody else's.
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

  /// Whether the user obeys a folder's project, whoever owns it.
  private static func isSafe(_ folder: String, _ environment: [String: String]) -> Bool {
    (environment[safeVariable] ?? "").split(separator: ":").contains { entry in
      entry == "*" || Files.realPath(String(entry)) == Files.realPath(folder)
    }
  }
}

extension Finding {
  /// A project file of another user: H711.
  fileprivate static func projectOfAnother(
    _ path: String, _ owner: String, _ folder: String
  ) -> Finding {
    Finding(
      711, "`\(path)` belongs to \(owner), who may change what this command reads",
      hints: [
        "if you trust it: `HOLDOUT_SAFE_DIRECTORY=\(folder)` in the environment (`*`: every "
          + "folder), or make it your own with `chown`"
      ])
  }
}
