import Diagnostics
import OrderedCollections
import Panel
import Spec
import Testing

@Suite("What a column may know, by small examples")
struct AsOfTests {
  /// A feature's values by key on a day.
  private func values(
    _ feature: String, on day: String, overlay: String = "", rows: [String: String] = [:],
    rules: String = ""
  ) throws -> [String: SlowValue] {
    let builder = try FindingBench.builder(
      """
      feature_sets: {more: [tried: \(feature)]}
      cohort: {where: [\(rules)]}
      \(overlay)
      """, rows: rows)
    let date = try #require(CalendarDate(day))
    let windows = LabelWindow(builder.spec.label, arithmetic: .endOfMonth)
    let block = try builder.block(
      Cutoff(date: date, role: .test, windowEnd: windows.end(date)))
    return PanelRows(block, builder, try builder.keys()).values("tried", of: builder)
  }

  @Test(
    "an event date is neither known nor present before its day",
    arguments: [
      ("{present: customers.bought}", SlowValue.number(0), SlowValue.number(1)),
      ("{happened: customers.bought}", .number(0), .number(1)),
      ("{days_since: customers.bought}", .null, .number(0)),
      ("{sql: \"customers.bought is null\", type: flag}", .number(1), .number(0)),
      ("{sql: \"datediff('day', customers.bought, cutoff)\"}", .null, .number(0)),
    ])
  func eventDate(_ feature: String, before: SlowValue, onTheDay: SlowValue) throws {
    #expect(try values(feature, on: "2024-11-04")["1"] == before)
    #expect(try values(feature, on: "2024-11-05")["1"] == onTheDay)
  }

