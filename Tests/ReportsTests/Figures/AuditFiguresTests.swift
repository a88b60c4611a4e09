import Experiment
import Reports
import Spec
import Testing

@Suite struct AuditFiguresTests {
  private static func check(
    _ id: AuditCheck.ID, _ verdict: AuditCheck.Verdict, accepted: String? = nil,
    details: [AuditDetail] = []
  ) -> AuditCheck {
    AuditCheck(
      id: id, verdict: verdict, result: .newestDiffer([id.rawValue]),
      numbers: [("rows", 5)], details: details, accepted: accepted, seconds: 0.5)
  }

  private static func html(_ checks: [AuditCheck], name: String = "shop") -> FigurePage {
    FigurePage(
      html: Page(
        figuresOf: AuditReport(
          name: name, checks: checks, preparationSeconds: 1, caveats: [], foldCount: 1,
          warnings: [])
      ).html())
  }

  @Test func `what fails comes first, then all checks`() throws {
    let page = Self.html([
      Self.check(.futurePoison, .pass), Self.check(.shift, .inconclusive),
      Self.check(.missingness, .fail, details: [.foldedFeature("size")]),
      Self.check(.endOfData, .fail),
    ])
    try page.expect(
      conclusion: "<p>The audit of 4 checks fails: <code>missingness</code> and "
        + "<code>end_of_data</code> fail; <code>shift</code> is inconclusive.")
    #expect(
      page.sections == ["All checks", "What fails", "What is inconclusive", "What passes"])
    let fails = try #require(page.html.firstRange(of: "What fails</h2>"))
    let passes = try #require(page.html.firstRange(of: "What passes</h2>"))
    let own = page.html[fails.upperBound..<passes.lowerBound]
    #expect(own.contains("<code>size</code>: every level") && !own.contains("future_poison"))
  }

  @Test func `what the spec accepts does not decide`() throws {
    let page = Self.html([
      Self.check(.futurePoison, .pass), Self.check(.shift, .fail, accepted: "it is known"),
    ])
    try page.expect(
      conclusion: "The audit of 2 checks passes: no check fails or is inconclusive; the spec "
        + "accepts 1 check that did not pass.")
    #expect(page.html.contains("<p>Accepted: it is known</p>"))
    try Self.html([]).expect(conclusion: "The audit of 0 checks passes: no check")
  }

  @Test(arguments: oddNames) func `names are text wherever they occur`(_ name: String) {
    let page = Self.html(
      [Self.check(.shift, .fail, accepted: name, details: [.foldedFeature(name)])], name: name)
    #expect(Markup.problem(in: page.html) == nil)
    #expect(!page.html.contains("<script>alert") && !page.html.contains("<img"))
  }
}
