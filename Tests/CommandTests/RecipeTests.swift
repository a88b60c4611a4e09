import Diagnostics
import Foundation
import HoldoutTestSupport
import Testing

/// The page of recipes shows the files in docs/recipes, and its numbers are those that they give.
@Suite(.serialized) struct RecipeTests {
  private static let names = [
    "churn", "cross_sell", "next_purchase", "opportunities", "trial_to_paid", "weekly",
  ]
  private static let folder = "\(Repository.folder)/docs/recipes"
  private static let path = "\(Repository.folder)/docs/recipes.md"

  private static func file(_ name: String) throws -> String {
    try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
  }

  /// With HOLDOUT_RECORD=1 the page is written with the files as they are.
  @Test func `the page shows every file as it is`() throws {
    var page = try String(contentsOfFile: Self.path, encoding: .utf8)
    let files = Self.names.map { "\($0).yaml" } + ["make.sql"]
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: Self.folder).sorted() == files.sorted())
    for name in files {
      let text = try Self.file(name)
      let start = "[\(name)](recipes/\(name)):\n\n```\(name.hasSuffix("sql") ? "sql" : "yaml")\n"
      let opening = try #require(page.firstRange(of: start), "the page does not show \(name)")
      let closing = try #require(page[opening.upperBound...].firstRange(of: "```\n"))
      let shown = opening.upperBound..<closing.lowerBound
      if ProcessInfo.processInfo.environment["HOLDOUT_RECORD"] == nil {
        #expect(page[shown] == text, "\(name) differs; record it again with HOLDOUT_RECORD=1")
      }
      page.replaceSubrange(shown, with: text)
    }
    if ProcessInfo.processInfo.environment["HOLDOUT_RECORD"] != nil {
      try Data(page.utf8).write(to: URL(filePath: Self.path))
    }
  }

  @Test func `the page has the numbers that the recipes give`() throws {
    let project = try Self.project()
    let all = try Self.holdout(["run"] + Self.names.map(Self.spec), in: project)
    #expect(!all.errors.contains("warning["), "\(all)")
    let table = try #require(all.output.firstRange(of: "experiment  ")).lowerBound
    let page = try String(contentsOfFile: Self.path, encoding: .utf8)
    #expect(page.contains("```text\n\(all.output[table...])```\n"), "\(all)")

    let prose = page.replacing(#/\n */#, with: " ")
    func expect(_ words: String) { #expect(prose.contains(words), "not on the page: \(words)") }
    func variant(_ name: String, _ override: String) throws -> MetricsFile {
      _ = try Self.holdout(["run", Self.spec(name), "name=variant_\(name)", override], in: project)
      return try project.metrics(of: "variant_\(name)")
    }
    func rocAUC(_ metrics: MetricsFile, _ path: String = "test.pooled.roc_auc") throws -> String {
      String(format: "%.4f", try #require(metrics[path]))
    }
    func count(_ metrics: MetricsFile, _ path: String) throws -> String {
      Int(try #require(metrics[path])).grouped
    }

    // The log loss differs for all of them, but only here by more than chance.
    let doubtful = try Self.names.filter { name in
      let report = "results/\(name)/runs/\(try project.runId(of: name))/report.md"
      return try project.text(report).contains("calibration makes log loss worse by ")
    }
    #expect(doubtful == ["weekly"])
    let calibrated = try project.metrics(of: "weekly")
    let harm =
      try #require(calibrated["test.pooled.log_loss"])
      - #require(calibrated["test.pooled.raw.log_loss"])
    expect("and by \(NumberText.metric(harm)) on test.")

    let everybody = try variant("churn", "cohort.where=[]")
    expect("from \(try rocAUC(project.metrics(of: "churn"))) to \(try rocAUC(everybody)),")
    expect("\(try count(everybody, "positives.test")) of \(try count(everybody, "rows.test")) test")

    let buyers = try project.metrics(of: "next_purchase")
    expect("The \(try count(buyers, "positives.test")) positives in test are ")
    expect(" are \(try count(buyers, "positive_entities.test")) customers.")

    let pairs = try project.metrics(of: "cross_sell")
    let alone = try variant("cross_sell", "evaluation.cluster=null")
    expect("have \(try count(pairs, "positive_entities.test")) positive accounts")
    expect("instead of \(try count(alone, "positive_entities.test")) positive pairs")
    let ends = try [pairs, alone].map { metrics in
      let ends = try ["low", "high"].map { try rocAUC(metrics, "test.interval.roc_auc.\($0)") }
      return ends.joined(separator: " to ")
    }
    expect("is \(ends[0]) instead of \(ends[1]).")

    let weekly = try project.metrics(of: "weekly")
    let mondays = try variant("weekly", "cutoffs.train={every: monday}")
    expect("\(try count(weekly, "positives.test")) positives in test are ")
    expect(" are \(try count(weekly, "positive_entities.test")) buyers.")
    expect("takes \(try count(mondays, "rows.train")) rows instead of ")
    expect("instead of \(try count(weekly, "rows.train")), and")
    let compared = try Self.holdout(["compare", "weekly", "variant_weekly"], in: project)
    #expect(compared.output.contains("+0.0004  -0.0006 to +0.0014"), "\(compared)")
    expect("changes ROC AUC by +0.0004 (-0.0006 to +0.0014).")

    let open = try project.metrics(of: "opportunities")
    let lost = try variant(
      "opportunities", "cohort.where=[{not: {happened: opportunities.won_on}}]")
    expect("the \(try count(open, "test.pooled.entities")) opportunities in test")
    expect("belong to \(try count(open, "test.pooled.clusters")) accounts")
    expect(
      "are \(try count(lost, "rows.test")) test rows instead of \(try count(open, "rows.test"))")
    expect("ROC AUC is \(try rocAUC(lost)) instead of \(try rocAUC(open)).")
  }

  @Test func `rows and labels are those that SQL counts`() throws {
    let project = try Self.project()
    for name in ["churn", "cross_sell", "trial_to_paid"] {
      _ = try Self.holdout(["run", Self.spec(name)], in: project)
    }
    func counts(_ name: String, _ paths: String...) throws -> String {
      let metrics = try project.metrics(of: name)
      return try paths.map { "\(Int(try #require(metrics[$0])))" }.joined(separator: " ")
    }
    for cutoff in ["2025-01-31", "2025-02-28", "2025-03-31"] {
      let lost = try project.scalar(
        """
        SELECT count(*) || ' ' || count(*) FILTER (WHERE NOT orders_again) FROM (
          SELECT EXISTS (
            FROM 'data/orders.parquet' AS later
            WHERE later.account_id = accounts.account_id AND ordered_on > DATE '\(cutoff)'
              AND ordered_on <= DATE '\(cutoff)' + 90) AS orders_again
          FROM 'data/accounts.parquet' AS accounts
          WHERE created_on <= DATE '\(cutoff)' AND EXISTS (
            FROM 'data/orders.parquet' AS orders
            WHERE orders.account_id = accounts.account_id AND ordered_on > DATE '\(cutoff)' - 90
              AND ordered_on <= DATE '\(cutoff)'))
        """)
      let path = "test.cutoffs.\(cutoff)"
      #expect(try counts("churn", "\(path).rows", "\(path).positives") == lost, "\(cutoff)")
      let pairs = try project.scalar(
        """
        SELECT count(*) FROM 'data/accounts.parquet' AS accounts
        CROSS JOIN (VALUES ('filters'), ('pumps'), ('sensors'), ('service')) AS products(product)
        WHERE created_on <= DATE '\(cutoff)' AND NOT EXISTS (
          FROM 'data/orders.parquet' AS orders
          WHERE orders.account_id = accounts.account_id AND orders.product = products.product
            AND ordered_on <= DATE '\(cutoff)')
        """)
      #expect(try counts("cross_sell", "\(path).rows") == pairs, "\(cutoff)")
    }
    // On these Sundays and in their label windows, 06:00 in New York is 10:00 in UTC.
    let trials = try project.scalar(
      """
      SELECT count(*) FILTER (WHERE ends) || ' ' || count(*) FILTER (WHERE NOT ends) || ' '
        || count(*) FILTER (WHERE paid_at < window_end)
      FROM (
        SELECT *, coalesce(ended_at < window_end, false) AS ends
        FROM (
          SELECT
            strftime(sunday + INTERVAL 34 HOUR, '%Y-%m-%dT%H:%M:%SZ') AS cutoff_end,
            strftime(sunday + INTERVAL 30 DAY + INTERVAL 34 HOUR, '%Y-%m-%dT%H:%M:%SZ') AS window_end
          FROM (
            SELECT unnest(generate_series(DATE '2025-04-06', DATE '2025-05-25', INTERVAL 7 DAY))
              AS sunday))
        CROSS JOIN 'data/trials.parquet'
        LEFT JOIN 'data/trial_ends.parquet' USING (trial_id)
        LEFT JOIN 'data/payments.parquet' USING (trial_id)
        WHERE started_at < cutoff_end AND (ended_at IS NULL OR ended_at >= cutoff_end))
      """)
    #expect(
      try counts("trial_to_paid", "rows.test", "excluded.test", "positives.test") == trials)
    let words = try counts("trial_to_paid", "excluded.test")
    let page = try String(contentsOfFile: Self.path, encoding: .utf8)
    #expect(page.contains("leaves the others out: \(words) of 566 test\n"))
  }

  // MARK: - The project

  private static func spec(_ name: String) -> String { "experiments/\(name).yaml" }

  /// A project as the page makes it.
  private static func project() throws -> TestProject {
    let project = try TestProject()
    for name in ["data", "shop.yaml"] { try project.remove(name) }
    try project.write("holdout.yaml", "results: results\n")
    try project.write("data/make.sql", file("make.sql"))
    for name in names { try project.write(spec(name), file("\(name).yaml")) }
    _ = try holdout(["sql", "data/make.sql"], in: project)
    return project
  }

  /// Runs a command that must succeed; runs of several specs can take longer than a minute.
  private static func holdout(_ arguments: [String], in project: TestProject) throws
    -> ProgramResult
  {
    let running = try RunningProgram(#require(Program.path), arguments, in: project.folder)
    let result = try running.wait(seconds: 300)
    try #require(result.end == .exit(0), "\(result)")
    return result
  }
}
