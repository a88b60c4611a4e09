import Diagnostics
import Evaluation
import Foundation
import Panel
import Reports
import Runs
import Testing

@Suite struct RunFiguresTests {
  /// A run that breaks careless pages, and words that its page must have.
  struct Oddity: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let shape: MadeUpRun.Shape
    let words: [String]

    init(_ name: String, _ words: [String] = [], _ change: (inout MadeUpRun.Shape) -> Void) {
      var shape = MadeUpRun.Shape()
      change(&shape)
      (testDescription, self.shape, self.words) = (name, shape, words)
    }
  }

  static let oddities = [
    Oddity("nothing odd") { _ in },
    Oddity(
      "3 buyers",
      [
        "insufficient evidence: 3 distinct buyers in test, 20 are needed",
        "How well the model ranks cannot be said from 3 buyers.",
      ]
    ) { $0.positives = 3 },
    Oddity("no positives", ["None of the 900 test rows is positive"]) { $0.positives = 0 },
    Oddity("only positives", ["All of the 900 test rows are positive"]) { $0.positives = 300 },
    Oddity("no positives in one cutoff", ["a mean over 2 cutoffs"]) {
      $0.quiet = [1]
    },
    Oddity("one cutoff", ["of one cutoff"]) { $0.cutoffs = 1 },
    Oddity("two cutoffs", ["a mean over 2 cutoffs"]) { $0.cutoffs = 2 },
    Oddity("no intervals", ["There are no intervals", "without an interval"]) {
      $0.resamples = 0
    },
    Oddity("nothing to explain") { $0.hasExplanations = false },
    Oddity("a model without features", ["Never used by the model: <code>size</code>"]) {
      $0.splits = { _ in 0 }
      $0.hasExplanations = false
    },
    Oddity("300 features", ["270 others not shown"]) {
      $0.features = (0..<300).map { "feature_\($0)" }
      $0.splits = { 300 - $0 }
    },
    Oddity("300 unused features", [", and 260 more."]) {
      $0.features = (0..<301).map { "feature_\($0)" }
      $0.splits = { $0 == 0 ? 9 : 0 }
    },
    Oddity("300 territories", [" small levels together"]) {
      $0.regions = (0..<300).map { "territory \($0)" }
      $0.entities = 900
    },
    Oddity(
      "40 territories with evidence",
      ["15 of 40 levels are left out here; curves.json has all.", "15 smaller not shown"]
    ) {
      $0.regions = (0..<40).map { "territory \($0)" }
      $0.entities = 800
      // Ten in each.
      $0.positives = 400
    },
    Oddity("one territory", ["Fewer than two levels have test rows to compare."]) {
      $0.regions = ["all"]
    },
    Oddity("names that end an element, in two directions, and long ones") {
      $0.regions = Gallery.names
      $0.features = Gallery.names.filter { !$0.isEmpty } + ["channel"]
      $0.keys = Gallery.names
      $0.entities = 1_000
    },
  ]

  @Test(arguments: oddities) func `every run has a page`(_ oddity: Oddity) throws {
    let run = try MadeUpRun(oddity.shape)
    let html = run.html
    #expect(Markup.problem(in: html) == nil)
    let main = try #require(html.firstMatch(of: #/<main id="main">(?s:.*)</main>/#)).0
    #expect(main.firstMatch(of: #/\b(?:nan|NaN|inf|-?infinity)\b/#) == nil)
    #expect(html.utf8.count < 300_000, "\(html.utf8.count) bytes")
    for words in oddity.words { #expect(main.contains(words), "\(words)") }
  }

  @Test func `the same run has the same page`() throws {
    let pages = try (0..<2).map { _ in try MadeUpRun { $0.regions = Gallery.names } }
    #expect(pages[0].html == pages[1].html && pages[0].report == pages[1].report)
  }

  @Test func `the conclusion comes first, then evidence, then how the run was made`() throws {
    let html = try MadeUpRun().html
    let headings = html.matches(of: #/<h2 id="[^"]*">(.*?)</h2>/#).map { String($0.1) }
    #expect(
      headings == [
        "Conclusion", "Metrics and baselines", "The list", "Probabilities", "Time", "Segments",
        "Features", "The first 20 rows of the list", "How it was made",
      ])
    let figures = html.matches(of: #/<figcaption><strong>(.*?)</strong>/#).map { String($0.1) }
    #expect(
      figures == [
        "Metrics beside the baselines", "Gain", "Lift by the length of the list",
        "Precision and recall", "Reliability", "Scores by class", "Timeline", "Metrics by cutoff",
        "Segments by region", "Importance of features", "SHAP values",
        "SHAP values by the value of a feature",
      ])
  }

  // MARK: - Numbers

  @Test func `numbers are those of the metrics and the curves`() throws {
    let run = try MadeUpRun()
    let (summary, curves, html) = (run.summary, run.curves, run.html)
    func metric(_ name: String) throws -> String {
      let interval = try #require(summary.intervals[name])
      return "\(NumberText.metric(summary.metrics[name])) "
        + "(\(NumberText.interval(interval.lower, interval.upper)))"
    }
    let conclusion = try section("Conclusion", of: html)
    #expect(conclusion.contains("ROC AUC \(try metric("roc_auc")): of a buyer"))
    #expect(
      conclusion.contains("observed / expected \(try metric("observed_over_expected"))"))
    let captured = try #require(summary.metrics["recall_at_10_percent"])
    #expect(
      conclusion.contains(
        "The first 10 % of each list have \(NumberText.percent(captured)) of the buyers"))
    let lift = try #require(summary.metrics["lift_at_10_percent"])
    #expect(conclusion.contains(", \(NumberText.tenths(lift)) times as many as a random list"))
    let difference = try #require(summary.prior?.differences["log_loss"])
    #expect(
      conclusion.contains(
        "log loss \(NumberText.signedMetric(difference.value)) "
          + "(\(NumberText.signedMetric(difference.low)) to "
          + "\(NumberText.signedMetric(difference.high)))"))
    let counts = curves.cutoffs.study.all
    #expect(
      conclusion.contains(
        "expected \(NumberText.wins(counts.expected)) positive rows, and there are "
          + "\(summary.total(.test).positives.grouped)"))
    #expect(conclusion.contains("\(counts.positiveEntities) distinct buyers are behind"))
    let reliability = try #require(curves.reliability)
    #expect(
      conclusion.contains(
        "p = \(NumberText.probability(reliability.logLoss.pValue)) by log loss, "
          + "\(NumberText.probability(reliability.brier.pValue)) by Brier score"))
    // The same metric is the same number in metrics.json and in curves.json.
    #expect(counts.rocAuc == summary.metrics["roc_auc"])
    #expect(reliability.brier.score == summary.metrics["brier"])
  }

  @Test func `figures have the numbers of the curves`() throws {
    let run = try MadeUpRun()
    let curves = run.curves
    let gain = try table("Gain", of: run.html)
    let last = try #require(curves.gain?.points.last)
    #expect(gain.first == ["model", "0 %", "0 %", ""])
    #expect(gain.last?.prefix(3) == ["model", "100.0 %", NumberText.percent(last.captured)])
    let lifts = try table("Lift by the length of the list", of: run.html)
    let lift = try #require(curves.gain?.lifts.first)
    let ends = try #require(lift.interval)
    #expect(
      lifts.first == [
        "model", "\(lift.length)", NumberText.metric(lift.lift),
        NumberText.interval(ends.lower, ends.upper),
      ])
    let reliability = try table("Reliability", of: run.html)
    let parts = try #require(curves.reliability?.logLoss)
    #expect(
      reliability[1]
        == ["log loss"]
        + [parts.score, parts.miscalibration, parts.discrimination, parts.uncertainty].map {
          NumberText.metric($0)
        })
    let cutoffs = try table("Metrics by cutoff", of: run.html)
    let first = try #require(curves.cutoffs.study.levels.first)
    let area = try #require(first.figures.rocAucInterval)
    #expect(
      cutoffs.first == [
        "ROC AUC", curves.cutoffs.levels[first.index], NumberText.metric(first.figures.rocAuc),
        NumberText.interval(area.lower, area.upper),
      ])
    let segment = try #require(curves.segments.first)
    let level = try #require(segment.study.levels.first)
    let regions = try table("Segments by region", of: run.html)
    let row = try #require(regions.first { $0[0] == segment.levels[level.index] })
    let ratio = try #require(level.figures.ratio)
    #expect(
      row.prefix(6) == [
        segment.levels[level.index], level.figures.rows.grouped,
        "\(level.figures.positiveEntities)", NumberText.metric(ratio.ratio),
        NumberText.interval(ratio.lower, ratio.upper), NumberText.metric(level.figures.shrunken),
      ])
  }

  @Test func `a cutoff with little evidence has its metrics without intervals`() throws {
    let run = try MadeUpRun {
      $0.positives = 3
      $0.needed = 2
    }
    #expect(run.curves.cutoffs.study.levels.allSatisfy { $0.figures.rocAuc == nil })
    let area = try #require(run.summary.cutoffs.first?.values["roc_auc"])
    let row = try #require(try table("Metrics by cutoff", of: run.html).first)
    #expect(row.dropFirst(2) == [NumberText.metric(area), ""])
  }

  // MARK: - Words

  @Test func `the verdict says what the intervals say`() throws {
    func verdict(_ change: (inout MadeUpRun.Shape) -> Void) throws -> Substring {
      try section("Conclusion", of: try MadeUpRun(change).html)
    }
    let better = try verdict { $0.baseline = 0.1 }
    #expect(better.contains("ranks better than chance, and better than its best single feature"))
    // The baseline's ranking is the model's own.
    let equal = try verdict { $0.baseline = 1 }
    #expect(equal.contains("these rows do not show that it ranks better than its best single"))
    #expect(equal.contains("no difference shown"))
    // Who is positive has nothing to do with the margins.
    let random = try verdict { $0.positives = 150 }
    #expect(random.contains("These rows do not show that the model ranks better than chance."))
    let biased = try verdict { $0.bias = 0.4 }
    #expect(biased.contains(": the scores are too low"))
    #expect(biased.contains("The scores are miscalibrated (p"))
    let right = try verdict { _ in }
    #expect(right.contains("No miscalibration is shown (p") && !right.contains("too low"))
  }

  @Test func `a logistic regression is beside the model, if the run has one`() throws {
    let with = try MadeUpRun()
    let without = try MadeUpRun { $0.hasLogistic = false }
    let difference = try #require(with.summary.logistic?.differences["roc_auc"])
    let value = NumberText.signed(difference.value)
    #expect(try section("Conclusion", of: with.html).contains("Against a logistic regression."))
    #expect(with.report.contains("| logistic |") && with.report.contains(value))
    #expect(with.html.contains("The model beside a logistic regression, its best single feature"))
    #expect(!without.html.contains("logistic") && !without.report.contains("logistic"))
  }

  @Test func `caveats are words before the verdict`() throws {
    let run = try MadeUpRun {
      $0.caveats = [
        .init(
          kind: "look_ahead", reason: "a test",
          numbers: ["columns": 2, "features": 1, "cutoffs": 9]
        )
      ]
      $0.needed = 5_000
    }
    let conclusion = try section("Conclusion", of: run.html)
    let caution = try #require(conclusion.firstRange(of: "<strong>Caution.</strong>"))
    let doubt = try #require(
      conclusion.firstRange(of: "look-ahead: 1 feature reads today&#39;s value of 2 columns"))
    let evidence = try #require(conclusion.firstRange(of: "insufficient evidence"))
    let verdict = try #require(conclusion.firstRange(of: "How well the model ranks"))
    #expect(caution.lowerBound < evidence.lowerBound)
    #expect(doubt.lowerBound < verdict.lowerBound && evidence.lowerBound < verdict.lowerBound)
    #expect(!(try MadeUpRun().html).contains("Caution."))
  }

  @Test func `segments that differ are named with their shrunken ratios`() throws {
    let run = try MadeUpRun {
      $0.entities = 1_500
      $0.regions = ["first", "others"]
      $0.positives = 150
    }
    // Positive entities come first, and regions alternate: both regions have the same.
    #expect(run.html.contains("region: no difference beyond chance (p "))
    let segment = RunCurves.Segment(
      name: "region", levels: ["low", "high"],
      study: SegmentStudy(
        run.rows, level: run.rows.entity.map { $0 < 300 ? 1 : 0 }, count: 2, draws: 200))
    let test = try #require(segment.study.alike)
    #expect(test.pValue < 0.05)
    let ratios = segment.study.levels.map { NumberText.metric($0.figures.shrunken) }
    let page = Page(
      figuresOf: run.summary, try run.curves.with(segment), of: run.spec
    ).html()
    #expect(
      page.contains(
        "region: the levels differ (p \(NumberText.probability(test.pValue)) for 2 levels): positives "
          + "over expected positives, shrunken, from \(ratios[0]) in <code>low</code> to "
          + "\(ratios[1]) in <code>high</code>."))
    #expect(page.contains("The levels differ by more than chance (p "))
  }

  @Test func `capacity is marked where it limits the complete list`() throws {
    func gain(_ capacity: String) throws -> Substring {
      let run = try MadeUpRun {
        $0.changes["calibration: {method: isotonic}"] =
          "calibration: {method: isotonic}\nscore: {columns: [region]}\n\(capacity)"
      }
      let html = run.html
      return try #require(html.firstMatch(of: #/<figure id="gain">(?s:.*?)</figure>/#)).0
    }
    let total = try gain("capacity: {total: 30}")
    #expect(total.contains("30 rows of 300 per cutoff, 10.0 %.") && total.contains(">capacity<"))
    // How many groups there are is not known.
    let groups = try gain("capacity: {per: region, rows: 30}")
    #expect(!groups.contains("capacity"))
  }

  // MARK: - Features

  @Test func `features are ordered by permutation, and unused ones are named`() throws {
    let run = try MadeUpRun { $0.splits = { $0 == 1 ? 0 : 10 } }
    let rows = try table("Importance of features", of: run.html)
    #expect(rows.map(\.first) == ["amount", "visits_all", "size"])
    let importance = try #require(run.curves.permutation?.features.first?.importance)
    #expect(rows[0][2] == NumberText.metric(importance.increase))
    #expect(run.html.contains("Never used by the model: <code>channel</code>."))
    // Without a permutation study, by gain.
    let plain = try MadeUpRun { $0.hasExplanations = false }
    let byGain = try table("Importance of features", of: plain.html)
    #expect(byGain.map(\.first) == ["size", "channel", "visits_all", "amount"])
    #expect(byGain.allSatisfy { $0[2] == "-" })
  }

  @Test func `SHAP values are grouped by the rank of values, and of levels by their mean`() throws {
    let rows = try table("SHAP values", of: try MadeUpRun().html)
    let means = try rows.map { row in try row[2...4].map { try #require(Double($0)) } }
    let size = try #require(rows.firstIndex { $0[0] == "size" })
    let channel = try #require(rows.firstIndex { $0[0] == "channel" })
    for feature in [size, channel] {
      #expect(means[feature][0] < means[feature][1] && means[feature][1] < means[feature][2])
    }
    #expect(rows[size][1] == "0.4321", "the mean over the sample, not over the rows shown")
    #expect(rows[size][6] == "9.2 %")
    let values = try table("SHAP values by the value of a feature", of: try MadeUpRun().html)
    let levels = values.filter { $0[0] == "channel" }.map { $0[1] }
    #expect(levels.first == "web" && levels.last == "missing" && levels.count == 4)
  }

  @Test func `many points are thinned, of all features alike`() throws {
    let features = (0..<20).map { index in
      ShapSample.Feature(
        name: "f\(index)", meanAbsolute: 1, levels: nil,
        values: (0..<4_000).map { Double($0 % 97) }, shap: (0..<4_000).map { Double($0 % 89) / 89 })
    }
    let run = try MadeUpRun()
    let curves = try run.curves.with(ShapSample(features: features, rows: 4_000, allRows: 9_000))
    let html = Page(figuresOf: run.summary, curves, of: run.spec).html()
    #expect(html.utf8.count < 300_000, "\(html.utf8.count) bytes")
    #expect(html.contains("Each point is one of 400 of 9,000 test rows"))
  }

  // MARK: - Top and origin

  @Test func `the first rows have reasons and outcomes`() throws {
    let html = try MadeUpRun().html
    let rows = try table("The first 20 rows of the list", of: html)
    #expect(rows.count == 20)
    #expect(rows[0] == ["1", "C100", "0.9000", "yes", "2 visits in 90 days; the channel is fair"])
    #expect(rows[1][3] == "no")
    #expect(html.contains("5 of these rows turned out positive."))
  }

  @Test func `the page says how to make the run again`() throws {
    let run = try MadeUpRun()
    let origin = try section("How it was made", of: run.html)
    let words = [
      "holdout run results/shop/runs/2024-12-31-0123456789ab/spec.yaml", run.summary.specSha256,
      "version: 1\nname: shop", "SHA-256 ab12", "content hash 77", "v1.4.0",
      "isotonic (asked for), fitted on 1200 rows with 90 positives",
    ]
    for words in words { #expect(origin.contains(words), "\(words)") }
    // A page is the same on every machine.
    #expect(!run.html.contains("/elsewhere"))
  }

  // MARK: - report.md

  @Test func `report md has the deciles`() throws {
    let run = try MadeUpRun()
    let first = try #require(run.curves.deciles?.parts.first)
    let captured = try #require(first.captured)
    #expect(
      run.report.contains(
        "| 1 | 30 | \(NumberText.mean(first.positives)) | \(NumberText.wins(first.expected)) | "
          + "\(NumberText.metric(first.observedOverExpected)) | \(NumberText.percent(captured)) |\n"
      ))
    #expect(run.report.contains("\n| 10 | 30 | "))
  }

  // MARK: - Reading a page

  /// A section from its heading of level 2 to the next.
  private func section(_ heading: String, of html: String) throws -> Substring {
    let start = try #require(html.firstRange(of: ">\(heading)</h2>"), "\(heading)")
    let rest = html[start.upperBound...]
    return rest[..<(rest.firstRange(of: "<h2 ")?.lowerBound ?? rest.endIndex)]
  }

  /// The cells of the table with a caption, without its head.
  private func table(_ caption: String, of html: String) throws -> [[String]] {
    let start = try #require(
      [">\(caption)</caption>", "class=\"hidden\">\(caption)</caption>"].compactMap {
        html.firstRange(of: $0)
      }.first, "\(caption)")
    let rest = html[start.upperBound...]
    let body = rest[..<(try #require(rest.firstRange(of: "</table>"))).lowerBound]
    return body.split(separator: "<tr>").dropFirst(2).map { row in
      row.matches(of: #/<t[dh][^>]*>(.*?)</t[dh]>/#).map { cell in
        String(cell.1.replacing(#/<[^>]*>/#, with: "").replacing("&#39;", with: "'"))
      }
    }
  }
}

extension RunCurves {
  /// The same with one segment.
  fileprivate func with(_ segment: Segment) throws -> RunCurves {
    try replacing("segments", by: [segment])
  }

  /// The same with other SHAP values.
  fileprivate func with(_ sample: ShapSample) throws -> RunCurves {
    try replacing("shap", by: sample)
  }

  private func replacing(_ key: String, by value: some Encodable) throws -> RunCurves {
    var tree = try #require(
      JSONSerialization.jsonObject(with: JSONEncoder().encode(self)) as? [String: Any])
    tree[key] = try JSONSerialization.jsonObject(with: JSONEncoder().encode(value))
    return try JSONDecoder().decode(
      RunCurves.self, from: JSONSerialization.data(withJSONObject: tree))
  }
}
