import Foundation
import Glibc
import HoldoutTestSupport
import Testing

/// `holdout retrain` fits the champion's recipe on newer data, once to be judged and once to score.
@Suite struct RetrainCommandTests {
  /// Through which the first champion's data reach, and those of the months after it.
  static let (before, after) = ("2024-06-30", "2024-09-30")
  static let refitFiles = [
    "calibrator.json", "category_levels.json", "model.txt", "run.json", "spec.yaml",
  ]

  /// Customers who are never in the cohort, so that their source does not fall silent in summer.
  static let newcomers = """
    INSERT INTO customers SELECT 'N' || n, DATE '2024-07-01' + CAST(n AS INTEGER), NULL, NULL, 1,
      'prospect' FROM range(184) AS numbers(n);
    """

  /// A shop whose champion knows nothing after `before`.
  static func project(
    gates: String = PromoteCommandTests.gates, _ overrides: String...
  ) throws -> (project: TestProject, champion: String) {
    let project = try TestProject()
    try project.changeData(Self.newcomers)
    try project.write("holdout.yaml", Shop.project + gates)
    let run =
      ["run", "shop.yaml", "name=shop", "--threads", "1", "data_through=\(before)"] + overrides
    let result = try Program.run(run, in: project.folder)
    try #require(result.end == .exit(0), "\(result)")
    let champion = try project.runId()
    try PromoteCommandTests.promote(project, champion)
    return (project, champion)
  }

  static func retrain(_ project: TestProject, _ arguments: String...) throws -> ProgramResult {
    try Program.run(
      ["retrain", "shop", "--threads", "1", "--by", "ada"] + arguments, in: project.folder)
  }

  /// The id of the run that a retraining has added.
  static func added(_ project: TestProject, beside known: String...) throws -> String {
    let new = project.runIds().filter { !known.contains($0) }
    try #require(new.count == 1, "\(new)")
    return new[0]
  }

  /// The days of the cutoffs of a role in a run.json.
  static func days(_ project: TestProject, _ file: String, _ role: String) throws -> [String] {
    struct Record: Decodable {
      struct Entry: Decodable { let date, role: String }
      let cutoffs: [Entry]
    }
    return try JSONDecoder().decode(Record.self, from: project.data(file)).cutoffs
      .filter { $0.role == role }.map(\.date)
  }

  @Test func `the recipe is rolled forward, fitted twice and promoted`() throws {
    let (project, champion) = try Self.project()
    let result = try Self.retrain(project, "--data-through", Self.after, "--reason", "monthly")
    try #require(result.end == .exit(0), "\(result)")
    let id = try Self.added(project, beside: champion)
    #expect(id.hasPrefix(Self.after))
    for words in [
      "shop: retrained on data through 2024-09-30\n", "run \(champion), data through 2024-06-30",
      "test 3 (2024-04-30 to 2024-06-30)", "calibrate 2 (2024-05-31 to 2024-06-30): all mature",
      "of the backtest: isotonic", "of the refit: isotonic", "shop: promoted to run \(id)\n",
      "replaces  run \(champion)", "retrained on data through 2024-09-30; monthly",
    ] { #expect(result.output.contains(words), "\(words)\n\(result)") }
    let run = "results/shop/runs/\(id)"
    #expect(project.names(in: "\(run)/refit") == Self.refitFiles)
    for place in ["models/shop", "models/shop/versions/\(id)"] {
      for file in Self.refitFiles {
        #expect(try project.data("\(place)/refit/\(file)") == project.data("\(run)/refit/\(file)"))
      }
      #expect(try project.data("\(place)/model.txt") == project.data("\(run)/model.txt"))
    }
    let record = try #require(try PromoteCommandTests.lines(project).last)
    #expect(record.contains(#""refit/model.txt":"#) && !record.contains(#""override":"#))
    let verified = try project.holdout("verify")
    #expect(verified.end == .exit(0) && verified.errors.isEmpty, "\(verified)")
    // The backtest is fitted as if its test cutoffs were the future; the refit is not.
    let labels = try Self.days(project, "\(run)/run.json", "calibrate")
    let later = try Self.days(project, "\(run)/refit/run.json", "calibrate")
    #expect(labels == ["2023-12-31", "2024-01-31"])
    #expect(later == ["2024-05-31", "2024-06-30"])
    #expect(try Self.days(project, "\(run)/refit/run.json", "test").isEmpty)
    #expect(try Self.days(project, "\(run)/refit/run.json", "train").last == "2024-02-29")
    #expect(
      try project.data("\(run)/calibrator.json") != project.data("\(run)/refit/calibrator.json"))
    // A model that was retrained is a champion like others: the next one is held against its backtest.
    let next = try Self.retrain(project, "--data-through", "2024-10-31")
    #expect(next.end == .exit(0), "\(next)")
    #expect(next.output.contains("replaces  run \(id)"), "\(next)")
    let back = try project.holdout("rollback", "shop", "--to", champion, "--reason", "x")
    #expect(back.end == .exit(0), "\(back)")
    #expect(!project.exists("models/shop/refit"))
    #expect(try project.holdout("verify").errors.isEmpty)
  }

