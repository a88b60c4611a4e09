import Foundation
import HoldoutTestSupport
import Testing

/// Files as other systems write them: each is read as it is meant, or the finding names what helps.
@Suite struct MessyFileTests {
  typealias Form = ReadingProject.Form

  private static let events = ReadingProject.events

  private func check(
    _ form: Form, _ prepare: (ReadingProject) throws -> Void
  ) throws -> ProgramResult {
    let project = try ReadingProject()
    try prepare(project)
    return try project.check(form)
  }

  private func form(_ events: String, kind: String = "", amount: String = "") -> Form {
    var form = Form()
    (form.events, form.kind, form.amount) = (events, kind, amount)
    return form
  }

  // MARK: - CSV

  /// The order of the columns of the second export, and what it calls them.
  struct SecondHeader: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let order: [Int]
    let names: [String]
  }

  static let secondHeaders = [
    SecondHeader(
      testDescription: "the key elsewhere", order: [1, 0, 3, 2],
      names: ["day", "id", "kind", "amount"]),
    SecondHeader(
      testDescription: "the key renamed", order: [1, 0, 3, 2],
      names: ["day", "client", "kind", "amount"]),
    SecondHeader(
      testDescription: "in capitals, two columns exchanged", order: [0, 1, 3, 2],
      names: ["ID", "DAY", "KIND", "AMOUNT"]),
  ]

  @Test(arguments: secondHeaders)
  func `a second header is found in whatever order it names the columns`(
    _ second: SecondHeader
  ) throws {
    let rows = Self.events
    let rest = rows[700...].map { row in second.order.map { row[$0] } }
    let result = try check(Form()) {
      try $0.write("data/ev.csv", ReadingProject.csv(rows[..<700] + [second.names] + rest))
    }
    #expect(result.refuses("H347", "line 701 of `data/ev.csv` is a header again"), "\(result)")
  }

  @Test func `an unclosed quote is told in a few lines`() throws {
    var text = ReadingProject.csv(Self.events)
    text = text.replacing("web", with: "\"web", maxReplacements: 1)
    let result = try check(Form()) { try $0.write("data/ev.csv", text) }
    #expect(result.refuses("H350", "a quote that does not end"), "\(result)")
    #expect(result.errors.split(separator: "\n").count < 16)
  }

  // MARK: - Encodings

  @Test func `bytes that are none of the encoding are a finding with their place`() throws {
    var bytes = ReadingProject.csv(Self.events).utf8.filter { $0 < 0x80 }
    bytes[200] = 0x81
    let result = try check(form("csv: {file: data/ev.csv, encoding: windows-1252}")) {
      try $0.write("data/ev.csv", Data(bytes))
    }
    #expect(result.refuses("H348", "cannot be read as `windows-1252`"), "\(result)")
    #expect(result.errors.contains("the bytes at 200 "))
  }

  @Test(arguments: ["", ", encoding: latin-1", ", encoding: utf-16"])
  func `a packed file in another encoding has to be unpacked`(_ encoding: String) throws {
    let project = try ReadingProject()
    let text = try #require(ReadingProject.csv(Self.events).data(using: .isoLatin1))
    try project.write("data/ev.csv", text)
    let packed = try Program.shell("gzip data/ev.csv", in: project.folder)
    try #require(packed.end == .exit(0), "\(packed)")
    let result = try project.check(form("csv: {file: data/ev.csv.gz\(encoding)}"))
    #expect(result.refuses("H348", "`data/ev.csv.gz` is compressed and not UTF-8"), "\(result)")
    #expect(result.errors.contains("gunzip data/ev.csv.gz"))
  }

  @Test func `one encoding for files of two is refused`() throws {
    let text = ReadingProject.csv(Self.events)
    let result = try check(form("csv: {file: \"data/part*.csv\", encoding: latin-1}")) {
      try $0.write("data/part1.csv", try #require(text.data(using: .isoLatin1)))
      try $0.write("data/part2.csv", text)
    }
    #expect(
      result.refuses("H348", "`data/part2.csv` is UTF-8, not `latin-1`"), "\(result)")
  }

  // MARK: - JSON

  private func json(_ kind: String) -> String {
    ReadingProject.json(Self.events, numbers: ["amount"]).replacing(
      #/"kind": "([^"]*)"/#, with: { "\"kind\": \(kind.replacing("V", with: $0.output.1))" })
  }

  @Test func `lists and objects of JSON are no values`() throws {
    for (written, what) in [(#"["V"]"#, "lists"), (#"{"name": "V"}"#, "structures")] {
      let result = try check(form("json: data/ev.json")) {
        try $0.write("data/ev.json", json(written))
      }
      #expect(result.refuses("H390", "column `kind` of `ev` contains \(what)"), "\(result)")
    }
    let number = ReadingProject.json(Self.events, numbers: ["amount"]).replacing(
      #/"amount": ([0-9.]+)/#, with: { #""amount": {"value": \#($0.output.1)}"# })
    let result = try check(form("json: data/ev.json")) { try $0.write("data/ev.json", number) }
    #expect(result.refuses("H390", "column `amount` of `ev` contains structures"), "\(result)")
  }

  @Test func `a field that no object has is missing, and one that holds objects is no value`()
    throws
  {
    let text = json(#"{"name": "V", "more": {"x": 1}}"#)
    func result(_ field: String) throws -> ProgramResult {
      try check(form("json: data/ev.json", kind: "json_field: \(field)")) {
        try $0.write("data/ev.json", text)
      }
    }
    let missing = try result("nam")
    #expect(missing.refuses("H314", "no object in `kind` of `ev` has a field `nam`"), "\(missing)")
    #expect(missing.errors.contains("did you mean `name`?"))
    let nested = try result("more")
    #expect(nested.refuses("H390", "field `more` of `kind` in `ev` contains objects"), "\(nested)")
    #expect(try result("name").end == .exit(0))
  }

  @Test func `an array behind a byte order mark is a finding with the command that helps`() throws {
    let rows = ReadingProject.json(Self.events, numbers: ["amount"]).split(separator: "\n")
    let text = "\u{FEFF}[\(rows.joined(separator: ",\n"))]"
    let result = try check(form("json: data/ev.json")) { try $0.write("data/ev.json", text) }
    #expect(result.refuses("H348", "starts with a byte order mark"), "\(result)")
  }

  // MARK: - Parquet

  /// Written by pyarrow, whose statistics of a column of floats pass over NaN: the engine then takes
  /// `amount = 'nan'` and `isnan(amount)` to be false for all rows.
  private static let withNaN = """
    UEFSMRUEFTYVMEwVBhUAEgAAGyAFAAAAQTEwMDARCSQxBQAAAEExMDAyFQAVFBUYLBUGFRAVBhUGHDYAKAVBMTAw \
    MhgFQTEwMDAREQAAAAokAgAAAAYBAgMkABUEFQgVDEwVAhUAEgAABAwPTQAAFQAVEhUWLBUGFRAVBhUGHBgED00A \
    ABgED00AABYAKAQPTQAAGAQPTQAAEREAAAAJIAIAAAAGAQEGABUEFTAVLEwVBhUAEgAAGAAABQEE+D8FBygA+H8A \
    AAAAAAAEQBUAFRQVGCwVBhUQFQYVBhwYCAAAAAAAAARAGAgAAAAAAAD4PxYAKAgAAAAAAAAEQBgIAAAAAAAA+D8R \
    EQAAAAokAgAAAAYBAgMkABUEFR4VIkwVBBUAEgAADzgDAAAAd2ViBAAAAGNhbGwVABUSFRYsFQYVEBUGFQYcNgAo \
    A3dlYhgEY2FsbBERAAAACSACAAAABgEBAwIVBBlcNQAYBnNjaGVtYRUIABUMJQIYAmlkJQBMHAAAABUCJQIYA2Rh \
    eSUMTGwAAAAVCiUCGAZhbW91bnQAFQwlAhgEa2luZCUATBwAAAAWBhkcGUwmABwVDBk1AAYQGRgCaWQVAhYGFrAB \
    Fq4BJlQmCBw2ACgFQTEwMDIYBUExMDAwEREAGSwVBBUAFQIAFQAVEBUCADwWHhkGGSYABgAAACYAHBUCGTUABhAZ \
    GANkYXkVAhYGFpQBFpwBJt4BJrYBHBgED00AABgED00AABYAKAQPTQAAGAQPTQAAEREAGSwVBBUAFQIAFQAVEBUC \
    ADwpBhkmAAYAAAAmABwVChk1AAYQGRgGYW1vdW50FQIWBhbeARbeASaaAybSAhwYCAAAAAAAAARAGAgAAAAAAAD4 \
    PxYAKAgAAAAAAAAEQBgIAAAAAAAA+D8REQAZLBUEFQAVAgAVABUQFQIAPCkGGSYABgAAACYAHBUMGTUABhAZGARr \
    aW5kFQIWBhaQARaYASbuBCawBBw2ACgDd2ViGARjYWxsEREAGSwVBBUAFQIAFQAVEBUCADwWFBkGGSYABgAAABay \
    BRYGJggWwAUAKCBwYXJxdWV0LWNwcC1hcnJvdyB2ZXJzaW9uIDI2LjAuMRlMHAAAHAAAHAAAHAAAAO4BAABQQVIx
    """

  /// The same with one value beside NaN, so that the least and the largest are equal.
  private static let withNaNBesideOneValue = """
    UEFSMRUEFTYVMEwVBhUAEgAAGyAFAAAAQTEwMDARCSQxBQAAAEExMDAyFQAVFBUYLBUGFRAVBhUGHDYAKAVBMTAw \
    MhgFQTEwMDAREQAAAAokAgAAAAYBAgMkABUEFQgVDEwVAhUAEgAABAwPTQAAFQAVEhUWLBUGFRAVBhUGHBgED00A \
    ABgED00AABYAKAQPTQAAGAQPTQAAEREAAAAJIAIAAAAGAQEGABUEFSAVJEwVBBUAEgAAEDwAAAAAAAD4PwAAAAAA \
    APh/FQAVEhUWLBUGFRAVBhUGHBgIAAAAAAAA+D8YCAAAAAAAAPg/FgAoCAAAAAAAAPg/GAgAAAAAAAD4PxERAAAA \
    CSACAAAABgEBAwIVBBUeFSJMFQQVABIAAA84AwAAAHdlYgQAAABjYWxsFQAVEhUWLBUGFRAVBhUGHDYAKAN3ZWIY \
    BGNhbGwREQAAAAkgAgAAAAYBAQMCFQQZXDUAGAZzY2hlbWEVCAAVDCUCGAJpZCUATBwAAAAVAiUCGANkYXklDExs \
    AAAAFQolAhgGYW1vdW50ABUMJQIYBGtpbmQlAEwcAAAAFgYZHBlMJgAcFQwZNQAGEBkYAmlkFQIWBhawARauASZU \
    JggcNgAoBUExMDAyGAVBMTAwMBERABksFQQVABUCABUAFRAVAgA8Fh4ZBhkmAAYAAAAmABwVAhk1AAYQGRgDZGF5 \
    FQIWBhaUARacASbeASa2ARwYBA9NAAAYBA9NAAAWACgED00AABgED00AABERABksFQQVABUCABUAFRAVAgA8KQYZ \
    JgAGAAAAJgAcFQoZNQAGEBkYBmFtb3VudBUCFgYWzAEW1AEmkgMm0gIcGAgAAAAAAAD4PxgIAAAAAAAA+D8WACgI \
    AAAAAAAA+D8YCAAAAAAAAPg/EREAGSwVBBUAFQIAFQAVEBUCADwpBhkmAAYAAAAmABwVDBk1AAYQGRgEa2luZBUC \
    FgYWkAEWmAEm5AQmpgQcNgAoA3dlYhgEY2FsbBERABksFQQVABUCABUAFRAVAgA8FhQZBhkmAAYAAAAWoAUWBiYI \
    FrYFACggcGFycXVldC1jcHAtYXJyb3cgdmVyc2lvbiAyNi4wLjEZTBwAABwAABwAABwAAADuAQAAUEFSMQ==
    """

  @Test func `NaN can be read as null whatever the file says of its ends`() throws {
    let data = try #require(
      Data(base64Encoded: Self.withNaN.filter { !$0.isWhitespace }))
    let plain = try check(form("parquet: data/ev.parquet")) {
      try $0.write("data/ev.parquet", data)
    }
    #expect(plain.refuses("H315", "has a `amount` that is not a number"), "\(plain)")
    #expect(plain.errors.contains("null: [nan]"))
    let project = try ReadingProject()
    try project.write("data/ev.parquet", data)
    let rows = try project.panel(form("parquet: data/ev.parquet", amount: "null: [nan]"))
    // Of the three accounts with a row each; the sum of no value is 0.
    let texts = Set(rows.flatMap { $0 })
    #expect(texts.contains("1.5") && texts.contains("2.5") && !texts.contains("nan"))
    let constant = try #require(
      Data(base64Encoded: Self.withNaNBesideOneValue.filter { !$0.isWhitespace }))
    try project.write("data/ev.parquet", constant)
    let others = try project.panel(form("parquet: data/ev.parquet", amount: "null: [nan, -999]"))
    #expect(Set(others.flatMap { $0 }).contains("1.5"))
    let infinite = try project.check(form("parquet: data/ev.parquet", amount: "null: [-999, inf]"))
    #expect(infinite.refuses("H315", "not a number"), "\(infinite)")
  }

  @Test func `nanoseconds before midnight are of the day that ends`() throws {
    let project = try ReadingProject()
    try project.sql(
      "COPY (SELECT id, CAST(day || ' 23:59:59.999999999' AS TIMESTAMP_NS) AS day, "
        + "CAST(amount AS DOUBLE) AS amount, kind FROM read_csv('data/ev.csv', all_varchar = true)) "
        + "TO 'data/ev.parquet'")
    #expect(
      try project.panel(form("parquet: data/ev.parquet")) == ReadingProject.reference())
  }

  // MARK: - What the finding suggests

  /// A value of the day or the amount, and the line that the finding names.
  struct Suggestion: CustomTestStringConvertible, Sendable {
    let written: String
    let line: String
    var testDescription: String { "\(written): \(line)" }
  }

  static let days = [
    Suggestion(written: "01/13/23", line: "formats: [\"%m/%d/%y\"]"),
    Suggestion(written: "13/01/2023", line: "formats: [\"%d/%m/%Y\"]"),
    Suggestion(written: "03/04/2023", line: "formats: [\"%m/%d/%Y\"]` if the month comes first"),
    Suggestion(written: "1.2.2023 07:30", line: "formats: [\"%d.%m.%Y %H:%M\"]"),
    Suggestion(written: "1/13/2023 7:30:00 PM", line: "formats: [\"%m/%d/%Y %I:%M:%S %p\"]"),
    Suggestion(written: "20230105", line: "formats: [\"%Y%m%d\"]"),
    Suggestion(written: "2023/1/5", line: "formats: [\"%Y/%m/%d\"]"),
    Suggestion(written: "05-Jan-23", line: "formats: [\"%d-%b-%y\"]"),
    Suggestion(written: "January 5, 2023", line: "formats: [\"%B %d, %Y\"]"),
    Suggestion(written: "0000-00-00", line: "null: [\"0000-00-00\"]"),
    Suggestion(written: "unknown", line: "null: [unknown]"),
    Suggestion(written: "1672876800", line: "to_timestamp("),
    Suggestion(written: "1672876800000", line: "epoch_ms("),
    Suggestion(written: "44931", line: "DATE '1899-12-30' +"),
  ]

  @Test(arguments: days)
  func `the line for a day reads it`(_ suggestion: Suggestion) throws {
    try expect(suggestion, in: 1)
  }

  static let amounts = [
    Suggestion(written: "$5", line: "strip: \"$\"}"),
    Suggestion(written: "$1,234.50", line: "strip: \"$,\"}"),
    Suggestion(written: "12 %", line: "strip: \" %\"}"),
    Suggestion(written: "3,5", line: "decimal: \",\"}"),
    Suggestion(written: "1.234,50", line: "strip: \".\", decimal: \",\"}"),
    Suggestion(written: "1,234", line: "strip: \",\"}"),
    Suggestion(written: "(5.00)", line: "parentheses mean a negative number"),
    Suggestion(written: "\u{2212}5", line: "around the digits may change the number"),
    Suggestion(written: "1.2M", line: "around the digits may change the number"),
    Suggestion(written: "5 EUR", line: "around the digits may change the number"),
    Suggestion(written: "N/A", line: "null: [\"N/A\"]"),
  ]

  @Test(arguments: amounts)
  func `the line for a number reads it, and none is named that would make another of it`(
    _ suggestion: Suggestion
  ) throws {
    try expect(suggestion, in: 2)
  }

  private func expect(_ suggestion: Suggestion, in column: Int) throws {
    var rows = Self.events
    for index in 1..<rows.count { rows[index][column] = suggestion.written }
    let project = try ReadingProject()
    try project.write("data/ev.csv", ReadingProject.csv(rows))
    let result = try project.check(Form())
    #expect(result.refuses("H315", "`\(Self.events[0][column])` that is not a "), "\(result)")
    #expect(result.errors.contains(suggestion.line), "\(result)")
    // A line for the column is tried where it is one.
    guard let line = suggestion.line.firstMatch(of: #/^(null|strip|decimal): [^}`]*/#) else {
      return
    }
    var form = Form()
    if column == 1 { form.day = String(line.output.0) } else { form.amount = String(line.output.0) }
    let fixed = try project.check(form)
    #expect(!fixed.errors.contains("H315"), "\(fixed)")
  }

  @Test(arguments: ["()", "-", "\u{2212}", "0"])
  func `what is part of a number cannot be stripped`(_ signs: String) throws {
    let result = try check(form("csv: data/ev.csv", amount: "strip: \"\(signs)\"")) { _ in }
    #expect(result.refuses("H289", "is part of the number and cannot be stripped"), "\(result)")
  }

  // MARK: - Exports that overlap

  @Test func `rows are the same however a number is written`() throws {
    let result = try check(form("csv: \"data/part*.csv\"")) {
      try $0.write("data/part1.csv", ReadingProject.csv(Array(Self.events[..<900])))
      let again = Self.events[800...].map { [$0[0], $0[1], $0[2] + "0", $0[3]] }
      try $0.write("data/part2.csv", ReadingProject.csv([Self.events[0]] + again))
    }
    #expect(result.end == .exit(0) && result.errors.contains("H393"), "\(result)")
    #expect(result.errors.contains("SELECT DISTINCT \"id\", \"day\", \"amount\", \"kind\" FROM"))
  }

  @Test func `a day that each export has again is counted over all of them`() throws {
    let rows = Self.events[1...].sorted { $0[1] < $1[1] }
    let days = Set(rows.map { $0[1] }).sorted()
    // No pair of files shares more than two rows.
    let counts = Dictionary(grouping: rows, by: { $0[1] }).mapValues(\.count)
    let quiet = days.filter { counts[$0] ?? 0 <= 2 }
    let borders = [days[0]] + stride(from: 20, to: quiet.count, by: 20).map { quiet[$0] }
    func files(_ again: Bool) throws -> ProgramResult {
      try check(form("csv: \"data/part*.csv\"")) {
        for (index, first) in borders.enumerated() {
          let next = index + 1 < borders.count ? borders[index + 1] : "9999"
          let part = rows.filter { $0[1] >= first && ($0[1] < next || again && $0[1] == next) }
          let name = String(format: "data/part%03d.csv", index)
          try $0.write(name, ReadingProject.csv([Self.events[0]] + part))
        }
      }
    }
    #expect(try !files(false).errors.contains("H393"))
    let result = try files(true)
    #expect(result.errors.contains("H393"), "\(result)")
  }
}
