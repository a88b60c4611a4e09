import HoldoutTestSupport
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

  @Test func `a plan is a page in other formats too`() throws {
    let project = try TestProject()
    let html = try project.holdout("plan", "shop.yaml", "--format", "html")
    #expect(html.end == .exit(0) && html.output.hasPrefix("<!doctype html>\n"))
    #expect(html.output.contains("<h2 id=\"shop\">shop</h2>"))
    let markdown = try project.holdout("plan", "shop.yaml", "--format", "markdown").output
    #expect(markdown.hasPrefix("## shop\n") && markdown.contains("| 2024-07-31 | test |"))
    #expect(html.output.contains("<figcaption><strong>Timeline of shop</strong>"))
    #expect(html.output.contains("<p><code>shop</code> has 12 train, 2 calibrate and 3 test"))
  }

  @Test func `a plan goes to a file, and nothing is printed`() throws {
    let project = try TestProject()
    for format in ["text", "markdown", "html"] {
      let printed = try project.holdout("plan", "shop.yaml", "--format", format)
      let file = try project.holdout("plan", "shop.yaml", "--format", format, "--out", "plan")
      #expect(file.end == .exit(0) && file.output.isEmpty, "\(file)")
      #expect(file.errors == "written to plan\n")
      let mark = "<!-- written by holdout, which may replace this file -->\n"
      #expect(try project.text("plan") == (format == "text" ? "" : mark) + printed.output)
      try project.remove("plan")
    }
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

  @Test func `every immature cutoff says by how many days`() throws {
    let project = try TestProject()
    let result = try project.holdout("plan", "shop.yaml")
    for line in [
      "2024-10-31: labels are final on 2025-01-31, 31 days after the last observed day (2024-12-31)",
      "2024-11-30: labels are final on 2025-02-28, 59 days after the last observed day (2024-12-31)",
      "2024-12-31: labels are final on 2025-03-31, 90 days after the last observed day (2024-12-31)",
    ] { #expect(result.output.contains("\n  \(line)\n")) }
    let dayLess = try project.holdout("plan", "shop.yaml", "data_through=2024-12-30")
    #expect(
      dayLess.output.contains(
        "\n  2024-09-30: labels are final on 2024-12-31, 1 day after the last observed day (2024-12-30)\n"
      )
    )
    #expect(Self.lines(dayLess.output).last { $0.role == "test" }?.cutoff == "2024-08-31")
    let settling = try project.holdout("plan", "shop.yaml", "label.label_delay=5 days")
    #expect(
      settling.output.contains(
        "2024-09-30: labels are final on 2025-01-05, 5 days after the last observed day"))
  }

  @Test func `mature cutoffs after the last one asked for are unused, and counted`() throws {
    let project = try TestProject()
    let lines = Self.lines(
      try project.holdout("plan", "shop.yaml", "cutoffs.last=2024-06-30").output)
    let roles = Dictionary(grouping: lines, by: \.role).mapValues { $0.map(\.cutoff) }
    #expect(roles["unused"] == ["2024-07-31", "2024-08-31", "2024-09-30"])
    #expect(roles["immature"] == ["2024-10-31", "2024-11-30", "2024-12-31"])
    let full = Self.lines(try project.holdout("plan", "shop.yaml").output)
    for line in lines where line.role == "unused" {
      #expect(full.first { $0.cutoff == line.cutoff }?.positives == line.positives)
    }
  }

  /// The row of the table of costs that starts with a name, cell by cell.
  private static func cost(_ name: String, _ output: String) -> [String]? {
    output.split(separator: "\n").first { $0.hasPrefix(name) }.map {
      $0.dropFirst(name.count).split(separator: " ").map(String.init)
    }
  }

  @Test func `what a choice costs is what its own plan says`() throws {
    let project = try TestProject()
    let output = try project.holdout("plan", "shop.yaml").output
    let own = try #require(Self.cost("this spec", output))
    #expect(own.prefix(3) == ["21", "4", "2023-01-31"])
    let crossFitted = try project.holdout(
      "plan", "shop.yaml", "cutoffs.calibrate=0", "calibration.fit=cross_fit"
    ).output
    let crossFit = try #require(Self.cost("fit: cross_fit, calibrate: 0", output))
    #expect(crossFit == Self.cost("this spec", crossFitted))
    #expect(crossFit.prefix(2) == ["17", "2"])
    #expect(Self.cost("fit: cross_fit", crossFitted) == nil)
    let withoutEmbargo = try project.holdout("plan", "shop.yaml", "cutoffs.embargo=none").output
    let none = try #require(Self.cost("embargo: none *", output))
    #expect(none == Self.cost("this spec", withoutEmbargo))
    #expect(none.prefix(2) == ["17", "0"])
    #expect(output.contains("* label windows then overlap: for comparison only"))
    #expect(!withoutEmbargo.contains("for comparison only"))
    // Counted from the drawing: train rows and positives, calibrate and test positives.
    let lines = Self.lines(output)
    func sum(_ role: String, _ value: (Line) -> String) -> Int {
      lines.filter { $0.role == role }.reduce(0) {
        $0 + (Int(value($1).replacing(",", with: "")) ?? 0)
      }
    }
    let numbers = own.dropFirst(3).map { Int($0.replacing(",", with: "")) }
    #expect(numbers[0] == sum("train", \.rows))
    #expect(numbers[1] == sum("train", \.positives))
    #expect(numbers[3] == sum("calibrate", \.positives))
    #expect(numbers[4] == sum("test", \.positives))
  }

  @Test func `too short a history says what each choice would need`() throws {
    let project = try TestProject()
    let result = try project.holdout("plan", "shop.yaml", "cutoffs.train=42")
    #expect(
      result.refuses(
        "H404", "there are 48 cutoffs, and this spec needs 51",
        "`calibration: {fit: cross_fit}` with `calibrate: 0` needs 47 cutoffs",
        "`embargo: none` needs 47 cutoffs; label windows then overlap: for comparison only"),
      "\(result)")
  }

  @Test func `every fold is drawn, with its counts`() throws {
    let project = try TestProject()
    let output = try project.holdout(
      "plan", "shop.yaml", "cutoffs.folds=3", "cutoffs.step=3 months"
    ).output
    let lines = output.split(separator: "\n").map(String.init)
    let head = try #require(lines.firstIndex { $0.hasPrefix("3 folds, newest first") })
    let folds = Array(lines[(head + 2)...].prefix(3))
    let strips = folds.map { $0.dropFirst((folds.first?.count ?? 0) - 27) }
    #expect(
      strips == [
        "      tttttttttttt··cc··●●●", "   tttttttttttt··cc··●●●", "tttttttttttt··cc··●●●",
      ])
    let alone = try project.holdout("plan", "shop.yaml", "cutoffs.last=2024-03-31").output
    let test = Self.lines(alone).filter { $0.role == "test" }
    let rows = test.reduce(0) { $0 + (Int($1.rows.replacing(",", with: "")) ?? 0) }
    let cells = folds[2].split(separator: " ").map { $0.replacing(",", with: "") }
    #expect(cells.prefix(4) == ["3", "2024-01-31", "to", "2024-03-31"])
    #expect(cells[7] == "\(rows)")
    #expect(try #require(Self.cost("this spec", output))[0] == "27")
  }
}
