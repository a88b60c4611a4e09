import Foundation
import HoldoutTestSupport
import Testing

/// `holdout gate` on the shop's run. Audits take long, so that most of these do without.
@Suite struct GateCommandTests {
  /// The shop with gates in its spec, and its run.
  private func shop(
    _ gates: String?, project: String? = nil, _ changes: [String: String] = [:]
  ) throws -> TestProject {
    let shop = try TestProject(withResults: true)
    if let project { try shop.write("holdout.yaml", Shop.project + "gates: \(project)\n") }
    try shop.writeSpec(changes)
    if let gates { try shop.write("shop.yaml", try shop.text("shop.yaml") + "gates: \(gates)\n") }
    return shop
  }

  /// A check as JSON has it.
  private struct Check: Decodable, Equatable {
    let name: String
    let outcome: String
    let origin: String
    let sentence: String
  }

  private struct Experiment: Decodable {
    let name: String
    let outcome: String
    let open: Bool
    let verdict: String?
    let checks: [Check]
    let loosened: [String]

    func check(_ name: String) -> Check? { checks.first { $0.name == name } }
  }

  private struct Document: Decodable { let experiments: [Experiment] }

  /// Gates the shop, and reads what came out as JSON.
  private func gate(
    _ shop: TestProject, exits code: Int32, _ arguments: String...
  ) throws -> Experiment {
    let result = try Program.run(
      ["gate", "shop.yaml", "--format", "json", "--threads", "1"] + arguments, in: shop.folder)
    #expect(result.end == .exit(code), "\(result)")
    let document = try JSONDecoder().decode(Document.self, from: Data(result.output.utf8))
    return try #require(document.experiments.first)
  }

