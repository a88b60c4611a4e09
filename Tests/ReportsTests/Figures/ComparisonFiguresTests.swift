import Diagnostics
import Evaluation
import Experiment
import Foundation
import Learning
import Promotion
import Reports
import Runs
import Testing

@Suite struct ComparisonFiguresTests {
  /// One difference of two made-up values with an interval.
  private static func difference(
    _ metric: String, _ base: Double, _ candidate: Double, half: Double = 0.01, level: Double = 0.95
  ) -> PairedDifference {
    let value = candidate - base
    return PairedDifference(
      metric: metric, base: base, candidate: candidate,
      interval: Interval(
        lower: value - half, upper: value + half, standardError: half / 2, defined: 100),
      level: level)
  }

  private static func run(_ name: String, _ value: Double) -> ComparedRun {
    ComparedRun(
      reference: name, name: name, metrics: .run(["roc_auc": value, "log_loss": 1 - value]),
      importance: [
        FeatureImportance(feature: "size", gain: value * 10, split: 4),
        FeatureImportance(feature: "age", gain: 3, split: 2),
      ])
  }

  private static let base = run("shop", 0.75)

  private static func candidate(
    _ name: String, _ value: Double, metric: String = "roc_auc", verdict: Verdict = .inconclusive
  ) -> CandidateReport {
    let own = run(name, value)
    let differences = [
      "roc_auc": difference("roc_auc", 0.75, value),
      "log_loss": difference("log_loss", 0.25, 1 - value),
    ]
    return CandidateReport(
      run: own,
      paired: PairedComparison(
        differences: differences, decisive: differences[metric] ?? difference(metric, 0, 0),
        pValue: 0.012, verdict: verdict, smallestDetectable: 0.03),
      importance: ImportanceChange.all(base: base.importance, candidate: own.importance))
  }

  private static func report(
    _ candidates: [CandidateReport], metric: String = "roc_auc"
  ) -> ComparisonReport {
    ComparisonReport(
      base: base, options: ComparisonOptions(metric: metric, smallestEffect: 0.005),
      rows: JudgedRows(
        cutoffs: ["2024-07-31"], rows: 900, entities: 300, positives: 90, positiveEntities: 50),
      candidates: candidates)
  }

  /// The page where each run has its own curves.
  private func page(
    _ report: ComparisonReport, _ curves: [String: ComparedCurves]
  ) throws -> FigurePage {
    FigurePage(
      html: try Page(figuresOf: report) { run throws(FindingsError) in
        curves[run.reference] ?? .metricsOnly
      }.html())
  }

  private static func worse(_ name: String = "small") -> ComparisonReport {
    report([candidate(name, 0.71, verdict: .worse)])
  }

