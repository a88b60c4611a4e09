import Foundation
import HoldoutTestSupport
import Testing

@Suite("What a spec allows itself is shown with its results") struct CaveatTests {
  private static let today = """
    extends: shop.yaml
    name: today
    look_ahead: {allow: [customers.status], because: to see what it adds}
    feature_sets:
      more:
        - status: {category: customers.status}
        - is_customer: {sql: "customers.status = 'customer'", type: flag}
    features: [account, visits, more]

    """

  @Test func `an honest run concedes nothing`() throws {
    let project = try TestProject(withResults: true)
    let metrics = try project.metrics()
    let caveats = metrics.keys(below: "caveats")
    #expect(caveats.count >= 6)
    for name in caveats { #expect(metrics["caveats.\(name)"] == 0, "\(name)") }
    let run = try project.runId()
    #expect(!(try project.text("results/shop/runs/\(run)/report.md").contains("CAUTION")))
  }

  @Test func `look-ahead that is allowed is counted, and told in summary, report and record`()
    throws
  {
    let project = try TestProject()
    try project.write("today.yaml", Self.today)
    let result = try project.holdout("run", "today.yaml")
    #expect(result.end == .exit(0), "\(result)")
    let sentence =
      "look-ahead: 2 features read today's value of 1 column at 17 cutoffs (to see what it adds)"
    #expect(result.output.contains("\n!! \(sentence)\n"), "\(result.output)")
    #expect(result.errors.contains("warning[H412]"))
    let run = "results/today/runs/\(try project.runId(of: "today"))"
    let report = try project.text("\(run)/report.md")
    #expect(report.contains("> [!CAUTION]\n") && report.contains("> - **\(sentence)**"))
    let record = try project.text("\(run)/run.json")
    for words in [
      "\"schema\" : 2,", "\"kind\" : \"look_ahead\"", "\"reason\" : \"to see what it adds\"",
      "\"features\" : 2", "\"cutoffs\" : 17",
    ] { #expect(record.contains(words), "\(words)\n\(record)") }
    let metrics = try project.metrics(of: "today")
    #expect(metrics["caveats.look_ahead_columns"] == 1)
    #expect(metrics["caveats.look_ahead_features"] == 2)
    #expect(metrics["caveats.look_ahead_rules"] == 0)
    #expect(metrics["caveats.look_ahead_cutoffs"] == 17)
    #expect((metrics["test.pooled.roc_auc"] ?? 0) > 0.9)
  }

  @Test func `without the allowance the same spec is refused, and nothing is written`() throws {
    let project = try TestProject()
    try project.write(
      "today.yaml", Self.today.replacing(#/look_ahead: .*\n/#, with: ""))
    let result = try project.holdout("run", "today.yaml")
    #expect(result.end == .exit(2))
    #expect(
      result.errors.contains(
        "error[H410]: `customers.status` is `current`: it has today's value at all 17 cutoffs"))
    #expect(result.errors.contains("`customers.status` is read here"))
    #expect(!project.exists("results"))
  }

  @Test func `a cohort without today's customers has no buyers left`() throws {
    let project = try TestProject()
    try project.write(
      "cohort.yaml",
      """
      extends: shop.yaml
      name: cohort
      look_ahead: {allow: [customers.status], because: to see what is left}
      cohort: {where: {append: [{in: {column: customers.status, values: [prospect]}}]}}

      """)
    let result = try project.holdout("run", "cohort.yaml")
    #expect(result.end == .exit(2))
    #expect(result.errors.contains("error[H501]"), "\(result.errors)")
  }

  @Test func `windows that are not over are counted where they play a role`() throws {
    let project = try TestProject()
    let result = try project.runs("cutoffs.last=2024-11-30", "label.immature=negative")
    #expect(result.output.contains("!! immature labels: at 2 cutoffs who has no event yet"))
    let metrics = try project.metrics()
    #expect(metrics["caveats.immature_cutoffs"] == 2)
    let buyers = try project.rows(
      """
      SELECT count(*) FROM 'data/customers.parquet' AS customers
      JOIN 'data/history.parquet' AS history USING (id)
      WHERE created_on <= DATE '2024-11-30' AND is_active
        AND valid_from <= DATE '2024-11-30' AND coalesce(valid_to, DATE '9999-01-01') > DATE '2024-11-30'
        AND first_licence > DATE '2024-11-30' AND first_licence <= DATE '2025-02-28'
      """)
    #expect(
      metrics["test.cutoffs.2024-11-30.positives"].map { "\(Int($0))" } == buyers[0][0])
  }

  @Test func `an immature window sees nothing after as_of, even if the data hold it`() throws {
    let project = try TestProject()
    try project.runs("cutoffs.last=2024-06-30", "label.immature=negative", "as_of=2024-06-30")
    #expect(try project.metrics()["test.cutoffs.2024-06-30.positives"] == 0)
    #expect((try project.metrics()["test.cutoffs.2024-05-31.positives"] ?? 0) > 0)
  }

  @Test func `without an embargo the windows that overlap are counted in pairs of cutoffs`() throws
  {
    let project = try TestProject()
    let result = try project.runs("cutoffs.embargo=none")
    // Two cutoffs before each border reach past it: 2 + 1 pairs at calibrate's, as many at test's.
    #expect(try project.metrics()["caveats.overlapping_cutoff_pairs"] == 6)
    #expect(result.output.contains("!! overlapping windows: 6 pairs"))
  }

  @Test func `a calibrator fitted on test is perfect there, and said to be`() throws {
    let project = try TestProject()
    let result = try project.runs(
      "cutoffs.calibrate=0", "calibration.fit=test", "calibration.bounds=none")
    #expect(result.output.contains("!! calibrated on test: "))
    #expect(result.output.contains("fitted on the "))
    let metrics = try project.metrics()
    #expect(metrics["caveats.calibrated_on_test"] == 1)
    // The means of isotonic steps add up to the positives, in all and step by step.
    #expect(abs((metrics["test.pooled.observed_over_expected"] ?? 0) - 1) < 1e-9)
    let run = "results/shop/runs/\(try project.runId())"
    #expect(try project.text("\(run)/calibrator.json").contains("\"fit\" : \"test\""))
  }

  @Test func `what became known after as_of is no event of the label`() throws {
    let project = try TestProject()
    try project.write(
      "visits.yaml",
      """
      extends: shop.yaml
      name: visits
      as_of: 2024-09-15
      cohort: {where: []}
      cutoffs: {train: 3, calibrate: 1, test: 1}
      label: {event: {source: visits, where: "kind = 'demo'"}, horizon: 1 month}

      """)
    let result = try project.holdout("run", "visits.yaml")
    #expect(result.end == .exit(0), "\(result)")
    let known = try project.rows(
      """
      SELECT count(DISTINCT id), count(DISTINCT id) FILTER (WHERE noted_on <= DATE '2024-09-15')
      FROM 'data/visits.parquet' JOIN 'data/customers.parquet' USING (id)
      WHERE kind = 'demo' AND visited_on > DATE '2024-07-31' AND visited_on <= DATE '2024-08-31'
        AND created_on <= DATE '2024-07-31'
      """)[0]
    try #require(known[0] != known[1])
    let metrics = try project.metrics(of: "visits")
    #expect(metrics["test.cutoffs.2024-07-31.positives"].map { "\(Int($0))" } == known[1])
  }

  @Test func `several runs end in a table, one does not`() throws {
    let project = try TestProject()
    try project.write("today.yaml", Self.today)
    try project.write("later.yaml", "extends: shop.yaml\nname: later\ncutoffs: {train: 90}\n")
    let both = try project.holdout("run", "shop.yaml", "today.yaml", "later.yaml", "none.yaml")
    #expect(both.end == .exit(2))
    let table = both.output.split(separator: "\n").suffix(5).map(String.init)
    #expect(table[3].hasPrefix("later       H404: there are "), "\(table)")
    #expect(table[4].hasPrefix("none.yaml   H1"), "\(table)")
    #expect(table[0].hasPrefix("experiment  test rows  positives  buyers  roc_auc  interval"))
    #expect(table[1].hasPrefix("shop        ") && !table[1].contains("look-ahead"))
    #expect(table[2].hasPrefix("today       ") && table[2].hasSuffix("  look-ahead"))
    let one = try project.runs()
    #expect(!one.output.contains("experiment  test rows"))
  }
}
