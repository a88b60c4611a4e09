import Diagnostics
import Panel
import Spec
import Testing

extension DemoTests {
  @Suite("Hazards of the demo data: there, and not in the panel")
  struct Hazards {
    private func world() throws -> DemoWorld { try #require(DemoData.world) }

    /// What a blank text, a JSON object or a flag's spelling stands for.
    private static func text(_ raw: String?) -> SlowValue {
      guard let raw, !raw.allSatisfy({ $0 == " " }) else { return .null }
      guard raw.hasPrefix("{") else { return .text(raw) }
      return .text(String(raw.split(separator: "\"")[3]))
    }

    private static func flag(_ raw: String?) -> SlowValue {
      raw.map { .number(["1", "1.0", "T"].contains($0) ? 1 : 0) } ?? .null
    }

    private static func presence(_ raw: String?) -> SlowValue { .number(text(raw).isNull ? 0 : 1) }

    private static func number(_ raw: String?) -> SlowValue {
      SlowValue(raw.flatMap { Double($0) })
    }

    @Test("the panel is built without error, over all of the asked-for cutoffs")
    func built() throws {
      let world = try world()
      #expect(!world.findings.hasErrors)
      #expect(world.days.count == 7)
      #expect(world.counts.filter { $0.cutoff.role == .train }.count == 24)
      #expect(world.days.allSatisfy { $0.keys.count > 1_000 && $0.buyers.count > 2 })
    }

    @Test("today's status has removed the buyers from every past cutoff")
    func customersToday() throws {
      let world = try world()
      #expect(
        try world.number(
          "SELECT avg((ns_entity_status_value LIKE '%CUSTOMER%')::INTEGER) FROM newest "
            + "WHERE ns_first_cre_date < DATE '2025-09-01'") == 1)
      for day in world.days {
        let fooled = try world.number(
          """
          SELECT count(*) FROM newest WHERE ns_first_cre_date > DATE '\(day.date)'
            AND ns_first_cre_date <= DATE '\(day.cutoff.windowEnd)'
            AND ns_entity_status_value NOT LIKE '%CUSTOMER%'
          """)
        #expect(fooled == 0, "a cohort by today's status has no buyers on \(day.date)")
        let statuses = try world.values(
          "SELECT key, ns_entity_status_value FROM \(DemoWorld.asOf(day.date))")
        #expect(day.differing("cat_status", from: statuses, Self.text) == [])
        let isCustomer = day["cat_status"].map { $0.text?.hasPrefix("CUSTOMER") == true }
        #expect(!zip(isCustomer, day.isBuyer).contains { $0 && $1 }, "\(day.date)")
      }
    }

    @Test(
      "the cohort is who exists, has not bought and is active, and the label is the next six months"
    )
    func cohort() throws {
      let world = try world()
      for day in world.days {
        let expected = try world.values(
          """
          SELECT newest.key, ns_first_cre_date <= DATE '\(day.cutoff.windowEnd)'
          FROM newest LEFT JOIN \(DemoWorld.asOf(day.date)) AS version USING (key)
          WHERE (ns_first_cre_date IS NULL OR ns_first_cre_date > DATE '\(day.date)')
            AND coalesce(version.ns_is_inactive NOT IN ('1', '1.0', 'T'), true)
            AND \(Self.createdInUTC) <= DATE '\(day.date)'
          """)
        #expect(Set(day.keys) == Set(expected.keys), "\(day.date)")
        #expect(Set(day.buyers) == Set(expected.filter { $0.value == "true" }.keys), "\(day.date)")
      }
    }

    /// The day of creation, form by form.
    private static let createdInUTC = """
      CASE
        WHEN ns_date_created LIKE '%/%M' THEN CAST(strptime(ns_date_created, '%-m/%-d/%Y %-I:%M %p') AS DATE)
        WHEN ns_date_created LIKE '%/%' THEN CAST(strptime(ns_date_created, '%m/%d/%Y') AS DATE)
        WHEN ns_date_created LIKE '%-07:00'
          THEN CAST(CAST(replace(left(ns_date_created, 19), 'T', ' ') AS TIMESTAMP) + INTERVAL 7 HOURS AS DATE)
        ELSE TRY_CAST(left(ns_date_created, 10) AS DATE)
      END
      """

