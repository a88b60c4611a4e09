import Foundation
import HoldoutTestSupport
import Testing

/// Runs go into production by `promote` and back by `rollback`; `history` and `verify` tell of it.
@Suite struct PromoteCommandTests {
  /// Gates that small data can meet.
  static let gates = """
    gates: {audit: none, evidence: any, better_than: none, caveats: allowed, inconclusive: allow}

    """

  /// A shop with one or two runs, none of which is in production.
  static func project(
    _ gates: String = gates, runs: Int = 2
  ) throws -> (project: TestProject, ids: [String]) {
    let project = try TestProject(withResults: true)
    try project.write("holdout.yaml", Shop.project + gates)
    let first = try project.runId()
    guard runs == 2 else { return (project, [first]) }
    try project.add(Self.bothRuns.get(), to: "results/shop")
    return (project, [first] + project.runIds().filter { $0 != first })
  }

  /// The shop's results after a run of smaller trees, made once for all tests.
  private static let bothRuns = Result {
    let project = try TestProject(withResults: true)
    try project.runs("model.params.num_leaves=4")
    return project.contents(of: "results/shop")
  }

  /// Promotes a run whatever its gates say.
  @discardableResult
  static func promote(
    _ project: TestProject, _ id: String, as name: String = "shop"
  ) throws -> ProgramResult {
    let result = try project.holdout(
      "promote", id, "--as", name, "--override", "a test", "--by", "ada", "--threads", "1")
    try #require(result.end == .exit(0), "\(result)")
    return result
  }

  static let registry = "results/registry.jsonl"

  static func lines(_ project: TestProject) throws -> [String] {
    try project.text(registry).split(separator: "\n").map(String.init)
  }

