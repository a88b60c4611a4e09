import Experiment
import HoldoutTestSupport
import Reports
import Spec
import Testing
import Warehouse

/// The check `snapshot` on tables that are changed after a snapshot of 2024-09-30.
@Suite struct SnapshotCheckTests {
  /// - Parameters:
  ///   - changes: SQL that changes the tables after the snapshot.
  ///   - first: SQL that changes them before it.
  private static func outcome(
    _ changes: [String], overlay: String = "", first: [String] = []
  ) throws -> AuditOutcome {
    let accounts = try AccountsBench(first)
    let folder = accounts.path("early")
    let writer = SnapshotWriter(project: accounts.project, threads: 1)
    _ = try writer.write(
      AccountsBench.spec("data_through: 2024-09-30\n" + overlay), to: folder)
    for statement in changes { try accounts.bench.engine.connection.execute(statement) }
    for table in ["accounts", "regions", "visits"] {
      try accounts.bench.parquet(table, "FROM \(table) ORDER BY ALL")
    }
    let spec = try AccountsBench.spec(overlay)
    let subject = try AuditSubject(spec, of: nil, project: accounts.project, threads: 1)
    let runner = AuditRunner(
      project: accounts.project, threads: 1, earlier: try Snapshot(folder, for: spec))
    return runner.outcome(of: .snapshot, subject)
  }

  private static func number(_ name: String, _ outcome: AuditOutcome) -> Double? {
    outcome.numbers.first { $0.name == name }?.value
  }

  @Test func `unchanged tables pass`() throws {
    let found = try Self.outcome([])
    #expect(found.verdict == .pass, "\(found.words)\n\(found.lines)")
    // accounts: created, bought, size, segment; regions: valid_to, region; visits: noted.
    #expect(Self.number("columns", found) == 7)
    #expect(Self.number("days", found) == 92)
    #expect(Self.number("rows_gone", found) == 0 && Self.number("rows_added", found) == 0)
  }

  @Test func `events that become known later pass only with known_at`() throws {
    let late = """
      INSERT INTO visits SELECT id, DATE '2024-09-01', DATE '2024-10-05' FROM accounts
      WHERE created < DATE '2024-09-01' AND id < 'A0200'
      """
    let known = try Self.outcome([late])
    #expect(known.verdict == .pass, "\(known.words)\n\(known.lines)")
    let unknown = try Self.outcome([late], overlay: "sources: {visits: {known_at: null}}")
    #expect(unknown.verdict == .fail, "\(unknown.words)\n\(unknown.lines)")
    #expect(unknown.words.contains("`visits` were added"), "\(unknown.words)")
  }

  @Test func `purchases that are reported late pass within the label's delay`() throws {
    let late = """
      UPDATE accounts SET bought = DATE '2024-09-25'
      WHERE bought > DATE '2024-12-01' AND created < DATE '2024-09-01'
      """
    let delayed = try Self.outcome([late], overlay: "label: {label_delay: 10 days}")
    #expect(delayed.verdict == .pass, "\(delayed.words)\n\(delayed.lines)")
    let punctual = try Self.outcome([late])
    #expect(punctual.verdict == .fail, "\(punctual.words)\n\(punctual.lines)")
    #expect(punctual.words.contains("`accounts.bought`"), "\(punctual.words)")
  }

  @Test func `equal events are counted`() throws {
    let three = """
      INSERT INTO visits SELECT id, DATE '2024-09-02', DATE '2024-09-02' FROM accounts, range(3)
      WHERE id IN ('A0001', 'A0002')
      """
    let delete = "DELETE FROM visits WHERE day = DATE '2024-09-02' AND id = 'A0001'"
    let one = """
      INSERT INTO visits VALUES ('A0001', DATE '2024-09-02', DATE '2024-09-02'),
        ('A0001', DATE '2024-09-02', DATE '2024-09-03')
      """
    // One of the three rows remains, one is noted a day later, and one is gone.
    let found = try Self.outcome([delete, one], first: [three])
    #expect(Self.number("rows_gone", found) == 1, "\(found.lines)")
    #expect(Self.number("rows_added", found) == 0, "\(found.lines)")
    #expect(
      found.lines.contains {
        $0.hasPrefix("`visits.noted`: another value in 1 row ")
          && $0.contains("for example `A0001`: `2024-09-02` became `2024-09-03`")
      }, "\(found.lines)")
    #expect(found.verdict == .pass)
  }

  @Test func `a version that is ended in the past is named`() throws {
    let found = try Self.outcome([
      "UPDATE regions SET valid_to = DATE '2024-09-01' WHERE valid_from < DATE '2024-08-01'"
    ])
    #expect(found.verdict == .fail)
    #expect(found.words.contains("`regions.valid_to` has other values"), "\(found.words)")
    #expect(found.lines.contains { $0.contains("nothing became `2024-09-01`") })
  }

  @Test func `a column that the snapshot lacks is not compared`() throws {
    let accounts = try AccountsBench()
    let folder = accounts.path("early")
    let writer = SnapshotWriter(project: accounts.project, threads: 1)
    _ = try writer.write(AccountsBench.spec("data_through: 2024-09-30"), to: folder)
    let spec = try AccountsBench.spec(
      "sources: {accounts: {columns: {status: {type: text, class: static}}}}")
    let subject = try AuditSubject(spec, of: nil, project: accounts.project, threads: 1)
    let found = AuditRunner(
      project: accounts.project, threads: 1, earlier: try Snapshot(folder, for: spec)
    ).outcome(of: .snapshot, subject)
    #expect(found.verdict == .pass, "\(found.words)\n\(found.lines)")
    #expect(
      found.lines.contains("`accounts.status`: not in the snapshot, or of another type"),
      "\(found.lines)")
  }
}

extension AuditOutcome {
  /// What people read.
  var words: String { result.words(verdict) }

  /// The details that people read.
  var lines: [String] { details.map(\.words) }
}