    @Test("accounts are not scored before they are created")
    func notYetCreated() throws {
      let world = try world()
      for day in world.days {
        let later = try world.query("SELECT key FROM created WHERE created_on > DATE '\(day.date)'")
        #expect(later.count > 50, "hardly an account is created after \(day.date)")
        #expect(Set(day.keys).isDisjoint(with: later.compactMap(\.first)), "\(day.date)")
        #expect(day["feat_account_age_days"].allSatisfy { ($0.number ?? -1) >= 0 }, "\(day.date)")
      }
    }

    @Test("customers from before their creation are never in the cohort")
    func migratedCustomers() throws {
      let world = try world()
      let migrated = try world.query(
        "SELECT key FROM newest JOIN created USING (key) WHERE ns_first_cre_date <= created_on")
      #expect(migrated.count > 50)
      for day in world.days {
        #expect(Set(day.keys).isDisjoint(with: migrated.compactMap(\.first)), "\(day.date)")
      }
    }

    @Test("dates in six forms and two zones are read, and a zone never makes an account older")
    func createdForms() throws {
      let world = try world()
      for form in ["____-__-__", "% __:__:__", "%Z", "%-07:00", "__/__/____", "%/% %M"] {
        let count = try world.number(
          "SELECT count(*) FROM snapshot WHERE ns_date_created LIKE '\(form)'")
        #expect(count > 50, "\(form)")
      }
      let written = try world.values("SELECT key, created_on FROM created")
      for day in world.days {
        for (key, age) in zip(day.keys, day["feat_account_age_days"]) {
          guard let text = written[key] ?? nil, let created = CalendarDate(text),
            let age = age.number
          else {
            Issue.record("\(key) has no age")
            continue
          }
          // An evening in California is the next day in UTC.
          let days = Double(day.date.days - created.days)
          #expect(age == days || age == days - 1, "\(key) on \(day.date)")
        }
      }
    }

    @Test(
      "what is set during a sale reads as it stood on the cutoff",
      arguments: [
        ("feat_named_account_cad", "ns_cad_named_account"),
        ("feat_named_account_sim", "ns_sim_named_account"),
        ("feat_named_account_am", "ns_am_named_account"),
        ("feat_named_account_electrical", "ns_electrical_named_account"),
        ("feat_strategic_account", "ns_strategic_account"),
        ("feat_taxable", "ns_taxable"),
      ])
    func flagsAsOf(_ feature: String, _ column: String) throws {
      let world = try world()
      for day in world.days {
        let flags = try world.values("SELECT key, \(column) FROM \(DemoWorld.asOf(day.date))")
        #expect(day.differing(feature, from: flags, Self.flag) == [])
      }
    }

    @Test("named accounts of today are named after the sale")
    func namedInTheSale() throws {
      let world = try world()
      let today = try world.values("SELECT key, ns_cad_named_account FROM newest")
      var named = (today: 0, then: 0)
      for day in world.days {
        for (key, flag) in zip(day.keys, day["feat_named_account_cad"])
        where day.buyers.contains(key) {
          if Self.flag(today[key] ?? nil) == .number(1) { named.today += 1 }
          if flag == .number(1) { named.then += 1 }
        }
      }
      #expect(named.today > 2 * named.then, "\(named)")
      #expect(named.then > 0)
    }

    @Test("terms are set during the sale, and are missing only for those who have not bought")
    func terms() throws {
      let world = try world()
      #expect(
        try world.number(
          "SELECT count(*) FROM newest WHERE ns_first_cre_date < DATE '2025-08-01' "
            + "AND coalesce(trim(ns_terms_value), '') = ''") == 0)
      #expect(
        try world.number(
          "SELECT avg((coalesce(trim(ns_terms_value), '') = '')::INTEGER) FROM newest "
            + "WHERE ns_first_cre_date IS NULL") > 0.5)
      var buyers = 0
      var withoutTerms = 0
      for day in world.days {
        let terms = try world.values("SELECT key, ns_terms_value FROM \(DemoWorld.asOf(day.date))")
        #expect(day.differing("cat_terms_value", from: terms, Self.text) == [])
        for (value, isBuyer) in zip(day["cat_terms_value"], day.isBuyer) where isBuyer {
          buyers += 1
          if value.isNull { withoutTerms += 1 }
        }
      }
      #expect(2 * withoutTerms > buyers, "\(withoutTerms) of \(buyers) buyers have no terms yet")
    }
  }
}
