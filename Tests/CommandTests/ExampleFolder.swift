import Diagnostics
import Foundation
import HoldoutTestSupport
import Testing

/// The example project that explanations are laid over, in a folder of its own.
final class ExampleFolder: FolderOwner {
  private let temporary: TemporaryFolder
  var folder: String { temporary.folder }

  /// Makes the project with the files of an example, marks taken out, and the tables changed by its SQL.
  init(_ example: Example) throws {
    temporary = try TemporaryFolder()
    if example.sql.isEmpty {
      try FileManager.default.copyItem(atPath: try Self.data.get(), toPath: path("data"))
    } else {
      try Self.make(in: self, changedBy: example.sql)
    }
    let base = [
      ("base.yaml", ExampleProject.base), ("holdout.yaml", ExampleProject.project),
      ("spec.yaml", "extends: base.yaml\n"),
    ]
    for (name, text) in base + example.files.map({ ($0.name, $0.text) }) {
      try write(name, ExampleMark.without(text))
    }
  }

  /// The tables without changes, made once and removed when the process ends.
  private static let data = Result {
    let shared = SharedFolder("example")
    try make(in: shared, changedBy: "")
    return shared.path("data")
  }

  private static func make(in place: some FolderOwner, changedBy sql: String) throws {
    let script = [ExampleProject.tables, sql, ExampleProject.export].joined(separator: "\n")
    try place.write("data/make.sql", script)
    let result = try Program.run(["sql", "data/make.sql"], in: place.folder)
    try #require(result.end == .exit(0), "the tables cannot be made: \(result)")
    try place.remove("data/make.sql")
  }

  /// Types the example's command.
  func run(_ example: Example) throws -> ProgramResult {
    try Program.shell(
      "holdout() { \"$HOLDOUT\" \"$@\"; }; \(ExampleMark.without(example.command))", in: folder)
  }
}