  @Test func `a run whose gates pass goes into production and history tells of it`() throws {
    let (project, ids) = try Self.project()
    let promoted = try project.holdout(
      "promote", ids[0], "--reason", "the first one", "--by", "ada@example.org")
    try #require(promoted.end == .exit(0), "\(promoted)")
    #expect(promoted.output.hasPrefix("shop: promoted to run \(ids[0])\n"), "\(promoted)")
    #expect(promoted.output.contains("1, 20"))
    #expect(promoted.output.contains("by ada@example.org"))
    // Its page and its curves stay with the run.
    let left = ["curves.json", "predictions.parquet", "report.html"]
    for file in TestProject.runFiles where !left.contains(file) {
      let own = try project.data("results/shop/runs/\(ids[0])/\(file)")
      #expect(try project.data("models/shop/\(file)") == own)
      #expect(try project.data("models/shop/versions/\(ids[0])/\(file)") == own)
    }
    let again = try project.holdout("promote", ids[0])
    #expect(again.end == .exit(0))
    #expect(again.output == "shop: run \(ids[0]) is already the champion\n")
    #expect(try Self.lines(project).count == 1)
    try Self.promote(project, ids[1])
    let back = try project.holdout("rollback", "shop", "--reason", "worse in the field")
    #expect(back.end == .exit(0), "\(back)")
    #expect(back.output.hasPrefix("shop: rolled back to run \(ids[0])\n"))

    let history = try project.holdout("history")
    #expect(history.end == .exit(0))
    let rows = history.output.split(separator: "\n")
    #expect(rows.count == 4, "\(history)")
    #expect(rows[1].contains("ada@example.org") && rows[1].contains("the first one"))
    #expect(rows[3].contains("rollback") && rows[3].contains("worse in the field"))
    let json = try project.holdout("history", "shop", "--format", "json")
    let records = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]])
    #expect(records.map { $0["run_id"] as? String } == [ids[0], ids[1], ids[0]])
    #expect((records[0]["gate"] as? [String: Any])?["outcome"] as? String == "pass")
    #expect((records[0]["versions"] as? [String: String])?["holdout"] == "0.1.0")
    #expect((records[0]["files"] as? [String: String])?.count == 9)
    let markdown = try project.holdout("history", "--format", "markdown")
    #expect(markdown.output.hasPrefix("| record | when (UTC) | name |"))
    let verified = try project.holdout("verify")
    #expect(verified.end == .exit(0))
    #expect(verified.errors.isEmpty)
    #expect(verified.output.hasPrefix("shop: complete, run \(ids[0]) since "))
    #expect(
      verified.output.contains("registry: complete, 3 records, the last is 3:"), "\(verified)")
  }

  /// Gives the only record another year, and the hash that goes with it.
  private static func redate(_ project: TestProject, _ year: String) throws {
    let made = try project.shell(
      """
      record=$(sed -E 's/^.{10}(.*),"sha256":.*/\\1/; s/"at":"[0-9]{4}/"at":"\(year)/' \(registry))
      hash=$(printf %s "$record" | sha256sum | cut -c 1-64)
      printf '{"record":%s,"sha256":"%s"}\\n' "$record" $hash > \(registry)
      """)
    try #require(made.end == .exit(0), "\(made)")
  }

  @Test func `a promotion under a wrong clock is a warning, and stops no later change`() throws {
    let (project, ids) = try Self.project()
    try Self.promote(project, ids[0])
    try Self.redate(project, "2099")
    let next = try Self.promote(project, ids[1])
    #expect(next.findings.map(\.id) == ["H643"], "\(next)")
    let back = try project.holdout("rollback", "shop", "--reason", "x")
    #expect(back.end == .exit(0) && back.output.contains("rolled back to run \(ids[0])"), "\(back)")
    let verified = try project.holdout("verify")
    #expect(verified.end == .exit(0), "\(verified)")
    #expect(verified.findings.map(\.id) == ["H643"], "\(verified)")
    let today = try project.holdout("history", "--on", "2098-12-31")
    #expect(today.output.contains("rollback") && today.output.contains(ids[0]), "\(today)")
  }

  @Test func `a record with a date that no clock says is refused by verify alone`() throws {
    let (project, ids) = try Self.project()
    try Self.promote(project, ids[0])
    try Self.redate(project, "0001")
    #expect(try project.holdout("verify").refuses("H646", "record 1"))
    try Self.promote(project, ids[1])
    #expect(try project.holdout("rollback", "shop", "--reason", "x").end == .exit(0))
    #expect(try project.holdout("history").findings.map(\.id) == ["H646"])
  }

  @Test func `verify finds that records were cut off which were there before`() throws {
    let (project, ids) = try Self.project()
    for id in ids { try Self.promote(project, id) }
    let text = try project.holdout("verify").output
    let head = try #require(text.firstMatch(of: #/the last is (2:[0-9a-f]{64})\n/#)).1
    let json = try project.holdout("verify", "--format", "json", "--at-least", String(head))
    #expect(json.end == .exit(0) && json.output.contains("\"head\" : \"\(head)\""), "\(json)")
    // What sha256sum says of the line.
    let sum = try project.shell("sed -n 1p \(Self.registry) | tr -d '\\n' | sha256sum").output
    #expect(try project.holdout("verify", "--at-least", "1:\(sum.prefix(64))").end == .exit(0))
    // The last promotion is taken back: without its files the rest is as it was written.
    _ = try project.shell(
      """
      sed -i 2d \(Self.registry); rm -r models/shop/versions/\(ids[1])
      cp models/shop/versions/\(ids[0])/* models/shop/
      """)
    #expect(try project.holdout("verify").end == .exit(0))
    let cut = try project.holdout("verify", "--at-least", String(head))
    #expect(cut.refuses("H647", "has 1 record, but at least 2 are expected"), "\(cut)")
    // Somebody else's, as the same record within a second would be the same line.
    let other = try project.holdout(
      "promote", ids[1], "--as", "shop", "--override", "a test", "--by", "grace", "--threads", "1")
    #expect(other.end == .exit(0), "\(other)")
    #expect(try project.holdout("verify", "--at-least", String(head)).refuses("H647", "record 2"))
    #expect(try project.holdout("verify", "--at-least", "2:abc").end == .exit(2))
  }

  @Test func `history says what was in production when a day ended`() throws {
    let (project, ids) = try Self.project()
    for id in ids { try Self.promote(project, id) }
    try Self.promote(project, ids[0], as: "trade")
    let before = try project.holdout("history", "--on", "2000-01-31")
    #expect(before.end == .exit(0))
    #expect(
      before.output
        == "In production at the end of 2000-01-31 (UTC):\n\nnothing was promoted by then\n")
    let after = try project.holdout("history", "--on", "2999-12-31")
    let rows = after.output.split(separator: "\n")
    #expect(rows.count == 4, "\(after)")
    #expect(rows[2].contains("shop") && rows[2].contains(ids[1]))
    #expect(rows[3].contains("trade") && rows[3].contains(ids[0]))
    let none = try project.holdout("history", "other")
    #expect(none.refuses("H640", "`other`", "`shop`"), "\(none)")
    #expect(try project.holdout("history", "--on", "yesterday").end == .exit(2))
  }

  @Test func `a run whose gates fail stays out unless somebody says why not`() throws {
    let (project, ids) = try Self.project(
      "gates: {audit: none, evidence: any, better_than: none, minimum: {roc_auc: 0.999}}\n", runs: 1
    )
    let refused = try project.holdout("promote", "shop")
    #expect(refused.end == .exit(1), "\(refused)")
    #expect(refused.output.isEmpty)
    #expect(refused.errors.contains("minimum.roc_auc"))
    #expect(refused.errors.contains("not promoted: `--override \"reason\"`"))
    #expect(!project.exists(Self.registry))
    #expect(!project.exists("models"))
    let dry = try project.holdout("promote", "shop", "--override", "nothing better", "--dry-run")
    #expect(dry.end == .exit(0), "\(dry)")
    #expect(dry.output.contains(#""override" : "nothing better""#), "\(dry)")
    #expect(!project.exists("models"))
    let forced = try project.holdout("promote", "shop", "--override", "nothing better")
    #expect(forced.end == .exit(0), "\(forced)")
    #expect(forced.output.contains("fail, overridden"))
    #expect(try project.holdout("history").output.contains("nothing better"))
    #expect(try Self.lines(project)[0].contains(#""name":"minimum.roc_auc""#))
    #expect(try project.holdout("promote", ids[0], "--override", " ").end == .exit(2))
  }

  @Test func `what cannot be promoted is told and changes nothing`() throws {
    let (project, ids) = try Self.project(runs: 1)
    #expect(try project.holdout("promote", "absent").end == .exit(2))
    #expect(try project.holdout("promote", "shop", "--as", "../x").refuses("H644", "`../x`"))
    #expect(try project.holdout("rollback", "shop", "--reason", "x").refuses("H640"))
    let model = "results/shop/runs/\(ids[0])/model.txt"
    let whole = try project.text(model)
    try project.write(model, String(whole.prefix(whole.count / 2)))
    #expect(try project.holdout("promote", "shop").refuses("H660", "model.txt"))
    try project.remove("\(model)")
    #expect(try project.holdout("promote", "shop").refuses("H638", "model.txt"))
    #expect(!project.exists("models"))
  }

  @Test(arguments: ["model.txt", "spec.yaml", "calibrator.json", "metrics.json"])
  func `one flipped byte in a promoted file is named by verify and by every load`(
    _ file: String
  ) throws {
    let (project, ids) = try Self.project()
    try Self.promote(project, ids[0])
    for place in ["models/shop", "models/shop/versions/\(ids[0])"] {
      let whole = try project.data("\(place)/\(file)")
      var bytes = whole
      bytes[bytes.count / 2] ^= 1
      try bytes.write(to: URL(filePath: "\(project.folder)/\(place)/\(file)"))
      for arguments in [
        ["verify"], ["promote", ids[1], "--override", "x"], ["compare", "champion", ids[1]],
        ["rollback", "shop", "--reason", "x"],
      ] {
        let result = try Program.run(arguments, in: project.folder)
        #expect(result.refuses("H632", "`\(place)/\(file)`"), "\(arguments) \(result)")
      }
      let json = try project.holdout("verify", "--format", "json")
      #expect(json.end == .exit(2))
      #expect(json.output.contains(#""outcome" : "changed""#))
      #expect(json.output.contains("\(place)/\(file)"))
      try whole.write(to: URL(filePath: "\(project.folder)/\(place)/\(file)"))
    }
    #expect(try project.holdout("verify").end == .exit(0))
    var registry = try project.data(Self.registry)
    registry[registry.count / 3] ^= 1
    try registry.write(to: URL(filePath: "\(project.folder)/\(Self.registry)"))
    for arguments in [
      ["verify"], ["promote", ids[1], "--override", "x"], ["compare", "champion", ids[1]],
      ["rollback", "shop", "--reason", "x"], ["history"],
    ] {
      let result = try Program.run(arguments, in: project.folder)
      #expect(result.refuses("H630", "`\(Self.registry)`"), "\(arguments) \(result)")
    }
  }

  @Test func `predictions of the champion that are not those of its record are not taken`() throws {
    let (project, ids) = try Self.project()
    try Self.promote(project, ids[0])
    let arguments = ["compare", "champion", ids[1], "--resamples", "50", "--format", "json"]
    let before = try Comparison(Program.run(arguments, in: project.folder)).candidates[0]
    #expect(before.metrics["roc_auc"]?.difference != 0 && before.remarks.isEmpty)
    // With the candidate's own predictions in their place the two would be equally good.
    let (own, other) = (ids[0], ids[1])
    try project.data("results/shop/runs/\(other)/predictions.parquet").write(
      to: URL(filePath: "\(project.folder)/results/shop/runs/\(own)/predictions.parquet"))
    let after = try Comparison(Program.run(arguments, in: project.folder)).candidates[0]
    #expect(after.metrics["roc_auc"]?.difference == before.metrics["roc_auc"]?.difference)
    #expect(after.remarks.contains { $0.contains("`champion` was scored again") })
  }

  @Test func `the gates of a spec that is named by its path are those that it has now`() throws {
    let (project, ids) = try Self.project(
      "gates: {audit: none, evidence: any, better_than: none}\n", runs: 1)
    try project.write("shop.yaml", Shop.spec + "gates: {minimum: {roc_auc: 0.999}}\n")
    let strict = try project.holdout("promote", "shop.yaml")
    #expect(strict.end == .exit(1) && strict.errors.contains("minimum.roc_auc"), "\(strict)")
    #expect(!project.exists("models"))
    // The run itself was made without them.
    #expect(try project.holdout("promote", ids[0]).end == .exit(0))
  }

  @Test func `a registry that was cut off is told of and goes on`() throws {
    let (project, ids) = try Self.project()
    for id in ids { try Self.promote(project, id) }
    _ = try project.shell("truncate -s -100 \(Self.registry)")
    let history = try project.holdout("history")
    #expect(history.end == .exit(0))
    #expect(history.findings.map(\.id) == ["H631"], "\(history)")
    let verified = try project.holdout("verify", "--format", "json")
    #expect(verified.end == .exit(0), "\(verified)")
    #expect(verified.output.contains(#""outcome" : "complete""#))
    #expect(verified.output.contains("H631"))
    #expect(verified.output.contains("this is fixed now"))
    #expect(try Self.lines(project).count == 1)
    try Self.promote(project, ids[1])
    let after = try project.holdout("verify")
    #expect(after.end == .exit(0) && after.errors.isEmpty, "\(after)")
  }

  @Test func `records are signed with a key of a file or of the environment`() throws {
    let (project, ids) = try Self.project()
    _ = try project.shell(
      """
      openssl genpkey -algorithm ed25519 -out key.pem
      openssl pkey -in key.pem -pubout -out key.pub.pem
      """)
    try project.write(
      "holdout.yaml", Shop.project + Self.gates + "registry: {public_keys: [key.pub.pem]}\n")
    let unsigned = try project.holdout("promote", ids[0], "--override", "x")
    #expect(unsigned.refuses("H637", "--key"), "\(unsigned)")
    #expect(!project.exists("models"))
    let signed = try project.holdout(
      "promote", ids[0], "--override", "x", "--key", "key.pem")
    #expect(signed.end == .exit(0), "\(signed)")
    let secret = try project.text("key.pem")
    let other = try project.holdout(
      "promote", ids[1], "--override", "x", environment: ["HOLDOUT_SIGNING_KEY": secret])
    #expect(other.end == .exit(0), "\(other)")
    let verified = try project.holdout("verify")
    #expect(verified.output.contains(", signed with "), "\(verified)")
    let body = secret.split(separator: "\n")[1]
    for result in [unsigned, signed, other, verified] { #expect(!"\(result)".contains(body)) }
    #expect(try !project.text(Self.registry).contains(body))
    let broken = try project.holdout(
      "rollback", "shop", "--reason", "x", environment: ["HOLDOUT_SIGNING_KEY": "\(body)x"])
    #expect(broken.refuses("H636", "HOLDOUT_SIGNING_KEY"))
    #expect(!"\(broken)".contains(body))
  }
}
