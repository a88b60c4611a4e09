import Foundation
import HoldoutTestSupport
import Testing

/// Faults in the spec itself: exit code 2, a finding at the place, earlier results untouched.
@Suite struct BadSpecTests {
  /// A project with results, and then a run of a spec with some of its words replaced.
  private func refused(_ changes: [String: String]) throws -> ProgramResult {
    let project = try TestProject(withResults: true)
    let before = project.contents(of: "results")
    try project.writeSpec(changes)
    let result = try project.holdout("run", "shop.yaml")
    #expect(project.contents(of: "results") == before)
    #expect(result.output.isEmpty, "\(result)")
    return result
  }

  @Test func `a learner parameter that does not exist`() throws {
    let result = try refused(["learning_rate: 0.2": "learning_rat: 0.2"])
    #expect(result.refuses("H513", "LightGBM has no parameter `learning_rat`", "shop.yaml:55:47"))
    #expect(result.errors.contains("did you mean `learning_rate`?"))
    #expect(result.underlined == ["learning_rat"])
  }

  @Test func `a learner parameter whose value makes no sense`() throws {
    let result = try refused(["learning_rate: 0.2": "learning_rate: -1"])
    #expect(result.end == .exit(2), "\(result)")
    #expect(result.errors.contains(#/error\[H51\d\]: .*learning_rate/#), "\(result)")
    #expect(result.underlined == ["-1"], "\(result)")
  }

  @Test(arguments: [
    ("{value: customers.size}", "{category: customers.status}"),
    ("customers.size >= 50", "customers.status = 'customer'"),
    ("{category: customers.channel, missing: none}", "{present: customers.status}"),
  ])
  func `a column that holds only today's value`(_ old: String, _ new: String) throws {
    let result = try refused([old: new])
    #expect(result.refuses("H410", "`customers.status` is `current`", "look-ahead"), "\(result)")
    #expect(result.errors.contains("read it from a history source as of the cutoff"))
    #expect(result.underlined == ["customers.status"])
  }

  @Test func `a subquery, which could see later rows`() throws {
    let query = "(SELECT max(size) FROM customers)"
    let result = try refused(["customers.size >= 50": "customers.size >= \(query)"])
    #expect(result.refuses("H303", "a subquery could read rows from after the cutoff"))
    #expect(result.underlined == [query], "\(result)")
  }

  @Test(arguments: [
    (
      "customers.size >= 50", "customers.sise >= 50", "customers.sise",
      "did you mean `customers.size`?"
    ),
    ("kind = 'demo'", "kimd = 'demo'", "kimd", "did you mean `kind`?"),
    ("customers.size >= 50", "size >= 50", "size", "did you mean `customers.size`?"),
    ("kind = 'demo'", "customers IS NULL", "customers", "is not a column of `visits`"),
    ("kind = 'demo'", "customers.sise > 1", "customers.sise", "did you mean `customers.size`?"),
  ])
  func `a column that an SQL expression cannot name`(
    _ old: String, _ new: String, _ word: String, _ help: String
  ) throws {
    let result = try refused([old: new])
    #expect(result.refuses("H307", help), "\(result)")
    #expect(result.underlined == [word])
  }

  @Test func `a name behind wide characters is underlined where it stands`() throws {
    let result = try refused([
      "customers.size >= 50": "customers.channel = 'Größe, 東' OR customers.sise > 1"
    ])
    #expect(result.refuses("H307", "`customers` declares no column `sise`"), "\(result)")
    let lines = result.errors.split(separator: "\n").map(String.init)
    let marks = try #require(lines.first { $0.contains("^^^") })
    let source = try #require(lines.first { $0.contains("is_large") })
    let word = try #require(source.range(of: "customers.sise"))
    // The terminal draws 東 two cells wide.
    let cells = source.distance(from: source.startIndex, to: word.lowerBound) + 1
    #expect(marks.prefix { $0 != "^" }.count == cells, "\(result)")
  }

