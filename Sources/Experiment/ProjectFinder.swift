public import Diagnostics
internal import Foundation
internal import Spec

/// Finds the project that a folder is in.
public enum ProjectFinder {
  /// The nearest folder, from `start` upwards, that holds a holdout.yaml; without one, `start` itself
  /// with every default.
  /// - Throws: `FindingsError` when the file is there but wrong.
  public static func find(from start: String) throws(FindingsError) -> Project {
    var folder = start
    while true {
      let path = "\(folder)/holdout.yaml"
      if FileManager.default.fileExists(atPath: path) {
        let shown = folder == start ? "holdout.yaml" : path
        let environment = ProcessInfo.processInfo.environment
        return Project(
          folder: folder, spec: try ProjectLoader.load(path: shown, environment: environment))
      }
      let parent = (folder as NSString).deletingLastPathComponent
      if parent == folder || parent.isEmpty { return Project(folder: start, spec: ProjectSpec()) }
      folder = parent
    }
  }
}
