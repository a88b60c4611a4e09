internal import Experiment
internal import Foundation

/// What results/ holds, by name: nothing is read.
struct ResultsIndex {
  /// A run's folder.
  struct Entry {
    /// The experiment's name.
    let name: String
    let id: String
    let folder: String

    /// The experiment and the id, for people.
    var shown: String { "\(name)/runs/\(id)" }

    /// Whether the id, or the hash at its end, begins so; too few letters begin nothing.
    func begins(with text: String) -> Bool {
      let hash = id.split(separator: "-").last ?? ""
      return text.count >= 4 && (id.hasPrefix(text) || hash.hasPrefix(text))
    }
  }

  /// The experiments that have results, sorted.
  let names: [String]
  /// Every run that is kept on this machine, by experiment, then id.
  let runs: [Entry]

  init(_ project: Project) {
    let manager = FileManager.default
    func list(_ folder: String) -> [String] {
      ((try? manager.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }
    // Without a name the path ends in a slash.
    names = list(project.resultsFolder(of: "")).filter {
      manager.fileExists(atPath: "\(project.resultsFolder(of: $0))/metrics.json")
    }
    runs = names.flatMap { name in
      let folder = "\(project.resultsFolder(of: name))/runs"
      return list(folder).filter { id in
        !id.hasPrefix(".") && manager.fileExists(atPath: "\(folder)/\(id)/run.json")
      }.map { Entry(name: name, id: $0, folder: "\(folder)/\($0)") }
    }
  }
}
