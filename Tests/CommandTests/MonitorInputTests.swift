import HoldoutTestSupport
import Testing

/// Lists and data that a monitor must not take for ordinary ones: it says so.
@Suite struct MonitorInputTests {
  private typealias Monitor = MonitorCommandTests.Monitor

  private static func monitor(
    _ project: TestProject, _ arguments: [String] = []
  ) throws -> Monitor {
    try Monitor(try MonitorCommandTests.monitor(project, arguments))
  }

  /// The page, whose notes the document does not have.
  private static func page(_ project: TestProject, _ arguments: [String] = []) throws -> String {
    let result = try Program.run(
      ["monitor", "shop", "--every", "tuesday", "--format", "markdown", "--threads", "1"]
        + arguments, in: project.folder)
    try #require(result.end == .exit(0), "\(result)")
    return result.output
  }

  @Test func `without a champion, and with one week, nothing can be compared`() throws {
    let project = try ScoringProject.make()
    let early = try MonitorCommandTests.monitor(project, ["--data-through", "2020-10-02"])
    #expect(early.end == .exit(2) && early.output.isEmpty, "\(early)")
    #expect(early.findings.last?.id == "H680", "\(early)")
    let absent = try project.holdout("monitor", "other")
    #expect(absent.end == .exit(2) && absent.errors.contains("other"), "\(absent)")
  }

  @Test func `without a list, the champion scores every week`() throws {
    let project = try ScoringProject.make()
    #expect(try Self.page(project).contains("no list has been published"))
    #expect(try Self.monitor(project).outcome?.weeks.allSatisfy { !$0.isPublished } == true)
  }

  @Test func `a week without a list is scored as of its day, beside those that were published`()
    throws
  {
    let project = try ScoringProject.make()
    for day in ["2024-12-03", "2024-12-17"] {
      try ScoringProject.score(project, "--cutoff", day)
    }
    let weeks = try #require(try Self.monitor(project).outcome).weeks
    #expect(weeks.filter(\.isPublished).map(\.list) == ["2024-12-03", "2024-12-17"])
    let missing = try #require(weeks.first { $0.list == "2024-12-10" })
    #expect(!missing.isPublished && missing.until == "2024-12-17")
    #expect(zip(weeks, weeks.dropFirst()).allSatisfy { $0.until == $1.list })
    let page = try Self.page(project)
    #expect(!page.contains("no list has been published"))
    #expect(
      page.contains("no list was published for the weeks of 2024-12-10 and 2024-12-24;"), "\(page)")
  }

  @Test func `a list of the top rows is no cohort, so the cohort is scored again`() throws {
    let project = try ScoringProject.make()
    try ScoringProject.score(project, "--cutoff", "2024-12-03")
    let whole = try #require(try Self.monitor(project).outcome).weeks
    try ScoringProject.score(project, "--cutoff", "2024-12-03", "--top-k", "5")
    let weeks = try #require(try Self.monitor(project).outcome).weeks
    let week = try #require(weeks.first { $0.list == "2024-12-03" })
    #expect(!week.isPublished)
    // The same model gives the same scores again.
    let before = try #require(whole.first { $0.list == "2024-12-03" })
    #expect(before.isPublished && before.observed == week.observed)
    #expect(abs(before.expected - week.expected) < 1e-9)
    #expect(try Self.page(project).contains("1 published list does not have all of the cohort"))
  }

  @Test func `lists of two models are compared each with its own scores`() throws {
    let project = try ScoringProject.make()
    let old = try project.runId()
    try ScoringProject.score(project, "--cutoff", "2024-12-03")
    let before = try #require(try Self.monitor(project).outcome)
    try project.write(
      "experiments/shop.yaml",
      (Shop.spec + ScoringProject.score).replacing("num_leaves: 7", with: "num_leaves: 3"))
    let run = try project.holdout("run", "experiments/shop.yaml", "--threads", "1")
    try #require(run.end == .exit(0), "\(run)")
    let new = try #require(project.runIds().first { $0 != old })
    try PromoteCommandTests.promote(project, new)
    try ScoringProject.score(project, "--cutoff", "2024-12-10")
    let found = try Self.monitor(project)
    let weeks = try #require(found.outcome).weeks
    let published = weeks.filter(\.isPublished)
    #expect(published.map(\.list) == ["2024-12-03", "2024-12-10"])
    #expect(published.map(\.runIds) == [[old], [new]])
    // How early purchases happen is estimated by the new scores, but the list's are the old ones.
    let own = try #require(before.weeks.first { $0.list == "2024-12-03" })
    #expect(abs(published[0].expected / own.expected - 1) < 0.2)
    #expect(weeks.filter { !$0.isPublished }.allSatisfy { $0.runIds == [new] })
    // The profile of the first list is counted in the cells of the old model.
    #expect(found.inputs.storedWeeks == 1)
    #expect(
      try Self.page(project).contains("another model made the lists: \(new) from 2024-12-10 on"))
  }

  @Test func `a week that has not ended does not count, and the report says when it does`() throws {
    let project = try ScoringProject.make()
    let through = ["--data-through", "2024-12-26"]
    let found = try Self.monitor(project, through)
    #expect(found.weeks.last == "2024-12-24")
    #expect(found.outcome?.weeks.last?.until == "2024-12-24")
    let page = try Self.page(project, through)
    #expect(
      page.contains("purchases after the list of 2024-12-24 are complete on 2024-12-31"), "\(page)")
  }

  @Test func `levels that no train row had are an alarm of their own kind`() throws {
    let project = try ScoringProject.make()
    try MonitorCommandTests.renameNorth(project, to: "Nowhere")
    let found = try Self.monitor(project)
    let message = try #require(found.alarms.first { $0.message.contains("`region`") }).message
    #expect(message.contains("levels that no train row had"), "\(message)")
    let region = try #require(found.inputs.features.first { $0.feature == "region" })
    let moved = try #require(region.moved.last ?? nil)
    #expect(region.unseen > 0.1 && abs(region.unseen - moved) < 0.02)
  }
}