  @Test func `the conclusion comes first, then figures of both runs`() throws {
    let (own, other) = (try MadeUpRun(), try MadeUpRun { $0.bias = 0.7 })
    let page = try page(
      Self.worse(), ["shop": .curves(own.curves), "small": .curves(other.curves)])
    try page.expect(conclusion: "<p>small: worse: roc_auc -0.0400 (95 % interval -0.0500")
    #expect(
      page.titles == [
        "Differences in roc_auc from shop", "Metrics of both runs", "Gain",
        "Lift by the length of the list", "Precision and recall", "Reliability of shop",
        "Reliability of small", "Scores by class of shop", "Scores by class of small",
        "Metrics by cutoff", "Share of the gain: small minus shop",
      ])
    // The numbers of a figure are those of the curves, of both runs.
    for (name, run) in [("shop", own), ("small", other)] {
      let points = try #require(run.curves.gain?.points).map { point in
        [point.share, point.captured].map { NumberText.percent($0) }
      }
      let rows = try page.numbers("Gain").filter { $0[0] == name }.suffix(15)
      #expect(rows.count == 15 && rows.allSatisfy { points.contains(Array($0[1...2])) })
      let reliability = try #require(run.curves.reliability)
      #expect(
        try page.numbers("Reliability of \(name)").contains {
          $0.first == "log loss" && $0[2] == NumberText.metric(reliability.logLoss.miscalibration)
        })
      let study = run.curves.cutoffs.study
      let area = try #require(study.levels.first?.figures.rocAuc)
      #expect(
        try page.numbers("Metrics by cutoff").contains {
          $0[0] == "ROC AUC" && $0[1] == name && $0[3] == NumberText.metric(area)
        })
    }
    // Both histograms have one axis, though the scores of one run are lower.
    let bins = try ["shop", "small"].map { name in
      try page.numbers("Scores by class of \(name)").compactMap(\.first)
    }
    #expect(bins[0] == bins[1] && bins[0].count > 2)
    #expect(own.curves.scores.bins.first != other.curves.scores.bins.first)
    // The smallest effect is shaded.
    #expect(
      try page.figure("Differences in roc_auc from shop").contains(
        ">smaller than the smallest effect worth having<"))
    #expect(
      try page.numbers("Share of the gain: small minus shop").map(\.first).contains("age"))
  }

  @Test func `the other formats have no figures`() throws {
    let report = Self.worse()
    for text in [Page(report).text(), Page(report).markdown] {
      #expect(text.contains("share of the gain") && !text.contains("Differences in roc_auc"))
      #expect(!text.contains("no curves") && !text.contains("only metrics, so"))
    }
  }

  @Test(arguments: [
    (ComparedCurves.metricsOnly, "has only metrics, so there are no curves to draw"),
    (.earlierVersion, "an earlier version of Holdout made its run"),
    (.runElsewhere(runId: "2024-a"), "run 2024-a, which has them, is not on this machine"),
  ])
  func `a sentence says which run has no curves, and how to get them`(
    _ missing: ComparedCurves, _ words: String
  ) throws {
    let curves = ComparedCurves.curves(try MadeUpRun().curves)
    for (own, other, name) in [(missing, curves, "shop"), (curves, missing, "small")] {
      let page = try page(Self.worse(), ["shop": own, "small": other])
      try page.expect(conclusion: "small: worse")
      let sentence = try #require(
        page.html.firstMatch(
          of: #/<p><code>(\w+)<\/code> [^<]*curves[^<]*<code>holdout run<\/code>/#))
      #expect(sentence.1 == name && sentence.0.contains(words), "\(sentence.0)")
      #expect(page.titles.count == 3 && !page.titles.contains("Gain"), "\(page.titles)")
    }
  }

  @Test func `curves of other rows are not drawn beside each other`() throws {
    let own = try MadeUpRun().curves
    for other in [
      try MadeUpRun { $0.cutoffs = 2 }.curves, try MadeUpRun { $0.entities = 299 }.curves,
      try MadeUpRun { $0.positives = 30 }.curves,
    ] {
      let page = try page(
        Self.worse(), ["shop": .curves(own), "small": .curves(other)])
      #expect(page.html.contains("are of different test rows"))
      #expect(!page.titles.contains("Gain"))
    }
    // Probabilities of another label: only the ranking can be compared.
    let candidate = Self.candidate("small", 0.7)
    let ranking = CandidateReport(
      run: candidate.run, paired: candidate.paired, isRankingOnly: true)
    let page = try page(
      Self.report([ranking]), ["shop": .curves(own), "small": .curves(own)])
    #expect(!page.titles.contains("Gain") && !page.titles.contains("Reliability of shop"))
  }

  @Test func `metrics of other rows than those compared have no interval`() throws {
    let page = try page(Self.worse(), [:])
    #expect(
      try page.numbers("Metrics of both runs").contains([
        "ROC AUC", "small", "0.7100", "0.6700 to 0.7500",
      ]))
    // A champion that is older than the rows has metrics of its own rows.
    let candidate = Self.candidate("small", 0.71)
    let older = ComparisonReport(
      base: ComparedRun(
        reference: "shop", name: "shop", metrics: .run(["roc_auc": 0.9], rows: 800),
        importance: []), options: ComparisonOptions(), rows: Self.worse().rows,
      candidates: [candidate])
    let numbers = try self.page(older, [:]).numbers("Metrics of both runs")
    #expect(numbers.contains(["ROC AUC", "shop", "0.7500", ""]), "\(numbers)")
  }

  @Test func `rows that enter and leave the top of the list`() throws {
    let own = try MadeUpRun().curves
    let other = try MadeUpRun { shape in
      shape.keys = [oddNames[0]] + (0..<19).map { "C\(103 + $0)" }
    }.curves
    let page = try page(
      Self.worse(), ["shop": .curves(own), "small": .curves(other)])
    #expect(
      page.html.contains("of the first 20 rows of the list, 3 enter, 3 leave, and 17 stay."))
    let rows = page.html.matches(
      of: #/<tr><th[^>]*>([^<]*)<\/th><td>(enters|leaves|stays)<\/td>(.*?)<\/tr>/#)
    let changes = ["enters", "leaves", "stays"].flatMap { Array(repeating: $0, count: 3) }
    #expect(rows.map { String($0.2) }.prefix(9) == changes[...])
    #expect(rows.first?.output.1 == "&lt;script&gt;alert(1)&lt;/script&gt;")
    let leaving = try #require(rows.first { $0.1 == "C101" })
    #expect(leaving.3.hasPrefix("<td class=\"n\">2</td><td class=\"n\">-</td>"), "\(leaving.3)")
    let staying = try #require(rows.first { $0.1 == "C104" })
    #expect(staying.3.hasPrefix("<td class=\"n\">5</td><td class=\"n\">3</td>"), "\(staying.3)")
    // Lists of two days are not compared.
    let earlier = try MadeUpRun { $0.changes = ["test: 3": "test: 3, last: 2024-08-31"] }.curves
    let apart = try self.page(
      Self.worse(), ["shop": .curves(own), "small": .curves(earlier)])
    #expect(apart.html.contains("so the tops of the lists cannot be compared."))
    #expect(!apart.html.contains("<td>enters</td>"))
  }

  @Test func `of 200 candidates the best are drawn, and all are counted`() throws {
    let candidates = (0..<200).map { seed in
      Self.candidate(
        "shop@seed=\(seed)", 0.7 + Double(seed) / 2000, metric: "log_loss",
        verdict: seed > 195 ? .better : .inconclusive)
    }
    var calls: [String] = []
    let curves = try MadeUpRun().curves
    let page = FigurePage(
      html: try Page(figuresOf: Self.report(candidates, metric: "log_loss")) {
        run throws(FindingsError) in
        calls.append(run.reference)
        return .curves(curves)
      }.html())
    #expect(calls == ["shop", "shop@seed=0", "shop@seed=1", "shop@seed=2"])
    try page.expect(
      conclusion: "Of 200 candidates, by log_loss against <code>shop</code>: 4 better, "
        + "196 inconclusive.")
    #expect(page.html.contains("<h1 id=\"200-candidates-compared-with-shop\">"))
    // Less log loss is better, so that the last candidates are the best.
    let numbers = try page.numbers("Differences in log_loss from shop").dropFirst()
    #expect(numbers.count == 40 && numbers.first?.first == "shop@seed=199")
    #expect(page.html.contains("The best 40 of 200 are drawn."))
    #expect(page.html.contains("The numbers of 177 candidates are not on this page"))
    #expect(page.titles.count { $0 == "Gain" } == 3)
    // The table of all verdicts is complete.
    #expect(page.html.contains(">shop@seed=150</th>") || page.html.contains(">shop@seed=150</td>"))
    #expect(page.html.utf8.count < 900_000, "\(page.html.utf8.count) bytes")
  }

  @Test(arguments: oddNames) func `names are text wherever they occur`(_ name: String) throws {
    let curves = try MadeUpRun { $0.keys = oddNames }.curves
    let page = try page(
      Self.worse(name), ["shop": .curves(curves), name: .curves(curves)])
    try page.expect(conclusion: ": worse: roc_auc")
    #expect(!page.html.contains("<script>alert") && !page.html.contains("<img"))
  }

  @Test func `runs without a verdict say so, and draw what there is`() throws {
    let run = Self.run("git:main:shop", 0.7)
    let report = ComparisonReport(
      base: Self.base, options: ComparisonOptions(), rows: nil,
      candidates: [
        CandidateReport(
          run: run, paired: nil, unpairedReason: .metricsOnly(reference: "git:main:shop"),
          unpaired: UnpairedComparison(
            base: Self.base.metrics, candidate: run.metrics, options: ComparisonOptions(),
            candidateCount: 1))
      ])
    let page = try page(report, [:])
    try page.expect(conclusion: "git:main:shop: no verdict: ")
    #expect(try page.numbers("Differences in roc_auc from shop").last?[1] == "-0.0500")
    let nothing = ComparisonReport(
      base: Self.base, options: ComparisonOptions(), rows: nil,
      candidates: [CandidateReport(run: run, paired: nil)])
    try self.page(nothing, [:]).expect(conclusion: "no verdict: nothing was paired")
  }
}
