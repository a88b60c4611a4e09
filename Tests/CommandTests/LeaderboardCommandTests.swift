import Foundation
import HoldoutTestSupport
import Testing

@Suite struct LeaderboardCommandTests {
  struct Board: Decodable {
    struct Entry: Decodable {
      let rank: Int?
      let name: String
      let runId: String?
      let value: Double?
      let low: Double?
      let reasons: [String]
    }

    struct Optimism: Decodable {
      let best: String
      let names: [String]
      let value: Double
      let optimism: Double
      let corrected: Double
    }

    struct Question: Decodable {
      let question: String
      let entries: [Entry]
      let optimism: Optimism?
    }

    let metric: String
    let notes: [String]
    let questions: [Question]

    init(_ result: ProgramResult) throws {
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      self = try decoder.decode(Board.self, from: Data(result.output.utf8))
    }
  }

  private func board(_ project: ComparisonProject, _ arguments: String...) throws -> Board {
    let result = try Program.run(
      ["leaderboard", "--format", "json", "--resamples", "100"] + arguments,
      in: project.project.folder)
    try #require(result.end == .exit(0), "\(result)")
    return try Board(result)
  }

  @Test func `runs of one question are sorted, the best first, with its optimism`() throws {
    let project = try ComparisonProject()
    let question = try #require(try board(project).questions.first)
    let values = question.entries.compactMap(\.value)
    #expect(question.entries.map(\.rank) == [1, 2] && values == values.sorted(by: >))
    #expect(question.question.hasPrefix("customers.first_licence within 3 months, test cutoffs "))
    let optimism = try #require(question.optimism)
    #expect(optimism.best == question.entries[0].name && optimism.optimism >= 0)
    #expect(abs(optimism.value - optimism.optimism - optimism.corrected) < 1e-12)
    // Less is better of a loss.
    let losses = try board(project, "--metric", "log_loss").questions[0].entries.compactMap(\.value)
    #expect(losses == losses.sorted())
  }

  @Test func `other questions have tables of their own, doubtful runs no rank`() throws {
    let project = try ComparisonProject()
    try project.addOther()
    try project.addFew()
    let board = try board(project)
    #expect(board.questions.map { $0.entries.map(\.name) }.map(Set.init).count == 2)
    let few = try #require(
      board.questions.flatMap(\.entries).first { $0.name == "few" })
    #expect(few.rank == nil && few.reasons == ["insufficient evidence"])
    let text = try project.project.holdout("leaderboard", "--resamples", "50").output
    let line = try #require(text.range(of: "\n-----"))
    #expect(try #require(text.range(of: "\n   -  few")).lowerBound > line.lowerBound)
    #expect(text.contains("selection bias"))
    let markdown = try project.project.holdout("leaderboard", "--format", "markdown").output
    #expect(markdown.contains("| ---: | --- | --- | ---: |"))
    let html = try project.project.holdout("leaderboard", "--format", "html").output
    #expect(
      html.hasPrefix("<!doctype html>\n") && html.contains("<h1 id=\"leaderboard-by-roc-auc\">"))
    let file = try project.project.holdout(
      "leaderboard", "--format", "html", "--out", "board.html")
    #expect(file.end == .exit(0) && file.output.isEmpty)
    #expect(try project.project.text("board.html").hasSuffix("-->\n" + html))
  }

  @Test func `the gates say what is sorted by, unless the option does`() throws {
    let project = try ComparisonProject()
    #expect(try board(project).metric == "roc_auc" && board(project).notes.isEmpty)
    try project.project.write(
      "holdout.yaml", Shop.project + "gates: {metric: pr_auc, smallest_effect: 0.01}\n")
    let common = try board(project)
    #expect(common.metric == "pr_auc")
    #expect(common.notes == ["sorted by pr_auc, as the gates of holdout.yaml say"])
    let option = try board(project, "--metric", "brier")
    #expect(option.metric == "brier" && option.notes.isEmpty)
    // The specs of both runs agree on another one.
    func give(_ metric: String, to name: String) throws {
      let result = try project.project.holdout(
        "run", "\(name).yaml", "--threads", "1",
        "gates={metric: \(metric), smallest_effect: 0.01}")
      try #require(result.end == .exit(0), "\(result)")
    }
    for name in ["shop", "small"] { try give("log_loss", to: name) }
    let agreed = try board(project)
    #expect(agreed.metric == "log_loss")
    #expect(agreed.notes == ["sorted by log_loss, as the gates of the specs say"])
    try give("brier", to: "small")
    let torn = try board(project)
    #expect(torn.metric == "pr_auc")
    #expect(
      torn.notes.first == "the gates of the specs compare by brier and log_loss; --metric chooses")
  }

  @Test func `results with metrics only are listed with their question`() throws {
    let project = try ComparisonProject()
    try project.removeRuns(of: "small")
    let questions = try board(project).questions
    #expect(questions.count == 1 && questions[0].entries.count == 2)
    #expect(questions[0].entries.first { $0.name == "small" }?.runId == nil)
    #expect(questions[0].optimism == nil)
  }

  @Test func `results that cannot be read do not hide the others`() throws {
    let project = try ComparisonProject()
    try project.project.write("\(try project.run("small"))/run.json", "{")
    let result = try project.project.holdout("leaderboard")
    #expect(result.refuses("H600", "run.json"), "\(result)")
    #expect(result.output.contains("   1  shop "), "\(result)")
    let empty = try TestProject().holdout("leaderboard")
    #expect(empty.refuses("H612"), "\(empty)")
  }
}
