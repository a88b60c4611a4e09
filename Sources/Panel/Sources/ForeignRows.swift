internal import Warehouse

/// A query on another engine, written so that its rows arrive in exact types.
///
/// SQLite columns have no types, and its driver infers them from the first rows, so every value is
/// requested as text, exactly. PostgreSQL's driver does not support infinite days, days before the
/// year 1, money, or user-defined types. Such days are marked, and types that the engine lacks are
/// requested as text. The declared type determines what a value means.
struct ForeignRows {
  enum Dialect { case sqlite, postgresql, other }

  /// The query for the other engine.
  let sql: String
  /// The day columns that come with a mark: the type in the engine, and the column of the marks.
  private let days: [(name: String, type: String, mark: String)]
  /// The columns that come as text, empty for null.
  private let texts: [String]

  /// Prepares the query.
  /// - Parameter driver: the name of the driver, or the path of its library.
  /// - Throws: `WarehouseError` with the other engine's message.
  init(_ query: String, driver: String, on remote: Connection) throws(WarehouseError) {
    switch Self.dialect(driver) {
    case .other:
      sql = query
      (days, texts) = ([], [])
    case .sqlite:
      texts = try Self.names(query, on: remote)
      days = []
      sql = Self.select(texts.map(Self.sqliteText), from: query)
    case .postgresql:
      let names = try Self.names(query, on: remote)
      let types = try Self.postgresTypes(names, query, on: remote)
      var values: [String] = []
      var days: [(name: String, type: String, mark: String)] = []
      for (index, (name, type)) in zip(names, types).enumerated() {
        let (own, outside, engineType) = Self.postgresValue(name, type)
        values.append("\(own) AS \(SQL.identifier(name))")
        guard let outside, let engineType else { continue }
        let mark = "\u{1}day \(index)"
        values.append("\(outside) AS \(SQL.identifier(mark))")
        days.append((name, engineType, mark))
      }
      self.days = days
      texts = []
      sql = Self.select(values, from: query)
    }
  }

  static func dialect(_ driver: String) -> Dialect {
    let file = driver.split(separator: "/").last.map(String.init) ?? driver
    return file.contains("sqlite") ? .sqlite : file.contains("postgres") ? .postgresql : .other
  }

  /// Returns the rows that were fetched into a table, as something that can follow FROM.
  /// - Throws: `WarehouseError` if the table cannot be read.
  func relation(of table: String, in engine: Engine) throws(WarehouseError) -> String {
    if !texts.isEmpty {
      let values = texts.map { name in
        "nullif(CAST(\(SQL.identifier(name)) AS VARCHAR), '') AS \(SQL.identifier(name))"
      }
      return "(SELECT \(values.joined(separator: ", ")) FROM \(table))"
    }
    guard !days.isEmpty else { return table }
    let counts = days.map { "count(\(SQL.identifier($0.mark)))" }.joined(separator: ", ")
    let row = try engine.connection.query("SELECT \(counts) FROM \(table)").next()
    let marks = days.map { SQL.identifier($0.mark) }.joined(separator: ", ")
    let marked = days.indices.filter { (row?.columns[$0].integer(0) ?? 0) > 0 }.map { days[$0] }
    let values = marked.map { name, type, mark in
      let (day, text) = (SQL.identifier(name), SQL.identifier(mark))
      return "CASE WHEN \(text) IS NULL THEN \(day) "
        + "WHEN \(text) = '-infinity' OR ends_with(\(text), ' BC') "
        + "THEN CAST('-infinity' AS \(type)) "
        + "ELSE coalesce(TRY_CAST(\(text) AS \(type)), CAST('infinity' AS \(type))) END AS \(day)"
    }
    let replaced = values.isEmpty ? "" : " REPLACE (\(values.joined(separator: ", ")))"
    return "(SELECT * EXCLUDE (\(marks))\(replaced) FROM \(table))"
  }

  private static func select(_ values: [String], from query: String) -> String {
    "SELECT \(values.joined(separator: ", ")) FROM (\(query)\n) AS holdout_rows"
  }

  private static func names(
    _ query: String, on remote: Connection
  ) throws(WarehouseError) -> [String] {
    // Prepare the query as written, so that errors have the right position.
    try remote.prepare(query)
    return try remote.query("SELECT * FROM (\(query)\n) AS holdout_rows LIMIT 0").names
  }

  // MARK: - SQLite

  private static func sqliteText(_ name: String) -> String {
    let value = SQL.identifier(name)
    // The shortest text that reads back as the same number, such as 0.1.
    let short = "printf('%!.15g', \(value))"
    let real =
      "CASE WHEN CAST(\(short) AS REAL) = \(value) THEN \(short) ELSE printf('%!.17g', \(value)) END"
    return "CASE typeof(\(value)) WHEN 'null' THEN '' WHEN 'real' THEN \(real) "
      + "WHEN 'blob' THEN hex(\(value)) ELSE CAST(\(value) AS TEXT) END AS \(value)"
  }

  // MARK: - PostgreSQL

  private static func postgresTypes(
    _ names: [String], _ query: String, on remote: Connection
  ) throws(WarehouseError) -> [String] {
    let types = names.map { "CAST(pg_typeof(q.\(SQL.identifier($0))) AS text)" }
    // The types are available even if no row has values.
    let rows = try remote.query(
      "SELECT \(types.joined(separator: ", ")) FROM (SELECT 1) AS one "
        + "LEFT JOIN (SELECT * FROM (\(query)\n) AS holdout_rows LIMIT 0) AS q ON true")
    guard let row = try rows.next() else { return names.map { _ in "text" } }
    return row.columns.map { $0.text(0) ?? "text" }
  }

  private static let postgresOwn: Set<String> = [
    "smallint", "integer", "bigint", "real", "double precision", "boolean", "text",
    "character varying", "bytea",
  ]

  /// Returns a column's value; for days also the text of those that the driver cannot return, and
  /// their type.
  private static func postgresValue(
    _ name: String, _ type: String
  ) -> (own: String, outside: String?, engineType: String?) {
    let value = SQL.identifier(name)
    let types = [
      "date": ("DATE", "date"), "timestamp without time zone": ("TIMESTAMP", "timestamp"),
      "timestamp with time zone": ("TIMESTAMP WITH TIME ZONE", "timestamptz"),
    ]
    if let (engineType, own) = types[type] {
      let isHeld = "\(value) >= '0001-01-01'::\(own) AND \(value) < '10000-01-01'::\(own)"
      return (
        "CASE WHEN \(isHeld) THEN \(value) END",
        "CASE WHEN NOT (\(isHeld)) THEN CAST(\(value) AS text) END", engineType
      )
    }
    if type == "money" { return ("CAST(CAST(\(value) AS numeric) AS text)", nil, nil) }
    if postgresOwn.contains(type) || type.hasSuffix("[]") { return (value, nil, nil) }
    return ("CAST(\(value) AS text)", nil, nil)
  }
}