  @Test(arguments: [
    ("now() > customers.created_on", "H306", "now"), ("random() > 0.5", "H306", "random"),
    ("row_number() OVER () > 5", "H304", "row_number() OVER ()"),
    ("age(customers.created_on) > INTERVAL 9 DAY", "H306", "age"),
    ("customers.created_on > ago(INTERVAL 9 DAY)", "H306", "ago"),
    ("customers.size >= 50; DROP TABLE x", "H301", ";"), ("customers.size >=", "H301", nil),
    ("sum(customers.size) > 9", "H308", "sum"), ("COLUMNS('s.*') > 9", "H305", "COLUMNS('s.*')"),
    ("no_such_function(customers.size)", "H308", "no_such_function"),
  ])
  func `SQL that is not one value of one entity at one cutoff`(
    _ sql: String, _ id: String, _ word: String?
  ) throws {
    let result = try refused(["customers.size >= 50": sql])
    #expect(result.refuses(id, "shop.yaml:36:"), "\(result)")
    if let word { #expect(result.underlined.first?.hasPrefix(word) == true, "\(result)") }
  }

  @Test func `a connection that holdout yaml does not name`() throws {
    let result = try refused(["connection: shop": "connection: shpo"])
    #expect(result.refuses("H313", "no connection `shpo`", "did you mean `shop`?"))
    #expect(result.underlined == ["shpo"])
  }

  @Test func `calibration that the rows do not allow`() throws {
    let result = try refused(["calibrate: 2": "calibrate: 0"])
    #expect(result.refuses("H250", "has no cutoffs to fit on"), "\(result)")
  }

  // MARK: - Not a spec at all

  @Test(arguments: [
    ("", "H104", "is empty"), ("# only a comment\n", "H120", "this document is empty"),
    ("just words\n", "H201", "a spec is a map of keys"), ("- 1\n- 2\n", "H201", "a map of keys"),
    ("name: [1, 2\n", "H112", "this list is never closed"),
    ("name: shop\n\tversion: 1\n", "H111", "a tab indents this line"),
    ("name: shop\nname: shop\n", "H122", "the key `name` is given twice"),
    ("{\"name\": \"shop\"\n", "H112", "never closed"),
  ])
  func `a file that is no spec`(_ text: String, _ id: String, _ words: String) throws {
    let project = try TestProject(withResults: true)
    let before = project.contents(of: "results")
    try project.write("shop.yaml", text)
    for command in [["run"], ["check"], ["check", "--offline"], ["plan"]] {
      let result = try Program.run(command + ["shop.yaml"], in: project.folder)
      #expect(result.refuses(id, words, "shop.yaml"), "\(result)")
      #expect(result.output.isEmpty)
    }
    #expect(project.contents(of: "results") == before)
  }

  @Test func `a file that is not text`() throws {
    let project = try TestProject()
    let result = try project.holdout("run", "data/visits.parquet")
    #expect(result.end == .exit(2))
    #expect(result.errors.contains(#/error\[H10[67]\]/#), "\(result)")
  }

  @Test func `a spec that is a folder`() throws {
    let project = try TestProject()
    let result = try project.holdout("run", "data")
    #expect(result.refuses("H102", "`data` is a folder", "name a YAML file in it"))
    #expect(!project.exists("results"))
  }

  @Test func `a spec that does not exist`() throws {
    let project = try TestProject()
    let result = try project.holdout("run", "shp.yaml")
    #expect(result.refuses("H101", "there is no file `shp.yaml`", "did you mean `shop.yaml`?"))
    #expect(!project.exists("results"))
  }

  @Test func `a holdout yaml that is wrong`() throws {
    let project = try TestProject()
    try project.write("holdout.yaml", "conections: {}\n")
    let result = try project.holdout("run", "shop.yaml")
    #expect(result.refuses("H231", "holdout.yaml:1:1", "did you mean `connections`?"))
    #expect(result.underlined == ["conections"])
    #expect(!project.exists("results"))
  }

  @Test func `an override that leads nowhere is shown as it was typed`() throws {
    let project = try TestProject()
    let result = try project.holdout("run", "shop.yaml", "cutoffs.trian=3")
    #expect(result.refuses("H231", "unknown key `trian`", "cutoffs.trian=3"), "\(result)")
    #expect(result.underlined == ["trian"])
  }

  /// A list that LightGBM would read past, an index that damages its heap, a combination that ends its
  /// process: refused by check and run alike, before the learner sees them.
  @Test(
    arguments: [
      ("interaction_constraints: \"[-1]\"", "H530", "names feature -1"),
      ("interaction_constraints: \"[0,1],[9]\"", "H530", "the 9 features are 0 to 8"),
      ("interaction_constraints: [\"[0\", \"1\"]", "H530", "must be groups of features"),
      ("mc: [1, 0]", "H530", "one number for each of the 9 features, and has 2"),
      ("mc: [0, 0, 0, 1, 0, 0, 0, 0, 0]", "H530", "feature number 4, `channel`"),
      ("feature_contri: [1, 1, 1, 1, 1, 1, 1, 1, .nan]", "H530", "number 9 is `nan`"),
      ("max_bin_by_feature: [1, 9, 9, 9, 9, 9, 9, 9, 9]", "H530", "number 1 is `1`"),
      ("label_gain: [0, .inf]", "H530", "number 2 is `inf`"),
      ("eval_at: [0]", "H530", "number 1 is `0`"),
      ("max_bin: 4294967297", "H531", "from -2147483648 to 2147483647"),
      ("lambda_l2: .inf", "H531", "a finite number"),
      ("monotone_constraints_method: advanced", "H531", "needs `monotone_constraints`"),
      ("forcedsplits_filename: /etc/passwd", "H510", "names a file"),
      ("output_model: model.txt", "H510", "written by Holdout"),
      ("machines: \"10.0.0.1:80\"", "H510", "on the CPU"),
      ("device: cuda", "H510", "on the CPU"), ("ignore_column: \"0\"", "H510", "from the panel"),
      ("cat_feature: [0]", "H510", "the feature's type"),
    ])
  func `a parameter that the learner would misread is refused`(
    parameter: String, id: String, words: String
  ) throws {
    let project = try TestProject()
    try project.writeSpec(["learning_rate: 0.2": parameter])
    for command in ["check", "run"] {
      let result = try project.holdout(command, "shop.yaml")
      #expect(result.refuses(id, words), "\(result)")
      #expect(result.findings.allSatisfy { $0.place?.hasPrefix("shop.yaml:") == true })
    }
    #expect(!project.exists("results/shop/metrics.json"))
  }
}
