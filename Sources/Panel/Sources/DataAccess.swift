internal import Diagnostics
internal import Files
internal import Foundation
internal import Spec
internal import Warehouse

/// The rule on which files the sources of a spec may read: data files of the project and of the
/// roots declared in holdout.yaml.
struct DataAccess {
  let roots: ReadingRoots
  let engine: Engine

  /// The reason that a path is not read.
  enum Refusal: Equatable {
    /// It leads outside the roots.
    case outside
    /// A name in the path below the root begins with a dot.
    case hidden
    /// It is a device, a pipe, or a socket.
    case special

    /// A description of the file, as in "`x` is outside the project".
    var words: String {
      switch self {
      case .outside: "outside the project"
      case .hidden: "hidden: a name in its path begins with a dot"
      case .special: "a device, a pipe, or a socket"
      }
    }

    var hint: String {
      switch self {
      case .outside: "declare the folder under `roots` in holdout.yaml, which specs cannot do"
      case .hidden: "put data in files and folders that are not hidden"
      case .special: "write the rows to a file first"
      }
    }
  }

  /// Returns why the files named by a path or a glob may not be read. It is nil for files that may
  /// be read, and if there are no files, which the engine reports itself.
  /// - Parameter path: the path as the engine reads it, absolute or relative to the working
  ///   directory.
  func refusal(_ path: String) -> Refusal? {
    // The engine understands `~`, `file:` and other schemes, which `realpath` does not.
    if path.hasPrefix("~") || path.contains(/^[A-Za-z][A-Za-z0-9+.\-]*:/) { return .outside }
    if path.utf8.contains(0) { return .outside }
    guard path.contains(where: { "*?[{".contains($0) }), !Files.isFile(path) else {
      return refusal(ofFile: path)
    }
    // Check the folder in which the glob starts first, so that nothing outside is even listed.
    let start = path.prefix { !"*?[{".contains($0) }
    let folder = start.lastIndex(of: "/").map { String(start[...$0]) } ?? "."
    guard let real = Files.realPath(folder) else { return refusal(ofFile: folder) }
    guard roots.contains(real) else { return .outside }
    for match in matches(path) {
      if let refusal = refusal(ofFile: match) { return refusal }
    }
    return nil
  }

  private func matches(_ glob: String) -> [String] {
    // If the engine cannot list the files, it cannot read them either.
    (try? engine.connection.texts("SELECT file FROM glob(\(SQL.literal(glob)))")) ?? []
  }

  private func refusal(ofFile path: String) -> Refusal? {
    do throws(ReadingRoots.Refusal) {
      let real = try roots.file(path)
      return isHidden(real) ? .hidden : nil
    } catch {
      switch error {
      case .outside: return .outside
      case .special: return .special
      case .missing, .folder, .failed: return nil
      }
    }
  }

  /// Returns whether a name below the root begins with a dot, such as `.git` and `.env`.
  private func isHidden(_ real: String) -> Bool {
    let root = roots.folders.filter { real.hasPrefix($0 == "/" ? $0 : "\($0)/") }
      .max { $0.utf8.count < $1.utf8.count }
    return real.dropFirst(root?.count ?? 0).split(separator: "/").contains { $0.hasPrefix(".") }
  }

  // MARK: - Names of files in FROM

  /// What a table's name in FROM may mean as a file.
  enum FileName {
    /// It is the name of a table.
    case none
    /// The engine reads a file of this kind if there is no table of that name.
    case data
    /// The engine may open it as something else: a database, or a format of an extension.
    case other
  }

  /// Returns whether the engine may interpret a table's name as the name of a file.
  static func fileName(_ name: String) -> FileName {
    var lower = name.lowercased()
    for end in [".gz", ".zst"] where lower.hasSuffix(end) {
      lower = String(lower.dropLast(end.count))
    }
    let kinds = [".parquet", ".csv", ".tsv", ".json", ".jsonl", ".ndjson"]
    if kinds.contains(where: lower.hasSuffix) { return .data }
    let isPath = lower.contains("/") || lower.contains(":") || lower.hasPrefix("~")
    return isPath || others.contains(where: lower.hasSuffix) ? .other : .none
  }

  private static let others = [
    ".duckdb", ".db", ".ddb", ".sqlite", ".sqlite3", ".wal", ".xlsx", ".avro", ".arrow", ".feather",
    ".ipc", ".txt", ".vortex", ".lance", ".ducklake",
  ]
}

extension Finding {
  /// Returns the finding for a file that a source of a spec may not read: H372.
  static func fileNotReadable(
    _ path: String, _ refusal: DataAccess.Refusal, at span: SourceSpan
  ) -> Finding {
    Finding(
      372, "`\(path)` cannot be read: it is \(refusal.words)", at: span, hints: [refusal.hint])
  }

  /// Returns the finding for a file name that is not a text: H372.
  static func fileNotNamed(_ function: String, at span: SourceSpan) -> Finding {
    Finding(
      372, "`\(function)` needs file names as text, or as a list of text", at: span,
      label: "not text",
      hints: ["write `\(function)('data/file.csv')`, so that it is known which files are read"])
  }

  /// Returns the finding for a name in FROM that the engine would open as a database or with an
  /// extension: H372.
  static func fileOfUnknownKind(_ name: String, at span: SourceSpan) -> Finding {
    Finding(
      372, "`\(name)` cannot be read by its name", at: span,
      hints: [
        "read a data file with `read_csv`, `read_parquet`, or `read_json`, and a DuckDB file through "
          + "a connection in holdout.yaml"
      ])
  }
}

extension Explanation {
  static let dataAccessFindings: [Explanation] = [
    Explanation(
      372, "a data file that a spec may not read",
      cause: """
        A spec can read data files in its project and in the folders that holdout.yaml lists under \
        `roots`, after all links are resolved. Hidden files and folders, devices, and pipes are \
        not read. In SQL, a file name must be literal text.
        """,
      example: .spec(
        """
        sources:
          calls: {parquet: «/etc/hosts»}
        """, Example.checkWithData),
      fix: """
        Put the file in the project, or add its folder to holdout.yaml: `roots: [/data/lake]`. A \
        DuckDB file is read through a connection.
        """)
  ]
}
