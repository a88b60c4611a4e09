import Foundation
import HoldoutTestSupport
import Testing

/// `holdout monitor` on the shop, compared with SQL over the shop's own tables.
@Suite struct MonitorCommandTests {
  struct Monitor: Decodable {
    struct Alarm: Decodable {
      let id: String
      let message: String
    }

    struct InputAlarm: Decodable {
      let week: String
      let since: String
      let feature: String
      let measure: String
      let rows: Int
    }

    struct Correction: Decodable {
      let feature: String
      let week: String
      let share: Double
    }

    struct Feature: Decodable {
      let feature: String
      let moved: [Double?]
      let unseen: Double
    }

    struct Inputs: Decodable {
      let features: [Feature]
      let storedWeeks: Int
      let corrections: [Correction]
      let testedFrom: String?
      let alarms: [InputAlarm]
    }

    struct Group: Decodable {
      let column: String
      let group: String
      let rows: Int
    }

    struct List: Decodable {
      let expected: Double
      let expectedBefore: Double
      let moved: Double
      let entered: Double
      let left: Double
      let groups: [Group]
    }

    struct Week: Decodable {
      let list: String
      let until: String
      let observed: Int
      let expected: Double
      let runIds: [String]
      let isPublished: Bool
    }

    struct Outcome: Decodable {
      let weeks: [Week]
      let weekly: Double
    }

    struct Estimate: Decodable {
      let rows: Int
      let expected: Double
      let low: Int
      let high: Int
    }

    let weeks: [String]
    let alarmedLayers: [String]
    let alarms: [Alarm]
    let inputs: Inputs
    let list: List
    let outcome: Outcome?
    let estimate: [Estimate]?

    init(_ result: ProgramResult, exit: Int32 = 0) throws {
      try #require(result.end == .exit(exit), "\(result)")
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      self = try decoder.decode(Monitor.self, from: Data(result.output.utf8))
    }
  }

  static func monitor(
    _ project: TestProject, _ arguments: [String] = [], threads: Int = 1
  ) throws -> ProgramResult {
    try Program.run(
      ["monitor", "shop", "--every", "tuesday", "--format", "json", "--threads", "\(threads)"]
        + arguments, in: project.folder)
  }

  /// The cohort of a day, by SQL.
  static func cohort(_ day: String) -> String {
    """
    (SELECT customers.* FROM 'data/customers.parquet' AS customers
     WHERE created_on <= DATE '\(day)' AND coalesce(first_licence > DATE '\(day)', true)
       AND EXISTS (FROM 'data/history.parquet' AS history WHERE history.id = customers.id
         AND is_active AND valid_from <= DATE '\(day)'
         AND coalesce(valid_to > DATE '\(day)', true)))
    """
  }

  private func number(_ project: TestProject, _ query: String) throws -> Int {
    try #require(Int(try project.rows("SELECT \(query)")[0][0]))
  }

