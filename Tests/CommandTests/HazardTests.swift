import Foundation
import HoldoutTestSupport
import Testing

/// Every hazard of the data is shown by the check that is made for it, and by no other; what audits
/// find is in `AuditCommandTests`.
@Suite struct HazardTests {
  @Test(arguments: HazardCase.all)
  func `a careless spec gets the one finding, and an honest one for the same data none`(
    _ hazard: HazardCase
  ) throws {
    let project = try TestProject()
    if !hazard.data.isEmpty { try project.changeData(hazard.data) }
    try project.writeSpec(hazard.careless)
    let careless = try Program.run(
      [hazard.command, "shop.yaml"] + hazard.overrides, in: project.folder)
    #expect(careless.findings.map(\.id) == [hazard.finding], "\(careless)")
    let finding = try #require(careless.findings.first)
    #expect(careless.end == .exit(finding.isError ? 2 : 0), "\(careless)")
    #expect(finding.underlined == hazard.underlined, "\(careless)")

    // Without changes the honest spec is the shop as it is, which the next test looks at.
    if hazard.data.isEmpty, hazard.honest.isEmpty { return }
    try project.writeSpec(hazard.honest)
    let honest = try project.holdout(hazard.command, "shop.yaml")
    #expect(honest.end == .exit(0), "\(honest)")
    #expect(honest.findings.isEmpty, "\(honest)")
  }

  /// The audit of the shop as it is passes every check in `AuditCommandTests`.
  @Test(arguments: ["check", "plan", "run"])
  func `the shop as it is has no findings`(_ command: String) throws {
    let result = try TestProject().holdout(command, "shop.yaml")
    #expect(result.end == .exit(0), "\(result)")
    #expect(result.findings.isEmpty, "\(result)")
    #expect(!result.output.contains("!!"), "\(result)")
  }

