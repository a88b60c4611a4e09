import Foundation
import HoldoutTestSupport
import Testing
import Warehouse

/// One table, written in every format that a source can have, gives one panel.
@Suite struct ReadingFormatsTests {
  /// A random table of accounts with a column of each type.
  private struct RandomTable {
    /// `id`, `created`, `first_buy`, `word`, `big`, `amount`, `seen`, `flag`; null empty.
    let rows: [[String]]
    static let names = ["id", "created", "first_buy", "word", "big", "amount", "seen", "flag"]

    init(seed: Int) {
      func draw(_ index: Int, _ purpose: Int, _ below: Int) -> Int {
        ReadingProject.draw(index + seed * 7919, purpose, below)
      }
      let words = [
        "a", "b, c", "d;e", "f\"g", "h'i", "Größe", "東", "NULL", "N/A x", "j\tk", "{l", "1.0",
      ]
      rows = (0..<150).map { index in
        let created = 19_200 + draw(index, 1, 500)
        let bought = draw(index, 2, 4) == 0 ? created + 30 + draw(index, 3, 900) : nil
        let big = Int64(
          bitPattern: UInt64(bitPattern: Int64(draw(index, 4, .max))) &<< UInt64(draw(index, 5, 2)))
        let amounts = [
          "0.1", "-2.5", "1e-7", "12345678.875", "3", "0.30000000000000004",
          "1.7976931348623157e308",
          "-0.000001",
        ]
        func or(_ value: String, _ purpose: Int) -> String {
          draw(index, purpose, 5) == 0 ? "" : value
        }
        return [
          "K\(index)", ReadingProject.day(created), bought.map(ReadingProject.day) ?? "",
          or(words[draw(index, 6, words.count)], 7),
          or("\(index < 2 ? [.max, .min][index] : big)", 8),
          or(amounts[draw(index, 9, amounts.count)], 10),
          or(ReadingProject.day(-20_000 + draw(index, 11, 100_000)), 12),
          or(["true", "false"][draw(index, 13, 2)], 14),
        ]
      }
    }

    /// The rows as values of SQL, in the types that `types` names.
    func values(_ types: [String], literal: (String, String) -> String) -> String {
      rows.map { row in
        let values = zip(row, types).map { $0.isEmpty ? "NULL" : literal($0, $1) }
        return "(\(values.joined(separator: ", ")))"
      }.joined(separator: ", ")
    }

    static let types = [
      "text", "date", "date", "text", "bigint", "double precision", "date", "boolean",
    ]
  }

  private static func spec(_ location: String, amount: String = "", created: String = "") -> String
  {
    """
    version: 1
    name: formats
    data_through: 2025-06-30
    sources:
      acc:
        \(location)
        key: id
        created: created
        columns:
          created: {type: date, class: event\(created)}
          first_buy: {type: date, class: event\(created)}
          word: {type: text, class: static}
          big: {type: integer, class: static}
          amount: {type: number, class: static\(amount)}
          seen: {type: date, class: static\(created)}
          flag: {type: flag, class: static}
    feature_sets:
      all:
        - word: {category: acc.word}
        - low: {sql: acc.big % 1000003, type: number}
        - high: {sql: acc.big // 1000003 % 1000003, type: number}
        - amount: {value: acc.amount}
        - seen: {days_since: acc.seen}
        - flag: {flag: acc.flag}
        - age: {days_since: acc.created}
    cutoffs: {every: month_end, train: 6, calibrate: 1, test: 2}
    cohort: {entity: acc, where: [{not: {happened: acc.first_buy}}]}
    label: {event: acc.first_buy, horizon: 2 months}
    features: [all]
    model: {params: {num_iterations: 5}}

    """
  }

  private func panel(_ project: ReadingProject, _ spec: String) throws -> [[String]] {
    try project.write("spec.yaml", spec)
    let result = try Program.run(
      ["panel", "spec.yaml", "--out", "panel.parquet", "--threads", "2"], in: project.folder)
    try #require(result.end == .exit(0), "\(result)")
    return try project.rows("panel.parquet")
  }

