import Foundation
import HoldoutTestSupport
import Testing
import Warehouse

/// Accounts and events in a folder of one test, written in whatever form the test is about, and the panel
/// that is read from them.
///
/// Every form has to give the panel of `reference`, which comes from plain CSV with ISO dates.
final class ReadingProject: FolderOwner {
  private let temporary: TemporaryFolder
  var folder: String { temporary.folder }

  /// How a source is found and its columns are declared.
  struct Form {
    var accounts = "csv: data/acc.csv"
    var created = ""
    var segment = ""
    var size = ""
    var events = "csv: data/ev.csv"
    var day = ""
    var amount = ""
    var kind = ""
  }

  init() throws {
    temporary = try TemporaryFolder()
    try write("holdout.yaml", "results: results\n")
    try write("data/acc.csv", Self.csv(Self.accounts))
    try write("data/ev.csv", Self.csv(Self.events))
  }

  // MARK: - Data

  /// `id`, `created`, `first_buy`, `seg`, `size`; header first, null empty.
  static let accounts: [[String]] =
    [["id", "created", "first_buy", "seg", "size"]]
    + (0..<300).map { index in
      let created = 19_000 + draw(index, 1, 900)
      let bought = draw(index, 2, 3) == 0 ? created + 60 + draw(index, 3, 700) : nil
      return [
        "A\(1000 + index)", day(created), bought.map(day) ?? "",
        ["North", "Süd", "x, y"][index % 3],
        "\(draw(index, 4, 500))",
      ]
    }

  /// `id`, `day`, `amount`, `kind`.
  static let events: [[String]] =
    [["id", "day", "amount", "kind"]]
    + (0..<1500).map { index in
      let account = accounts[1 + draw(index, 5, 300)]
      let amount = "\(draw(index, 7, 100)).\(10 + draw(index, 8, 90))"
      return [
        account[0], day(19_000 + draw(index, 6, 1100)), amount, ["web", "call", "café"][index % 3],
      ]
    }

  static func draw(_ index: Int, _ purpose: Int, _ below: Int) -> Int {
    var state = UInt64(index * 1009 + purpose) &* 0x9E37_79B9_7F4A_7C15
    state = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    state = (state ^ (state >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((state ^ (state >> 31)) % UInt64(below))
  }

  /// A day since 1970 as ISO.
  static func day(_ days: Int) -> String {
    let date = Date(timeIntervalSince1970: Double(days) * 86_400)
    return String(date.ISO8601Format().prefix(10))
  }

  /// A table with its days written otherwise: `y`, `Y`, `m`, `d` stand for the parts.
  static func redated(_ table: [[String]], _ columns: [Int], _ form: String) -> [[String]] {
    [table[0]]
      + table.dropFirst().map { row in
        row.enumerated().map { index, value in
          guard columns.contains(index), !value.isEmpty else { return value }
          let parts = value.split(separator: "-").map(String.init)
          return form.map { sign in
            switch sign {
            case "Y": parts[0]
            case "y": String(parts[0].suffix(2))
            case "m": parts[1]
            case "d": parts[2]
            default: String(sign)
            }
          }.joined()
        }
      }
  }

  static func csv(
    _ table: [[String]], delimiter: String = ",", quote: String = "\"", end: String = "\n"
  ) -> String {
    table.map { row in
      row.map { value in
        value.contains(delimiter) || value.contains(quote) || value.contains("\n")
          ? quote + value.replacing(quote, with: quote + quote) + quote : value
      }.joined(separator: delimiter) + end
    }.joined()
  }

  /// One object a line; the columns named are numbers.
  static func json(_ table: [[String]], numbers: Set<String> = []) -> String {
    table.dropFirst().map { row in
      let fields = zip(table[0], row).map { name, value in
        let written =
          value.isEmpty
          ? "null"
          : numbers.contains(name)
            ? value : "\"\(value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
        return "\"\(name)\": \(written)"
      }
      return "{\(fields.joined(separator: ", "))}\n"
    }.joined()
  }

  // MARK: - Files

  /// Runs SQL in an engine that finds files relative to the folder: how Parquet files are made.
  func sql(_ statements: String...) throws {
    let engine = try NativeTestLibrary.engine(threads: 1)
    try engine.connection.execute("SET file_search_path = \(SQL.literal(folder))")
    for statement in statements {
      try engine.connection.execute(statement.replacing("TO 'data/", with: "TO '\(folder)/data/"))
    }
  }

  // MARK: - Running

  func spec(_ form: Form) -> String {
    func options(_ text: String) -> String { text.isEmpty ? "" : ", \(text)" }
    return """
      version: 1
      name: reading
      data_through: 2025-03-31
      sources:
        acc:
          \(form.accounts)
          key: id
          created: created
          columns:
            created: {type: date, class: event\(options(form.created))}
            first_buy: {type: date, class: event\(options(form.created))}
            seg: {type: text, class: static\(options(form.segment))}
            size: {type: integer, class: static\(options(form.size))}
        ev:
          \(form.events)
          key: id
          time: day
          columns:
            day: {type: date\(options(form.day))}
            amount: {type: number\(options(form.amount))}
            kind: {type: text\(options(form.kind))}
      feature_sets:
        all:
          - age: {days_since: acc.created}
          - seg: {category: acc.seg}
          - size: {value: acc.size}
          - n: {count: ev}
          - s: {sum: ev.amount, within: 365 days}
          - web: {count: ev, where: "kind = 'web'"}
          - cafe: {count: ev, where: "kind = 'café'"}
      cutoffs: {every: month_end, train: 6, calibrate: 1, test: 2}
      cohort: {entity: acc, where: [{not: {happened: acc.first_buy}}]}
      label: {event: acc.first_buy, horizon: 2 months}
      features: [all]
      model: {params: {num_iterations: 5}}
      calibration: {method: sigmoid}

      """
  }

  func check(_ form: Form) throws -> ProgramResult {
    try write("spec.yaml", spec(form))
    return try Program.run(["check", "spec.yaml"], in: folder)
  }

  /// The panel's rows as text, in an order of their own.
  func panel(_ form: Form) throws -> [[String]] {
    try write("spec.yaml", spec(form))
    let result = try Program.run(
      ["panel", "spec.yaml", "--out", "panel.parquet", "--threads", "2"], in: folder)
    try #require(result.end == .exit(0), "\(result)")
    return try rows("panel.parquet")
  }

  func rows(_ name: String) throws -> [[String]] {
    let engine = try NativeTestLibrary.engine(threads: 1)
    let file = SQL.literal("\(folder)/\(name)")
    return try engine.connection.query(
      "SELECT coalesce(CAST(COLUMNS(*) AS VARCHAR), '-') FROM "
        + "read_parquet(\(file), hive_partitioning = false) ORDER BY ALL"
    ).collect().flatMap { batch in
      (0..<batch.rowCount).map { row in batch.columns.map { $0.text(row) ?? "" } }
    }
  }

  /// What every form has to give.
  static func reference() throws -> [[String]] { try stored.get() }

  private static let stored = Result {
    let rows = try ReadingProject().panel(Form())
    // Worked out apart from the program: all events up to each row's cutoff are counted.
    try #require(rows.count > 1000)
    return rows
  }
}