  @Test func `the backtest is what an ordinary run writes, and keeps its refit`() throws {
    let (project, champion) = try Self.project()
    #expect(try Self.retrain(project, "--data-through", Self.after).end == .exit(0))
    let id = try Self.added(project, beside: champion)
    let retrained = project.contents(of: "results/shop/runs/\(id)")
    let metrics = try project.data("results/shop/metrics.json")
    // The same spec with other gates has the same run, which then is written again around its refit.
    try project.runs("data_through=\(Self.after)", "gates={evidence: any}")
    let again = project.contents(of: "results/shop/runs/\(id)")
    #expect(Set(again.keys) == Set(retrained.keys))
    for (file, content) in retrained where !["run.json", "spec.yaml"].contains(file) {
      guard file != "refit/spec.yaml" else { continue }
      #expect(again[file] == content, "\(file)")
    }
    #expect(again["refit/spec.yaml"] == again["spec.yaml"])
    #expect(try project.data("results/shop/metrics.json") == metrics)
    try project.remove("results/shop")
    try project.runs("data_through=\(Self.after)")
    let ordinary = project.contents(of: "results/shop/runs/\(id)")
    for (file, content) in ordinary where file != "run.json" {
      #expect(retrained[file] == content, "\(file)")
    }
  }

  @Test func `the refit is what a run with the same train and calibrate cutoffs fits`() throws {
    let (project, champion) = try Self.project()
    #expect(try Self.retrain(project, "--data-through", Self.after).end == .exit(0))
    let refit = "results/shop/runs/\(try Self.added(project, beside: champion))/refit"
    // With one test cutoff three months on, behind the embargo, the same cutoffs come before it.
    try project.writeSpec(["name: shop": "name: by_hand", "test: 3": "test: 1"], to: "hand.yaml")
    let run = try project.holdout("run", "hand.yaml", "name=by_hand", "data_through=2024-12-31")
    try #require(run.end == .exit(0), "\(run)")
    let hand = "results/by_hand/runs/\(try project.runId(of: "by_hand"))"
    for role in ["train", "calibrate"] {
      #expect(
        try Self.days(project, "\(hand)/run.json", role)
          == Self.days(project, "\(refit)/run.json", role))
    }
    for file in ["model.txt", "calibrator.json", "category_levels.json"] {
      #expect(try project.data("\(hand)/\(file)") == project.data("\(refit)/\(file)"), "\(file)")
    }
  }

  @Test(arguments: [
    ["calibration.fit=cross_fit"], ["calibration.method=none"],
    ["calibration.fit=test", "cutoffs.embargo=none"],
  ])
  func `without calibrate cutoffs the refit reaches the latest mature one`(
    _ calibration: [String]
  ) throws {
    let project = try TestProject()
    try project.changeData(Self.newcomers)
    try project.write("holdout.yaml", Shop.project + PromoteCommandTests.gates)
    let run = try Program.run(
      ["run", "shop.yaml", "name=shop", "data_through=\(Self.before)", "cutoffs.calibrate=0"]
        + calibration,
      in: project.folder)
    try #require(run.end == .exit(0), "\(run)")
    let champion = try project.runId()
    try PromoteCommandTests.promote(project, champion)
    let result = try Self.retrain(project, "--data-through", Self.after, "--promote", "never")
    let isOnTest = calibration[0].hasSuffix("test")
    // A model that was calibrated on its test rows has seen those that it is to be held against.
    #expect(result.end == .exit(isOnTest ? 2 : 0), "\(result)")
    #expect(result.errors.contains(" is kept in results/shop/runs/") == isOnTest)
    let refit = "results/shop/runs/\(try Self.added(project, beside: champion))/refit/run.json"
    let last = try Self.days(project, refit, isOnTest ? "calibrate" : "train")
    #expect(last.last == "2024-06-30")
    #expect(last.count == (isOnTest ? 3 : 12))
    #expect(try Self.days(project, refit, "test").isEmpty)
  }

  @Test func `gates that do not pass leave a challenger, and say how to promote it`() throws {
    let (project, champion) = try Self.project(
      gates: "gates: {audit: none, evidence: any, better_than: none, minimum: {roc_auc: 0.999}}\n")
    let registry = try project.data(PromoteCommandTests.registry)
    let models = project.contents(of: "models")
    let result = try Self.retrain(project, "--data-through", Self.after)
    #expect(result.end == .exit(1), "\(result)")
    let id = try Self.added(project, beside: champion)
    #expect(result.output.contains("shop: run \(id) stays a challenger\n"), "\(result)")
    #expect(result.output.contains("minimum.roc_auc: "), "\(result)")
    let byHand = "holdout promote \(id) --as shop --override \"why\""
    #expect(result.output.contains(byHand), "\(result)")
    #expect(try project.data(PromoteCommandTests.registry) == registry)
    #expect(project.contents(of: "models") == models)
    let never = try Self.retrain(project, "--data-through", Self.after, "--promote", "never")
    #expect(never.end == .exit(0), "\(never)")
    #expect(never.output.contains("--promote is never"), "\(never)")
    let unless = try Self.retrain(project, "--data-through", Self.after, "--promote", "unless_fail")
    #expect(unless.end == .exit(1), "\(unless)")
    // What would score has to be what was fitted.
    for file in Self.refitFiles {
      let path = "results/shop/runs/\(id)/refit/\(file)"
      let content = try project.data(path)
      try project.write(path, String(decoding: content, as: UTF8.self) + "\n")
      let damaged = try project.holdout("promote", id, "--as", "shop", "--override", "why")
      #expect(damaged.refuses("H660", path), "\(damaged)")
      try content.write(to: URL(filePath: "\(project.folder)/\(path)"))
    }
    let forced = try project.holdout("promote", id, "--as", "shop", "--override", "why")
    #expect(forced.end == .exit(0), "\(forced)")
    #expect(project.names(in: "models/shop/refit") == Self.refitFiles)
  }

  @Test func `what the data do not tell is promoted by policy, and the record says so`() throws {
    // No loss of a millionth can be ruled out; a worse model would fail.
    let (project, champion) = try Self.project(
      gates:
        "gates: {audit: none, evidence: any, better_than: none, metric: roc_auc, smallest_effect: 0.000001}\n"
    )
    let first = try Self.retrain(project, "--data-through", Self.after)
    try #require(first.end == .exit(1), "\(first)")
    #expect(first.output.contains("inconclusive"), "\(first)")
    let result = try Self.retrain(
      project, "--data-through", Self.after, "--promote", "unless_fail")
    #expect(result.end == .exit(0), "\(result)")
    #expect(result.output.contains("inconclusive, overridden"), "\(result)")
    let record = try #require(try PromoteCommandTests.lines(project).last)
    #expect(record.contains("--promote is unless_fail, and no gate fails"), "\(record)")
    #expect(try project.holdout("history").output.contains("\(champion)"))
  }

  @Test func `where nothing newer is mature nothing is written`() throws {
    let (project, _) = try Self.project()
    let contents = project.contents(of: "results")
    for day in ["2024-07-30", Self.before, "2024-03-31"] {
      let result = try Self.retrain(project, "--data-through", day)
      #expect(result.end == .exit(0), "\(result)")
      #expect(result.output.hasPrefix("shop: nothing newer is mature: the next cutoff 2024-"))
    }
    let result = try Self.retrain(project, "--data-through", "2024-07-30")
    #expect(
      result.output
        == "shop: nothing newer is mature: the next cutoff 2024-04-30 matures on 2024-07-31\n")
    #expect(project.contents(of: "results") == contents)
    let dry = try Self.retrain(project, "--data-through", Self.after, "--dry-run")
    #expect(dry.end == .exit(0), "\(dry)")
    #expect(dry.output.contains("refit        train 12 (2023-03-31 to 2024-02-29), calibrate 2 "))
    #expect(project.contents(of: "results") == contents)
  }

  @Test func `a timeline that ends where its spec says is not rolled`() throws {
    let (project, _) = try Self.project("cutoffs.last=2024-03-31")
    let result = try Self.retrain(project, "--data-through", Self.after)
    #expect(result.end == .exit(0), "\(result)")
    let words = "`cutoffs.last` of its spec is fixed at 2024-03-31"
    #expect(result.output.contains(words), "\(result)")
  }

  @Test func `the day comes from the spec in the project, where that is the champion's`() throws {
    let (project, champion) = try Self.project()
    let without = try Self.retrain(project)
    #expect(without.refuses("H840", "`experiments/shop.yaml`", "--data-through"), "\(without)")
    try project.makeFolder("experiments")
    let path = "experiments/shop.yaml"
    try project.writeSpec(["data_through: 2024-12-31": "data_through: 2024-06-30"], to: path)
    #expect(try Self.retrain(project).refuses("H840", "says 2024-06-30"))
    let changes = ["data_through: 2024-12-31": "data_through: 2024-09-30"]
    try project.writeSpec(changes.merging(["train: 12": "train: 11"]) { $1 }, to: path)
    #expect(try Self.retrain(project).refuses("H840", "no longer the champion's spec"))
    let dry = try Self.retrain(project, "--data-through", Self.after, "--dry-run")
    #expect(dry.end == .exit(0) && dry.findings.map(\.id) == ["H842"], "\(dry)")
    #expect(dry.output.contains("train 12 "), "\(dry)")
    // Its gates count all the same; they are no part of the recipe.
    let spec = changes.merging(["name: shop": "gates: {minimum: {roc_auc: 0.999}}\nname: shop"]) {
      $1
    }
    try project.writeSpec(spec, to: path)
    let result = try Self.retrain(project)
    #expect(result.end == .exit(1), "\(result)")
    #expect(result.output.contains("minimum.roc_auc"), "\(result)")
    let id = try Self.added(project, beside: champion)
    #expect(id.hasPrefix(Self.after))
  }

  @Test func `the spec in the project says whether a retrained model goes into production`() throws
  {
    let (project, champion) = try Self.project()
    try project.makeFolder("experiments")
    // Whether or not it is still the champion's recipe.
    try project.writeSpec(
      ["train: 12": "train: 11", "name: shop": "retrain: {promote: never}\nname: shop"],
      to: "experiments/shop.yaml")
    let registry = try project.data(PromoteCommandTests.registry)
    let result = try Self.retrain(project, "--data-through", Self.after)
    #expect(result.end == .exit(0), "\(result)")
    #expect(result.output.contains("retrain.promote is never"), "\(result)")
    #expect(try project.data(PromoteCommandTests.registry) == registry)
    // What is typed counts for more.
    let typed = try Self.retrain(project, "--data-through", Self.after, "--promote", "pass")
    #expect(typed.end == .exit(0), "\(typed)")
    #expect(typed.output.contains("replaces  run \(champion)"), "\(typed)")
  }

  @Test func `two retrainings at once promote one run, once`() throws {
    let (project, champion) = try Self.project()
    let both = try (0..<2).map { _ in
      try project.start("retrain", "shop", "--threads", "1", "--data-through", Self.after)
    }
    for running in both {
      let result = try running.wait()
      #expect(result.end == .exit(0), "\(result)")
    }
    let id = try Self.added(project, beside: champion)
    let records = try PromoteCommandTests.lines(project)
    #expect(records.count == 2, "\(records)")
    #expect(records.last?.contains(id) == true)
    let verified = try project.holdout("verify")
    #expect(verified.end == .exit(0) && verified.errors.isEmpty, "\(verified)")
  }

  @Test func `a source with a day of its own has to reach it`() throws {
    let project = try TestProject()
    try project.write("holdout.yaml", Shop.project + PromoteCommandTests.gates)
    try project.writeSpec([
      "    created: created_on\n": "    created: created_on\n    data_through: 2024-06-30\n"
    ])
    try project.runs()
    try PromoteCommandTests.promote(project, try project.runId())
    let result = try Self.retrain(project, "--data-through", "2025-01-31")
    #expect(result.refuses("H841", "2024-06-30", "2025-01-31"), "\(result)")
  }

  @Test func `a champion that was tampered with is not retrained`() throws {
    let (project, champion) = try Self.project()
    let file = "models/shop/versions/\(champion)/spec.yaml"
    try project.write(file, try project.text(file) + "\n")
    let before = project.contents(of: "results")
    let result = try Self.retrain(project, "--data-through", Self.after)
    #expect(result.refuses("H632", "`\(file)`"), "\(result)")
    #expect(project.contents(of: "results") == before)
    let absent = try project.holdout("retrain", "other", "--data-through", Self.after)
    #expect(absent.refuses("H640", "`other`", "`shop`"), "\(absent)")
  }

  @Test func `one flipped byte in a promoted refit is named`() throws {
    let (project, champion) = try Self.project()
    try #require(try Self.retrain(project, "--data-through", Self.after).end == .exit(0))
    let id = try Self.added(project, beside: champion)
    for place in ["models/shop", "models/shop/versions/\(id)"] {
      let file = "\(place)/refit/model.txt"
      let whole = try project.data(file)
      var bytes = whole
      bytes[bytes.count / 2] ^= 1
      try bytes.write(to: URL(filePath: "\(project.folder)/\(file)"))
      #expect(try project.holdout("verify").refuses("H632", "`\(file)`"))
      #expect(try project.holdout("compare", "champion", "shop").refuses("H632", "`\(file)`"))
      try whole.write(to: URL(filePath: "\(project.folder)/\(file)"))
    }
    #expect(try project.holdout("verify").end == .exit(0))
  }

  @Test(arguments: ["building the panel", "refitting", "writing results"])
  func `kill -9 leaves champion and results whole, and the next retraining works`(
    _ stage: String
  ) throws {
    let (project, champion) = try Self.project("model.params.num_iterations=200")
    let before = project.contents(of: "results")
    let models = project.contents(of: "models")
    var stopped = 0
    for _ in 0..<3 {
      let running = try project.start(
        "retrain", "shop", "--threads", "1", "--data-through", Self.after)
      if running.wait(until: { $0.errors.contains("shop: \(stage)") }) { running.send(SIGKILL) }
      let result = try running.wait()
      guard result.end == .signal(SIGKILL) else { break }
      stopped += 1
      #expect(project.contents(of: "models") == models)
      let runs = project.runIds().filter { !$0.hasPrefix(".") && $0 != champion }
      if runs.isEmpty {
        let kept = project.contents(of: "results").filter { before.keys.contains($0.key) }
        #expect(kept == before)
      }
      // A run that is there has all its files.
      for run in runs {
        let files = (TestProject.runFiles + ["refit"]).sorted()
        #expect(project.names(in: "results/shop/runs/\(run)") == files)
        #expect(project.names(in: "results/shop/runs/\(run)/refit") == Self.refitFiles)
      }
    }
    #expect(stopped > 0, "the retraining was always done before the signal came")
    if stopped > 0 {
      let result = try Self.retrain(project, "--data-through", Self.after)
      #expect(result.end == .exit(0), "\(result)")
      #expect(!project.runIds().contains { $0.hasPrefix(".") })
    }
  }
}
