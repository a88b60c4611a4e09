import Foundation
import HoldoutTestSupport
import Testing

@Suite struct InspectCommandTests {
  /// The block for files of a project, without the comments' alignment.
  static func block(_ project: ReadingProject, _ arguments: String...) throws -> String {
    let result = try Program.run(["inspect"] + arguments + ["--threads", "2"], in: project.folder)
    try #require(result.end == .exit(0), "\(result)")
    return result.output.replacing(#/(\S) +# /#) { "\($0.1) # " }
  }

  /// A spec with a block of sources for the files of `ReadingProject`.
  static func spec(_ block: String) -> String {
    """
    version: 1
    name: inspected
    data_through: 2025-03-31
    \(block)
    feature_sets: {all: [{age: {days_since: acc.created}}, {n: {count: ev}}]}
    cutoffs: {every: month_end, train: 6, calibrate: 1, test: 2}
    cohort: {entity: acc, where: [{not: {happened: acc.first_buy}}]}
    label: {event: acc.first_buy, horizon: 2 months}
    features: [all]
    model: {params: {num_iterations: 5}}
    calibration: {method: sigmoid}

    """
  }

  /// The block with a class for every column.
  static func filled(_ block: String) -> String {
    block.replacing("type: date, class: TODO", with: "type: date, class: event")
      .replacing("class: TODO", with: "class: static")
  }

  // MARK: - The block

  @Test func `the block is a spec's once the classes are filled in, and not before`() throws {
    let project = try ReadingProject()
    let result = try Program.run(["inspect", "data/acc.csv", "data/ev.csv"], in: project.folder)
    try #require(result.end == .exit(0), "\(result)")
    try project.write("spec.yaml", Self.spec(result.output))
    let refused = try Program.run(["check", "spec.yaml"], in: project.folder)
    #expect(refused.refuses("H213", "`TODO` is not a value of `class`"), "\(refused)")
    #expect(Set(refused.underlined) == ["TODO"], "\(refused)")
    try project.write("spec.yaml", Self.spec(Self.filled(result.output)))
    let checked = try Program.run(["check", "spec.yaml"], in: project.folder)
    #expect(checked.end == .exit(0), "\(checked)")
    #expect(checked.findings.isEmpty, "\(checked)")
  }

  @Test func `keys, days, types and counts are those of the rows`() throws {
    let project = try ReadingProject()
    let block = try Self.block(project, "data/ev.csv", "data/acc.csv")
    #expect(block.contains("    csv: data/acc.csv # 300 rows\n"), "\(block)")
    #expect(block.contains("    key: id # distinct in every row\n"), "\(block)")
    #expect(block.contains("    created: created # "), "\(block)")
    #expect(block.contains("      created: {type: date, class: event} # no nulls, "), "\(block)")
    #expect(block.contains("      first_buy: {type: date, class: TODO} # event? "), "\(block)")
    #expect(block.contains("      seg: {type: text, class: TODO} # "), "\(block)")
    #expect(block.contains("no nulls, 3 values; North, Süd, \"x, y\"\n"), "\(block)")
    #expect(block.contains("      size: {type: integer, class: TODO} # "), "\(block)")
    // The file that was named first has the events.
    #expect(block.contains("    csv: data/ev.csv # 1,500 rows\n"), "\(block)")
    #expect(block.contains("    key: id # every value found in acc.id; "), "\(block)")
    #expect(block.contains("    time: day # "), "\(block)")
    #expect(block.contains("      amount: number # no nulls, "), "\(block)")
    #expect(block.contains("      kind: text # no nulls, 3 values; web, call, café\n"), "\(block)")
    #expect(!block.contains("      day:"), "\(block)")
  }

  @Test func `numbers that are keys elsewhere by chance are no link`() throws {
    let project = try ReadingProject()
    try project.write(
      "data/customers.csv",
      ReadingProject.csv(
        [["customer_id", "opened_on", "visits"]]
          + (1...200).map { ["\($0)", ReadingProject.day(19_000 + $0), "\($0 % 50 + 1)"] }))
    try project.write(
      "data/orders.csv",
      ReadingProject.csv(
        [["order_id", "customer_id", "ordered_at", "amount"]]
          + (1...100).map { ["\($0)", "\($0 % 40 + 1)", "2024-03-0\($0 % 9 + 1)", "\($0)"] }))
    let block = try Self.block(project, "data/orders.csv", "data/customers.csv")
    #expect(
      block.contains("    key: customer_id # every value found in customers.customer_id; "),
      "\(block)")
    #expect(block.contains("    key: customer_id # distinct in every row\n"), "\(block)")
    #expect(block.contains("    # order_id is distinct in every row, too: "), "\(block)")
    #expect(block.contains("    time: ordered_at # 2024-03-01 to 2024-03-09; "), "\(block)")
    #expect(block.contains("      visits: {type: integer, class: TODO}"), "\(block)")
    // Alone, the file has the key that is distinct in every row.
    let alone = try Self.block(project, "data/orders.csv")
    #expect(alone.contains("    key: order_id # distinct in every row\n"), "\(alone)")
  }