  @Test(arguments: 1...3)
  func `random tables give the same panel from CSV, JSON, Parquet and databases`(_ seed: Int) throws
  {
    let table = RandomTable(seed: seed)
    let project = try ReadingProject()
    let rows = [RandomTable.names] + table.rows
    try project.write("data/t.csv", ReadingProject.csv(rows))
    let expected = try panel(project, Self.spec("csv: data/t.csv"))
    try #require(expected.count > 300)
    var forms: [(name: String, panel: [[String]])] = []

    // CSV in other dialects.
    let comma = rows.enumerated().map { index, row in
      index == 0 ? row : row.enumerated().map { $0 == 5 ? $1.replacing(".", with: ",") : $1 }
    }
    try project.write(
      "data/semicolon.csv", ReadingProject.csv(comma, delimiter: ";", end: "\r\n"))
    forms.append(
      (
        "CSV with semicolons",
        try panel(project, Self.spec("csv: {file: data/semicolon.csv, decimal: \",\"}"))
      ))
    try project.write(
      "data/tab.csv",
      ReadingProject.csv(
        ReadingProject.redated(rows, [1, 2, 6], "d.m.Y"), delimiter: "\t", quote: "'"))
    forms.append(
      (
        "CSV with tabs",
        try panel(
          project,
          Self.spec(
            "csv: {file: data/tab.csv, quote: \"'\"}", created: ", formats: [\"%d.%m.%Y\"]"))
      ))
    let wide = try #require(ReadingProject.csv(rows).data(using: .utf16))
    try project.write("data/wide.csv", wide)
    forms.append(
      (
        "CSV in UTF-16",
        try panel(project, Self.spec("csv: {file: data/wide.csv, encoding: utf-16}"))
      ))
    try project.write("data/part1.csv", ReadingProject.csv(Array(rows[..<40])))
    let turned = ([rows[0]] + rows[40...]).map { [$0[7]] + $0[..<7] }
    try project.write("data/part2.csv", ReadingProject.csv(turned, delimiter: "|"))
    forms.append(("CSV in parts", try panel(project, Self.spec("csv: \"data/part*.csv\""))))

    // JSON, one object a line and as an array; numbers as numbers and as text.
    let lines = ReadingProject.json(rows, numbers: ["big", "amount", "flag"])
      .replacing("\t", with: "\\t")
    try project.write("data/t.json", lines)
    forms.append(("JSON lines", try panel(project, Self.spec("json: data/t.json"))))
    let array = "[\(ReadingProject.json(rows).split(separator: "\n").joined(separator: ",\n"))]"
    try project.write("data/array.json", array.replacing("\t", with: "\\t"))
    forms.append(("JSON array", try panel(project, Self.spec("json: data/array.json"))))

    // Parquet in types of its own, and in several files of several types.
    let typed = zip(RandomTable.names, RandomTable.types).map { "CAST(\($0) AS \($1)) AS \($0)" }
      .joined(separator: ", ")
    let text =
      "read_csv('data/t.csv', all_varchar = true, auto_detect = false, delim = ',', "
      + "quote = '\"', escape = '\"', header = true, columns = {"
      + RandomTable.names.map { "'\($0)': 'VARCHAR'" }.joined(separator: ", ") + "})"
    try project.sql(
      "COPY (SELECT \(typed) FROM \(text)) TO 'data/t.parquet'",
      "COPY (SELECT \(typed) FROM \(text) WHERE id < 'K5') TO 'data/split_a.parquet'",
      "COPY (FROM \(text) WHERE id >= 'K5') TO 'data/split_b.parquet'")
    forms.append(("Parquet", try panel(project, Self.spec("parquet: data/t.parquet"))))
    forms.append(
      ("Parquet of two types", try panel(project, Self.spec("parquet: data/split_*.parquet"))))

    for (name, found) in forms { #expect(found == expected, "\(name)") }
    try expectDatabases(table, project, expected)
  }

  private func expectDatabases(
    _ table: RandomTable, _ project: ReadingProject, _ expected: [[String]]
  ) throws {
    // SQLite has no types, so nothing may hang on which rows come first.
    let file = "\(project.folder)/data/t.sqlite"
    do {
      let sqlite = try Connection(driver: "sqlite", uri: file)
      let names = RandomTable.names.joined(separator: ", ")
      try sqlite.execute("CREATE TABLE t (\(names))")
      let values = table.values(RandomTable.types) { value, type in
        switch type {
        case "bigint": value == "-9223372036854775808" ? "(-9223372036854775807 - 1)" : value
        case "double precision": value
        case "boolean": value == "true" ? "1" : "0"
        default: SQL.literal(value)
        }
      }
      try sqlite.execute("INSERT INTO t VALUES \(values)")
    }
    try project.write("holdout.yaml", "connections: {lite: {driver: sqlite, uri: data/t.sqlite}}\n")
    #expect(
      try panel(project, Self.spec("{table: t, connection: lite}".unbraced)) == expected, "SQLite")
    #expect(
      try panel(
        project, Self.spec("{sql: SELECT * FROM t ORDER BY big DESC, connection: lite}".unbraced))
        == expected, "a query on SQLite")
  }

  @Test(.needsPostgreSQL, arguments: 1...3)
  func `random tables give the same panel from PostgreSQL`(_ seed: Int) throws {
    let table = RandomTable(seed: seed)
    let project = try ReadingProject()
    try project.write("data/t.csv", ReadingProject.csv([RandomTable.names] + table.rows))
    let expected = try panel(project, Self.spec("csv: data/t.csv"))
    let uri = try #require(PostgreSQLServer.uri)
    let server = try Connection(driver: "postgresql", uri: uri)
    let name = "reading_\(UUID().uuidString.prefix(8).lowercased())"
    let columns = zip(RandomTable.names, RandomTable.types).map { "\($0) \($1)" }
      .joined(separator: ", ")
    try server.execute("CREATE TABLE \(name) (\(columns))")
    defer { try? server.execute("DROP TABLE \(name)") }
    let values = table.values(RandomTable.types) { "CAST(\(SQL.literal($0)) AS \($1))" }
    try server.execute("INSERT INTO \(name) VALUES \(values)")
    try project.write(
      "holdout.yaml", "connections: {pg: {driver: postgresql, uri: \"${env:READING_URI}\"}}\n")
    try project.write("spec.yaml", Self.spec("{table: \(name), connection: pg}".unbraced))
    let result = try Program.run(
      ["panel", "spec.yaml", "--out", "pg.parquet"], in: project.folder,
      environment: ["READING_URI": uri])
    try #require(result.end == .exit(0), "\(result)")
    #expect(try project.rows("pg.parquet") == expected, "PostgreSQL")
  }

  // MARK: - Databases

  /// 1,500 accounts of which the first 1,100 never bought, and an amount that is whole at first.
  @Test func `in SQLite the first rows decide nothing`() throws {
    let project = try ReadingProject()
    let file = "\(project.folder)/data/crm.sqlite"
    do {
      let sqlite = try Connection(driver: "sqlite", uri: file)
      try sqlite.execute("CREATE TABLE acc (id, created, first_buy, seg, size)")
      try sqlite.execute("CREATE TABLE ev (id, day, amount, kind)")
      let buyersLast = ReadingProject.accounts.dropFirst().sorted { $0[2] < $1[2] }
      for (name, rows) in [
        ("acc", buyersLast), ("ev", Array(ReadingProject.events.dropFirst())),
      ] {
        let values = rows.map { row in
          let cells = row.enumerated().map { index, value in
            // Numbers as numbers in one half of the rows, and as text in the other.
            value.isEmpty
              ? "NULL"
              : (name == "ev" && index == 2 && row[3] == "web") || (name == "acc" && index == 4)
                ? value : SQL.literal(value)
          }
          return "(\(cells.joined(separator: ", ")))"
        }
        try sqlite.execute("INSERT INTO \(name) VALUES \(values.joined(separator: ", "))")
      }
    }
    try project.write(
      "holdout.yaml", "connections: {crm: {driver: sqlite, uri: data/crm.sqlite}}\n")
    var form = ReadingProject.Form()
    form.accounts = "{table: acc, connection: crm}".unbraced
    form.events = "{table: ev, connection: crm}".unbraced
    #expect(try project.panel(form) == ReadingProject.reference())
  }
}

extension String {
  /// The inside of a map in one line as lines of a map at the depth of a source.
  fileprivate var unbraced: String {
    String(dropFirst().dropLast()).replacing(", connection", with: "\n    connection")
  }
}
