public import Diagnostics
internal import Foundation
public import Spec
public import Warehouse

/// One SELECT over data files of a project, with what a source's own SQL may do, and no more.
///
/// File names in it are relative to the working directory, as in a source's SQL.
public struct ProjectQuery {
  /// A column of the result.
  public struct Column: Sendable {
    /// The name; a number follows one that occurs more than once.
    public let name: String
    /// The engine's type.
    public let type: String
    /// Whether the values are numbers.
    public var isNumber: Bool {
      type.hasSuffix("INT") || type.hasPrefix("DECIMAL")
        || ["INTEGER", "UINTEGER", "DOUBLE", "FLOAT"].contains(type)
    }
  }

  /// How values leave the engine.
  public enum Form: Sendable {
    /// As the engine's text.
    case text
    /// As JSON. Numbers that are not finite are strings.
    case json
  }

  /// The columns of the result.
  public let columns: [Column]
  private let query: SourceQuery
  private let engine: Engine

  /// Checks a query, locks the engine to the folders of the project, and asks it for the columns.
  /// - Parameter file: the query as a text that findings point into.
  /// - Throws: `FindingsError` for a query that does anything but read files that may be read;
  ///   `EngineObjection` for one that the engine rejects.
  public init(
    _ file: SourceFile, project: ProjectSpec, projectFolder: String, engine: Engine
  ) throws {
    try engine.confine(project.confinement(folder: projectFolder))
    self.engine = engine
    let all = SourceSpan(file: file, range: 0..<file.bytes.count)
    let query = SourceQuery(
      SQLText(all.text, at: all) { SourceSpan(file: file, range: $0) })
    let access = DataAccess(roots: project.readingRoots(folder: projectFolder), engine: engine)
    try Self.check(query, file, access, engine)
    self.query = query
    let before = "DESCRIBE SELECT * FROM ("
    columns = try query.objecting(offset: before.utf8.count) { () throws(WarehouseError) in
      try engine.connection.query("\(before)\(query.text)\n)").collect().flatMap { batch in
        (0..<batch.rowCount).map { row in
          Column(
            name: batch["column_name"]?.text(row) ?? "",
            type: batch["column_type"]?.text(row) ?? "")
        }
      }
    }
  }

  /// Refuses a query that does more than a source's own SQL may.
  private static func check(
    _ query: SourceQuery, _ file: SourceFile, _ access: DataAccess, _ engine: Engine
  ) throws {
    let tokens = SQLTokens(query.text)
    func span(_ range: Range<Int>?) -> SourceSpan {
      range.map { SourceSpan(file: file, range: $0) } ?? query.sql.content
    }
    switch try EngineParser(engine: engine).parse(query.text) {
    case .tree(let root):
      var walk = QueryWalk(
        functions: try .builtIn(engine), access: access, tokens: tokens, author: .person,
        span: span)
      walk.visit(statements: root)
      try walk.findings.throwIfErrors()
    case .failure(let failure) where failure.isUnsupported:
      // The parser returns trees only for queries.
      if let pivot = tokens.first(where: { ["pivot", "pivot_wider"].contains($0) }) {
        throw FindingsError(.notSerialized(.person, at: span(pivot.range), isPivot: true))
      }
      if let end = tokens.first(";") {
        throw FindingsError(.severalStatements(.person, at: span(end.range)))
      }
      let first = tokens.tokens.first
      let isQuery = ["select", "with", "from"].contains(tokens.word(0))
      throw FindingsError(
        .notASelect(
          isQuery ? nil : first.map { tokens.text($0).uppercased() }, .person,
          at: isQuery ? span(nil) : span(first?.range)))
    case .failure(let failure):
      throw EngineObjection(
        WarehouseError(.query, failure.message, kind: "Parser", position: failure.position),
        query, offset: 0)
    }
  }

  /// Passes on the rows in order, a number of them at a time; nil is null.
  /// - Parameters:
  ///   - limit: the most rows; nil for all.
  ///   - take: called with rows, in order.
  /// - Throws: `EngineObjection` if the engine fails on a value; what `take` throws.
  public func read(
    limit: Int?, as form: Form, _ take: ([[String?]]) throws -> Void
  ) throws {
    let names = columns.indices.map { "c\($0)" }
    let values = zip(columns, names).map { Self.value($0, $1, form) }
    let end = limit.map { " LIMIT \($0)" } ?? ""
    let before = "SELECT \(values.joined(separator: ", ")) FROM ("
    let sql =
      "\(before)\(query.text)\n) AS result(\(names.joined(separator: ", ")))\(end)"
    var failure: (any Error)?
    try query.objecting(offset: before.utf8.count) { () throws(WarehouseError) in
      try engine.keepingOrder { () throws(WarehouseError) in
        let rows = try engine.connection.query(sql)
        while failure == nil, let batch = try rows.next() {
          do {
            try take(
              (0..<batch.rowCount).map { row in batch.columns.map { $0.text(row) } })
          } catch {
            failure = error
          }
        }
      }
    }
    if let failure { throw failure }
  }

  private static func value(_ column: Column, _ name: String, _ form: Form) -> String {
    switch form {
    case .text: return "CAST(\(name) AS VARCHAR)"
    case .json:
      let json = "CAST(to_json(\(name)) AS VARCHAR)"
      guard ["DOUBLE", "FLOAT"].contains(column.type) else { return json }
      return "CASE WHEN isfinite(\(name)) THEN \(json) "
        + "ELSE CAST(to_json(CAST(\(name) AS VARCHAR)) AS VARCHAR) END"
    }
  }

  /// Counts all rows.
  /// - Throws: `EngineObjection` if the engine fails on a value.
  public func rowCount() throws -> Int {
    let before = "SELECT CAST(value AS VARCHAR) FROM (SELECT count(*) FROM ("
    return try query.objecting(offset: before.utf8.count) { () throws(WarehouseError) in
      try engine.connection.count("SELECT count(*) FROM (\(query.text)\n)") ?? 0
    }
  }
}

/// An error of the engine about a query, with the part of the query that it is about.
public struct EngineObjection: Error {
  /// The engine's error.
  public let error: WarehouseError
  /// The lines of its message, without what only the engine's developers need.
  public let lines: [String]
  /// The place in the query.
  public let span: SourceSpan

  /// - Parameter offset: where the query starts in the statement that failed.
  init(_ error: WarehouseError, _ query: SourceQuery, offset: Int) {
    self.error = error
    lines = EngineRefusal.lines(error.message).filter {
      !$0.hasPrefix("LINE ") && !$0.hasPrefix("^")
    }
    span = query.span(error, offset: offset)
  }
}

extension SourceQuery {
  /// Runs work with the engine, and turns its error into one with a place in the query.
  fileprivate func objecting<Value>(
    offset: Int, _ work: () throws(WarehouseError) -> Value
  ) throws(EngineObjection) -> Value {
    do throws(WarehouseError) {
      return try work()
    } catch {
      throw EngineObjection(error, self, offset: offset)
    }
  }
}
