import Foundation
import HoldoutTestSupport
import Testing

@Suite struct MetricsTests {
  @Test func `metrics json is numbers alone, with sorted keys and a last newline`() throws {
    let project = try TestProject(withResults: true)
    let metrics = try project.metrics()
    #expect(metrics.others.isEmpty, "\(metrics.others)")
    #expect(metrics.numbers.values.allSatisfy { $0.isFinite })
    #expect(metrics.text.hasSuffix("}\n") && !metrics.text.hasSuffix("\n\n"))
    #expect(!metrics.text.lowercased().contains(/\b(nan|inf|infinity|null)\b/))
    // Keys of one object stand one below the other with the same indentation.
    var open: [Int: String] = [:]
    for line in metrics.text.split(separator: "\n") {
      let indent = line.prefix { $0 == " " }.count
      open = open.filter { $0.key <= indent }
      guard let key = line.firstMatch(of: /"([^"]*)" :/)?.output.1 else { continue }
      if let previous = open[indent] { #expect(previous < String(key)) }
      open[indent] = String(key)
    }
  }

  @Test func `metrics json has the shape that readers rely on`() throws {
    let project = try TestProject(withResults: true)
    let metrics = try project.metrics()
    for table in ["rows", "positives", "positive_entities"] {
      #expect(metrics.keys(below: table) == ["train", "calibrate", "test", "embargoed"])
    }
    #expect(metrics.keys(below: "evidence") == ["sufficient", "min_positives"])
    #expect(metrics.keys(below: "test.cutoffs") == ["2024-07-31", "2024-08-31", "2024-09-30"])
    #expect(
      metrics.keys(below: "test.segments.region") == ["North", "South", "West", "Größe, 東"])
    #expect(metrics.keys(below: "baselines") == ["prior", "one_feature", "logistic"])
    let probability = ["log_loss", "brier", "brier_skill", "ece"]
    let ranking = ["roc_auc", "pr_auc"]
    let calibration = ["calibration_intercept", "calibration_slope"]
    let lists = ["lift_at_5_percent", "precision_at_10", "recall_at_10", "recall_at_50"]
    let every = ranking + probability + calibration + ["base_rate", "rows", "positives"]
    #expect(metrics.keys(below: "test.pooled").isSuperset(of: every))
    for part in ["mean", "cutoffs.2024-07-31", "cutoffs.2024-08-31", "cutoffs.2024-09-30"] {
      #expect(metrics.keys(below: "test.\(part)").isSuperset(of: every + lists), "\(part)")
      #expect(
        metrics.keys(below: "test.\(part).raw").isSuperset(of: ranking + probability), "\(part)")
    }
    for name in ranking + probability + calibration + lists {
      let interval = "test.interval.\(name)"
      #expect(metrics.keys(below: interval).isSuperset(of: ["low", "high"]), "\(name)")
      let low = metrics["\(interval).low"] ?? .nan
      let high = metrics["\(interval).high"] ?? .nan
      #expect(low <= high, "\(name)")
    }
    for baseline in ["prior", "one_feature", "logistic"] {
      #expect(
        metrics.keys(below: "baselines.\(baseline)").isSuperset(
          of: ranking + probability + lists))
    }
    for (best, value) in metrics.numbers where best.hasSuffix("_best") {
      let name = String(best.dropLast("_best".count))
      let middle = metrics[name] ?? .nan
      #expect((metrics["\(name)_worst"] ?? .nan) <= middle && middle <= value, "\(name)")
    }
  }

  @Test func `counts are those of the panel`() throws {
    let project = try TestProject(withResults: true)
    try #require(
      try project.holdout("panel", "shop.yaml", "--out", "panel.parquet").end == .exit(0))
    let metrics = try project.metrics()
    let counted = try project.rows(
      """
      SELECT role, count(*), sum(label), count(DISTINCT key) FILTER (WHERE label = 1)
      FROM 'panel.parquet' GROUP BY role
      """)
    #expect(counted.count == 3)
    for row in counted {
      for (table, value) in zip(["rows", "positives", "positive_entities"], row.dropFirst()) {
        #expect(metrics["\(table).\(row[0])"] == Double(value), "\(table).\(row[0])")
      }
    }
  }

  @Test func `roc auc, brier and base rate follow from the predictions`() throws {
    let project = try TestProject(withResults: true)
    let metrics = try project.metrics()
    let file = "'results/shop/runs/\(try project.runId())/predictions.parquet'"
    for cutoff in ["", "2024-07-31", "2024-08-31", "2024-09-30"] {
      let condition = cutoff.isEmpty ? "" : "AND cutoff = DATE '\(cutoff)'"
      let rows = "(FROM \(file) WHERE role = 'test' \(condition))"
      // Every pair of a positive and a negative row, counted one by one.
      let pairs = try project.rows(
        """
        SELECT sum(CASE WHEN p.margin > n.margin THEN 1 WHEN p.margin = n.margin THEN 0.5
          ELSE 0 END) / count(*)
        FROM \(rows) AS p JOIN \(rows) AS n ON p.label = 1 AND n.label = 0
        """)
      let others = try project.rows(
        "SELECT avg((score - label) * (score - label)), avg(label), count(*) FROM \(rows)")
      let path = cutoff.isEmpty ? "test.pooled" : "test.cutoffs.\(cutoff)"
      let wanted = [pairs[0][0]] + others[0]
      for (name, text) in zip(["roc_auc", "brier", "base_rate", "rows"], wanted) {
        let difference = abs((metrics["\(path).\(name)"] ?? .nan) - (Double(text) ?? .nan))
        // Sums of a few hundred terms in another order agree to some units of 1e-16.
        #expect(difference < 1e-12, "\(path).\(name)")
      }
    }
    let mean = ["2024-07-31", "2024-08-31", "2024-09-30"].reduce(0.0) {
      $0 + (metrics["test.cutoffs.\($1).roc_auc"] ?? .nan) / 3
    }
    #expect(abs(mean - (metrics["test.mean.roc_auc"] ?? .nan)) < 1e-12)
  }

  @Test func `the model ranks better than chance, and the prior baseline does not`() throws {
    let project = try TestProject(withResults: true)
    let metrics = try project.metrics()
    // The purchase hazard rises with size and channel: anything near 0.5 means that labels,
    // features or rows have come apart.
    #expect((metrics["test.pooled.roc_auc"] ?? 0) > 0.62)
    #expect((metrics["test.pooled.roc_auc"] ?? 1) < 0.85)
    #expect(metrics["baselines.prior.roc_auc"] == 0.5)
    // The hazard is a sum of terms, which a logistic regression can learn.
    #expect((metrics["baselines.logistic.roc_auc"] ?? 0) > 0.62)
    #expect((metrics["baselines.logistic.penalty"] ?? 0) > 0)
    #expect((metrics["test.pooled.raw.ece"] ?? 0) > (metrics["test.pooled.ece"] ?? 1))
  }

  @Test func `a baseline that the spec leaves out has no keys, and changes no other number`()
    throws
  {
    let project = try TestProject(withResults: true)
    let all = try project.metrics()
    for names in [["prior", "logistic"], ["one_feature"], []] {
      let result = try project.runs("evaluation.baselines=[\(names.joined(separator: ", "))]")
      let metrics = try project.metrics()
      #expect(metrics.keys(below: "baselines") == Set(names))
      for (path, number) in metrics.numbers { #expect(all[path] == number, "\(path)") }
      for name in ["prior", "logistic"] {
        #expect(result.output.contains("  \(name): roc_auc") == names.contains(name))
      }
    }
  }

  @Test func `without resamples there are no intervals`() throws {
    let project = try TestProject()
    try project.runs("evaluation.intervals.resamples=0")
    #expect(try project.metrics().keys(below: "test.interval").isEmpty)
  }
}
