import Foundation
import HoldoutTestSupport
import Testing

@Suite struct TuneCommandTests {
  /// A model that has learned its rows by heart, so that there is something to find.
  private static let overfit = [
    "class_weight: balanced": "class_weight: none",
    "{num_iterations: 10, num_leaves: 7, learning_rate: 0.2}":
      "{num_iterations: 60, num_leaves: 40, eta: 0.4}",
  ]

  private func project() throws -> TestProject {
    let project = try TestProject()
    try project.writeSpec(Self.overfit)
    return project
  }

  private func journal(_ project: TestProject) throws -> String {
    let searches = project.names(in: "results/shop/tune")
    try #require(searches.count == 1, "\(searches)")
    return "results/shop/tune/\(searches[0])/trials.jsonl"
  }

  private func lines(_ project: TestProject) throws -> [String] {
    let text = String(decoding: try project.data(try journal(project)), as: UTF8.self)
    return text.split(separator: "\n").map(String.init)
  }

  @discardableResult
  private func tuned(_ project: TestProject, _ arguments: String...) throws -> ProgramResult {
    let result = try Program.run(["tune", "shop.yaml"] + arguments, in: project.folder)
    try #require(result.end == .exit(0), "\(result)")
    return result
  }

  @Test func `the journal is the same bytes for any number of threads`() throws {
    let (alone, side) = (try project(), try project())
    let first = try tuned(alone, "--trials", "17", "--threads", "1", "--format", "json")
    let second = try tuned(side, "--trials", "17", "--threads", "3", "--format", "json")
    let lines = try lines(alone)
    #expect(lines.count == 17)
    #expect(try lines == self.lines(side))
    #expect(lines[0].contains(#""origin":"spec""#) && lines[1].contains(#""origin":"defaults""#))
    #expect(lines[2..<12].allSatisfy { $0.contains(#""origin":"sobol""#) })
    #expect(lines[12...].allSatisfy { $0.contains(#""origin":"improvement""#) })
    #expect(Set(lines).count == 17)
    #expect(first.output == second.output)
  }

  @Test func `it goes on after a kill and with more trials`() throws {
    let (whole, parts) = (try project(), try project())
    try tuned(whole, "--trials", "15")
    let all = try lines(whole)
    try tuned(parts, "--trials", "6")
    #expect(try lines(parts) == Array(all.prefix(6)))
    try tuned(parts, "--trials", "14")
    // A line that was written in part, and one whose file of losses is damaged.
    let path = try journal(parts)
    let bytes = try parts.data(path)
    try parts.write(path, String(decoding: bytes.dropLast(40), as: UTF8.self))
    try tuned(parts, "--trials", "15")
    #expect(try lines(parts) == all)
    let losses = path.replacing("trials.jsonl", with: "losses/9.f64")
    try parts.write(losses, "short")
    try tuned(parts, "--trials", "15")
    #expect(try lines(parts) == all)
    // Asked for fewer, it reports fewer and removes none.
    let fewer = try tuned(parts, "--trials", "5", "--format", "json")
    #expect(try Document(fewer).trials.count == 5)
    #expect(try lines(parts) == all)
  }

  struct Document: Decodable {
    struct Trial: Decodable {
      let number: Int
      let loss: Double
      let losses: [Double]
    }

    let trials: [Trial]
    let best: Int
    let chosen: Int?
    let isWorthIt: Bool
    let stop: String
    let parameters: [String: String]?

    init(_ result: ProgramResult) throws {
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      self = try decoder.decode(Document.self, from: Data(result.output.utf8))
    }
  }

