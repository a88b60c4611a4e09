import Diagnostics
import Foundation
import Testing

/// The example project that explanations are laid over, in a folder of its own.
final class ExampleFolder {
  private let temporary: TemporaryFolder
  var path: String { temporary.path }

  /// Makes the project with the files of an example, marks taken out, and the tables changed by its SQL.
  init(_ example: Example) throws {
    temporary = try TemporaryFolder()
    if example.sql.isEmpty {
      try FileManager.default.copyItem(atPath: try Self.data.get(), toPath: "\(path)/data")
    } else {
      try Self.make(in: path, changedBy: example.sql)
    }
    let base = [
      ("base.yaml", ExampleProject.base), ("holdout.yaml", ExampleProject.project),
      ("spec.yaml", "extends: base.yaml\n"),
    ]
    for (name, text) in base + example.files.map({ ($0.name, $0.text) }) {
      try Self.write(ExampleMark.without(text), to: "\(path)/\(name)")
    }
  }

  /// The tables without changes, made once and removed when the process ends.
  private static let data = Result {
    try make(in: shared, changedBy: "")
    atexit { try? FileManager.default.removeItem(atPath: ExampleFolder.shared) }
    return "\(shared)/data"
  }

  private static let shared = FileManager.default.temporaryDirectory
    .appending(path: "holdout-tests-\(ProcessInfo.processInfo.processIdentifier)-example").path

  private static func make(in folder: String, changedBy sql: String) throws {
    let script = [ExampleProject.tables, sql, ExampleProject.export].joined(separator: "\n")
    try write(script, to: "\(folder)/data/make.sql")
    let result = try Program.run(["sql", "data/make.sql"], in: folder)
    try #require(result.end == .exit(0), "the tables cannot be made: \(result)")
    try FileManager.default.removeItem(atPath: "\(folder)/data/make.sql")
  }

  private static func write(_ text: String, to path: String) throws {
    let url = URL(filePath: path)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  /// Types the example's command.
  func run(_ example: Example) throws -> ProgramResult {
    try Program.shell(
      "holdout() { \"$HOLDOUT\" \"$@\"; }; \(ExampleMark.without(example.command))", in: path)
  }
}