  @Test func `accounts scored before their creation are rows more, and the run says so`() throws {
    let project = try TestProject()
    let everybody = "\n    - flag: history.is_active"
    try project.writeSpec([everybody: ""])
    #expect(!(try project.runs().output.contains("!!")))
    let honest = try project.metrics()
    try project.writeSpec([everybody: "", "    created: created_on\n": ""])
    let careless = try project.runs()
    #expect(
      careless.output.contains(
        "\n!! no creation: every entity is taken to exist at every cutoff, also before its creation\n"
      ))
    let metrics = try project.metrics()
    #expect(metrics["caveats.without_creation"] == 1)
    // The early cutoffs lie in the years of the creations: many accounts are yet to come.
    #expect((metrics["rows.train"] ?? 0) > 2 * (honest["rows.train"] ?? .infinity))
  }

  @Test func `ids with .0 in another table change no number`() throws {
    let project = try TestProject(withResults: true)
    let before = try project.data("results/shop/metrics.json")
    try project.changeData(
      "UPDATE visits SET id = ' ' || id || '.0' WHERE hash(id || kind || visited_on) % 3 = 0;")
    #expect(try project.runs().findings.isEmpty)
    #expect(try project.data("results/shop/metrics.json") == before)
  }

  @Test func `almost no buyers are insufficient evidence, and no finding`() throws {
    let project = try TestProject()
    try project.changeData(
      "UPDATE customers SET first_licence = NULL WHERE hash(id || 'few') % 120 > 0;")
    let result = try project.runs()
    #expect(result.findings.isEmpty, "\(result)")
    let caveats = result.output.split(separator: "\n").filter { $0.hasPrefix("!!") }
    let buyers = try #require(try project.metrics()["positive_entities.test"])
    #expect(buyers > 0 && buyers < 5)
    #expect(
      caveats == ["!! insufficient evidence: \(Int(buyers)) distinct buyers in test, 20 are needed"]
    )
    #expect(try project.metrics()["evidence.sufficient"] == 0)
  }

  // MARK: - Seasons

  /// Four of five purchases of the first seven months do not happen.
  private static let seasons = """
    UPDATE customers SET first_licence = NULL
    WHERE month(first_licence) < 8 AND hash(id || 'season') % 5 > 0;
    """

  @Test func `no check is made for seasons: a calibrator of the low one misses the high one`()
    throws
  {
    let name = "interval.observed_over_expected"
    let honest = try TestProject(withResults: true).metrics()
    #expect(try #require(honest["test.\(name).low"]) < 1)
    #expect(try #require(honest["test.\(name).high"]) > 1)

    let project = try TestProject()
    try project.changeData(Self.seasons)
    // Calibrated on windows from April to July, judged on windows from August to December.
    #expect(try project.runs().findings.isEmpty)
    let metrics = try project.metrics()
    #expect(try #require(metrics["test.\(name).low"]) > 4)
    for cutoff in metrics.keys(below: "test.cutoffs") {
      #expect(try #require(metrics["test.cutoffs.\(cutoff).observed_over_expected"]) > 4)
    }
    let audit = try AuditCommandTests.audit(project, ["--format", "json", "--threads", "1"])
    #expect(
      try AuditCommandTests.Report(audit).ids("pass") == Set(AuditCommandTests.ids), "\(audit)")
  }

  /// A model that knows the month ranks cutoffs, and not accounts; an audit shows it, too
  /// (`AuditCase`, `label_permutation`).
  @Test func `over a year seasons even out, show by cutoff, and are no merit of a calendar`() throws
  {
    let project = try TestProject()
    try project.changeData(Self.seasons)
    func year() throws -> MetricsFile {
      try project.runs("cutoffs.calibrate=12", "cutoffs.test=12")
      return try project.metrics()
    }
    func lift(_ metrics: MetricsFile) throws -> Double {
      try #require(metrics["test.pooled.roc_auc"]) - #require(metrics["test.mean.roc_auc"])
    }
    let metrics = try year()
    #expect(try #require(metrics["test.interval.observed_over_expected.low"]) < 1)
    #expect(try #require(metrics["test.interval.observed_over_expected.high"]) > 1)
    let byCutoff = try metrics.keys(below: "test.cutoffs").map {
      try #require(metrics["test.cutoffs.\($0).observed_over_expected"])
    }
    #expect(byCutoff.count == 12)
    #expect(try #require(byCutoff.min()) < 0.5)
    #expect(try #require(byCutoff.max()) > 1.5)
    #expect(abs(try lift(metrics)) < 0.01)

    let size = "- size: {value: customers.size}"
    try project.writeSpec([size: "\(size)\n    - month: {sql: \"month(cutoff)\"}"])
    #expect(try lift(year()) > 0.05)
  }

  // MARK: - The page

  private static let page = "\(Repository.folder)/docs/hazards.md"

  /// With HOLDOUT_RECORD=1 the table on the page is written again instead of compared.
  @Test func `the page lists every hazard with what it is caught by`() throws {
    var rows: [String] = []
    for hazard in Hazard.allCases {
      var caught = HazardCase.all.filter { $0.hazard == hazard }.map {
        "\($0.leak) | `\($0.command)`: [\($0.finding)](findings.md#\($0.finding))"
      }
      caught += AuditCase.leaks.filter { $0.hazards.contains(hazard) }.map {
        let checks = $0.failing.sorted().map { "`\($0)`" }.joined(separator: ", ")
        return "\($0.testDescription) | `audit`: \(checks)"
      }
      #expect(!caught.isEmpty, "\(hazard) is caught by nothing")
      for (index, text) in caught.enumerated() {
        rows.append("| \(index == 0 ? hazard.rawValue : "") | \(text) |\n")
      }
    }
    let table = "| hazard | how a spec falls for it | caught by |\n|---|---|---|\n" + rows.joined()
    var text = try String(contentsOfFile: Self.page, encoding: .utf8)
    let recorded = try #require(text.firstMatch(of: #/\| hazard \|.*\n(\|.*\n)+/#))
    if ProcessInfo.processInfo.environment["HOLDOUT_RECORD"] != nil {
      text.replaceSubrange(recorded.range, with: table)
      try Data(text.utf8).write(to: URL(filePath: Self.page))
    } else {
      #expect(recorded.output.0 == table, "record it again with HOLDOUT_RECORD=1")
    }
  }
}
