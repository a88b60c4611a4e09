import Foundation
import HoldoutTestSupport
import Testing

@Suite struct FoldTests {
  static let folds = ["cutoffs.folds=2", "cutoffs.step=3 months"]

  @Test func `a fold has the numbers of a run that ends with its last cutoff`() throws {
    let project = try TestProject()
    try project.runs(Self.folds[0], Self.folds[1])
    let folded = try project.metrics()
    #expect(
      folded.keys(below: "folds")
        == ["2024-09-30", "2024-06-30", "mean", "spread", "min", "max"])
    for last in ["2024-09-30", "2024-06-30"] {
      try project.runs("cutoffs.last=\(last)")
      let alone = try project.metrics()
      let prefix = "folds.\(last)."
      let own = folded.numbers.filter { $0.key.hasPrefix(prefix) }
      #expect(own.count > 40)
      for (name, value) in own {
        let path = String(name.dropFirst(prefix.count))
        #expect(alone[path] == value, "\(name)")
      }
      for part in ["rows", "positives", "positive_entities", "test.pooled", "test.pooled.raw"] {
        #expect(folded.keys(below: prefix + part) == alone.keys(below: part), "\(part)")
      }
      #expect(folded.keys(below: prefix + "test.mean").contains("lift_at_10"))
      #expect(!folded.keys(below: prefix + "test.mean").contains("roc_auc"))
    }
  }

  @Test func `older folds change no other number`() throws {
    let project = try TestProject(withResults: true)
    let before = try project.metrics()
    #expect(before.keys(below: "folds").isEmpty)
    let result = try project.runs(Self.folds[0], Self.folds[1])
    let after = try project.metrics()
    #expect(after.numbers.filter { !$0.key.hasPrefix("folds.") } == before.numbers)
    #expect(result.output.contains("test          3 cutoffs"))
    let runs = project.runIds().map { "results/shop/runs/\($0)" }
    try #require(runs.count == 2)
    for file in ["model.txt", "calibrator.json", "category_levels.json", "feature_importance.csv"] {
      #expect(
        try project.data("\(runs[0])/\(file)") == project.data("\(runs[1])/\(file)"), "\(file)")
    }
  }

  @Test func `mean and spread are those of the folds`() throws {
    let project = try TestProject()
    try project.runs("cutoffs.folds=3", "cutoffs.step=3 months")
    let metrics = try project.metrics()
    for name in [
      "test.pooled.roc_auc", "test.mean.lift_at_50", "rows.train", "positive_entities.test",
    ] {
      let values = ["2024-09-30", "2024-06-30", "2024-03-31"].compactMap {
        metrics["folds.\($0).\(name)"]
      }
      try #require(values.count == 3, "\(name)")
      let mean = values.reduce(0, +) / 3
      let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 2).squareRoot()
      #expect(abs((metrics["folds.mean.\(name)"] ?? .nan) - mean) <= 1e-12 * abs(mean))
      #expect(abs((metrics["folds.spread.\(name)"] ?? .nan) - deviation) <= 1e-9 * abs(mean))
      #expect(metrics["folds.min.\(name)"] == values.min())
      #expect(metrics["folds.max.\(name)"] == values.max())
      #expect(deviation > 0, "\(name)")
    }
  }

  @Test func `the summary and the report have a table by fold`() throws {
    let project = try TestProject()
    let result = try project.runs(Self.folds[0], Self.folds[1])
    let lines = result.output.split(separator: "\n")
    let head = try #require(lines.firstIndex { $0.hasPrefix("fold ") })
    #expect(
      lines[head...].dropFirst().prefix(4).map { $0.prefix { $0 != " " } }
        == ["2024-09-30", "2024-06-30", "mean", "spread"])
    let run = "results/shop/runs/\(try project.runId())"
    let report = try project.text("\(run)/report.md")
    #expect(report.contains("## By fold"))
    #expect(report.contains("| 2024-06-30 | "))
    #expect(report.contains("| spread | "))
    let record = try project.text("\(run)/run.json")
    #expect(record.contains("\"last_test_cutoff\" : \"2024-06-30\""))
  }

  @Test(arguments: [2, 5])
  func `the bytes are the same on any number of threads`(_ threads: Int) throws {
    let project = try TestProject()
    try project.runs("cutoffs.folds=3", "cutoffs.step=2 months")
    let before = project.contents(of: "results")
    let result = try project.holdout(
      "run", "shop.yaml", "name=shop", "cutoffs.folds=3", "cutoffs.step=2 months", "--threads",
      "\(threads)")
    #expect(result.end == .exit(0))
    #expect(result.errors.contains("warning[H442]") == before.isEmpty)
    #expect(project.contents(of: "results") == before)
  }

  @Test func `an older fold that cannot be learned from is named`() throws {
    let project = try TestProject()
    // The train windows of the fold before end on 2023-06-30, those of the newest on 2024-03-31.
    try project.changeData(
      "UPDATE customers SET first_licence = NULL WHERE first_licence <= '2023-06-30';")
    try project.runs()
    let result = try project.holdout(
      "run", "shop.yaml", "cutoffs.folds=2", "cutoffs.step=9 months")
    #expect(
      result.refuses(
        "H501", "this is in fold 2 of 2, whose last test cutoff is 2023-12-31"), "\(result)")
  }

  @Test func `history that is too short for all folds is refused with what they need`() throws {
    let project = try TestProject()
    let result = try project.holdout(
      "plan", "shop.yaml", "cutoffs.folds=4", "cutoffs.step=1 year")
    #expect(
      result.refuses("H404", "and this spec needs 57", "in 4 folds 1 year apart,"), "\(result)")
  }
}
