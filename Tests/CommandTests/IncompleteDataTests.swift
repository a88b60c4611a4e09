import Foundation
import HoldoutTestSupport
import Testing

/// A model that was judged on an incomplete export does not get into production unasked.
@Suite struct IncompleteDataTests {
  /// As of an export of the label that stopped a month early.
  private static let labelsStop =
    "UPDATE customers SET first_licence = NULL WHERE first_licence > DATE '2024-08-31';\n"
  private static let visitsStop = "DELETE FROM visits WHERE noted_on > DATE '2024-07-15';\n"
  private static let strict =
    "gates: {audit: none, evidence: any, better_than: none, inconclusive: allow}\n"

  private struct Caveat: Decodable {
    let kind: String
    let accepted: Bool
    let reason: String
  }

  private func caveats(_ project: TestProject, _ id: String) throws -> [Caveat] {
    struct Record: Decodable { let caveats: [Caveat] }
    return try JSONDecoder().decode(
      Record.self, from: project.data("results/shop/runs/\(id)/run.json")
    ).caveats
  }

  @Test func `retrain shows every warning of the run`() throws {
    let (project, _) = try RetrainCommandTests.project()
    try project.changeData(
      RetrainCommandTests.newcomers
        + "UPDATE customers SET created_on = NULL WHERE id IN ('C0001', 'C0002');\n")
    let result = try RetrainCommandTests.retrain(
      project, "--data-through", RetrainCommandTests.after)
    #expect(result.end == .exit(0), "\(result)")
    #expect(result.output.contains("warning      H411: "), "\(result)")
  }

  @Test func `a source that has fallen silent is not retrained on, unless told why`() throws {
    let (project, champion) = try RetrainCommandTests.project(gates: Self.strict)
    try project.changeData(RetrainCommandTests.newcomers + Self.visitsStop)
    let before = (project.contents(of: "results"), project.contents(of: "models"))
    let after = ["--data-through", RetrainCommandTests.after]
    let refused = try RetrainCommandTests.retrain(project, after[0], after[1])
    #expect(
      refused.refuses("H811", "`visits`", "2024-07-15", "--accept H811="), "\(refused)")
    #expect(project.contents(of: "results") == before.0)
    #expect(project.contents(of: "models") == before.1)
    let accepted = try RetrainCommandTests.retrain(
      project, after[0], after[1], "--accept", "H811=the fair was called \"off\"")
    #expect(accepted.end == .exit(0), "\(accepted)")
    let id = try RetrainCommandTests.added(project, beside: champion)
    let silent = try #require(try caveats(project, id).first { $0.kind == "silent_source" })
    #expect(silent.accepted && silent.reason == #"the fair was called "off""#, "\(silent)")
    #expect(accepted.output.contains("!!           silent source: "), "\(accepted)")
    #expect(accepted.errors.contains("accepted: silent source: "), "\(accepted)")
    let record = try #require(try PromoteCommandTests.lines(project).last)
    #expect(record.contains(#""accepted":["silent source: the last row of `visits`"#), "\(record)")
    #expect(try project.holdout("verify").end == .exit(0))
    #expect(try project.metrics()["caveats.silent_sources"] == 1)
    // What this run accepted of its data says nothing of later data.
    let next = try RetrainCommandTests.retrain(project, after[0], "2024-10-31")
    #expect(next.refuses("H811", "`visits`"), "\(next)")
  }

  @Test func `labels that end early are not retrained on, and everything is told at once`() throws {
    let (project, champion) = try RetrainCommandTests.project(gates: Self.strict)
    try project.changeData(RetrainCommandTests.newcomers + Self.labelsStop + Self.visitsStop)
    let after = ["--data-through", RetrainCommandTests.after]
    let refused = try RetrainCommandTests.retrain(project, after[0], after[1])
    #expect(refused.refuses("H417", "`customers`", "2024-08-31", "--accept H417="), "\(refused)")
    #expect(refused.refuses("H811", "`visits`"), "\(refused)")
    let half = try RetrainCommandTests.retrain(
      project, after[0], after[1], "--accept", "H811=no fairs")
    #expect(half.findings.filter(\.isError).map(\.id) == ["H417"], "\(half)")
    let accepted = try RetrainCommandTests.retrain(
      project, after[0], after[1], "--accept", "H811=no fairs", "--accept", "H417=closed")
    #expect(accepted.end == .exit(0), "\(accepted)")
    let kinds = try caveats(project, try RetrainCommandTests.added(project, beside: champion))
    #expect(kinds.map(\.kind) == ["labels_end_early", "silent_source"])
    for text in ["H417", "H417=", "H411=why", "H417= "] {
      let result = try RetrainCommandTests.retrain(project, after[0], after[1], "--accept", text)
      #expect(result.end == .exit(2) && result.errors.contains("H417 or H811"), "\(result)")
    }
  }

  @Test func `gate and promote refuse labels that end early, unless the spec accepts them`() throws
  {
    let project = try TestProject()
    try project.write("holdout.yaml", Shop.project + Self.strict)
    try project.changeData(
      "UPDATE customers SET first_licence = NULL WHERE first_licence > DATE '2024-11-30';")
    let run = try project.runs()
    #expect(run.output.contains("!! labels end early: the last event of `customers`"), "\(run)")
    #expect(try project.metrics()["caveats.labels_end_early"] == 1)
    let gate = try project.holdout("gate", "shop.yaml")
    #expect(gate.end == .exit(1), "\(gate)")
    #expect(gate.output.contains(#/FAIL +caveats +standard +labels end early/#), "\(gate)")
    let promote = try project.holdout("promote", "shop", "--by", "ada")
    #expect(promote.end == .exit(1), "\(promote)")
    #expect(!project.exists("models"))
    try project.writeSpec([
      "name: shop": "name: shop\naccept: {H417: the till was closed in December}"
    ])
    try project.runs()
    let accepted = try project.holdout("gate", "shop.yaml")
    #expect(accepted.end == .exit(0), "\(accepted)")
    #expect(
      accepted.output.contains("(accepted: the till was closed in December)"), "\(accepted)")
    let promoted = try project.holdout("promote", "shop", "--by", "ada")
    #expect(promoted.end == .exit(0), "\(promoted)")
    #expect(promoted.output.contains("accepts   labels end early: "), "\(promoted)")
    #expect(try project.holdout("verify").end == .exit(0))
  }

  @Test func `without the caveat metrics are what they were`() throws {
    let project = try TestProject(withResults: true)
    #expect(!(try project.text("results/shop/metrics.json")).contains("labels_end_early"))
    #expect(!(try project.text("results/shop/metrics.json")).contains("silent_sources"))
    let before = try project.data("results/shop/metrics.json")
    // An acceptance that is not needed changes no number.
    let result = try project.runs("accept.H417=just in case")
    #expect(result.end == .exit(0))
    #expect(try project.data("results/shop/metrics.json") == before)
  }
}