  @Test func `what is printed does not depend on the number of threads`() throws {
    let project = try ReadingProject()
    let blocks = try ["1", "2", "4"].map { threads in
      let result = try Program.run(
        ["inspect", "data/acc.csv", "data/ev.csv", "--threads", threads], in: project.folder)
      try #require(result.end == .exit(0), "\(result)")
      return result.output
    }
    #expect(Set(blocks).count == 1)
  }

  @Test func `versions have their two days, and an end that never comes`() throws {
    let project = try ReadingProject()
    let rows = ReadingProject.accounts.dropFirst().prefix(100).flatMap { row in
      [[row[0], row[1], "2024-06-01", "North"], [row[0], "2024-06-01", "9999-12-31", "South"]]
    }
    try project.write(
      "data/versions.csv",
      ReadingProject.csv([["id", "valid_from", "valid_to", "region"]] + rows))
    let block = try Self.block(project, "data/acc.csv", "data/versions.csv")
    #expect(block.contains("    valid_from: valid_from # "), "\(block)")
    #expect(block.contains("    valid_to: valid_to # the day after a version's last"), "\(block)")
    #expect(block.contains("      region: text # no nulls, 2 values; North, South\n"), "\(block)")
  }

  // MARK: - Types

  @Test func `one late value that is no number makes a column text`() throws {
    let project = try ReadingProject()
    var rows = (0..<30_000).map { ["\($0)", "\($0 % 90)", "\($0).5"] }
    rows[29_990][1] = "N/A"
    try project.write("data/late.csv", ReadingProject.csv([["id", "size", "amount"]] + rows))
    let block = try Self.block(project, "data/late.csv")
    #expect(block.contains("      size: {type: text, class: TODO} # "), "\(block)")
    #expect(
      block.contains(
        "      # size: integer, except in 1 row: N/A; if that means null: {type: integer, null: [N/A]}\n"
      ), "\(block)")
    #expect(block.contains("      amount: {type: number, class: TODO} # "), "\(block)")
    #expect(block.contains("no nulls, 30,000 values; 0.5 to 29999.5\n"), "\(block)")
  }

  @Test func `codes with leading zeros and long digits stay text`() throws {
    let project = try ReadingProject()
    let rows = (0..<50).map {
      ["\($0)", "0\($0)", "12345678901234567890\($0)", $0 % 2 == 0 ? "yes" : "no", "N"]
    }
    try project.write(
      "data/codes.csv", ReadingProject.csv([["id", "zip", "iban", "is_new", "area"]] + rows))
    let block = try Self.block(project, "data/codes.csv")
    #expect(block.contains("      zip: {type: text, class: TODO}"), "\(block)")
    #expect(block.contains("      # zip: has leading zeros, which a number would lose"), "\(block)")
    #expect(block.contains("      iban: {type: text, class: TODO}"), "\(block)")
    #expect(block.contains("      is_new: {type: flag, class: TODO}"), "\(block)")
    #expect(block.contains("      area: {type: text, class: TODO}"), "\(block)")
  }

  @Test func `a date format is written only if all rows leave no other`() throws {
    let project = try ReadingProject()
    // Days up to 12, until the last row of one column.
    var rows = (0..<3_000).map { index in
      ["\(index)", "0\(1 + index % 9)/0\(1 + index % 7)/2024", "0\(1 + index % 9)/02/2024"]
    }
    rows[2_999][2] = "31/01/2024"
    try project.write("data/days.csv", ReadingProject.csv([["id", "due", "paid_on"]] + rows))
    let block = try Self.block(project, "data/days.csv")
    #expect(block.contains("      due: {type: text, class: TODO}"), "\(block)")
    #expect(
      block.contains(
        """
              # due: every value can be read in more than one way. Choose: \
        {type: date, formats: ["%m/%d/%Y"]} or {type: date, formats: ["%d/%m/%Y"]}
        """), "\(block)")
    #expect(
      block.contains(#"      paid_on: {type: date, class: TODO, formats: ["%d/%m/%Y"]}"#),
      "\(block)")
    #expect(block.contains("2024-01-31 to 2024-02-09\n"), "\(block)")
  }

  @Test func `numbers with signs and decimal commas have the words that read them`() throws {
    let project = try ReadingProject()
    let rows = (0..<60).map { index in
      ["\(index)", "$1,\(200 + index).50", "\(index + 1),5", "1,\(100 + index)"]
    }
    try project.write(
      "data/money.csv",
      ReadingProject.csv([["id", "price", "weight", "either"]] + rows, delimiter: ";"))
    let block = try Self.block(project, "data/money.csv")
    #expect(
      block.contains(#"    csv: {file: data/money.csv, delimiter: ";"} # 60 rows"#), "\(block)")
    #expect(
      block.contains(#"      price: {type: number, class: TODO, strip: "$,"}"#), "\(block)")
    #expect(
      block.contains(#"      weight: {type: number, class: TODO, decimal: ","}"#), "\(block)")
    #expect(block.contains("      either: {type: text, class: TODO}"), "\(block)")
    #expect(block.contains("      # either: every value can be read in more than one way."))
  }

  @Test func `Parquet and JSON have the types of their values`() throws {
    let project = try ReadingProject()
    try project.sql(
      """
      COPY (SELECT 'K' || range AS id, range AS visits, range / 4 AS rate,
        DATE '2024-01-01' + CAST(range AS INTEGER) AS created_on, range % 2 = 0 AS is_open,
        [range] AS tags, {'a': range} AS info FROM range(20))
      TO 'data/t.parquet' (FORMAT parquet)
      """)
    try project.write(
      "data/n.json",
      (0..<20).map { #"{"number": \#($0), "day": "2024-01-0\#(1 + $0 % 9)", "size": null}"# }
        .joined(separator: "\n"))
    let block = try Self.block(project, "data/t.parquet", "data/n.json")
    for line in [
      "    parquet: data/t.parquet # 20 rows", "    key: id # distinct in every row",
      "    created: created_on # ", "      visits: {type: integer, class: TODO}",
      "      rate: {type: number, class: TODO}", "      is_open: {type: flag, class: TODO}",
      "      # tags: BIGINT[] has no single value in a row", "      # info: STRUCT(",
      "    json: data/n.json # 20 rows", "    key: number # distinct in every row",
      "      size: {type: text, class: TODO} # static or current? always null",
    ] {
      #expect(block.contains(line), "\(line)\n\(block)")
    }
  }

  @Test func `a file in another encoding is read in the one that its bytes suggest`() throws {
    let project = try ReadingProject()
    let text = "id,name\n" + (0..<40).map { "\($0),M\u{FC}ller\n" }.joined()
    try project.write("data/old.csv", try #require(text.data(using: .isoLatin1)))
    let block = try Self.block(project, "data/old.csv")
    #expect(
      block.contains("    csv: {file: data/old.csv, encoding: latin-1} # 40 rows"), "\(block)")
    #expect(block.contains("1 value; Müller\n"), "\(block)")
  }

  @Test func `a table of a connection is a source, too`() throws {
    let project = try TestProject()
    let result = try project.holdout("inspect", "--connection", "shop", "customers")
    #expect(result.end == .exit(0), "\(result)")
    for line in [
      "    table: customers  ", "    connection: shop\n", "    created: created_on  ",
      "      size: {type: integer, class: TODO}", "      first_licence: {type: date, class: TODO}",
    ] {
      #expect(result.output.contains(line), "\(line)\n\(result)")
    }
    let unknown = try project.holdout("inspect", "--connection", "shap", "customers")
    #expect(unknown.end == .exit(2) && unknown.output.isEmpty, "\(unknown)")
    #expect(unknown.underlined == ["shap"], "\(unknown)")
  }

  // MARK: - Hostile content

  @Test func `whatever names and values are, the block is YAML and names the columns`() throws {
    let project = try ReadingProject()
    let names = [
      "a: b", "a # b", "\"quoted\"", "it's", "{x: 1}", "[y]", "- item", "? key", "*star", "&amp",
      "!tag", "%pct", "@at", "`tick`", "true", "null", "~", "1st", "a,b", "two\nlines", "tab\there",
      "🙂", "Größe", "cutoff", "\u{1}bell\u{7}", "\u{1B}[31mred", "next\u{85}line",
      "sep\u{2028}", "left\u{202E}", "##[error]x", "::warning::x", "|", ">", "\\", "Größe ",
    ]
    let table = ReadingProject.accounts.enumerated().map { number, row in
      number == 0 ? row + names : row + names.map { "\($0)\(number % 3)" }
    }
    try project.write("data/acc.csv", ReadingProject.csv(table))
    let result = try Program.run(["inspect", "data/acc.csv", "data/ev.csv"], in: project.folder)
    try #require(result.end == .exit(0), "\(result)")
    let isSafe = result.output.unicodeScalars.allSatisfy { scalar in
      scalar == "\n"
        || (scalar.properties.generalCategory != .control && scalar != "\u{2028}")
          && scalar != "\u{202E}"
    }
    #expect(isSafe, "\(result.output)")
    try project.write("spec.yaml", Self.spec(Self.filled(result.output)))
    let checked = try Program.run(["check", "spec.yaml"], in: project.folder)
    #expect(checked.end == .exit(0), "\(checked)\n\(result.output)")
  }

  // MARK: - What cannot be read

  @Test(arguments: [
    ("data/none.csv", "H311"), ("data/none*.csv", "H311"), ("/etc/hosts", "H372"),
    ("holdout.duckdb", "H372"), ("data/broken.csv", "H346"), ("data/empty.csv", "H316"),
    ("data/wrong.parquet", "H312"),
  ])
  func `a file that cannot be read is a finding, and nothing is printed`(
    _ path: String, _ id: String
  ) throws {
    let project = try ReadingProject()
    try project.write("data/broken.csv", "id,size\n1,2\n3,4,5\n")
    try project.write("data/empty.csv", "")
    try project.write("data/wrong.parquet", "id,size\n1,2\n")
    let result = try Program.run(["inspect", "data/acc.csv", path], in: project.folder)
    #expect(result.refuses(id), "\(result)")
    #expect(result.output.isEmpty, "\(result)")
    #expect(result.findings.first?.place == "argument 2:1:1", "\(result)")
  }

  // MARK: - init --from

  @Test func `init writes a spec for files, and never over another`() throws {
    let project = try ReadingProject()
    let arguments = ["init", "--from", "data/acc.csv", "data/ev.csv", "--name", "first"]
    let result = try Program.run(arguments, in: project.folder)
    #expect(result.end == .exit(0) && result.output.isEmpty, "\(result)")
    let spec = try project.text("experiments/first.yaml")
    #expect(spec.hasPrefix("version: 1\nname: first\n"), "\(spec)")
    #expect(spec.contains("\nsources:\n  acc:\n"), "\(spec)")
    #expect(spec.contains("# label: {event: {source: ev}, horizon: 90 days}\n"), "\(spec)")
    // What is missing is reported; what is written is right but for the classes.
    let checked = try Program.run(
      ["check", "--offline", "experiments/first.yaml"], in: project.folder)
    #expect(Set(checked.findings.map(\.id)).isSubset(of: ["H212", "H213"]), "\(checked)")
    let again = try Program.run(arguments, in: project.folder)
    #expect(again.refuses("H705", "`experiments/first.yaml` already exists"), "\(again)")
    #expect(try project.text("experiments/first.yaml") == spec)
  }
}