  @Test func `a run that meets every bound passes, and a first one has no champion`() throws {
    let shop = try shop(
      "{audit: none, better_than: none, minimum: {roc_auc: 0.5}, maximum: {ece: 0.5}}")
    let experiment = try gate(shop, exits: 0)
    #expect(experiment.outcome == "pass" && experiment.open)
    #expect(
      experiment.checks.map { "\($0.name) \($0.outcome) \($0.origin)" } == [
        "minimum.roc_auc pass spec", "maximum.ece pass spec", "evidence pass standard",
        "caveats pass standard", "no_worse_than.champion not_applicable standard",
        "audit not_applicable spec",
      ])
  }

  @Test(arguments: [
    ("minimum: {roc_auc: 0.99}", "minimum.roc_auc", "fail", 1),
    ("maximum: {ece: 0.0001}", "maximum.ece", "fail", 1),
    ("minimum: {lift_at_5_percent: 1000}", "minimum.lift_at_5_percent", "fail", 1),
  ])
  func `a bound that the whole interval misses fails`(
    gates: String, name: String, outcome: String, code: Int32
  ) throws {
    let experiment = try gate(try shop("{audit: none, better_than: none, \(gates)}"), exits: code)
    #expect(experiment.outcome == outcome && !experiment.open)
    #expect(experiment.check(name)?.outcome == outcome)
    #expect(experiment.checks.filter { $0.outcome == "fail" }.count == 1)
  }

  @Test func `a bound within the interval is inconclusive, blocks, and says what would tell`()
    throws
  {
    let shop = try shop(nil)
    let value = try #require(try shop.metrics()["test.pooled.roc_auc"])
    let spec = try shop.text("shop.yaml")
    let bound = "minimum: {roc_auc: \(value - 0.005)}"
    try shop.write("shop.yaml", spec + "gates: {audit: none, better_than: none, \(bound)}\n")
    let experiment = try gate(shop, exits: 1)
    #expect(experiment.outcome == "inconclusive" && !experiment.open)
    let sentence = try #require(experiment.check("minimum.roc_auc")?.sentence)
    #expect(sentence.contains("the data"), "\(sentence)")
    try shop.write(
      "shop.yaml", spec + "gates: {audit: none, better_than: none, inconclusive: allow, \(bound)}\n"
    )
    let allowed = try gate(shop, exits: 0)
    #expect(allowed.outcome == "inconclusive" && allowed.open)
    #expect(allowed.loosened.contains { $0.contains("inconclusive") })
  }

  @Test func `a spec's own gate goes before the project's, and the report says where it is looser`()
    throws
  {
    let shop = try shop(
      "{minimum: {roc_auc: 0.5}}",
      project: "{audit: none, better_than: none, minimum: {roc_auc: 0.99}}")
    let result = try shop.holdout("gate", "shop.yaml", "--threads", "1")
    #expect(result.end == .exit(0), "\(result)")
    #expect(
      result.output.contains(
        "!! looser: the spec's own minimum of `roc_auc` is 0.5, and that of holdout.yaml 0.99"))
    let markdown = try shop.holdout("gate", "shop.yaml", "--threads", "1", "--format", "markdown")
    #expect(markdown.output.contains("> - **looser: the spec's own minimum of `roc_auc`"))
    #expect(markdown.output.contains("looser gates than holdout.yaml or the standard"))
    try shop.write("shop.yaml", Shop.spec)
    let strict = try gate(shop, exits: 1)
    #expect(strict.check("minimum.roc_auc")?.origin == "holdout.yaml")
    #expect(strict.loosened.isEmpty)
  }

  @Test func `a gate is no part of what a run is made of`() throws {
    let shop = try shop(nil)
    let before = try shop.runId()
    try shop.write(
      "shop.yaml", Shop.spec + "gates: {audit: none, better_than: none, minimum: {roc_auc: 0.5}}\n")
    try shop.runs()
    #expect(try shop.runId() == before)
    #expect(try shop.text("results/shop/runs/\(before)/spec.yaml").contains("gates:"))
  }

  @Test func `a run has to be better than its baselines, unless the gates say otherwise`() throws {
    let shop = try shop("{audit: none}")
    let metrics = try shop.metrics()
    func low(_ name: String) -> Double? { metrics["baselines.\(name).difference.roc_auc.low"] }
    func high(_ name: String) -> Double? { metrics["baselines.\(name).difference.roc_auc.high"] }
    let own = try #require(metrics["test.pooled.roc_auc"])
    for name in ["prior", "one_feature"] {
      let other = try #require(metrics["baselines.\(name).roc_auc"])
      let value = try #require(metrics["baselines.\(name).difference.roc_auc.value"])
      #expect(abs(value - (own - other)) < 1e-12)
      #expect(try #require(low(name)) <= value && value <= #require(high(name)))
    }
    func expected(_ name: String) throws -> String {
      try #require(low(name)) > 0 ? "pass" : try #require(high(name)) < 0 ? "fail" : "inconclusive"
    }
    let outcomes = ["prior", "one_feature"].map { (try? expected($0)) ?? "" }
    let isOpen = outcomes.allSatisfy { $0 == "pass" }
    let experiment = try gate(shop, exits: isOpen ? 0 : 1)
    #expect(
      ["prior", "one_feature"].map { experiment.check("better_than.\($0)")?.outcome } == outcomes)
    #expect(experiment.check("better_than.prior")?.outcome == "pass")
    #expect(experiment.check("better_than.prior")?.origin == "standard")
    // A spec that asks for less is told so.
    let spec = Shop.spec + "gates: {audit: none, better_than: [one_feature]}\n"
    try shop.write("shop.yaml", spec)
    let loose = try gate(shop, exits: outcomes[1] == "pass" ? 0 : 1)
    #expect(loose.check("better_than.prior") == nil)
    #expect(loose.loosened.contains { $0.contains("better than `prior`") }, "\(loose.loosened)")
    // Without intervals nothing is shown.
    try shop.writeSpec(["intervals: {resamples: 50}": "intervals: {resamples: 0}"])
    try shop.write("shop.yaml", try shop.text("shop.yaml") + "gates: {audit: none}\n")
    try shop.runs()
    let blind = try gate(shop, exits: 1)
    #expect(blind.check("better_than.prior")?.outcome == "inconclusive")
  }

  @Test func `a run can be asked to be better than a logistic regression`() throws {
    let shop = try shop("{audit: none, better_than: [prior, one_feature, logistic]}")
    let metrics = try shop.metrics()
    let low = try #require(metrics["baselines.logistic.difference.roc_auc.low"])
    let high = try #require(metrics["baselines.logistic.difference.roc_auc.high"])
    let result = try Program.run(
      ["gate", "shop.yaml", "--format", "json", "--threads", "1"], in: shop.folder)
    let document = try JSONDecoder().decode(Document.self, from: Data(result.output.utf8))
    let check = try #require(document.experiments.first?.check("better_than.logistic"))
    #expect(check.outcome == (low > 0 ? "pass" : high < 0 ? "fail" : "inconclusive"))
    #expect(check.sentence.contains("against a logistic regression"))
    // A spec cannot ask for it and leave it out.
    let spec = try shop.text("shop.yaml")
    try shop.write(
      "shop.yaml",
      spec.replacing("evaluation:", with: "evaluation:\n  baselines: [prior, one_feature]"))
    let refused = try shop.holdout("check", "shop.yaml")
    #expect(refused.refuses("H625", "`logistic`"), "\(refused)")
  }

  @Test func `a project that asks for a baseline that the run has not is not passed over`() throws {
    let shop = try shop(nil, project: "{audit: none, better_than: [logistic]}")
    try shop.write(
      "shop.yaml",
      try shop.text("shop.yaml").replacing(
        "evaluation:", with: "evaluation:\n  baselines: [prior]"))
    try shop.runs()
    let experiment = try gate(shop, exits: 1)
    #expect(experiment.check("better_than.logistic")?.outcome == "inconclusive")
  }

  @Test func `a run against itself, and against its own committed metrics`() throws {
    let shop = try shop("{audit: none, better_than: none}")
    let itself = try gate(shop, exits: 0, "--against", "results/shop")
    #expect(itself.check("no_worse_than.results/shop")?.sentence.contains("itself") == true)
    let git = "git -c user.name=a -c user.email=a@example.org"
    let commit = try shop.shell(
      "git init -q -b main && git add results/shop/metrics.json "
        + "results/shop/feature_importance.csv && \(git) commit -qm metrics")
    try #require(commit.end == .exit(0), "\(commit)")
    let committed = try gate(shop, exits: 1, "--against", "git:main:shop")
    let check = try #require(committed.check("no_worse_than.git:main:shop"))
    #expect(check.outcome == "inconclusive")
    #expect(check.sentence.contains("own intervals"), "\(check)")
  }

  @Test func `a worse model fails against a better one, and the better one passes`() throws {
    let shop = try shop(nil, project: "{audit: none, better_than: none}")
    try shop.writeSpec(
      ["name: shop\n": "name: blind\n", "features: [account, visits]": "features: [region]"],
      to: "blind.yaml")
    try shop.write(
      "blind.yaml", try shop.text("blind.yaml").replacing("segments: [region]", with: ""))
    let run = try shop.holdout("run", "blind.yaml", "--threads", "1")
    try #require(run.end == .exit(0), "\(run)")
    let worse = try shop.holdout(
      "gate", "blind.yaml", "--against", "shop", "--threads", "1", "--format", "json")
    #expect(worse.end == .exit(1), "\(worse)")
    #expect(worse.output.contains(#""outcome" : "fail""#))
    // The whole interval lies beyond the margin, and the sentence does not say less than that.
    #expect(worse.output.contains(": a loss of more than 0.005 is significant\""), "\(worse)")
    let better = try gate(shop, exits: 0, "--against", "blind")
    #expect(better.verdict == "better")
    #expect(better.check("no_worse_than.blind")?.outcome == "pass")
  }

  @Test func `caveats and thin evidence fail, unless the gates let them pass`() throws {
    let shop = try shop(
      "{audit: none, better_than: none}",
      [
        "train: 12, calibrate: 2, test: 3": "train: 12, calibrate: 2, test: 3, embargo: none",
        "intervals: {resamples: 50}": "intervals: {resamples: 50}\n  min_positives: 100000",
      ])
    try shop.runs()
    let strict = try gate(shop, exits: 1)
    #expect(strict.check("caveats")?.sentence.contains("overlapping windows") == true)
    #expect(
      strict.checks.filter { $0.outcome == "fail" }.map(\.name) == ["evidence", "caveats"])
    let spec = try shop.text("shop.yaml")
    try shop.write(
      "shop.yaml",
      spec.replacing(
        "gates: {audit: none, better_than: none}",
        with: "gates: {audit: none, better_than: none, evidence: any, caveats: allowed}"))
    let loose = try gate(shop, exits: 0)
    #expect(loose.loosened.count == 4, "\(loose.loosened)")
    #expect(loose.check("caveats")?.sentence.contains("overlapping windows") == true)
  }

  @Test func `levels of segments are compared where the gates ask for it`() throws {
    let quiet = "audit: none, better_than: none"
    let shop = try shop(nil, project: "{\(quiet), segments: {alike: [region, territory]}}")
    let spec = try shop.text("shop.yaml")
    // The project names a segment that this spec does not have.
    let project = try gate(shop, exits: 1)
    let missing = try #require(project.check("segments.territory"))
    #expect(missing.outcome == "inconclusive" && missing.origin == "holdout.yaml")
    #expect(missing.sentence.contains("add it to `evaluation.segments`"), "\(missing)")
    let known = try #require(project.check("segments.region"))
    // A p-value of nearly 1 is demanded, and any difference counts.
    try shop.write(
      "shop.yaml",
      spec + "gates: {segments: {alike: [region], smallest_p: 0.999, largest_ratio: 1}}\n")
    let strict = try gate(shop, exits: 1)
    #expect(strict.checks.filter { $0.outcome == "fail" }.map(\.name) == ["segments.region"])
    #expect(strict.check("segments.region")?.sentence.hasPrefix(known.sentence.prefix(8)) == true)
    #expect(
      strict.loosened == [
        "the spec compares the levels of `region`, and holdout.yaml those of `region` and `territory`"
      ])
    try shop.write("shop.yaml", spec + "gates: {segments: {alike: none}}\n")
    #expect(try !gate(shop, exits: 0).checks.contains { $0.name.hasPrefix("segments") })
    // A run of a version without curves.
    try shop.write("shop.yaml", spec + "gates: {segments: {alike: all}}\n")
    let edited = try shop.shell(
      """
      cd results/shop/runs/2* && sed -i '/"curves.json"/d' run.json && \
      s=$(grep -v record_sha256 run.json | sha256sum | cut -c-64) && \
      sed -i 's/record_sha256.*/record_sha256" : "'$s'",/' run.json
      """)
    try #require(edited.end == .exit(0), "\(edited)")
    let old = try #require(try gate(shop, exits: 1).check("segments.region"))
    #expect(old.outcome == "inconclusive" && old.sentence.contains("holdout run --fresh"), "\(old)")
  }

  @Test func `what cannot be judged is refused with exit code 2`() throws {
    let shop = try shop("{audit: none, better_than: none}")
    // Another version of the spec than the run's.
    let text = try shop.text("shop.yaml")
    try shop.write("shop.yaml", text.replacing("num_leaves: 7", with: "num_leaves: 8"))
    let changed = try shop.holdout("gate", "shop.yaml")
    #expect(changed.end == .exit(2), "\(changed)")
    #expect(changed.output.contains("shop: REFUSED, could not be evaluated: H603"), "\(changed)")
    // No run at all, beside one that passes: all are told of.
    try shop.write("shop.yaml", text)
    try shop.write("other.yaml", text.replacing("name: shop", with: "name: other"))
    let both = try shop.holdout("gate", "shop.yaml", "other.yaml", "--format", "markdown")
    #expect(both.end == .exit(2), "\(both)")
    #expect(both.output.hasPrefix("## Gates: 1 refused, 1 pass\n"), "\(both)")
    // A spec that is none.
    try shop.write("other.yaml", text.replacing("audit: none", with: "audit: maybe"))
    let bad = try shop.holdout("gate", "other.yaml")
    #expect(bad.end == .exit(2))
    #expect(bad.findings.map(\.id) == ["H213"])
    // Another question than that of what it is held against.
    try shop.write(
      "other.yaml",
      text.replacing("name: shop", with: "name: other").replacing(
        "horizon: 3 months", with: "horizon: 2 months"))
    let run = try shop.holdout("run", "other.yaml", "--threads", "1")
    try #require(run.end == .exit(0), "\(run)")
    let question = try shop.holdout("gate", "shop.yaml", "--against", "other")
    #expect(question.refuses("H606", "answers another question", "--as NAME"), "\(question)")
    #expect(!question.errors.contains("--overlap"))
  }

  @Test func `an audit is made once, kept with its run, and survives the run's repetition`() throws
  {
    let shop = try shop("{better_than: none}")
    #expect(try gate(shop, exits: 0).check("audit")?.outcome == "pass")
    let path = "results/shop/runs/\(try shop.runId())/audit.json"
    // It holds how long each check took, so that one that is made again has other bytes.
    let words = try shop.text(path)
    #expect(try gate(shop, exits: 0).check("audit")?.outcome == "pass")
    #expect(try shop.text(path) == words)
    // A repeated run keeps it, also where its spec.yaml has other gates by now.
    try shop.runs()
    try shop.write("shop.yaml", Shop.spec + "gates: {better_than: none, minimum: {roc_auc: 0.5}}\n")
    try shop.runs()
    #expect(try gate(shop, exits: 0).check("audit")?.outcome == "pass")
    #expect(try shop.text(path) == words)
    // One that somebody has changed is made again.
    let first = try #require(words.range(of: "\"verdict\" : \"pass\""))
    try shop.write(path, words.replacingCharacters(in: first, with: "\"verdict\" : \"fail\""))
    #expect(try gate(shop, exits: 0).check("audit")?.outcome == "pass")
    #expect(try shop.text(path).contains("\"verdict\" : \"fail\"") == false)
  }

  @Test func `the page goes to a file, beside the Markdown, and nothing is printed`() throws {
    let shop = try shop("{audit: none, better_than: none, minimum: {roc_auc: 0.99}}")
    for format in ["text", "json", "markdown", "html"] {
      let printed = try shop.holdout("gate", "shop.yaml", "--format", format)
      let file = try shop.holdout(
        "gate", "shop.yaml", "--format", format, "--out", "page", "--markdown", "gate.md")
      #expect(file.end == .exit(1) && file.output.isEmpty, "\(file)")
      let isMarked = ["markdown", "html"].contains(format)
      let mark = "<!-- written by holdout, which may replace this file -->\n"
      #expect(try shop.text("page") == (isMarked ? mark : "") + printed.output)
      #expect(try shop.text("gate.md").hasPrefix(mark + "## Gates: fail\n"))
      try shop.remove("page")
    }
    let html = try shop.holdout("gate", "shop.yaml", "--format", "html").output
    #expect(html.hasPrefix("<!doctype html>\n") && html.contains(">Gates: fail</h1>"))
    #expect(html.contains("<figcaption><strong>Checks of shop with a limit</strong>"))
    // A file of somebody else stays, before anything is checked.
    try shop.write("mine.html", "mine\n")
    let refused = try shop.holdout(
      "gate", "shop.yaml", "--format", "html", "--out", "mine.html", "--markdown", "other.md")
    #expect(refused.refuses("H713", "`mine.html` is not replaced", "--force"), "\(refused)")
    #expect(!shop.exists("other.md"))
  }

  @Test func `annotations stand at the gates, and the summary is added to`() throws {
    let shop = try shop("{audit: none, better_than: none, minimum: {roc_auc: 0.99}}")
    try shop.write("summary.md", "before\n")
    let result = try shop.holdout(
      "gate", "shop.yaml", "--format", "github", "--markdown", "gate.md",
      environment: ["GITHUB_STEP_SUMMARY": "\(shop.folder)/summary.md"])
    #expect(result.end == .exit(1), "\(result)")
    let line = try shop.text("shop.yaml").split(separator: "\n", omittingEmptySubsequences: false)
      .firstIndex { $0.hasPrefix("gates:") }
    #expect(
      result.output.hasPrefix(
        "::error file=shop.yaml,line=\((line ?? 0) + 1),col=1,endColumn=6,title=gate fail%3A shop::"
      ),
      "\(result)")
    #expect(result.output.filter { $0 == "\n" }.count == 1)
    let summary = try shop.text("summary.md")
    // The file's first line is Holdout's mark.
    let page = try shop.text("gate.md").split(separator: "\n", maxSplits: 1)
    #expect(summary == "before\n" + page[1])
    #expect(summary.contains("| **fail** | `shop` |"), "\(summary)")
  }
}
