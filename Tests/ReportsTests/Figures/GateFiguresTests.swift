import Diagnostics
import HoldoutTestSupport
import Promotion
import Reports
import Runs
import Spec
import Testing

@Suite struct GateFiguresTests {
  private let folder: TemporaryFolder
  private let run: StoredRun

  /// A run of which pages only use the id.
  init() throws {
    folder = try TemporaryFolder()
    try folder.write(
      "run/run.json",
      """
      {"run_id": "2024-a", "name": "shop", "spec_sha256": "00", "data_through": "2024-12-31",
       "data": [], "versions": {}, "cutoffs": [], "calibration": "sigmoid", "caveats": [],
       "evidence": "sufficient", "findings": [], "threads": 1, "timings": []}
      """)
    try folder.write("run/metrics.json", "{}")
    try folder.write("run/feature_importance.csv", "feature,gain,split\n")
    run = try StoredRun(folder: folder.path("run"))
  }

  private func check(
    _ name: String, _ outcome: GateCheck.Outcome, _ figures: [String: Double]
  ) -> GateCheck {
    GateCheck(
      name: name, outcome: outcome, origin: .spec, result: .unmeasured(metric: name),
      figures: figures)
  }

  /// - Parameter gates: in the spec, in YAML.
  private func result(
    _ name: String, _ checks: [GateCheck],
    gates: String = "{metric: roc_auc, smallest_effect: 0.01}"
  ) throws -> GateResult {
    let text = Shop.spec + "gates: \(gates)\n"
    let loaded = SpecLoader.load(path: "shop.yaml") { path in
      .success(SourceFile(name: path, text: text))
    }
    let spec = try #require(loaded.spec, "\(loaded.findings)")
    return GateResult(
      name: name, path: "\(name).yaml", span: nil,
      report: .success(
        GateReport(
          run: run, gates: Gates(spec: spec.gates, project: nil), checks: checks, champion: nil,
          comparison: nil)))
  }

  @Test func `each value with a limit is drawn against it, blocking checks first`() throws {
    let ends = ["value": 0.8, "low": 0.75, "high": 0.85]
    let difference = ["difference": 0.02, "low": -0.01, "high": 0.05]
    let page = FigurePage(
      html: Page(figuresOf: [
        try result(
          "shop",
          [
            check("minimum.roc_auc", .pass, ends.merging(["limit": 0.7]) { $1 }),
            check("maximum.ece", .fail, ends.merging(["limit": 0.5]) { $1 }),
            check("evidence", .pass, ["positive_entities": 90]),
            check("better_than.prior", .inconclusive, difference),
            check("no_worse_than.champion", .pass, difference.merging(["margin": 0.01]) { $1 }),
            check("audit", .notApplicable, [:]),
          ])
      ]).html())
    try page.expect(
      conclusion:
        "<code>shop</code>: fail: maximum.ece: this spec does not measure maximum.ece; add its "
        + "size to <code>evaluation.top_k</code> or <code>top_percent</code>.")
    #expect(page.html.contains("<h1 id=\"gates-fail\">Gates: fail</h1>"))
    #expect(
      try page.numbers("Checks of shop with a limit").dropFirst().map { Array($0) } == [
        ["<strong>fail</strong>", "maximum.ece", "0.8000", "0.7500 to 0.8500", "at most 0.5000"],
        [
          "<strong>inconclusive</strong>", "better_than.prior", "0.0200", "-0.0100 to 0.0500",
          "at least 0",
        ],
        ["pass", "minimum.roc_auc", "0.8000", "0.7500 to 0.8500", "at least 0.7000"],
        ["pass", "no_worse_than.champion", "0.0200", "-0.0100 to 0.0500", "at least -0.0100"],
      ])
  }

  @Test func `of a loss less is better`() throws {
    let difference = ["difference": 0.02, "low": -0.01, "high": 0.05]
    let page = FigurePage(
      html: Page(figuresOf: [
        try result(
          "shop",
          [
            check("better_than.prior", .pass, difference),
            check("no_worse_than.champion", .pass, difference.merging(["margin": 0.01]) { $1 }),
          ], gates: "{metric: log_loss, smallest_effect: 0.01}")
      ]).html())
    try page.expect(conclusion: "<code>shop</code>: pass: every check passes.")
    #expect(
      try page.numbers("Checks of shop with a limit").dropFirst().compactMap(\.last) == [
        "at most 0", "at most 0.0100",
      ])
  }

  @Test func `no check with an interval, no figure`() throws {
    let page = FigurePage(
      html: Page(figuresOf: [try result("shop", [check("evidence", .pass, [:])])]).html())
    try page.expect(conclusion: "every check passes")
    #expect(page.titles.isEmpty && page.html.contains(">this spec does not measure evidence; "))
  }

  @Test func `of many experiments the worst come first, and the first have figures`() throws {
    let bound = ["value": 0.8, "low": 0.75, "high": 0.85, "limit": 0.7]
    var results = try (0..<24).map {
      try result("shop@seed=\($0)", [check("minimum.roc_auc", .pass, bound)])
    }
    results.append(
      GateResult(
        name: "broken", path: "broken.yaml", span: nil,
        report: .failure(FindingsError(Finding(606, "another question", notes: ["a note"])))))
    let page = FigurePage(html: Page(figuresOf: results).html())
    try page.expect(conclusion: "Figures are drawn for the first 20 of 25 experiments.")
    #expect(page.html.contains(">Gates: 1 refused, 24 pass</h1>"))
    #expect(page.sections.first == "broken: refused" && page.sections.count == 25)
    // The one that is refused has none.
    #expect(page.titles.count == 19)
    #expect(page.html.contains("<p>H606: another question</p>\n<ul>\n<li>a note</li>"))
  }

  @Test func `only 24 bounds are drawn, with a count of the others`() throws {
    let checks = (0..<30).map {
      check("minimum.lift_at_\($0)", .pass, ["value": 2, "low": 1, "high": 3, "limit": 0.5])
    }
    let page = FigurePage(html: Page(figuresOf: [try result("shop", checks)]).html())
    #expect(try page.numbers("Checks of shop with a limit").last?.last == "6 others not shown")
    #expect(page.html.contains(">minimum.lift_at_29</"))
  }

  @Test(arguments: oddNames) func `names are text wherever they occur`(_ name: String) throws {
    let bound = ["value": 0.8, "low": 0.75, "high": 0.85, "limit": 0.7]
    let page = FigurePage(
      html: Page(figuresOf: [
        try result(name, [check("minimum.\(name)", .fail, bound)]),
        GateResult(
          name: name, path: name, span: nil, report: .failure(FindingsError(Finding(606, name)))),
      ]).html())
    #expect(Markup.problem(in: page.html) == nil)
    #expect(!page.html.contains("<script>alert") && !page.html.contains("<img"))
  }
}
