import Foundation
import HoldoutTestSupport
import Testing

@Suite struct CompareCommandTests {
  @Test func `a run beside itself is equivalent, whatever it is called`() throws {
    let project = try ComparisonProject()
    let id = try project.project.runId()
    let hash = try #require(id.split(separator: "-").last)
    let folder = try project.run("shop")
    for reference in ["shop.yaml", id, String(hash.prefix(6)), folder, "results/shop"] {
      let comparison = try project.comparison("shop", reference)
      let candidate = try #require(comparison.candidates.first)
      #expect(candidate.verdict == "equivalent", "\(reference)")
      #expect(candidate.isPaired && candidate.run.runId == id && comparison.base.runId == id)
      #expect(candidate.metrics.count > 10)
      #expect(
        candidate.metrics.values.allSatisfy { $0.difference == 0 && $0.low == 0 && $0.high == 0 })
      #expect(candidate.importance.allSatisfy { $0.kind == "unchanged" })
      #expect(candidate.lists.map(\.list) == ["10", "50", "5_percent"])
      #expect(candidate.lists.allSatisfy { $0.shared == $0.rows })
    }
  }

  @Test func `pairs rest on the test rows and have the values of metrics json`() throws {
    let project = try ComparisonProject()
    let comparison = try project.comparison("shop", "small")
    let candidate = try #require(comparison.candidates.first)
    let (base, own) = (try project.project.metrics(), try project.project.metrics(of: "small"))
    #expect(comparison.rows?.rows == base["rows.test"].map { Int($0) })
    #expect(comparison.rows?.positives == base["positives.test"].map { Int($0) })
    #expect(comparison.rows?.positiveEntities == base["positive_entities.test"].map { Int($0) })
    #expect(comparison.rows?.cutoffs.count == 3)
    for (name, line) in candidate.metrics {
      let block = name.contains("_at_") ? "mean" : "pooled"
      #expect(line.base == base["test.\(block).\(name)"], "\(name)")
      #expect(line.candidate == own["test.\(block).\(name)"], "\(name)")
      #expect(line.difference == line.candidate - line.base)
      let (low, high) = (try #require(line.low), try #require(line.high))
      #expect(low < high, "\(name)")
    }
    #expect(candidate.lists.allSatisfy { $0.shared > 0 && $0.shared < $0.rows })
    let gone = candidate.importance.filter { $0.kind == "gone" }.map(\.feature)
    #expect(Set(gone) == ["visits_90d", "visits_all", "demos", "amount"])
    #expect(candidate.importance.allSatisfy { ($0.kind == "gone") == ($0.candidate == nil) })
  }

  @Test func `what differs between the two specs stands above what differs in their results`()
    throws
  {
    let project = try ComparisonProject()
    let own = try #require(try project.comparison("shop", "small").candidates.first)
    #expect(own.specDifferenceCount == 1)
    #expect(own.specDifferences?.map(\.key) == ["features"])
    #expect(own.specDifferences?.first?.base == "[account, visits]")
    #expect(own.specDifferences?.first?.candidate == "[account]")
    let text = try project.compare("shop", "small", "--resamples", "50").output
    #expect(
      text.contains(#/\nspec +shop +small\nfeatures +\[account, visits\] +\[account\]\n/#),
      "\(text)")
    let page = try project.compare(
      "shop", "small", "--resamples", "50", "--format", "markdown"
    ).output
    #expect(
      page.contains("| features | \\[account, visits\\] | \\[account\\] |")
        || page.contains("| features | [account, visits] | [account] |"), "\(page)")
    let same = try project.compare("shop", "shop.yaml", "--resamples", "50").output
    #expect(same.contains("the two specs are the same, except for their names"), "\(same)")
    // More keys than anybody reads are counted.
    try project.runs(
      "shop.yaml", "name=many",
      "model.params={\(Self.parameters)}")
    let many = try project.compare("shop", "many", "--resamples", "50").output
    #expect(many.contains("more keys differ"), "\(many)")
    try project.removeRuns(of: "small")
    let metricsOnly = try project.compare("shop", "small").output
    #expect(metricsOnly.contains("the differences between the two specs are not known"))
  }

  /// More parameters than a table shows, none of which is in the shop's spec.
  private static let parameters =
    "max_depth: 3, min_data_in_leaf: 5, lambda_l1: 0, lambda_l2: 1, min_gain_to_split: 0, max_bin: 63, "
    + "min_data_in_bin: 3, feature_fraction: 1, cat_l2: 10, cat_smooth: 10, max_cat_threshold: 32, "
    + "max_cat_to_onehot: 4, min_data_per_group: 10, path_smooth: 0, max_delta_step: 0, "
    + "min_sum_hessian_in_leaf: 0.001, bin_construct_sample_cnt: 1000, extra_trees: false, "
    + "feature_fraction_bynode: 1, num_iterations: 4, num_leaves: 5, learning_rate: 0.1"

  @Test func `the same figures come on any number of threads`() throws {
    let project = try ComparisonProject()
    let one = try project.compare("shop", "small", "--format", "json", "--threads", "1")
    let two = try project.compare("shop", "small", "--format", "json", "--threads", "2")
    #expect(one.end == .exit(0))
    #expect(one.output == two.output)
  }

  @Test func `several candidates are corrected for, and a table of verdicts comes first`() throws {
    let project = try ComparisonProject()
    let comparison = try project.comparison("shop", "small", "shop")
    let levels = comparison.candidates.compactMap(\.level)
    #expect(levels.count == 2 && abs((levels.max() ?? 0) - 0.975) < 1e-9, "\(levels)")
    let text = try project.compare("shop", "small", "shop", "--resamples", "200").output
    let summary = try #require(text.range(of: "\ncandidate  verdict"))
    let detail = try #require(text.range(of: "\nmetric "))
    #expect(summary.lowerBound < detail.lowerBound)
  }

  @Test func `the gates say what decides, unless the options do, and the output says whose`() throws
  {
    let project = try ComparisonProject()
    let standard = try project.comparison("shop", "small")
    #expect(standard.metric == "roc_auc" && standard.smallestEffect == 0.005)
    #expect(standard.notes.isEmpty)
    try project.project.write(
      "holdout.yaml", Shop.project + "gates: {metric: pr_auc, smallest_effect: 0.01}\n")
    let common = try project.comparison("shop", "small")
    #expect(common.metric == "pr_auc" && common.smallestEffect == 0.01)
    #expect(
      common.notes == [
        "pr_auc decides, and the smallest effect is 0.01, as the gates of holdout.yaml say"
      ])
    // The spec that a candidate is named by is asked as it stands, and before holdout.yaml.
    try project.project.write(
      "small.yaml",
      try project.project.text("small.yaml") + "gates: {metric: log_loss, smallest_effect: 0.02}\n")
    let own = try project.comparison("shop", "small.yaml")
    #expect(own.metric == "log_loss" && own.smallestEffect == 0.02)
    #expect(own.notes.first?.hasSuffix("as the gates of `small.yaml` say") == true, "\(own.notes)")
    // The base's hold for a candidate that has none.
    let turned = try project.comparison("small.yaml", "shop")
    #expect(turned.metric == "log_loss" && turned.notes == own.notes)
    let text = try project.compare("shop", "small.yaml", "--resamples", "50").output
    #expect(text.contains("\nnote: log_loss decides, and the smallest effect is 0.02, "), "\(text)")

    let option = try project.comparison("shop", "small.yaml", "--metric", "roc_auc")
    #expect(option.metric == "roc_auc" && option.smallestEffect == 0.005 && option.notes.isEmpty)
    let effect = try project.comparison("shop", "small.yaml", "--smallest-effect", "0.5")
    #expect(effect.metric == "log_loss" && effect.smallestEffect == 0.5)
    #expect(effect.notes == ["log_loss decides, as the gates of `small.yaml` say"])
    // Of a metric that the gates do not name nobody knows what is worth having.
    let brier = try project.compare("shop", "small.yaml", "--metric", "brier")
    #expect(brier.end == .exit(2) && brier.errors.contains("--smallest-effect"), "\(brier)")
  }

  @Test func `candidates whose gates differ are judged by the project's, and it says so`() throws {
    let project = try ComparisonProject()
    try project.project.write(
      "small.yaml",
      try project.project.text("small.yaml") + "gates: {metric: log_loss, smallest_effect: 0.02}\n")
    let comparison = try project.comparison("shop", "small.yaml", "small")
    #expect(comparison.metric == "roc_auc" && comparison.smallestEffect == 0.005)
    #expect(
      comparison.notes == [
        "the gates of the candidates compare differently (`small.yaml`: log_loss by 0.02, "
          + "`small`: roc_auc by 0.005); --metric and --smallest-effect choose"
      ])
  }

  @Test func `text and markdown tell the verdict, the table, the features and the lists`() throws {
    let project = try ComparisonProject()
    let text = try project.compare("shop", "small", "--resamples", "200").output
    let words = [
      "small compared with shop\n", " buyers at the test cutoffs ", "\nsmall: ", ": roc_auc ",
      "the smallest effect worth having is 0.005", "this comparison would have seen 0.",
      "\nmetric  ", "\nshare of the gain  ", "  gone\n", "\ntop list  ",
    ]
    for word in words { #expect(text.contains(word), "\(word)\n\(text)") }
    let markdown = try project.compare("shop", "small", "--format", "markdown").output
    #expect(markdown.hasPrefix("# small compared with shop\n"))
    #expect(markdown.contains("| metric | shop | small | difference | interval |\n"))
    #expect(markdown.contains("| --- | ---: | ---: | ---: | --- |\n| roc_auc | 0."))
  }

  @Test func `a page for a browser has the curves of both runs, or says which has none`() throws {
    let project = try ComparisonProject()
    func page(_ base: String, _ candidate: String) throws -> String {
      let result = try project.compare(base, candidate, "--resamples", "50", "--format", "html")
      #expect(result.end == .exit(0), "\(result)")
      return result.output
    }
    let html = try page("shop", "small")
    for figure in ["Gain", "Reliability of shop", "Reliability of small", "Metrics by cutoff"] {
      #expect(html.contains("<figcaption><strong>\(figure)</strong>"), "\(figure)")
    }
    #expect(html.contains("rows of the list, ") && html.contains(">Top of the list</h2>"))
    // Metrics alone have no curves.
    try project.removeRuns(of: "small")
    let metrics = try page("shop", "small")
    #expect(metrics.contains("<code>small</code> has only metrics, so there are no curves"))
    #expect(!metrics.contains("<strong>Gain</strong>"))
    // Curves that were changed are refused.
    let path = "\(try project.run("shop"))/curves.json"
    try project.project.write(path, "{}")
    let damaged = try project.compare("shop", "shop", "--format", "html", "--resamples", "50")
    #expect(damaged.refuses("H660", "curves.json"), "\(damaged)")
    #expect(damaged.output.isEmpty)
  }

  @Test func `runs of different questions are refused with every difference`() throws {
    let project = try ComparisonProject()
    try project.addOther()
    let refused = try project.compare("shop", "other")
    #expect(refused.refuses("H606", "`other`", "label.horizon: 3 months | 2 months"), "\(refused)")
    #expect(refused.errors.contains("test cutoffs: 2024-07-31, 2024-08-31, 2024-09-30 | "))
    #expect(refused.errors.contains("cohort.where: {flag: history.is_active}; {not: "))
    #expect(refused.output.isEmpty)
    // The order in which rules are written is no difference.
    let rules = "cohort.where=[flag: history.is_active, not: {happened: customers.first_licence}]"
    try project.runs("shop.yaml", "name=turned", rules)
    #expect(try project.comparison("shop", "turned").candidates.first?.verdict == "equivalent")
  }

  @Test func `with overlap the shared rows are compared, by the base's labels`() throws {
    let project = try ComparisonProject()
    try project.addOther()
    let comparison = try project.comparison("shop", "other", "--overlap")
    let candidate = try #require(comparison.candidates.first)
    let (own, other) = (try project.run("shop"), try project.run("other"))
    func files(_ what: String, _ rest: String = "") throws -> Int? {
      try project.project.scalar(
        """
        SELECT \(what) FROM '\(own)/predictions.parquet' AS a
        JOIN '\(other)/predictions.parquet' AS b USING (key, cutoff)
        WHERE a.role = 'test' AND b.role = 'test' \(rest)
        """
      ).flatMap { Int($0) }
    }
    #expect(comparison.rows?.rows == (try files("count(*)")))
    #expect(comparison.rows?.positives == (try files("sum(a.label)")))
    let differing = try #require(try files("count(*)", "AND a.label <> b.label"))
    #expect(differing > 0)
    let remarks = candidate.remarks.joined(separator: "\n")
    #expect(remarks.contains("\(differing) of \(comparison.rows?.rows ?? 0) shared rows"))
    #expect(remarks.contains("label.horizon 3 months | 2 months"))
    #expect(remarks.contains("rows of `shop`"))
    #expect(Set(candidate.metrics.keys).isDisjoint(with: ["log_loss", "brier", "ece"]))
    #expect(candidate.metrics["roc_auc"] != nil)
    let refused = try project.compare(
      "shop", "other", "--overlap", "--metric", "brier", "--smallest-effect", "0.001")
    #expect(refused.refuses("H611", "`brier`"), "\(refused)")
  }

  @Test func `data that moved on are refused, and compared on what is left with overlap`() throws {
    let project = try ComparisonProject()
    try project.project.changeData("DELETE FROM customers WHERE size < 5;")
    try project.runs("shop.yaml", "name=later")
    let refused = try project.compare("shop", "later")
    #expect(refused.refuses("H607", "`shop`: ", "`later`: ", "shared by all: "), "\(refused)")
    let remarks = try project.comparison("shop", "later", "--overlap").candidates[0].remarks
    #expect(remarks.contains { $0.contains("different versions of `data/shop.duckdb`") })
    #expect(remarks.contains { $0.hasPrefix("left out") && !$0.contains("`later`") }, "\(remarks)")
  }

  @Test func `labels that moved on are refused even on the same rows`() throws {
    let project = try ComparisonProject()
    try project.project.changeData(
      "UPDATE customers SET first_licence = NULL WHERE first_licence BETWEEN '2024-11-01' "
        + "AND '2024-12-31' AND size > 60;")
    try project.runs("shop.yaml", "name=later")
    let refused = try project.compare("shop", "later")
    #expect(refused.refuses("H607", "other labels"), "\(refused)")
    let remarks = try project.comparison("shop", "later", "--overlap").candidates[0].remarks
    #expect(remarks.contains { $0.contains("evaluated on the labels of `shop`") }, "\(remarks)")
  }

  @Test func `too few buyers and caveats of either side stand at the top`() throws {
    let project = try ComparisonProject()
    try project.addFew()
    try project.runs("shop.yaml", "name=own", "calibration.fit=test", "cutoffs.calibrate=0")
    let text = try project.compare("few", "own", "--resamples", "50").output
    #expect(text.contains("\n!! few: insufficient evidence: "), "\(text)")
    #expect(text.contains("\n!! own: calibrated on test: "), "\(text)")
    #expect(text.contains("\nnote: insufficient evidence: "), "\(text)")
    try project.removeRuns(of: "own")
    let doubts = try project.comparison("few", "own").candidates[0].run.doubts
    #expect(doubts == ["calibrated on test"])
  }
}