  @Test func `a choice is written as a spec that runs, and nothing else is promoted`() throws {
    let project = try project()
    let result = try tuned(project, "--trials", "12")
    #expect(result.output.contains("is better than the spec"), "\(result)")
    #expect(result.errors.contains("tuned spec:  shop_tuned.yaml"))
    let text = String(decoding: try project.data("shop_tuned.yaml"), as: UTF8.self)
    #expect(text.contains("extends: shop.yaml\n") && text.contains("name: shop_tuned\n"))
    // Under the name that the spec has for it.
    #expect(text.contains("    eta: ") && !text.contains("learning_rate"))
    #expect(text.hasPrefix("# Trial "))
    let run = try project.holdout("run", "shop.yaml", "shop_tuned.yaml")
    try #require(run.end == .exit(0), "\(run)")
    let (own, other) = (try project.metrics(of: "shop_tuned"), try project.metrics())
    #expect(
      try #require(own["test.pooled.log_loss"]) < (try #require(other["test.pooled.log_loss"])))
    #expect(project.names(in: ".").contains("models") == false)
    // The same again replaces it; a changed one is kept.
    try tuned(project, "--trials", "13")
    try project.write("shop_tuned.yaml", text + "# mine\n")
    let refused = try project.holdout("tune", "shop.yaml", "--trials", "12")
    #expect(refused.end == .exit(2) && refused.errors.contains("error[H542]"), "\(refused)")
    try tuned(project, "--trials", "12", "--force")
    #expect(String(decoding: try project.data("shop_tuned.yaml"), as: UTF8.self) == text)
  }

  @Test func `the losses of folds are those of their models, weighted`() throws {
    let project = try project()
    let document = try Document(try tuned(project, "--trials", "3", "--format", "json"))
    for trial in document.trials {
      #expect(trial.losses.count == 5)
      let (least, most) = (trial.losses.min() ?? 0, trial.losses.max() ?? 0)
      #expect(trial.loss > least && trial.loss < most)
    }
    // The model that has learned its rows by heart is worse than the defaults.
    #expect(document.trials[0].loss > document.trials[1].loss)
  }

  @Test func `calibrate and test cutoffs change nothing`() throws {
    let project = try project()
    try tuned(project, "--trials", "5")
    let before = try lines(project)
    // Without its folder, nothing shows that the tuned spec is of a search.
    try project.remove("results")
    try project.changeData(
      "UPDATE customers SET first_licence = NULL WHERE first_licence > DATE '2024-03-31';")
    try tuned(project, "--trials", "5", "--force")
    #expect(try lines(project) == before)
    // Labels of train cutoffs do.
    try project.remove("results")
    try project.changeData(
      "UPDATE customers SET first_licence = NULL WHERE first_licence > DATE '2023-08-31';")
    try tuned(project, "--trials", "5", "--force")
    #expect(try lines(project) != before)
  }

  @Test func `a range and a judge can be given`() throws {
    let project = try project()
    let result = try tuned(
      project, "--trials", "6", "--over", "model.params.num_leaves=2..8", "--judge", "time",
      "--format", "json")
    let document = try Document(result)
    #expect(document.trials.allSatisfy { $0.losses.count == 1 })
    let lines = try lines(project)
    #expect(lines.allSatisfy { $0.contains(#""values":{"num_leaves":"#) }, "\(lines)")
  }

  @Test func `class weights are taken out of the probabilities that are judged`() throws {
    let project = try project()
    let plain = try Document(try tuned(project, "--trials", "1", "--format", "json"))
    try project.remove("results")
    try project.writeSpec(
      Self.overfit.merging(["class_weight: balanced": "class_weight: 20"]) { $1 })
    let weighted = try Document(try tuned(project, "--trials", "1", "--format", "json"))
    // With weights left in, the log loss would be several times as large.
    #expect(weighted.trials[0].loss < 1.5 * plain.trials[0].loss)
  }

  @Test func `a spec with too few positives is refused`() throws {
    let project = try TestProject()
    try project.writeSpec(["train: 12": "train: 1", "horizon: 3 months": "horizon: 1 month"])
    let result = try project.holdout("tune", "shop.yaml")
    #expect(result.end == .exit(2) && result.errors.contains("error[H540]"), "\(result)")
    #expect(!project.names(in: "results/shop").contains("tune"))
  }

  @Test func `the page has the trials in every format`() throws {
    let project = try project()
    let text = try tuned(project, "--trials", "12").output
    #expect(text.contains("Best trials") && text.contains("Importance of parameters"))
    let markdown = try tuned(project, "--trials", "12", "--format", "markdown").output
    #expect(markdown.contains("# Tuning of shop\n") && markdown.contains("| trial |"))
    let html = try tuned(project, "--trials", "12", "--format", "html").output
    #expect(html.contains("<svg") && html.contains("Parameters of the trials"))
  }
}
