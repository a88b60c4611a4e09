import Foundation
import HoldoutTestSupport
import Testing

/// What is read is what the file says: the same rows in another form give the same panel, or a finding.
@Suite struct ReadingTests {
  typealias Form = ReadingProject.Form

  private func expectSame(_ form: Form, _ prepare: (ReadingProject) throws -> Void) throws {
    let project = try ReadingProject()
    try prepare(project)
    #expect(try project.panel(form) == ReadingProject.reference())
  }

  private func refused(
    _ form: Form, _ prepare: (ReadingProject) throws -> Void
  ) throws -> ProgramResult {
    let project = try ReadingProject()
    try prepare(project)
    let result = try project.check(form)
    #expect(result.end == .exit(2), "\(result)")
    return result
  }

  private static let events = ReadingProject.events
  private static let accounts = ReadingProject.accounts

  // MARK: - Dates

  struct DateForm: CustomTestStringConvertible, Sendable {
    let written: String
    let format: String
    var testDescription: String { "\(written) as \(format)" }
  }

  static let dateForms = [
    DateForm(written: "m/d/y", format: "%m/%d/%y"), DateForm(written: "d/m/y", format: "%d/%m/%y"),
    DateForm(written: "y-m-d", format: "%y-%m-%d"), DateForm(written: "d.m.Y", format: "%d.%m.%Y"),
    DateForm(written: "m-d-Y", format: "%m-%d-%Y"), DateForm(written: "Y-d-m", format: "%Y-%d-%m"),
    DateForm(written: "m/d/y 09:30", format: "%m/%d/%y %H:%M"),
    DateForm(written: "on m/d/y", format: "on %m/%d/%y"),
  ]

  @Test(arguments: dateForms)
  func `days in a declared format, in CSV, JSON and Parquet`(_ date: DateForm) throws {
    let events = ReadingProject.redated(Self.events, [1], date.written)
    let accounts = ReadingProject.redated(Self.accounts, [1, 2], date.written)
    var form = Form()
    form.created = "formats: [\"\(date.format)\"]"
    form.day = form.created
    form.accounts = "json: data/acc.json"
    try expectSame(form) { project in
      try project.write("data/ev.csv", ReadingProject.csv(events))
      try project.write("data/acc.json", ReadingProject.json(accounts, numbers: ["size"]))
    }
    form.events = "parquet: data/ev.parquet"
    form.accounts = "csv: data/acc.csv"
    try expectSame(form) { project in
      try project.write("data/ev.csv", ReadingProject.csv(events))
      try project.write("data/acc.csv", ReadingProject.csv(accounts))
      try project.sql(
        "COPY (FROM read_csv('data/ev.csv', all_varchar = true, auto_detect = true)) "
          + "TO 'data/ev.parquet'")
    }
  }

  @Test(arguments: ["m/d/y", "m-d-Y", "d.m.Y", "y-m-d", "Y/m/d"])
  func `days in a form that nobody declared are a finding`(_ written: String) throws {
    let result = try refused(Form()) {
      try $0.write(
        "data/ev.csv", ReadingProject.csv(ReadingProject.redated(Self.events, [1], written)))
    }
    #expect(result.refuses("H315", "have a `day` that is not a date", "formats: ["), "\(result)")
  }

  @Test func `declared formats are the only ones, and iso is one of them`() throws {
    var form = Form()
    form.day = "formats: [\"%m/%d/%Y\"]"
    let result = try refused(form) { _ in }
    #expect(result.refuses("H315", "`iso` means ISO 8601"), "\(result)")
    form.day = "formats: [iso, \"%m/%d/%Y\"]"
    let mixed =
      [Self.events[0]]
      + Self.events.dropFirst().enumerated().map { index, row in
        index % 2 == 0 ? row : ReadingProject.redated([[], row], [1], "m/d/Y")[1]
      }
    try expectSame(form) { try $0.write("data/ev.csv", ReadingProject.csv(mixed)) }
  }

  @Test func `a day that two formats read differently is a finding`() throws {
    var form = Form()
    form.day = "formats: [\"%m/%d/%Y\", \"%d/%m/%Y\"]"
    let result = try refused(form) {
      try $0.write(
        "data/ev.csv", ReadingProject.csv(ReadingProject.redated(Self.events, [1], "m/d/Y")))
    }
    #expect(result.refuses("H341", "a different day in different formats"), "\(result)")
    // Years of two and of four digits are not confused with each other.
    form.day = "formats: [\"%m/%d/%Y\", \"%m/%d/%y\"]"
    try expectSame(form) {
      try $0.write(
        "data/ev.csv", ReadingProject.csv(ReadingProject.redated(Self.events, [1], "m/d/y")))
    }
  }