  @Test("a rule on a date to come does not tell who it will come to")
  func ruleOnEventDate() throws {
    let rules = "{not: {present: customers.bought}}"
    #expect(try values("{value: customers.size}", on: "2024-11-04", rules: rules).count == 2)
    #expect(
      try values("{value: customers.size}", on: "2024-11-05", rules: rules).keys.sorted() == ["2"])
  }

  @Test(
    "a label window leaves out the cutoff's day and takes in its own last day",
    arguments: [
      ("customers.bought", "2024-11-05", [UInt8(0), 0]),
      ("customers.bought", "2024-11-04", [1, 0]),
      ("customers.bought", "2024-08-05", [1, 0]), ("customers.bought", "2024-08-04", [0, 0]),
      ("{source: calls}", "2020-05-01", [0, 0]), ("{source: calls}", "2020-04-30", [1, 0]),
      // Written down on 2020-05-02, which the label does not ask for.
      ("{source: calls}", "2020-02-01", [1, 0]), ("{source: calls}", "2020-01-31", [0]),
      ("{source: calls, where: \"kind = 'call'\"}", "2020-04-30", [1, 0]),
      ("{source: calls, where: \"kind = 'mail'\"}", "2020-04-30", [0, 0]),
    ])
  func labelWindow(_ event: String, _ day: String, _ labels: [UInt8]) throws {
    let builder = try FindingBench.builder("label: {event: \(event)}")
    let date = try #require(CalendarDate(day))
    let windows = LabelWindow(builder.spec.label, arithmetic: .endOfMonth)
    let cutoff = Cutoff(date: date, role: .test, windowEnd: windows.end(date))
    #expect(try builder.block(cutoff).labels == labels)
    let events = try builder.firstEvents(cutoff)
    #expect(events.allSatisfy { $0.day > date && $0.day <= cutoff.windowEnd })
    let positive = zip(try builder.block(cutoff).entities, labels).filter { $0.1 == 1 }.map(\.0)
    #expect(positive.allSatisfy { entity in events.contains { $0.entity == entity } })
    #expect(events.count == positive.count)
    guard event.hasPrefix("{") else { return }
    // Without the event instead of with it, every label is the other one.
    let absence = try FindingBench.builder("label: {event: null, absent: \(event)}")
    #expect(try absence.block(cutoff).labels == labels.map { 1 - $0 })
    let outcomes = try absence.outcomes(cutoff)
    let positives = outcomes.cohort.filter { outcomes.buyers.contains($0) }.count
    #expect(positives == labels.count { $0 == 0 })
  }

  @Test("with `among`, only entities with such a row in the window have a label, once it is over")
  func conditionalLabel() throws {
    let rows = """
      ('1', DATE '2020-05-01', DATE '2020-05-01', 'start', 1),
      ('1', DATE '2020-05-03', DATE '2020-05-03', 'dnf', 1),
      ('2', DATE '2020-06-01', DATE '2020-06-01', 'start', 1)
      """
    let builder = try FindingBench.builder(
      """
      label:
        event: {source: calls, where: "kind = 'dnf'"}
        among: {source: calls, where: "kind = 'start'"}
        horizon: 1 month
      """, rows: ["calls": rows])
    let keys = try builder.keys()
    func cutoff(_ day: String, _ role: Role) throws -> Cutoff {
      let date = try #require(CalendarDate(day))
      let windows = LabelWindow(builder.spec.label, arithmetic: .endOfMonth)
      return Cutoff(date: date, role: role, windowEnd: windows.end(date))
    }
    func block(_ day: String) throws -> String {
      let block = try builder.block(try cutoff(day, .test))
      let rows = zip(block.entities, block.labels).map { "\(keys[Int($0)])=\($1)" }
      return (rows + ["\(block.excluded ?? -1) left out"]).joined(separator: " ")
    }
    // The window (2020-04-30, 2020-05-31], then (2020-05-01, 2020-06-01] and (2020-05-31, 2020-06-30].
    #expect(try block("2020-04-30") == "1=1 1 left out")
    #expect(try block("2020-05-01") == "2=0 1 left out")
    #expect(try block("2020-05-31") == "2=0 1 left out")
    #expect(try block("2020-06-01") == "2 left out")
    let counts = try builder.counts(try cutoff("2020-04-30", .embargoed))
    #expect(counts.rows == 1 && counts.excluded == 1)
    let immature = try builder.block(try cutoff("2020-04-30", .immature))
    #expect(immature.rowCount == 2 && immature.labels.isEmpty && immature.excluded == nil)
    let outcomes = try builder.outcomes(try cutoff("2020-04-30", .unused))
    #expect(outcomes.cohort.count == 2)
    #expect(outcomes.among?.map { keys[Int($0)] } == ["1"])
  }

  @Test("of several events in the window, the first counts")
  func firstEvent() throws {
    let rows = """
      ('1', DATE '2020-05-01', DATE '2020-05-01', 'call', 1),
      ('1', DATE '2020-05-20', DATE '2020-05-20', 'call', 1),
      ('1', DATE '2020-05-03', DATE '2020-05-03', 'call', 1),
      ('2', DATE '2020-06-01', DATE '2020-06-01', 'call', 1)
      """
    let builder = try FindingBench.builder(
      "label: {event: {source: calls}, horizon: 1 month}", rows: ["calls": rows])
    let keys = try builder.keys()
    func events(_ day: String) throws -> [String] {
      let date = try #require(CalendarDate(day))
      let windows = LabelWindow(builder.spec.label, arithmetic: .endOfMonth)
      return try builder.firstEvents(
        Cutoff(date: date, role: .immature, windowEnd: windows.end(date))
      ).map { "\(keys[Int($0.entity)]) \($0.day)" }
    }
    #expect(try events("2020-04-30") == ["1 2020-05-01"])
    #expect(try events("2020-05-01") == ["1 2020-05-03", "2 2020-06-01"])
    #expect(try events("2020-05-20") == ["2 2020-06-01"])
  }

  @Test("a version holds from its first day until the day before the next")
  func versions() throws {
    let region = "{category: history.region}"
    #expect(try values(region, on: "2023-12-31")["1"] == .text("7"))
    #expect(try values(region, on: "2024-01-01")["1"] == .text("North"))
  }

  @Test("between two versions there is none")
  func gap() throws {
    let rows = """
      ('1', DATE '2020-01-01', DATE '2024-01-01', 'old'), ('1', DATE '2024-02-01', NULL, 'new'),
      ('2', DATE '2020-01-01', DATE '2024-01-01', 'only')
      """
    func regions(_ day: String) throws -> [String: SlowValue] {
      try values("{category: history.region}", on: day, rows: ["history": rows])
    }
    #expect(try regions("2023-12-31") == ["1": .text("old"), "2": .text("only")])
    #expect(try regions("2024-01-01") == ["1": .null, "2": .null])
    #expect(try regions("2024-01-31") == ["1": .null, "2": .null])
    #expect(try regions("2024-02-01") == ["1": .text("new"), "2": .null])
  }

  @Test("a version that is over on the day it starts was never in force, whoever else starts then")
  func versionOfNoDay() throws {
    let rows = """
      ('1', DATE '2020-01-01', DATE '2024-01-01', 'old'),
      ('1', DATE '2024-01-01', DATE '2024-01-01', 'slip'), ('1', DATE '2024-01-01', NULL, 'new'),
      ('2', NULL, DATE '2021-01-01', 'lost'), ('2', NULL, NULL, 'lost')
      """
    let found = try values(
      "{category: history.region}", on: "2024-01-01", rows: ["history": rows])
    #expect(found == ["1": .text("new"), "2": .null])
  }

  @Test("an entity exists from the day of its creation on, in UTC")
  func created() throws {
    let rows = """
      ('1', '2020-01-01', NULL, '1', NULL, NULL, NULL),
      ('2', '2024-03-01 20:00:00-07:00', NULL, '2', NULL, NULL, NULL),
      ('3', '2024-03-02T00:30:00+02:00', NULL, '3', NULL, NULL, NULL)
      """
    let size = "{value: customers.size}"
    func keys(_ day: String) throws -> [String] {
      try values(size, on: day, rows: ["customers": rows]).keys.sorted()
    }
    #expect(try keys("2024-02-29") == ["1"])
    #expect(try keys("2024-03-01") == ["1", "3"])
    #expect(try keys("2024-03-02") == ["1", "2", "3"])
  }

  @Test("an event counts from the later of its day and the day it was known")
  func knownAt() throws {
    let rows = """
      ('1', DATE '2024-05-01', TIMESTAMP '2024-05-10 23:59:59', 'call', 5),
      ('1', DATE '2024-05-03', NULL, 'call', 7), ('2', DATE '2020-01-01', DATE '2020-01-01', '', 1)
      """
    let count = "{count: calls, within: all}"
    #expect(try values(count, on: "2024-05-09", rows: ["calls": rows])["1"] == .number(0))
    #expect(try values(count, on: "2024-05-10", rows: ["calls": rows])["1"] == .number(1))
    // The window is that of the event's day, whenever it was known.
    let recent = "{count: calls, within: 9 days}"
    #expect(try values(recent, on: "2024-05-10", rows: ["calls": rows])["1"] == .number(0))
  }

  @Test(
    "a rule counts the events of a window that are known, and those of an entity without any are 0",
    arguments: [
      ("at_least: 1", "2024-05-09", []), ("at_least: 1", "2024-05-10", ["1"]),
      ("at_most: 0", "2024-05-09", ["1", "2"]), ("at_most: 0", "2024-05-10", ["2"]),
      // The days of the window are those of the events: (2024-05-01, 2024-05-10].
      ("within: 9 days, at_least: 1", "2024-05-10", []),
      ("within: 10 days, at_least: 1", "2024-05-10", ["1"]),
      ("within: {from: 10 days, to: 9 days}, at_least: 1", "2024-05-10", ["1"]),
      ("within: {from: 10 days, to: 10 days}, at_least: 1", "2024-05-11", nil),
      ("within: {from: 20 days, to: 10 days}, at_least: 1", "2024-05-10", []),
      ("where: \"kind = 'mail'\", at_least: 1", "2024-05-20", ["1"]),
      ("where: \"kind = 'mail'\", at_most: 0", "2024-05-20", ["2"]),
      ("at_least: 2", "2024-05-19", []), ("at_least: 2", "2024-05-20", ["1"]),
      ("at_least: 1, at_most: 1", "2024-05-19", ["1"]),
      ("at_least: 1, at_most: 1", "2024-05-20", []),
      ("at_least: 0, at_most: 1", "2024-05-20", ["2"]),
    ] as [(String, String, [String]?)])
  func countRule(_ range: String, _ day: String, _ expected: [String]?) throws {
    let rows = """
      ('1', DATE '2024-05-01', TIMESTAMP '2024-05-10 23:59:59', 'call', 5),
      ('1', DATE '2024-05-20', DATE '2024-05-20', 'mail', 7)
      """
    func keys() throws -> [String] {
      try values(
        "{value: customers.size}", on: day, rows: ["calls": rows],
        rules: "{count: calls, \(range)}"
      ).keys.sorted()
    }
    guard let expected else {
      #expect(throws: FindingsError.self) { try keys() }
      return
    }
    #expect(try keys() == expected)
  }

  @Test("`as_of` ends what counts as known, and the timeline with it")
  func asOf() throws {
    let builder = try FindingBench.builder("as_of: 2024-06-30")
    #expect(builder.timeline.dataThrough.description == "2024-06-30")
    #expect(builder.timeline[.test].map(\.date.description) == ["2024-03-31"])
    #expect(
      builder.timeline[.immature].map(\.date.description) == [
        "2024-04-30", "2024-05-31", "2024-06-30",
      ])
  }

  @Test("`data_from` replaces the first day of a source, earlier or later, and hides no row")
  func dataFrom() throws {
    let late = ["calls": "('1', '2024-09-01', '2024-09-02', 'call', '5')"]
    #expect(throws: FindingsError.self) { try FindingBench.builder("", rows: late) }
    let earlier = try FindingBench.builder(
      "sources: {calls: {data_from: 2020-05-01}}", rows: late)
    #expect(earlier.timeline.observedFrom?.description == "2020-05-01")
    let overlay = "sources: {calls: {data_from: 2024-05-31}}"
    let later = try FindingBench.builder(overlay)
    #expect(later.timeline.observedFrom?.description == "2024-05-31")
    #expect(later.timeline[.train].map(\.date.description) == ["2024-05-31", "2024-06-30"])
    #expect(
      later.firstDays.map { "\($0.source.name.value) \($0.day)" }.contains("calls 2024-05-31"))
    // The call is from 2020.
    let count = try values("{count: calls, within: all}", on: "2024-06-30", overlay: overlay)
    #expect(count["1"] == .number(1))
  }

  @Test("immature cutoffs have rows and no buyers")
  func immature() throws {
    let builder = try FindingBench.builder("data_through: 2024-12-30")
    let immature = try #require(builder.timeline[.immature].first)
    // Its window, (2024-09-30, 2024-12-31], holds the purchase of 2024-11-05.
    #expect(immature.date.description == "2024-09-30")
    let counts = try builder.counts(immature)
    #expect(counts.rows == 2)
    #expect(counts.buyers.isEmpty)
    #expect(try builder.block(immature).labels.isEmpty)
  }
}
