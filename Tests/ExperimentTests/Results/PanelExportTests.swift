import Diagnostics
import Experiment
import Foundation
import HoldoutTestSupport
import Spec
import Testing
import Warehouse

@Suite struct PanelExportTests {
  /// Four accounts that are easily counted by hand. The label's window is one month.
  private static let accounts = """
    CREATE OR REPLACE TABLE accounts AS FROM (VALUES
      ('K1', DATE '2024-01-01', DATE '2024-07-15', 5, 'a', ''),
      ('=K2', DATE '2024-02-10', NULL, NULL, 'a', ''),
      ('K3', DATE '2024-06-30', DATE '2024-11-20', 7, NULL, ''),
      ('K4', DATE '2024-11-01', NULL, 9, 'zz', ''))
      AS rows(id, created, bought, size, segment, status)
    """

  private static let overlay = """
    feature_sets:
      all:
        - age: {days_since: accounts.created}
        - size: {value: accounts.size}
        - segment: {category: accounts.segment, missing: none, min_frequency: 2}
    cutoffs: {train: 1, calibrate: 1, test: 1, last: 2024-11-30}
    """

  private static func bench() throws -> AccountsBench {
    try AccountsBench(
      accounts, "DELETE FROM regions", "DELETE FROM visits")
  }

  private func export(
    _ bench: AccountsBench, to name: String, levels: PanelExport.Levels = .learner,
    force: Bool = false
  ) throws -> Int {
    try PanelExport(
      project: bench.project, settings: RunSettings(threads: 1), levels: levels
    ).write(AccountsBench.spec(Self.overlay), to: bench.path(name), force: force).rows
  }

  /// A file's rows as texts, null as `-`, whole numbers without a fraction.
  private func rows(_ bench: AccountsBench, _ name: String) throws -> [String] {
    try NativeTestLibrary.engine().connection.query(
      "SELECT coalesce(CAST(COLUMNS(*) AS VARCHAR), '-') FROM ("
        + "SELECT * REPLACE (CAST(size AS INTEGER) AS size) FROM '\(bench.path(name))')"
    ).collect().flatMap { batch in
      (0..<batch.rowCount).map { row in
        batch.columns.map { $0.text(row) ?? "" }.joined(separator: " ")
      }
    }
  }

  @Test func `rows are those of the spec, in the order of cutoff and key`() throws {
    let bench = try Self.bench()
    #expect(try export(bench, to: "panel.parquet", levels: .raw) == 6)
    let found = try rows(bench, "panel.parquet")
    #expect(
      found == [
        // At 2024-09-30 K1 has bought.
        "=K2 2024-09-30 train 0 233 - a", "K3 2024-09-30 train 0 92 7 -",
        "=K2 2024-10-31 calibrate 0 264 - a", "K3 2024-10-31 calibrate 1 123 7 -",
        // K3 has bought, and K4 has come.
        "=K2 2024-11-30 test 0 294 - a", "K4 2024-11-30 test 0 29 9 zz",
      ])
  }

  @Test func `levels are those that the learner tells apart`() throws {
    let bench = try Self.bench()
    _ = try export(bench, to: "panel.parquet")
    let segments = try rows(bench, "panel.parquet").map { $0.split(separator: " ").last ?? "" }
    // Each is in one train row only, and `none` too: all are too rare.
    #expect(Set(segments) == ["other"])
  }

  @Test func `a cell of a CSV is no formula`() throws {
    let bench = try Self.bench()
    _ = try export(bench, to: "panel.csv")
    let lines = try bench.text("panel.csv").split(separator: "\n")
    #expect(lines[0] == "key,cutoff,role,label,age,size,segment")
    #expect(lines.count { $0.hasPrefix("'=K2,") } == 3)
    #expect(!lines.contains { $0.hasPrefix("=") })
  }

  @Test func `a file of somebody else's stays`() throws {
    let bench = try Self.bench()
    try bench.write("panel.csv", "mine\n")
    #expect(try findings { _ = try export(bench, to: "panel.csv") }.count == 1)
    #expect(try bench.text("panel.csv") == "mine\n")
    _ = try export(bench, to: "panel.csv", force: true)
    #expect(try bench.text("panel.csv").hasPrefix("key,cutoff,"))
    // Its own it replaces.
    _ = try export(bench, to: "panel.parquet")
    _ = try export(bench, to: "panel.parquet", levels: .raw)
    for name in ["panel", "panel.xlsx", "none/panel.csv"] {
      #expect(try findings { _ = try export(bench, to: name) }.count == 1, "\(name)")
      #expect(!bench.exists(name))
    }
    #expect(bench.names().filter { $0.contains("tmp") } == [])
  }
}
