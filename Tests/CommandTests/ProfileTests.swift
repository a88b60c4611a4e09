import Foundation
import HoldoutTestSupport
import Testing

/// The profiles that scoring stores, and the monitor's weeks that they stand for.
@Suite struct ProfileTests {
  private struct Profile: Decodable {
    struct Feature: Decodable {
      let cells: [Int]
      let missing: Int
      let other: Int
      let unseen: Int

      var rows: Int { cells.reduce(missing + other + unseen, +) }
    }

    let cutoff: String
    let rows: Int
    let features: [Feature]
  }

  private struct Stored: Decodable {
    let value: Profile
  }

  private static let folder = "results/shop/profiles"

  private static func profile(_ project: TestProject, _ day: String) throws -> Profile {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Stored.self, from: try project.data("\(folder)/\(day).json")).value
  }

  /// The files of profiles; the name of a model's cells is shortened.
  private static func files(_ project: TestProject) -> [String] {
    project.names(in: folder).map { $0.hasPrefix("cells-") ? "cells" : $0 }
  }

  private static func monitor(
    _ project: TestProject, _ arguments: [String] = []
  ) throws -> MonitorCommandTests.Monitor {
    try MonitorCommandTests.Monitor(try MonitorCommandTests.monitor(project, arguments))
  }

  @Test func `a list of a few rows has the profile of its whole cohort`() throws {
    let project = try ScoringProject.make()
    try ScoringProject.score(project, "--cutoff", "2024-12-24", "--top-k", "5")
    #expect(Self.files(project) == ["2024-12-24.json", "cells"])
    let profile = try Self.profile(project, "2024-12-24")
    let cohort = try project.scalar(
      "SELECT count(*) FROM \(MonitorCommandTests.cohort("2024-12-24"))")
    #expect("\(profile.rows)" == cohort && profile.cutoff == "2024-12-24")
    #expect(!profile.features.isEmpty && profile.features.allSatisfy { $0.rows == profile.rows })
    // The second list is counted while it is made, the first was counted after it.
    let first = try project.text("\(Self.folder)/2024-12-24.json")
    let rows = try ScoringProject.table(project, "SELECT * EXCLUDE (scored_at) FROM lists")
    try ScoringProject.score(project, "--cutoff", "2024-12-24", "--top-k", "5")
    #expect(try project.text("\(Self.folder)/2024-12-24.json") == first)
    #expect(try ScoringProject.table(project, "SELECT * EXCLUDE (scored_at) FROM lists") == rows)
  }

  @Test func `a trial and a list made with hindsight have no profile`() throws {
    let project = try ScoringProject.make()
    try ScoringProject.score(project, "--dry-run")
    let result = try project.holdout(
      "backfill", "shop", "--from", "2023-06-06", "--to", "2023-06-06", "--threads", "1",
      "--allow-silent-sources")
    #expect(result.findings.contains { $0.id == "H823" }, "\(result)")
    #expect(!project.exists(Self.folder))
    let honest = try project.holdout(
      "backfill", "shop", "--from", "2024-12-17", "--to", "2024-12-24", "--threads", "1",
      "--allow-silent-sources")
    #expect(honest.end == .exit(0), "\(honest)")
    #expect(Self.files(project) == ["2024-12-17.json", "2024-12-24.json", "cells"])
  }

  @Test func `without corrections, stored weeks give what the history gives`() throws {
    let project = try ScoringProject.make()
    let before = try MonitorCommandTests.monitor(project)
    try ScoringProject.score(project)
    let after = try MonitorCommandTests.monitor(project)
    #expect(try MonitorCommandTests.Monitor(after).inputs.storedWeeks == 1)
    // The outcome may differ: it now has a published list.
    func inputs(_ result: ProgramResult) throws -> NSDictionary {
      let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
      let all = try #require(object as? [String: Any])
      var inputs = try #require(all["inputs"] as? [String: Any])
      inputs["stored_weeks"] = nil
      return inputs as NSDictionary
    }
    #expect(try inputs(after) == inputs(before))
  }

  @Test func `a later correction of the history changes no stored week, and is named`() throws {
    let project = try ScoringProject.make()
    let days = ["2024-12-17", "2024-12-24"]
    for day in days { try ScoringProject.score(project, "--cutoff", day) }
    let shares = try days.map { day in
      let share = try project.scalar(
        """
        SELECT count_if(history.region = 'North') / count(*)
        FROM \(MonitorCommandTests.cohort(day)) AS cohort
        JOIN 'data/history.parquet' AS history ON history.id = cohort.id
          AND valid_from <= DATE '\(day)' AND coalesce(valid_to > DATE '\(day)', true)
        """)
      return try #require(Double(share ?? ""))
    }
    try project.changeData("UPDATE history SET region = 'South' WHERE region = 'North';")
    let found = try Self.monitor(project)
    #expect(found.inputs.storedWeeks == 2)
    let correction = try #require(found.inputs.corrections.first)
    #expect(found.inputs.corrections.map(\.feature) == ["region"])
    #expect(abs(correction.share - (shares.max() ?? 0)) < 1e-12, "\(correction) \(shares)")
    #expect(days.contains(correction.week))
    // The first list after the correction has other regions than the list before it.
    let alarm = try #require(found.inputs.alarms.last { $0.feature == "region" })
    #expect(alarm.week == "2024-12-31" && alarm.since == "2024-12-24")
    let page = try project.holdout(
      "monitor", "shop", "--every", "tuesday", "--threads", "1", "--format", "markdown")
    #expect(page.output.contains("the history was corrected since lists were made"), "\(page)")
    #expect(page.output.contains("2 weeks as stored with their lists, 29 from the history"))
  }

  @Test func `a damaged profile is reported, and its week is counted again`() throws {
    let project = try ScoringProject.make()
    try ScoringProject.score(project)
    let path = "\(Self.folder)/2024-12-31.json"
    let whole = try project.text(path)
    let cells = "\(Self.folder)/\(project.names(in: Self.folder).last ?? "")"
    let wholeCells = try project.text(cells)
    for text in [
      "", "{}", "[1]", String(whole.prefix(200)),
      whole.replacing(#/"missing":\d+/#) { _ in "\"missing\":-1" },
      whole.replacing(#/"rows":\d+/#) { _ in "\"rows\":7" },
      whole.replacing("2024-12-31", with: "2024-12-24"),
      // One row in the next cell: these counts would be possible.
      whole.replacing(#/"cells":\[(\d+),([1-9]\d*)/#) {
        "\"cells\":[\((Int($0.1) ?? 0) + 1),\((Int($0.2) ?? 0) - 1)"
      },
    ] {
      try project.write(path, text)
      let result = try MonitorCommandTests.monitor(project)
      #expect(result.findings.contains { $0.id == "H688" && !$0.isError }, "\(text.prefix(60))")
      #expect(try MonitorCommandTests.Monitor(result).inputs.storedWeeks == 0)
    }
    try project.write(path, whole)
    for text in [
      wholeCells.replacing("\"region\"", with: "\"reg\""),
      wholeCells.replacing(#/"maximum":(\d+)/#) { "\"maximum\":\($0.1)1" },
    ] {
      try project.write(cells, text)
      let result = try MonitorCommandTests.monitor(project)
      #expect(result.findings.contains { $0.id == "H688" }, "\(result)")
    }
    // Scoring repairs both.
    let scored = try ScoringProject.score(project)
    #expect(scored.findings.contains { $0.id == "H688" }, "\(scored)")
    #expect(try project.text(cells) == wholeCells)
    #expect(try Self.monitor(project).inputs.storedWeeks == 1)
  }

  @Test func `profiles of the last 104 lists are kept, and only theirs are removed`() throws {
    let project = try ScoringProject.make()
    for month in 1...9 {
      for day in 10..<22 { try project.write("\(Self.folder)/2020-0\(month)-\(day).json", "{}") }
    }
    try project.write("\(Self.folder)/notes.json", "{}")
    try ScoringProject.score(project)
    let days = Self.files(project).filter { $0.hasPrefix("20") }
    #expect(days.count == 104 && days.first == "2020-01-15.json", "\(days)")
    #expect(days.last == "2024-12-31.json")
    #expect(Self.files(project).suffix(2) == ["cells", "notes.json"])
  }

  @Test func `a profile that cannot be written is a warning, and the list is published`() throws {
    let project = try ScoringProject.make()
    try project.write(Self.folder, "a file")
    let result = try ScoringProject.score(project)
    #expect(result.findings.contains { $0.id == "H689" && !$0.isError }, "\(result)")
    #expect(project.names(in: "lists") == ["shop_2024-12-31.parquet"])
    try project.remove(Self.folder)
    try project.makeFolder("elsewhere")
    _ = try project.shell("ln -s ../../elsewhere \(Self.folder)")
    let linked = try ScoringProject.score(project)
    #expect(linked.findings.contains { $0.id == "H689" }, "\(linked)")
    #expect(project.names(in: "elsewhere").isEmpty, "a link was followed")
  }
}