  @Test func `weeks, purchases, and groups are those that SQL finds in the data`() throws {
    let project = try ScoringProject.make()
    let files = try project.shell("find . -type f | sort").output
    let found = try Monitor(try Self.monitor(project))
    #expect(found.weeks.count == 31 && found.weeks.last == "2024-12-31")
    #expect(found.weeks.first == "2024-06-04")
    let last = try number(project, "count(*) FROM \(Self.cohort("2024-12-31"))")
    #expect(found.estimate?.first?.rows == last)
    #expect(found.list.groups.reduce(0) { $0 + $1.rows } == last)
    #expect(Set(found.list.groups.map(\.column)) == ["region"])
    #expect(
      abs(
        found.list.moved + found.list.entered - found.list.left
          - (found.list.expected - found.list.expectedBefore)) < 1e-9)
    let outcome = try #require(found.outcome)
    #expect(!outcome.weeks.isEmpty && outcome.weeks.allSatisfy { !$0.isPublished })
    var observed = 0
    for week in outcome.weeks {
      let bought = try number(
        project,
        "count_if(first_licence <= DATE '\(week.until)') FROM \(Self.cohort(week.list))")
      #expect(week.observed == bought, "\(week.list)")
      observed += bought
    }
    #expect(observed > 10)
    for (week, next) in zip(outcome.weeks, outcome.weeks.dropFirst()) {
      #expect(week.until == next.list)
    }
    #expect(try project.shell("find . -type f | sort").output == files, "a file was written")
    #expect(try Self.monitor(project).output == Self.monitor(project, threads: 3).output)
  }

  /// Gives the region North another name from 2024-12-28 on, in the last of the weeks.
  static func renameNorth(_ project: TestProject, to name: String = "South") throws {
    let change = """
      COPY (
        SELECT * REPLACE (least(coalesce(valid_to, DATE '2024-12-28'), DATE '2024-12-28') AS valid_to)
        FROM 'data/history.parquet' WHERE valid_from < DATE '2024-12-28'
        UNION ALL
        SELECT * REPLACE (greatest(valid_from, DATE '2024-12-28') AS valid_from,
          if(region = 'North', '\(name)', region) AS region)
        FROM 'data/history.parquet' WHERE coalesce(valid_to > DATE '2024-12-28', true)
      ) TO 'changed.parquet' (FORMAT parquet)
      """
    try project.write("change.sql", change)
    let changed = try project.holdout("sql", "change.sql")
    try #require(changed.end == .exit(0), "\(changed)")
    _ = try project.shell("mv changed.parquet data/history.parquet")
  }

  @Test func `a region that is renamed in the last week is an alarm with its flows`() throws {
    let project = try ScoringProject.make()
    try Self.renameNorth(project)
    let found = try Monitor(try Self.monitor(project, ["--fail-on", "inputs"]), exit: 1)
    #expect(found.alarmedLayers.contains("inputs"))
    let alarm = try #require(found.inputs.alarms.first { $0.feature == "region" })
    #expect(alarm.week == "2024-12-31" && alarm.measure == "moved")
    let message = try #require(found.alarms.first { $0.message.contains("`region`") })
    #expect(message.id == "H681")
    #expect(message.message.contains("from `North` to `South`"), "\(message.message)")
    // Without the layer, the alarm is only reported.
    #expect(try Self.monitor(project, ["--fail-on", "outcome"]).end == .exit(0))
  }

  // MARK: - The command of an alarm

  @Test func `the command of an alarm gets the document, once, after the report`() throws {
    let project = try ScoringProject.make()
    let command = "cat >> told.json; echo called >> calls; echo silent"
    let quiet = try Self.monitor(project, ["--on-alarm", command])
    #expect(quiet.end == .exit(0))
    #expect(!FileManager.default.fileExists(atPath: project.path("calls")), "without an alarm")
    try Self.renameNorth(project)
    let loud = try Self.monitor(project, ["--on-alarm", command])
    _ = try Monitor(loud)
    #expect(try project.text("calls") == "called\n")
    #expect(try project.text("told.json") == loud.output, "or its words are in the report")
    // The alarm is of the inputs, not of the outcome.
    let other = try Self.monitor(project, ["--on-alarm", command, "--fail-on", "outcome"])
    #expect(other.end == .exit(0), "\(other)")
    #expect(try project.text("calls") == "called\n")
    let own = try Self.monitor(project, ["--on-alarm", command, "--fail-on", "inputs"])
    #expect(own.end == .exit(1), "\(own)")
    #expect(try project.text("calls") == "called\ncalled\n")
    let known = try Monitor(own, exit: 1)
    for layer in known.alarmedLayers {
      let result = try project.holdout(
        "monitor", "shop", "--acknowledge", "\(layer):2024-12-31", "--reason", "a new name")
      try #require(result.end == .exit(0), "\(result)")
    }
    #expect(try Self.monitor(project, ["--on-alarm", command]).end == .exit(0))
    #expect(try project.text("calls") == "called\ncalled\n", "although it is acknowledged")
  }

  @Test func `a command that fails, hangs, or reads nothing does not lose the report`() throws {
    let project = try ScoringProject.make()
    try Self.renameNorth(project)
    let failed = try Self.monitor(
      project, ["--on-alarm", "echo first >&2; echo 'no route' >&2; exit 3", "--fail-on", "inputs"])
    _ = try Monitor(failed, exit: 2)
    #expect(failed.findings.last?.id == "H687", "\(failed)")
    #expect(failed.errors.contains("failed with exit code 3"), "\(failed)")
    #expect(failed.errors.contains("it wrote: no route"), "\(failed)")
    let absent = try Self.monitor(project, ["--on-alarm", "no-such-program-here"])
    #expect(absent.end == .exit(2) && absent.errors.contains("exit code 127"), "\(absent)")
    let endless = try Self.monitor(project, ["--on-alarm", "sleep 600", "--alarm-wait", "0.3"])
    _ = try Monitor(endless, exit: 2)
    #expect(endless.errors.contains("was stopped after 0.3 seconds"), "\(endless)")
    _ = try Monitor(try Self.monitor(project, ["--on-alarm", "true"]))
  }

  // MARK: - Purchases

  @Test func `purchases that stop are an alarm`() throws {
    let project = try ScoringProject.make()
    try project.write(
      "change.sql",
      """
      ATTACH 'data/shop.duckdb' AS shop;
      UPDATE shop.customers SET first_licence = NULL WHERE first_licence > DATE '2024-08-15';
      DETACH shop;
      """)
    let changed = try project.holdout("sql", "change.sql")
    try #require(changed.end == .exit(0), "\(changed)")
    let found = try Monitor(try Self.monitor(project, ["--fail-on", "outcome"]), exit: 1)
    #expect(found.alarms.contains { $0.id == "H683" && $0.message.hasPrefix("fewer ") })
  }

  @Test func `the page is text, Markdown, and HTML`() throws {
    let project = try ScoringProject.make()
    for (format, start) in [
      ("text", "shop: "), ("markdown", "# Monitor of shop"), ("html", "<!doctype html>"),
    ] {
      let result = try project.holdout(
        "monitor", "shop", "--format", format, "--threads", "1")
      #expect(result.end == .exit(0), "\(result)")
      #expect(result.output.hasPrefix(start), "\(result.output.prefix(200))")
      for heading in ["inputs", "list", "outcome", "estimate"] {
        #expect(result.output.contains(heading))
      }
    }
  }
}
