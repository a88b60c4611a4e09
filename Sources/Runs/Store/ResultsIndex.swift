internal import Foundation

/// The names in results/; no file is read.
package struct ResultsIndex {
  /// A run's folder.
  package struct Entry {
    /// The experiment's name.
    package let name: String
    package let id: String
    package let folder: String

    /// The experiment and the id, for people.
    package var shown: String { "\(name)/runs/\(id)" }

    /// Whether the id, or the hash at its end, has this prefix; false for too short a prefix.
    package func begins(with text: String) -> Bool {
      let hash = id.split(separator: "-").last ?? ""
      return text.count >= 4 && (id.hasPrefix(text) || hash.hasPrefix(text))
    }
  }

  /// The experiments that have results, sorted.
  package let names: [String]
  /// Every run on this machine, by experiment, then id.
  package let runs: [Entry]

  package init(_ project: Project) {
    let manager = FileManager.default
    func list(_ folder: String) -> [String] {
      ((try? manager.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }
    // With an empty name the path ends in a slash.
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
