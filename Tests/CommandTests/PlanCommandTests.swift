import Testing

@Suite struct PlanCommandTests {
  /// One line of the drawing: what stands in its columns.
  struct Line: Equatable {
    let cutoff, role, windowEnd, rows, positives: String
  }

  static func lines(_ output: String) -> [Line] {
    output.split(separator: "\n").filter { $0.wholeMatch(of: /20\d\d-\d\d-\d\d  .*/) != nil }.map {
      let words = $0.split(separator: " ").map(String.init)
      return Line(
        cutoff: words[0], role: words[1], windowEnd: words[2], rows: words[3], positives: words[4])
    }
  }

  @Test func `every cutoff has the role that time allows it`() throws {
    let project = try TestProject()
    let result = try project.holdout("plan", "shop.yaml")
    #expect(result.end == .exit(0), "\(result)")
    #expect(result.errors.isEmpty)
    let lines = Self.lines(result.output)
    #expect(lines.first?.cutoff == "2023-01-31")
    #expect(lines.last?.cutoff == "2024-12-31")
    let roles = Dictionary(grouping: lines, by: \.role).mapValues { $0.map(\.cutoff) }
    #expect(roles["train"]?.count == 12)
    #expect(roles["train"]?.last == "2023-12-31")
    #expect(roles["calibrate"] == ["2024-03-31", "2024-04-30"])
    #expect(roles["test"] == ["2024-07-31", "2024-08-31", "2024-09-30"])
    #expect(roles["embargoed"] == ["2024-01-31", "2024-02-29", "2024-05-31", "2024-06-30"])
    #expect(roles["immature"] == ["2024-10-31", "2024-11-30", "2024-12-31"])
    #expect(lines.first { $0.cutoff == "2024-02-29" }?.windowEnd == "2024-05-31")
    #expect(lines.filter { $0.role == "immature" }.allSatisfy { $0.positives == "-" })
  }

  @Test func `rows and positives are those that SQL counts in the data`() throws {
    let project = try TestProject()
    let lines = Self.lines(try project.holdout("plan", "shop.yaml").output)
    for line in lines where line.role != "immature" {
      let counted = try project.scalar(
        """
        SELECT count(*) || ' ' || count(*) FILTER (
          WHERE first_licence <= last_day(DATE '\(line.cutoff)' + INTERVAL 3 MONTH))
        FROM 'data/customers.parquet' AS customers
        WHERE created_on <= DATE '\(line.cutoff)'
          AND (first_licence IS NULL OR first_licence > DATE '\(line.cutoff)')
          AND EXISTS (
            FROM 'data/history.parquet' AS history
            WHERE history.id = customers.id AND is_active AND valid_from <= DATE '\(line.cutoff)'
              AND (valid_to IS NULL OR valid_to > DATE '\(line.cutoff)'))
        """)
      #expect("\(line.rows) \(line.positives)" == counted, "\(line.cutoff)")
    }
  }

  @Test func `an override changes the timeline and nothing in the file`() throws {
    let project = try TestProject()
    let result = try project.holdout("plan", "shop.yaml", "cutoffs.train=2", "cutoffs.test=1")
    #expect(result.end == .exit(0))
    let roles = Self.lines(result.output).map(\.role)
    #expect(roles.count { $0 == "train" } == 2)
    #expect(roles.count { $0 == "test" } == 1)
    #expect(try project.text("shop.yaml") == Shop.spec)
  }

  @Test func `as of an earlier day the later months are not known`() throws {
    let project = try TestProject()
    let result = try project.holdout("plan", "shop.yaml", "as_of=2024-10-31")
    let lines = Self.lines(result.output)
    #expect(lines.last { $0.role == "test" }?.cutoff == "2024-07-31")
    #expect(lines.last?.cutoff == "2024-10-31")
  }
}
