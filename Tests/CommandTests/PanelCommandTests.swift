import Foundation
import HoldoutTestSupport
import Testing

@Suite struct PanelCommandTests {
  @Test func `columns are key, cutoff, role, label, then the features in their order`() throws {
    let project = try TestProject()
    let result = try project.holdout("panel", "shop.yaml", "--out", "panel.parquet")
    #expect(result.end == .exit(0), "\(result)")
    #expect(result.output.isEmpty)
    let names = try project.rows("SELECT column_name FROM (DESCRIBE FROM 'panel.parquet')")
      .map { $0[0] }
    #expect(names == ["key", "cutoff", "role", "label"] + Shop.features)
    #expect(project.names(in: ".") == ["data", "holdout.yaml", "panel.parquet", "shop.yaml"])
  }

  @Test func `every value is the one that SQL computes from the sources`() throws {
    let project = try TestProject()
    try #require(
      try project.holdout("panel", "shop.yaml", "--out", "panel.parquet").end == .exit(0))
    // Written against the sources alone, in the words of the spec.
    let expected = """
      SELECT customers.id AS key, CAST(cutoff AS DATE) AS cutoff,
        CASE WHEN cutoff <= DATE '2023-12-31' THEN 'train'
          WHEN cutoff <= DATE '2024-04-30' THEN 'calibrate' ELSE 'test' END AS role,
        coalesce(first_licence <= last_day(cutoff + INTERVAL 3 MONTH), false) AS label,
        date_diff('day', created_on, cutoff) AS age_days, size, size >= 50 AS is_large,
        coalesce(channel, 'none') AS channel, region,
        (SELECT count(*) FROM 'data/visits.parquet' AS v WHERE v.id = customers.id
          AND visited_on <= cutoff AND noted_on <= cutoff AND visited_on > cutoff - 90)
          AS visits_90d,
        (SELECT count(*) FROM 'data/visits.parquet' AS v WHERE v.id = customers.id
          AND visited_on <= cutoff AND noted_on <= cutoff) AS visits_all,
        (SELECT count(*) FROM 'data/visits.parquet' AS v WHERE v.id = customers.id
          AND visited_on <= cutoff AND noted_on <= cutoff AND visited_on > cutoff - 180
          AND kind = 'demo') AS demos,
        (SELECT sum(amount) FROM 'data/visits.parquet' AS v WHERE v.id = customers.id
          AND visited_on <= cutoff AND noted_on <= cutoff AND visited_on > cutoff - 365) AS amount
      FROM (
        SELECT CAST(last_day(DATE '2023-01-01' + to_months(CAST(month AS INTEGER))) AS DATE)
          AS cutoff
        FROM range(21) AS months(month) WHERE month NOT IN (12, 13, 16, 17)) AS cutoffs
      JOIN 'data/customers.parquet' AS customers ON created_on <= cutoff
        AND (first_licence IS NULL OR first_licence > cutoff)
      JOIN 'data/history.parquet' AS history ON history.id = customers.id AND is_active
        AND valid_from <= cutoff AND (valid_to IS NULL OR valid_to > cutoff)
      """
    let features = Shop.features.map { name in
      switch name {
      case "channel", "region": name
      case "amount": "coalesce(amount, 0) AS amount"
      default: "CAST(\(name) AS DOUBLE) AS \(name)"
      }
    }
    let columns =
      "key, cutoff, role, CAST(label AS INTEGER) AS label, "
      + features.joined(separator: ", ")
    let written = "SELECT \(columns) FROM 'panel.parquet'"
    let wanted = "SELECT \(columns) FROM (\(expected))"
    #expect(try project.scalar("SELECT count(*) FROM (\(written) EXCEPT \(wanted))") == "0")
    #expect(try project.scalar("SELECT count(*) FROM (\(wanted) EXCEPT \(written))") == "0")
    #expect(
      try project.scalar("SELECT count(*) FROM (\(wanted))")
        == project.scalar("SELECT count(*) FROM 'panel.parquet'"))
  }

  @Test(arguments: [
    "cutoff - customers.created_on",
    "CASE WHEN history.is_active THEN cutoff - customers.created_on END",
  ])
  func `an SQL expression may read the cutoff`(_ sql: String) throws {
    let project = try TestProject()
    try project.writeSpec([
      "{value: customers.size}": "{sql: \"\(sql)\"}",
      "- flag: history.is_active": "- sql: history.is_active AND customers.created_on < cutoff",
    ])
    let result = try project.holdout("panel", "shop.yaml", "--out", "panel.parquet")
    try #require(result.end == .exit(0), "\(result)")
    #expect(
      try project.scalar("SELECT bool_and(size = age_days AND age_days > 0) FROM 'panel.parquet'")
        == "true")
  }

  @Test func `it has the rows that the plan counts, in the order of cutoff and key`() throws {
    let project = try TestProject()
    let result = try project.holdout("panel", "shop.yaml", "--out", "panel.parquet")
    let plan = PlanCommandTests.lines(try project.holdout("plan", "shop.yaml").output)
    let kept = plan.filter { ["train", "calibrate", "test"].contains($0.role) }
    let rows = try project.rows(
      """
      SELECT cutoff, any_value(role), count(*), sum(label)
      FROM 'panel.parquet' GROUP BY cutoff ORDER BY cutoff
      """)
    #expect(rows == kept.map { [$0.cutoff, $0.role, $0.rows, $0.positives] })
    let total = kept.reduce(0) { $0 + (Int($1.rows) ?? 0) }
    #expect(result.errors.replacing(",", with: "").contains("\(total) rows written"), "\(result)")
    #expect(
      try project.scalar(
        """
        SELECT bool_and(cutoff || key >= previous) FROM (
          SELECT cutoff, key, lag(cutoff || key) OVER (ORDER BY file_row_number) AS previous
          FROM read_parquet('panel.parquet', file_row_number = true))
        """) == "true")
  }

  @Test func `a panel that is there is replaced, and the same panel gives the same bytes`() throws {
    let project = try TestProject()
    try project.write("panel.parquet", "")
    for threads in ["1", "2"] {
      let result = try project.holdout(
        "panel", "shop.yaml", "--out", "panel.parquet", "--threads", threads)
      #expect(result.end == .exit(0))
      if threads == "1" {
        try FileManager.default.moveItem(
          atPath: "\(project.folder)/panel.parquet", toPath: "\(project.folder)/first.parquet")
      }
    }
    #expect(try project.data("panel.parquet") == project.data("first.parquet"))
    let again = try project.holdout("panel", "shop.yaml", "--out", "panel.parquet")
    #expect(again.end == .exit(0), "\(again)")
    #expect(try project.data("panel.parquet") == project.data("first.parquet"))
  }

  @Test func `a place that cannot be written is named and what is there stays`() throws {
    let project = try TestProject()
    let absent = try project.holdout("panel", "shop.yaml", "--out", "absent/panel.parquet")
    #expect(absent.refuses("H703", "absent"), "\(absent)")
    let before = project.contents(of: "data")
    let folder = try project.holdout("panel", "shop.yaml", "--out", "data")
    #expect(folder.refuses("H713", "`data`"), "\(folder)")
    #expect(project.contents(of: "data") == before)
    #expect(project.names(in: ".") == ["data", "holdout.yaml", "shop.yaml"])
  }
}