  @Test(arguments: ["0024-05-01", "1899-12-31", "2201-01-01", "9999-12-31"])
  func `a day that is not possible is a finding, unless the range says so`(_ day: String) throws {
    var form = Form()
    var events = Self.events
    events[7][1] = day
    let data = ReadingProject.csv(events)
    let result = try refused(form) { try $0.write("data/ev.csv", data) }
    #expect(
      result.refuses("H340", "1 row of `ev` has a `day`", "`\(day)`, the first at key `A"),
      "\(result)")
    form.day = "range: [0001-01-01, 9999-12-31]"
    let project = try ReadingProject()
    try project.write("data/ev.csv", data)
    _ = try project.panel(form)
    form.day = ""
    form.events = "parquet: data/ev.parquet"
    let typed = try refused(form) { project in
      try project.write("data/ev.csv", data)
      try project.sql(
        "COPY (SELECT * REPLACE (CAST(day AS DATE) AS day) FROM read_csv('data/ev.csv', "
          + "all_varchar = true)) TO 'data/ev.parquet'")
    }
    #expect(typed.refuses("H340", "1 row of `ev` has a `day`"), "\(typed)")
  }

  // MARK: - Whole numbers and dressed numbers

  @Test func `numbers in dress are read as the spec says`() throws {
    var form = Form()
    form.amount = "strip: \"$ .\", decimal: \",\", null: [\"N/A\", \"-\"]"
    let european = Self.events.map { row in
      row[2] == "amount" ? row : [row[0], row[1], "$ " + row[2].replacing(".", with: ","), row[3]]
    }
    try expectSame(form) {
      try $0.write("data/ev.csv", ReadingProject.csv(european))
    }
    let plain = try refused(Form()) {
      try $0.write("data/ev.csv", ReadingProject.csv(european))
    }
    #expect(plain.refuses("H315", "have a `amount` that is not a number", "strip"), "\(plain)")
    // A point that is not stripped is not taken for the comma.
    form.amount = "decimal: \",\""
    let points = try refused(form) { _ in }
    #expect(points.refuses("H315", "have a `amount` that is not a number"), "\(points)")
  }

  @Test func `texts that stand for null are null`() throws {
    var accounts = Self.accounts
    let empty = accounts.indices.filter { accounts[$0][2].isEmpty }
    for index in empty { accounts[index][2] = "never" }
    var form = Form()
    form.created = "null: [never]"
    try expectSame(form) { try $0.write("data/acc.csv", ReadingProject.csv(accounts)) }
    form.created = ""
    form.accounts = "csv: {file: data/acc.csv, null: [never]}"
    try expectSame(form) { try $0.write("data/acc.csv", ReadingProject.csv(accounts)) }
  }

  @Test func `what is not a number in a Parquet file is a finding with a fix that helps`() throws {
    var form = Form()
    form.events = "parquet: data/ev.parquet"
    func prepare(_ project: ReadingProject) throws {
      try project.sql(
        "COPY (SELECT id, day, CASE WHEN kind = 'web' THEN 'nan' ELSE amount END::DOUBLE AS amount, kind "
          + "FROM read_csv('data/ev.csv', all_varchar = true)) TO 'data/ev.parquet'")
    }
    let result = try refused(form, prepare)
    let fix = try #require(result.errors.firstMatch(of: #/null: \[\w+\]/#)).output
    form.amount = String(fix)
    let project = try ReadingProject()
    try prepare(project)
    var events = Self.events
    for index in events.indices where events[index][3] == "web" { events[index][2] = "" }
    let blank = try ReadingProject()
    try blank.write("data/ev.csv", ReadingProject.csv(events))
    #expect(try project.panel(form) == blank.panel(Form()))
  }

  // MARK: - CSV

  @Test func `dialects of CSV give the same rows`() throws {
    struct Dialect {
      let delimiter: String
      let quote: String
      let end: String
      let keys: String
    }
    let dialects = [
      Dialect(delimiter: ";", quote: "\"", end: "\n", keys: ""),
      Dialect(delimiter: "\t", quote: "\"", end: "\r\n", keys: ""),
      Dialect(delimiter: "|", quote: "\"", end: "\r", keys: ""),
      Dialect(delimiter: ",", quote: "'", end: "\n", keys: "quote: \"'\""),
      Dialect(delimiter: "~", quote: "\"", end: "\n", keys: "delimiter: \"~\""),
    ]
    for dialect in dialects {
      var form = Form()
      form.accounts = "csv: {file: data/acc.csv\(dialect.keys.isEmpty ? "" : ", ")\(dialect.keys)}"
      let text = ReadingProject.csv(
        Self.accounts, delimiter: dialect.delimiter, quote: dialect.quote, end: dialect.end)
      try expectSame(form) { try $0.write("data/acc.csv", text) }
    }
    var form = Form()
    form.accounts =
      "csv: {file: data/acc.csv, header: [id, created, first_buy, seg, size], skip: 3}"
    let text = "Accounts\nas of May\n" + ReadingProject.csv(Self.accounts)
    try expectSame(form) { try $0.write("data/acc.csv", text) }
    form.accounts = "csv: {file: data/acc.csv, skip: 2}"
    try expectSame(form) { try $0.write("data/acc.csv", "\u{FEFF}" + text) }
  }

  @Test(arguments: [10, 100, 900])
  func `two exports in one file are a finding with the line of the second header`(
    _ after: Int
  ) throws {
    let wider = Self.events.enumerated().map { $1 + [$0 == 0 ? "source" : "crm"] }
    let text =
      ReadingProject.csv(Array(Self.events[...after]))
      + ReadingProject.csv([wider[0]] + wider[(after + 1)...])
    let result = try refused(Form()) { try $0.write("data/ev.csv", text) }
    #expect(
      result.refuses("H347", "line \(after + 2) of `data/ev.csv` is a header again"), "\(result)")
    let same =
      ReadingProject.csv(Array(Self.events[...after]))
      + ReadingProject.csv([Self.events[0]] + Self.events[(after + 1)...])
    let again = try refused(Form()) { try $0.write("data/ev.csv", same) }
    #expect(
      again.refuses("H347", "line \(after + 2) of `data/ev.csv` is a header again"), "\(again)")
  }

  @Test func `a change of width is a finding with its line`() throws {
    var events = Self.events
    events[50] += ["more"]
    let wide = try refused(Form()) { try $0.write("data/ev.csv", ReadingProject.csv(events)) }
    #expect(
      wide.refuses("H346", "line 51 of `data/ev.csv` has 5 fields, but the header has 4"), "\(wide)"
    )
    events[50] = ["A1000", "2024-01-01"]
    let narrow = try refused(Form()) { try $0.write("data/ev.csv", ReadingProject.csv(events)) }
    #expect(narrow.refuses("H346", "line 51 of `data/ev.csv` has 2 fields"), "\(narrow)")
  }

  @Test func `quotes and line ends that do not fit are a finding with their line`() throws {
    let lines = ReadingProject.csv(Self.events).split(separator: "\n")
    let mixed =
      lines.prefix(40).joined(separator: "\n") + "\n"
      + lines.dropFirst(40).joined(separator: "\r\n") + "\r\n"
    let ends = try refused(Form()) { try $0.write("data/ev.csv", mixed) }
    #expect(ends.refuses("H350", "line 41 of `data/ev.csv` has a different line ending"), "\(ends)")
    let quotes = try refused(Form()) {
      try $0.write(
        "data/ev.csv", ReadingProject.csv(Self.events) + "A1000,2024-01-01,5,\"a \\\"b\\\" c\"\n")
    }
    #expect(quotes.refuses("H350", "line 1502 of `data/ev.csv`", "escape"), "\(quotes)")
  }

  @Test func `a column that stands twice is a finding where it is read`() throws {
    let twice = Self.events.map { $0 + [$0[2]] }
    let result = try refused(Form()) { try $0.write("data/ev.csv", ReadingProject.csv(twice)) }
    #expect(result.refuses("H349", "the header of `data/ev.csv` has `amount` twice"), "\(result)")
  }

  @Test func `fractions that come late are kept`() throws {
    let csv = Self.late(json: false)
    let json = Self.late(json: true)
    let first = try ReadingProject()
    try first.write("data/ev.csv", csv)
    let second = try ReadingProject()
    try second.write("data/ev.json", json)
    var form = Form()
    let expected = try first.panel(form)
    form.events = "json: data/ev.json"
    #expect(try second.panel(form) == expected)
    #expect(expected.contains { row in row.contains { $0.hasSuffix(".4") || $0.hasSuffix(".8") } })
  }

  /// 21,500 events whose amounts are 0 at first and 0.4 from the 20,600th on.
  private static func late(json: Bool) -> String {
    var rows = [events[0]]
    for index in 0..<21_500 {
      var row = events[1 + index % 1500]
      row[2] = index < 20_600 ? "0" : "0.4"
      rows.append(row)
    }
    return json ? ReadingProject.json(rows, numbers: ["amount"]) : ReadingProject.csv(rows)
  }

  // MARK: - Encodings

  @Test(arguments: ["latin-1", "windows-1252", "utf-16"])
  func `other encodings are named in the finding, and read with the line it gives`(
    _ encoding: String
  ) throws {
    let text = ReadingProject.csv(Self.events)
    let encodings: [String: String.Encoding] = [
      "latin-1": .isoLatin1, "windows-1252": .windowsCP1252, "utf-16": .utf16,
    ]
    let own = try #require(encodings[encoding])
    let data = try #require(text.data(using: own))
    let result = try refused(Form()) { try $0.write("data/ev.csv", data) }
    let fix = try #require(result.errors.firstMatch(of: #/`(csv: \{.*\})`/#), "\(result)").output.1
    #expect(result.refuses("H348", "is not UTF-8: it is probably"), "\(result)")
    var form = Form()
    form.events =
      encoding == "windows-1252"
      ? "csv: {file: data/ev.csv, encoding: windows-1252}" : String(fix)
    try expectSame(form) { try $0.write("data/ev.csv", data) }
  }

  // MARK: - Folders and parts

  @Test func `a folder never replaces a column of the file`() throws {
    var form = Form()
    form.events = "csv: data/kind=web/ev.csv"
    let text = ReadingProject.csv(Self.events)
    try expectSame(form) { try $0.write("data/kind=web/ev.csv", text) }
    form.events = "csv: \"data/kind=*/ev.csv\""
    let result = try refused(form) { try $0.write("data/kind=web/ev.csv", text) }
    #expect(
      result.refuses("H345", "both the folders and the files of `ev` have `kind`"), "\(result)")
  }

  @Test func `folders that the path names give a column, and keep its zeros`() throws {
    for format in ["csv", "json", "parquet"] {
      var form = Form()
      form.events = "\(format): \"data/k=*/amount=*/ev.\(format)\""
      form.amount = "from: amount"
      let project = try ReadingProject()
      try project.write(
        "data/ev.csv",
        ReadingProject.csv(Self.events.map { [$0[0], $0[1], $0[3]] }))
      try project.write(
        "data/k=01/amount=007/ev.json",
        ReadingProject.json(Self.events.map { [$0[0], $0[1], $0[3]] }))
      try project.write(
        "data/k=01/amount=007/ev.csv",
        project.data("data/ev.csv"))
      try project.sql(
        "COPY (FROM read_csv('data/ev.csv', all_varchar = true)) TO 'data/k=01/amount=007/ev.parquet'"
      )
      let seven = try ReadingProject()
      try seven.write(
        "data/ev.csv",
        ReadingProject.csv(
          Self.events.enumerated().map { index, row in
            index == 0 ? row : [row[0], row[1], "7", row[3]]
          }))
      #expect(try project.panel(form) == seven.panel(Form()), "\(format)")
    }
  }

  @Test(arguments: [
    "INTEGER, DOUBLE", "DECIMAL(10,0), DECIMAL(10,2)", "\"NULL\", DOUBLE", "VARCHAR, DOUBLE",
  ])
  func `Parquet files of several types are read exactly`(_ types: String) throws {
    let both = types.split(separator: ", ").map(String.init)
    let first = both[0] == "\"NULL\"" ? "NULL" : "CAST(trunc(CAST(amount AS DOUBLE)) AS \(both[0]))"
    var form = Form()
    form.events = "parquet: [\"data/ev_a*.parquet\", data/ev_b.parquet]"
    let project = try ReadingProject()
    try project.sql(
      "COPY (SELECT id, day, \(first) AS amount, kind FROM read_csv('data/ev.csv', all_varchar = true) "
        + "WHERE day < '2024-01-01') TO 'data/ev_a.parquet'",
      "COPY (SELECT kind, id, CAST(day AS DATE) AS day, CAST(amount AS \(both[1])) AS amount "
        + "FROM read_csv('data/ev.csv', all_varchar = true) WHERE day >= '2024-01-01') "
        + "TO 'data/ev_b.parquet'")
    var events = Self.events
    for index in events.indices.dropFirst() where events[index][1] < "2024-01-01" {
      let whole = events[index][2].split(separator: ".")[0]
      events[index][2] = both[0] == "\"NULL\"" ? "" : String(whole)
    }
    let plain = try ReadingProject()
    try plain.write("data/ev.csv", ReadingProject.csv(events))
    #expect(try project.panel(form) == plain.panel(Form()))
  }

  @Test func `parts that disagree beyond reading are one finding`() throws {
    var form = Form()
    form.events = "parquet: \"data/ev_*.parquet\""
    let result = try refused(form) { project in
      try project.sql(
        "COPY (SELECT id, day, kind = 'web' AS amount, kind FROM read_csv('data/ev.csv', "
          + "all_varchar = true)) TO 'data/ev_a.parquet'",
        "COPY (SELECT id, day, CAST(amount AS DOUBLE) AS amount, kind FROM read_csv('data/ev.csv', "
          + "all_varchar = true)) TO 'data/ev_b.parquet'")
    }
    #expect(
      result.refuses(
        "H343", "have different types for `amount`", "BOOLEAN in `data/ev_a.parquet`"),
      "\(result)")
  }

  @Test func `a column that some parts lack is a warning, and the key an error`() throws {
    var form = Form()
    form.events = "csv: \"data/ev*.csv\""
    let project = try ReadingProject()
    try project.write("data/ev2.csv", "kind,id,day\nweb,A1000,2024-01-01\n")
    let warned = try project.check(form)
    #expect(warned.end == .exit(0), "\(warned)")
    #expect(
      warned.errors.contains("warning[H344]: 1 of the 2 files of `ev` has no column `amount`"))
    try project.write("data/ev2.csv", "kind,day,amount\nweb,2024-01-01,5\n")
    #expect(try project.check(form).refuses("H344", "has no column `id`", "data/ev2.csv"))
  }

  @Test func `the same bytes give the same rows wherever the project lies`() throws {
    let outer = try ReadingProject()
    let nested = "\(outer.folder)/kind=web/amount=5"
    try FileManager.default.createDirectory(atPath: nested, withIntermediateDirectories: true)
    for part in ["holdout.yaml", "data"] {
      try FileManager.default.copyItem(
        atPath: "\(outer.folder)/\(part)", toPath: "\(nested)/\(part)")
    }
    try outer.write("kind=web/amount=5/spec.yaml", outer.spec(Form()))
    let result = try Program.run(["panel", "spec.yaml", "--out", "p.parquet"], in: nested)
    #expect(result.end == .exit(0), "\(result)")
    #expect(try outer.rows("kind=web/amount=5/p.parquet") == ReadingProject.reference())
  }

  // MARK: - Nested values

  @Test func `a field of a nested value is read from JSON and from Parquet`() throws {
    let lines = ReadingProject.json(Self.accounts, numbers: ["size"]).split(separator: "\n").map {
      $0.replacing(#/"seg": ("[^"]*")/#) { "\"seg\": {\"id\": 7, \"value\": \($0.output.1)}" }
    }
    var form = Form()
    form.accounts = "json: data/acc.json"
    form.segment = "json_field: value"
    let json = lines.joined(separator: "\n")
    try expectSame(form) { try $0.write("data/acc.json", json) }
    let without = try refused(Form(accounts: "json: data/acc.json")) {
      try $0.write("data/acc.json", json)
    }
    #expect(without.refuses("H390", "contains structures", "json_field"), "\(without)")
    form.accounts = "parquet: data/acc.parquet"
    for value in ["{'id': 7, 'value': seg}", "map(['value'], [seg])"] {
      func prepare(_ project: ReadingProject) throws {
        try project.sql(
          "COPY (SELECT * REPLACE (\(value) AS seg) FROM read_csv('data/acc.csv', all_varchar = true)) "
            + "TO 'data/acc.parquet'")
      }
      try expectSame(form, prepare)
      let plain = try refused(Form(accounts: "parquet: data/acc.parquet"), prepare)
      #expect(plain.refuses("H390", "contains"), "\(plain)")
    }
  }

  @Test func `a JSON field that first comes late is read, and one that never comes is missing`()
    throws
  {
    let lines = ReadingProject.json(Self.events, numbers: ["amount"]).split(separator: "\n")
    let late = (0..<21_000).map { _ in "{\"id\": \"A1000\", \"day\": \"2026-01-01\"}" }
    var form = Form()
    form.events = "json: data/ev.json"
    let text = (late + lines.map(String.init)).joined(separator: "\n")
    try expectSame(form) { try $0.write("data/ev.json", text) }
    let result = try refused(form) {
      try $0.write("data/ev.json", text.replacing("\"amount\"", with: "\"amounts\""))
    }
    #expect(result.refuses("H314", "no column `amount`", "did you mean `amounts`?"), "\(result)")
  }
}
