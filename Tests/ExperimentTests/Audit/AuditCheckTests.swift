import Diagnostics
import Experiment
import HoldoutTestSupport
import Panel
import Runs
import Spec
import Testing
import Warehouse

/// Each check on a panel that has what it looks for, and on one that has not.
@Suite struct AuditCheckTests {
  /// A panel and the verdicts that it must have.
  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let check: AuditCheck.ID
    var verdict = AuditCheck.Verdict.fail
    var overlay = ""
    var changes: [String] = []

    init(
      _ check: AuditCheck.ID, _ name: String, verdict: AuditCheck.Verdict = .fail,
      overlay: String = "", _ changes: String...
    ) {
      testDescription = "\(check.rawValue): \(name)"
      self.check = check
      self.overlay = overlay
      self.changes = changes
      self.verdict = verdict
    }
  }

  private static let endsOfContracts = """
    sources: {accounts: {columns: {ends: {type: date, class: static}}}}
    feature_sets: {more: [left: {days_since: accounts.ends}]}

    """
  /// Accounts are created until the end of the data, and few of them buy.
  private static let later = """
    UPDATE accounts SET
      created = DATE '2022-06-01' + CAST(floor((created - DATE '2022-06-01') * 1.3) AS INTEGER),
      bought = CASE WHEN CAST(substr(id, 2) AS INTEGER) % 2 = 0 THEN bought END
    """

  /// Deletes some tenths of the accounts that have not bought, nor visited in the last four months.
  private static func deletedAccounts(tenths: Int) -> String {
    """
    DELETE FROM accounts WHERE bought IS NULL AND CAST(substr(id, 2) AS INTEGER) % 10 < \(tenths)
      AND id IN (SELECT id FROM visits GROUP BY id HAVING max(day) < DATE '2024-09-01')
    """
  }

  static let cases: [Case] = [
    Case(
      .futurePoison, "today's status is read",
      overlay: """
        look_ahead: {allow: [accounts.status], because: to try}
        sources: {accounts: {columns: {status: {type: text, class: current}}}}
        feature_sets: {more: [status: {category: accounts.status}]}
        """),
    Case(
      .futurePoison, "a segment is today's status",
      overlay: """
        look_ahead: {allow: [accounts.status], because: to try}
        sources: {accounts: {columns: {status: {type: text, class: current}}}}
        evaluation: {segments: [accounts.status]}
        """),
    Case(
      .futurePoison, "segments are what was known", verdict: .pass,
      overlay: "evaluation: {segments: [accounts.segment, accounts.size, regions.region]}"),
    Case(
      .missingness, "a segment that only buyers have teaches no model", verdict: .pass,
      overlay: """
        sources: {accounts: {columns: {terms: {type: text, class: static}}}}
        evaluation: {segments: [accounts.terms]}
        """,
      "ALTER TABLE accounts ADD COLUMN terms VARCHAR",
      "UPDATE accounts SET terms = 'Net 30' WHERE bought IS NOT NULL"),
    Case(
      .futureDelete, "the row that is kept of a key came later",
      overlay: """
        sources: {accounts: {duplicates: last, order: [edited],
          columns: {edited: {type: date, class: current}}}}
        """,
      "ALTER TABLE accounts ADD COLUMN edited DATE", "UPDATE accounts SET edited = created",
      """
      INSERT INTO accounts SELECT id, DATE '2024-10-20', 99 - size, segment, bought, status,
        DATE '2024-12-30'
      FROM accounts WHERE id < 'A0200' AND created < DATE '2023-01-01'
      """),
    Case(
      .futurePoison, "a cohort of those with recent visits", verdict: .pass,
      overlay: "cohort: {where: [{count: visits, within: 180 days, at_least: 1}]}"),
    Case(
      .futureDelete, "a cohort of those without many visits", verdict: .pass,
      overlay: "cohort: {where: [{count: visits, at_most: 4}]}"),
    Case(
      .futurePoison, "a label that depends on visits after the cutoff", verdict: .pass,
      overlay: "label: {among: {source: visits}}"),
    Case(
      .endOfData, "a label that depends on visits after the cutoff", verdict: .pass,
      overlay: "label: {among: {source: visits}}"),
    Case(
      .beforeCreation, "a label of no visit", verdict: .pass,
      overlay: "label: {event: null, absent: {source: visits}}"),
    Case(
      .oneFeatureDominance, "a status that the purchase sets is declared static",
      overlay: """
        sources: {accounts: {columns: {status: {type: text, class: static}}}}
        feature_sets: {more: [status: {category: accounts.status}]}
        """),
    Case(
      .missingness, "a value that only buyers have is declared static",
      overlay: """
        sources: {accounts: {columns: {terms: {type: text, class: static}}}}
        feature_sets: {more: [has_terms: {present: accounts.terms}]}
        """,
      "ALTER TABLE accounts ADD COLUMN terms VARCHAR",
      "UPDATE accounts SET terms = 'Net 30' WHERE bought IS NOT NULL"),
    Case(
      .missingness, "a value that most of the others have, too", verdict: .pass,
      overlay: """
        sources: {accounts: {columns: {terms: {type: text, class: static}}}}
        feature_sets: {more: [has_terms: {present: accounts.terms}]}
        """,
      "ALTER TABLE accounts ADD COLUMN terms VARCHAR",
      "UPDATE accounts SET terms = 'Net 30' WHERE bought IS NOT NULL OR hash(id) % 10 < 6"),
    Case(
      .knownAtProximity, "visits are noted on the last day of their month",
      "UPDATE visits SET noted = last_day(day)"),
    Case(
      .roleOverlap, "windows of three months without a gap",
      overlay: "cutoffs: {embargo: none}\nlabel: {horizon: 3 months}"),
    Case(
      .deadFeatures, "a feature that is 0 for all",
      overlay: "feature_sets: {more: [nothing: {sql: \"accounts.size * 0\"}]}"),
    Case(
      .deadFeatures, "a feature that is null but for one account", verdict: .pass,
      overlay: """
        feature_sets: {more: [one: {sql: "CASE WHEN accounts.size = 50 THEN 1 END"}]}
        """),
    Case(
      .unseenLevels, "a region is renamed after the last train cutoff",
      "UPDATE regions SET valid_to = DATE '2024-09-15' WHERE valid_from < DATE '2024-09-15'",
      """
      INSERT INTO regions SELECT id, valid_to, NULL, replace(region, 'north', 'nord')
      FROM regions WHERE valid_to IS NOT NULL
      """),
    Case(
      .joinCoverage, "a third of the visits has keys that are written another way",
      "UPDATE visits SET id = 'CRM-' || id WHERE hash(id) % 3 = 0"),
    Case(
      .joinCoverage, "the table of regions ends before the test cutoffs",
      "UPDATE regions SET valid_to = DATE '2024-09-15' WHERE id >= 'A0300'"),
    Case(
      .joinCoverage, "most accounts have no region, then as now", verdict: .pass,
      "DELETE FROM regions WHERE id >= 'A0300'"),
    Case(
      .joinCoverage, "a source that only takes buyers out of the cohort", verdict: .pass,
      overlay: """
        sources: {deals: {parquet: accounts.parquet, key: id, created: bought, null_keys: drop,
          columns: {bought: {type: date, class: event}}}}
        cohort: {where: [{not: {happened: deals.bought}}]}
        """),
    Case(
      .deadFeatures, "a category whose levels are all folded into `other`", verdict: .pass,
      overlay: "feature_sets: {more: [few: {category: accounts.segment, min_frequency: 100000}]}"),
    Case(
      .unseenLevels, "new levels that `min_frequency` folds into `other`", verdict: .pass,
      overlay: "feature_sets: {all: [region: {category: regions.region, min_frequency: 100000}]}",
      "UPDATE regions SET valid_to = DATE '2024-09-15' WHERE valid_from < DATE '2024-09-15'",
      """
      INSERT INTO regions SELECT id, valid_to, NULL, replace(region, 'north', 'nord')
      FROM regions WHERE valid_to IS NOT NULL
      """),
    Case(
      .endOfData, "a status that the purchase sets is declared static",
      overlay: """
        sources: {accounts: {columns: {status: {type: text, class: static}}}}
        feature_sets: {more: [status: {category: accounts.status}]}
        """),
    Case(
      .staticEffect, "a status that the purchase sets is declared static",
      overlay: """
        sources: {accounts: {columns: {status: {type: text, class: static}}}}
        feature_sets: {more: [status: {category: accounts.status}]}
        """),
    Case(
      .newestRows, "the outcome of visits is filled in some weeks later",
      overlay: """
        sources: {visits: {columns: {outcome: text}}}
        feature_sets: {more: [good: {count: visits, where: "outcome = 'good'"}]}
        """,
      "ALTER TABLE visits ADD COLUMN outcome VARCHAR",
      """
      UPDATE visits SET outcome = CASE WHEN day + 20 + CAST(hash(id || day) % 40 AS INTEGER) > DATE '2024-12-31' THEN 'open'
        WHEN id IN (SELECT id FROM accounts WHERE bought IS NOT NULL) THEN 'good' ELSE 'bad' END
      """),
    Case(
      .newestRows, "the outcome of visits is known at once", verdict: .pass,
      overlay: """
        sources: {visits: {columns: {outcome: text}}}
        feature_sets: {more: [good: {count: visits, where: "outcome = 'good'"}]}
        """,
      "ALTER TABLE visits ADD COLUMN outcome VARCHAR",
      "UPDATE visits SET outcome = CASE WHEN hash(id || day) % 10 < 3 THEN 'good' ELSE 'open' END"),
    Case(
      .staticDates, "the day of the last visit is declared static",
      overlay: """
        sources: {accounts: {columns: {seen: {type: date, class: static}}}}
        feature_sets: {more: [quiet: {days_since: accounts.seen}]}
        """,
      "ALTER TABLE accounts ADD COLUMN seen DATE",
      "UPDATE accounts SET seen = (SELECT max(day) FROM visits WHERE visits.id = accounts.id)"),
    Case(
      .staticDates, "the end of a trial of two years, fixed at creation", verdict: .pass,
      overlay: """
        sources: {accounts: {columns: {trial: {type: date, class: static}}}}
        feature_sets: {more: [left: {days_since: accounts.trial}]}
        """,
      "ALTER TABLE accounts ADD COLUMN trial DATE",
      "UPDATE accounts SET trial = created + 730"),
    Case(
      .staticDates, "the end of a contract of 450 days, which every renewal moves",
      overlay: endsOfContracts, later, "ALTER TABLE accounts ADD COLUMN ends DATE",
      """
      UPDATE accounts SET ends = created + CAST(
        450 * (1 + floor((coalesce(bought, DATE '2024-12-31') - created) / 450)) AS INTEGER)
      """),
    Case(
      .staticDates, "a day that is the same for all, shortly after the end of the data",
      verdict: .pass, overlay: endsOfContracts, later, "ALTER TABLE accounts ADD COLUMN ends DATE",
      "UPDATE accounts SET ends = DATE '2025-01-15'"),
    Case(
      .staticDates, "contracts were twice as long once, and end the cohort", verdict: .pass,
      overlay: endsOfContracts + "cohort: {where: [{not: {happened: accounts.bought}}, "
        + "{sql: \"accounts.ends > cutoff\"}]}",
      later, "ALTER TABLE accounts ADD COLUMN ends DATE",
      "UPDATE accounts SET ends = created + CASE WHEN created < DATE '2023-08-09' THEN 900 ELSE 450 END"
    ),
    Case(
      .staticDates, "contracts were much longer once", verdict: .pass, overlay: endsOfContracts,
      later, "ALTER TABLE accounts ADD COLUMN ends DATE",
      "UPDATE accounts SET ends = created + CASE WHEN created < DATE '2023-10-08' THEN 3000 ELSE 450 END"
    ),
    Case(
      .joinCoverage, "accounts that have gone quiet are deleted, and their visits are kept",
      deletedAccounts(tenths: 7)),
    Case(
      .joinCoverage, "accounts are deleted, and some of them still visit", verdict: .pass,
      deletedAccounts(tenths: 5),
      "DELETE FROM accounts WHERE CAST(substr(id, 2) AS INTEGER) % 25 = 7"),
    Case(
      .beforeCreation, "creation is overwritten shortly before the purchase",
      "UPDATE accounts SET created = bought - 5 WHERE bought IS NOT NULL AND bought > created + 60"),
    Case(
      .sourceMeaning, "an open purchase is written as a day long ago",
      "UPDATE accounts SET bought = DATE '1900-01-01' WHERE bought IS NULL AND id < 'A0100'"),
    Case(
      .labelPermutation, "a feature tells cutoffs apart that differ in their share of buyers",
      overlay: """
        feature_sets: {more: [odd: {sql: "month(cutoff) % 2"}]}
        cutoffs: {test: 4}
        """,
      "UPDATE accounts SET bought = NULL WHERE month(bought) % 2 = 1 AND hash(id) % 8 > 0"),
  ]

  /// 150 accounts of one parent, and 100 others, that never buy and have no region; on 2024-12-10, those
  /// of the parent get one.
  private static func oneParentChanges(region: String) -> [String] {
    [
      "ALTER TABLE accounts ADD COLUMN parent VARCHAR",
      "UPDATE accounts SET parent = 'P', bought = NULL WHERE id < 'A0150'",
      "UPDATE accounts SET bought = NULL WHERE id >= 'A0150' AND id < 'A0250'",
      "UPDATE regions SET region = \(region) WHERE id < 'A0250'",
      "UPDATE regions SET valid_to = DATE '2024-12-10' WHERE id < 'A0150'",
      "INSERT INTO regions SELECT id, valid_to, NULL, 'north' FROM regions WHERE id < 'A0150'",
    ]
  }
  private static let byParent = """
    sources: {accounts: {columns: {parent: {type: text, class: static}}}}
    evaluation: {cluster: accounts.parent}

    """

  @Test(arguments: [(AuditCheck.ID.endOfData, "'dormant'"), (.missingness, "NULL")])
  func `accounts of one parent that change together are one change`(
    _ check: AuditCheck.ID, _ region: String
  ) throws {
    let changes = Self.oneParentChanges(region: region)
    let apart = try #require(Self.outcomes([check], "", changes)[check])
    #expect(apart.verdict == .fail && apart.words.contains("region"), "\(apart.words)")
    let together = try #require(Self.outcomes([check], Self.byParent, changes)[check])
    #expect(together.verdict == .pass, "\(together.words)\n\(together.lines)")
  }

  @Test func `a value that is written later shows in clusters, too`() throws {
    let found = try #require(
      Self.outcomes(
        [.endOfData],
        """
        sources: {accounts: {columns: {
          status: {type: text, class: static}, parent: {type: text, class: static}}}}
        evaluation: {cluster: accounts.parent}
        feature_sets: {more: [status: {category: accounts.status}]}
        label: {horizon: 2 months}
        """,
        [
          "ALTER TABLE accounts ADD COLUMN parent VARCHAR",
          "UPDATE accounts SET parent = 'P' || (CAST(substr(id, 2) AS INTEGER) % 450)",
        ])[.endOfData])
    #expect(found.verdict == .fail && found.words.contains("`status`"), "\(found.words)")
  }

  /// The verdicts of checks on one panel.
  private static func outcomes(
    _ checks: [AuditCheck.ID], _ overlay: String = "", _ changes: [String] = []
  ) throws -> [AuditCheck.ID: AuditOutcome] {
    let bench = try AccountsBench(changes)
    let spec = try AccountsBench.spec(overlay)
    let subject = try AuditSubject(spec, of: nil, project: bench.project, threads: 1)
    let runner = AuditRunner(project: bench.project, threads: 1)
    return Dictionary(
      uniqueKeysWithValues: checks.map { ($0, runner.outcome(of: $0, subject)) })
  }

  @Test func `an honest panel passes every check`() throws {
    // `snapshot` needs an earlier snapshot; `SnapshotCheckTests` has its cases.
    let checks = AuditCheck.ID.allCases.filter { $0 != .snapshot }
    let outcomes = try Self.outcomes(checks, "cutoffs: {test: 4}")
    for check in checks {
      #expect(
        outcomes[check]?.verdict == .pass,
        "\(check): \(outcomes[check]?.words ?? "") \(outcomes[check]?.lines ?? [])")
    }
  }

  /// Three accounts have the row, and the visits, of one of them.
  @Test func `rows of groups are no rows of entities`() throws {
    let checks = AuditCheck.ID.allCases.filter { $0 != .snapshot }
    let outcomes = try Self.outcomes(
      checks,
      """
      sources:
        accounts: {columns: {leader: {type: text, class: static}}}
        leaders: {parquet: accounts.parquet, key: id, created: created,
          columns: {size: {type: integer, class: static}, bought: {type: date, class: event}}}
        leader_visits: {parquet: visits.parquet, key: id, time: day, known_at: noted, columns: {}}
      references: {leaders.id: accounts.leader, leader_visits.id: accounts.leader}
      feature_sets:
        more:
          - leader_size: {value: leaders.size}
          - leader_bought: {happened: leaders.bought}
          - leader_visits_180d: {count: leader_visits, within: 180 days}
          - last_leader_visit: {days_since_last: leader_visits}
      """,
      [
        "ALTER TABLE accounts ADD COLUMN leader VARCHAR",
        """
        UPDATE accounts
        SET leader = 'A' || lpad(CAST(CAST(substr(id, 2) AS BIGINT) % 300 AS VARCHAR), 4, '0')
        """,
      ])
    for check in checks {
      let sentence = outcomes[check]?.words ?? ""
      #expect(sentence != "The check could not be completed.", "\(outcomes[check]?.lines ?? [])")
    }
    for check in [AuditCheck.ID.futurePoison, .futureDelete, .roleOverlap, .joinCoverage] {
      #expect(
        outcomes[check]?.verdict == .pass,
        "\(check): \(outcomes[check]?.words ?? "") \(outcomes[check]?.lines ?? [])")
    }
    let coverage = outcomes[.joinCoverage]?.lines ?? []
    #expect(
      coverage.contains("`leaders`: 0 of 900 values of `accounts.leader` are no key of it"),
      "\(coverage)")
    // The first visits of a leader are often older than the accounts that it leads.
    let early = outcomes[.beforeCreation]?.lines ?? []
    #expect(!early.contains { $0.contains("leader_visits") }, "\(early)")
  }

  @Test(arguments: cases)
  func `a panel with what a check looks for`(_ example: Case) throws {
    let found = try #require(
      Self.outcomes([example.check], example.overlay, example.changes)[example.check])
    #expect(
      found.verdict == example.verdict,
      "\(found.words)\n\(found.lines.joined(separator: "\n"))")
  }

  @Test func `levels may be named as the words for other levels are`() throws {
    /// The outcome of visits, which is filled in some weeks later. The names sort alike.
    func outcome(good: String, bad: String, open: String) throws -> AuditOutcome {
      let found = try Self.outcomes(
        [.newestRows],
        """
        sources: {visits: {columns: {outcome: text}}}
        feature_sets: {more: [good: {count: visits, where: "outcome = '\(good)'"}]}
        """,
        [
          "ALTER TABLE visits ADD COLUMN outcome VARCHAR",
          """
          UPDATE visits SET outcome = CASE
            WHEN day + 20 + CAST(hash(id || day) % 40 AS INTEGER) > DATE '2024-12-31' THEN '\(open)'
            WHEN id IN (SELECT id FROM accounts WHERE bought IS NOT NULL) THEN '\(good)'
            ELSE '\(bad)' END
          """,
        ])
      return try #require(found[.newestRows])
    }
    let plain = try outcome(good: "good", bad: "bad", open: "open")
    let own = try outcome(good: "other", bad: "missing", open: "the rest")
    #expect(plain.verdict == .fail && own.verdict == .fail)
    #expect(plain.numbers.map(\.value) == own.numbers.map(\.value))
    let renamed = plain.lines.map {
      $0.replacing("`bad`", with: "`missing`").replacing("`good`", with: "`other`")
        .replacing("`open`", with: "`the rest`")
    }
    #expect(renamed == own.lines)
  }

  @Test func `newest purchases that are not in the data yet are a shift`() throws {
    let found = try #require(
      Self.outcomes(
        [.shift],
        """
        cutoffs: {every: 7 days, train: 8}
        label: {horizon: 28 days}
        """,
        [
          // A third of the accounts buys early on; their purchases of the last weeks are not known yet.
          """
          INSERT INTO accounts SELECT 'N' || i, created, 50,
            CASE WHEN i % 3 = 0 THEN 'fair' ELSE 'web' END,
            CASE WHEN created + wait <= DATE '2024-12-31' THEN created + wait END, ''
          FROM (
            SELECT i, DATE '2023-01-01' + CAST(floor(draw(i, 21) * 700) AS INTEGER) AS created,
              CAST(floor(-ln(1 - draw(i, 24)) * CASE WHEN i % 3 = 0 THEN 150 ELSE 3000 END) AS INTEGER)
                AS wait
            FROM range(10000, 13000) AS numbers(i))
          """,
          "UPDATE accounts SET bought = NULL WHERE segment = 'fair' AND bought > DATE '2024-12-03'",
        ])[.shift])
    #expect(found.verdict == .fail, "\(found.words)\n\(found.lines)")
  }

  /// The files are removed once the audit has read them.
  @Test func `sources are read once, and what they say later does not matter`() throws {
    let accounts = try AccountsBench()
    let database = accounts.path("shop.duckdb")
    for statement in [
      "COPY accounts TO '\(accounts.path("accounts.csv"))' (FORMAT csv, HEADER)",
      "ATTACH '\(database)' AS made", "CREATE TABLE made.visits AS FROM visits", "DETACH made",
    ] { try accounts.bench.engine.connection.execute(statement) }
    let file = SourceFile(name: "holdout.yaml", text: "connections: {shop: {duckdb: shop.duckdb}}")
    let project = Project(
      folder: accounts.folder,
      spec: try ProjectLoader.load(path: "holdout.yaml") { _ in .success(file) })
    let spec = try AccountsBench.spec(
      """
      sources:
        accounts: {parquet: null, csv: accounts.csv}
        visits: {parquet: null, table: visits, connection: shop}
      cutoffs: {test: 4}
      """)
    let subject = try AuditSubject(spec, of: nil, project: project, threads: 1)
    for name in ["accounts.csv", "shop.duckdb"] { try accounts.remove(name) }
    let runner = AuditRunner(project: project, threads: 1)
    for check in [AuditCheck.ID.futurePoison, .futureDelete, .joinCoverage, .newestRows] {
      let found = runner.outcome(of: check, subject)
      #expect(found.verdict == .pass, "\(check): \(found.words) \(found.lines)")
    }
  }

  @Test func `with too few buyers nothing is said`() throws {
    let checks: [AuditCheck.ID] = [.labelPermutation, .shift, .oneFeatureDominance, .missingness]
    let outcomes = try Self.outcomes(checks, "evaluation: {min_positives: 5000}")
    for check in checks { #expect(outcomes[check]?.verdict == .inconclusive, "\(check)") }
  }

  @Test func `pairs of rows in two roles are counted`() throws {
    let overlay =
      "cutoffs: {train: 2, calibrate: 1, test: 1, embargo: none}\nlabel: {horizon: 3 months}"
    let found = try #require(Self.outcomes([.roleOverlap], overlay)[.roleOverlap])
    // The same by hand: every pair of cutoffs of two roles, every entity that is at both.
    let builder = try AccountsBench().builder(overlay)
    let blocks = try builder.blocks(builder.timeline.split, threads: 1)
    var (pairs, buyers): (Int, Set<Int32>) = (0, [])
    for earlier in blocks {
      for later in blocks
      where earlier.cutoff.date < later.cutoff.date
        && later.cutoff.date < earlier.cutoff.windowEnd
        && earlier.cutoff.role != later.cutoff.role
      {
        pairs += Set(earlier.entities).intersection(later.entities).count
        buyers.formUnion(Set(earlier.buyers).intersection(later.buyers))
      }
    }
    #expect(pairs > 100 && !buyers.isEmpty)
    let numbers = Dictionary(uniqueKeysWithValues: found.numbers.map { ($0.name, $0.value) })
    #expect(numbers["overlapping_pairs"] == Double(pairs))
    #expect(numbers["positive_entities_in_two_roles"] == Double(buyers.count))
    #expect(numbers["rows_in_two_roles"] == 0)
  }

  @Test func `two roles may not share a window of a cluster either`() throws {
    // Accounts are in the cohort every other month, and windows overlap those of the next month only.
    let overlay = """
      cohort: {where: [{not: {happened: accounts.bought}},
        {sql: "accounts.size % 2 = month(cutoff) % 2"}]}
      cutoffs: {embargo: none}
      label: {horizon: 2 months}

      """
    let apart = try #require(Self.outcomes([.roleOverlap], overlay)[.roleOverlap])
    #expect(apart.verdict == .pass, "\(apart.words)")
    let clustered = overlay + "evaluation: {cluster: accounts.segment}\n"
    let found = try #require(Self.outcomes([.roleOverlap], clustered)[.roleOverlap])
    #expect(found.verdict == .fail, "\(found.words)")
    let numbers = Dictionary(uniqueKeysWithValues: found.numbers.map { ($0.name, $0.value) })
    // Three segments, at two pairs of cutoffs: train and calibrate, calibrate and test.
    #expect(numbers["overlapping_pairs"] == 6)
    #expect(numbers["positive_entities_in_two_roles"] == 3)
    #expect(found.words.hasPrefix("6 pairs of rows of a cluster in two roles share"))
  }

  @Test
  func `a whole audit fails where one check does, and where the spec allows itself something`()
    throws
  {
    let bench = try AccountsBench()
    func verdict(_ overlay: String) throws -> AuditCheck.Verdict {
      let spec = try AccountsBench.spec(overlay)
      return try AuditRunner(project: bench.project, threads: 1).audit(spec).verdict
    }
    #expect(try verdict("cutoffs: {calibrate: 0}\ncalibration: {fit: test}") == .fail)
    #expect(
      try verdict("feature_sets: {more: [nothing: {sql: \"accounts.size * 0\"}]}") == .fail)
  }
}
