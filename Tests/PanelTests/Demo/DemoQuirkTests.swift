import Diagnostics
import Panel
import Spec
import Testing

extension DemoTests {
  @Suite("Quirks of the demo data: there, and read rightly")
  struct Quirks {
    private func world() throws -> DemoWorld { try #require(DemoData.world) }

    private static func presence(_ raw: String?) -> SlowValue {
      .number((raw ?? "").allSatisfy { $0 == " " } ? 0 : 1)
    }

    private static func number(_ raw: String?) -> SlowValue {
      SlowValue(raw.flatMap { Double($0) })
    }

    @Test("no label is read past the last observed day")
    func labelsCutOff() throws {
      let world = try world()
      #expect(
        try world.query("SELECT max(ns_first_cre_date) < '2025-09-19' FROM snapshot") == [["true"]])
      let immature = world.counts.filter { $0.cutoff.role == .immature }
      #expect(
        immature.map(\.cutoff.date.description) == [
          "2025-03-31", "2025-04-30", "2025-05-31", "2025-06-30", "2025-07-31", "2025-08-31",
        ])
      #expect(immature.allSatisfy { $0.rows > 1_000 && $0.buyers.isEmpty })
      let mature = world.counts.filter { $0.cutoff.role != .immature }
      #expect(
        mature.allSatisfy { $0.cutoff.windowEnd.description <= "2025-09-18" && $0.positives > 0 })
      // Counted all the same, the last month would have fewer buyers than any month that is over.
      let seen = try world.number(
        "SELECT count(*) FROM newest WHERE ns_first_cre_date > DATE '2025-08-31'")
      #expect(seen < Double(mature.map(\.positives).min() ?? 0))
    }

    @Test("ids with and without `.0` are one account, in all three tables")
    func dotZero() throws {
      let world = try world()
      for table in ["snapshot", "history", "activities"] {
        let count = try world.number("SELECT count(*) FROM \(table) WHERE internalid LIKE '%.0'")
        #expect(count > 20, "\(table)")
      }
      #expect(!world.keys.contains { $0.hasSuffix(".0") })
      #expect(
        world.keys.count == Int(try world.number("SELECT count(DISTINCT key) FROM snapshot")))
      // Every account has a version from its creation on, so none may miss its status.
      for day in world.days { #expect(!day["cat_status"].contains(.null), "\(day.date)") }
    }

    @Test("of several rows of an account the one edited last is read")
    func duplicates() throws {
      let world = try world()
      let repeated = try world.query(
        "SELECT key FROM snapshot GROUP BY key HAVING count(*) > 1")
      #expect(repeated.count > 20)
      let changed = try world.number(
        """
        SELECT count(DISTINCT stale.key) FROM snapshot AS stale JOIN newest USING (key)
        WHERE stale.ns_last_modified < newest.ns_last_modified
          AND (stale.ns_entity_status_value IS DISTINCT FROM newest.ns_entity_status_value
            OR stale.ns_terms_value IS DISTINCT FROM newest.ns_terms_value)
        """)
      #expect(changed > 0, "no stale row says anything else")
      for day in world.days {
        #expect(Set(day.keys).count == day.keys.count, "an account stands twice on \(day.date)")
        for (feature, column) in [
          ("cpe", "ns_first_cpe_date"), ("hw", "ns_first_hw_date"), ("3dx", "ns_first_3dx_date"),
        ] {
          let days = try world.values(
            "SELECT key, CASE WHEN \(column) <= DATE '\(day.date)' "
              + "THEN DATE '\(day.date)' - \(column) END FROM newest")
          #expect(day.differing("feat_days_since_first_\(feature)", from: days, Self.number) == [])
        }
      }
    }

    @Test("stages in JSON, with a space and without, are the stages they hold")
    func jsonStages() throws {
      let world = try world()
      for form in ["{\"value\":\"%", "{\"value\": \"%"] {
        let count = try world.number(
          "SELECT count(*) FROM history WHERE ns_stage_value LIKE '\(form)'")
        #expect(count > 50, "\(form)")
      }
      let levels = Set(world.days.flatMap { $0["cat_stage"] })
      #expect(levels == [.null, .text("Lead"), .text("Prospect")])
    }

    @Test("an empty text and a null both mean none", arguments: ["email", "phone", "url"])
    func noneTexts(_ field: String) throws {
      let world = try world()
      for condition in ["= ''", "IS NULL", "LIKE '_%'"] {
        let count = try world.number("SELECT count(*) FROM history WHERE ns_\(field) \(condition)")
        #expect(count > 50, "\(condition)")
      }
      for day in world.days {
        let texts = try world.values("SELECT key, ns_\(field) FROM \(DemoWorld.asOf(day.date))")
        #expect(day.differing("feat_has_\(field)", from: texts, Self.presence) == [])
      }
    }

    @Test("territories are those of the day: neither renamed nor retired before it")
    func territories() throws {
      let world = try world()
      #expect(
        try world.number("SELECT count(*) FROM newest WHERE ns_territory_name LIKE 'zz%'") > 0)
      for day in world.days {
        let names = Set(day["cat_territory_name"].compactMap(\.text))
        let regions = Set(day["cat_region"].compactMap(\.text))
        let isBefore = day.date.description < "2023-07-01"
        #expect(names.contains("LA South and West") == isBefore, "\(day.date)")
        #expect(names.contains("Los Angeles") == !isBefore, "\(day.date)")
        #expect(regions.contains("Michigan") == !isBefore, "\(day.date)")
        #expect(!isBefore || !names.contains { $0.hasPrefix("zz") }, "\(day.date)")
      }
    }

    @Test("an activity counts from the day on which somebody wrote it down")
    func lateActivities() throws {
      let world = try world()
      for day in world.days {
        let late = try world.number(
          "SELECT count(*) FROM activities WHERE activity_date <= DATE '\(day.date)' "
            + "AND CAST(logged_at AS DATE) > DATE '\(day.date)'")
        #expect(late > 0, "nothing is written down late around \(day.date)")
        let counts = try world.values(
          """
          SELECT key, count(activity_date) FROM newest LEFT JOIN (SELECT * FROM activities
            WHERE activity_date <= DATE '\(day.date)' AND activity_date > DATE '\(day.date)' - 365
              AND CAST(logged_at AS DATE) <= DATE '\(day.date)') USING (key) GROUP BY key
          """)
        #expect(day.differing("feat_activities_365d", from: counts, Self.number) == [])
      }
    }

    @Test("the last edit is the one before the cutoff, though later edits overwrote it")
    func lastModified() throws {
      let world = try world()
      let touched = try world.number(
        "SELECT avg((ns_last_modified >= DATE '2025-03-01')::INTEGER) FROM newest")
      #expect(touched > 0.1)
      for day in world.days {
        let days = try world.values(
          "SELECT key, DATE '\(day.date)' - CAST(ns_last_modified AS DATE) "
            + "FROM \(DemoWorld.asOf(day.date))")
        #expect(day.differing("feat_days_since_last_activity", from: days, Self.number) == [])
        #expect(day["feat_days_since_last_activity"].allSatisfy { ($0.number ?? 0) >= 0 })
      }
    }

    @Test("the base rate has seasons, and is 0.3 to 1 % over the cutoffs")
    func baseRate() throws {
      let world = try world()
      // The true probabilities of windows that end in December, and of those that end in June.
      let rates = try world.query(
        "SELECT avg(probability) FROM truth WHERE month(cutoff) IN (6, 12) "
          + "GROUP BY month(cutoff) ORDER BY month(cutoff)")
      let seasons = rates.compactMap { $0.first ?? nil }.compactMap { Double($0) }
      #expect(seasons.count == 2 && seasons[0] > 1.03 * seasons[1], "\(seasons)")
      let mature = world.counts.filter { $0.cutoff.role != .immature }
      let rows = mature.map(\.rows).reduce(0, +)
      let share = Double(mature.map(\.positives).reduce(0, +)) / Double(rows)
      #expect(share > 0.003 && share < 0.01, "\(share)")
    }

    @Test("a base rate of almost nothing leaves almost no buyers")
    func almostNoBuyers() throws {
      let buyers = try #require(try DemoWorld.buyers(accounts: 3_000, baseRate: 0.000_02))
      #expect(buyers <= 5)
    }
  }
}
