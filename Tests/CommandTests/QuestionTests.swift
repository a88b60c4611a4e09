import HoldoutTestSupport
import Testing

/// Questions about events, by the program on the shop's data, held against SQL.
@Suite struct QuestionTests {
  @Test func `customers with recent visits who do not come again are those that SQL counts`() throws
  {
    let project = try TestProject()
    let result = try project.holdout(
      "plan", "shop.yaml", "label.event=null", "label.absent={source: visits}",
      "cohort.where=[{count: visits, within: 180 days, at_least: 1}]")
    #expect(result.end == .exit(0), "\(result)")
    let lines = PlanCommandTests.lines(result.output).filter { $0.role != "immature" }
    #expect(lines.count > 15)
    for line in lines {
      let counted = try project.scalar(
        """
        SELECT count(*) || ' ' || count(*) FILTER (WHERE NOT comes_again) FROM (
          SELECT EXISTS (
            FROM 'data/visits.parquet' AS later
            WHERE later.id = customers.id AND visited_on > DATE '\(line.cutoff)'
              AND visited_on <= last_day(DATE '\(line.cutoff)' + INTERVAL 3 MONTH)) AS comes_again
          FROM 'data/customers.parquet' AS customers
          WHERE created_on <= DATE '\(line.cutoff)' AND EXISTS (
            FROM 'data/visits.parquet' AS visits
            WHERE visits.id = customers.id AND noted_on <= DATE '\(line.cutoff)'
              AND visited_on > DATE '\(line.cutoff)' - 180 AND visited_on <= DATE '\(line.cutoff)'))
        """)
      #expect("\(line.rows) \(line.positives)" == counted, "\(line.cutoff)")
    }
  }

  @Test func `rows without a label are left out, counted, and told`() throws {
    let project = try TestProject(withResults: true)
    let plain = try project.metrics()
    let result = try project.runs("label.among={source: visits}")
    let metrics = try project.metrics()
    for role in ["train", "calibrate", "test", "embargoed"] {
      let excluded = try #require(metrics["excluded.\(role)"])
      #expect(excluded > 0)
      #expect((metrics["rows.\(role)"] ?? 0) + excluded == plain["rows.\(role)"], "\(role)")
      #expect(plain["excluded.\(role)"] == nil)
    }
    let visited = try project.scalar(
      """
      SELECT count(*) FROM 'data/customers.parquet' AS customers
      JOIN 'data/history.parquet' AS history USING (id)
      WHERE created_on <= DATE '2024-09-30' AND is_active AND valid_from <= DATE '2024-09-30'
        AND coalesce(valid_to, DATE '9999-01-01') > DATE '2024-09-30'
        AND (first_licence IS NULL OR first_licence > DATE '2024-09-30')
        AND id IN (
          SELECT id FROM 'data/visits.parquet'
          WHERE visited_on > DATE '2024-09-30' AND visited_on <= DATE '2024-12-31')
      """)
    #expect(metrics["test.cutoffs.2024-09-30.rows"].map { "\(Int($0))" } == visited)
    #expect(metrics["caveats.conditional_label"] == 1)
    #expect(
      result.output.contains(
        "!! conditional label: scores are conditional on a row of `visits` in the label window"))
    #expect(result.output.contains("left out"))
    // The rows of another model come from the cache, and so do the numbers of those left out.
    try project.runs("label.among={source: visits}", "model.seed=7")
    #expect(try project.metrics()["excluded.test"] == metrics["excluded.test"])
    let plan = try project.holdout("plan", "shop.yaml", "label.among={source: visits}")
    #expect(plan.output.contains("left out"), "\(plan)")
  }

  @Test func `cutoffs that are listed have their roles`() throws {
    let project = try TestProject()
    let cutoffs =
      "{every: [2023-06-30, 2023-09-15, 2023-12-31, 2024-03-31, 2024-06-30, 2024-09-30], train: 3, "
      + "calibrate: 1, test: 1}"
    let result = try project.holdout("plan", "shop.yaml", "cutoffs=\(cutoffs)")
    #expect(result.end == .exit(0), "\(result)")
    #expect(
      PlanCommandTests.lines(result.output).map { "\($0.cutoff) \($0.role)" } == [
        "2023-09-15 train", "2023-12-31 train", "2024-03-31 train", "2024-06-30 calibrate",
        "2024-09-30 test",
      ])
  }
}
