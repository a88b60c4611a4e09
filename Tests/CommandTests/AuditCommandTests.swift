import Foundation
import HoldoutTestSupport
import Testing

@Suite struct AuditCommandTests {
  static let ids = [
    "future_poison", "future_delete", "label_permutation", "shift", "one_feature_dominance",
    "missingness", "end_of_data", "newest_rows", "static_effect", "static_dates",
    "before_creation", "known_at_proximity", "role_overlap", "dead_features", "unseen_levels",
    "join_coverage", "source_meaning",
  ]

  struct Report: Decodable {
    struct Check: Decodable {
      let id: String
      let verdict: String
      let sentence: String
      let numbers: [String: Double]
      let details: [String]
      let accepted: String?
      let seconds: Double
    }

    let name: String
    let verdict: String
    let counts: [String: Int]
    let caveats: [String]
    let checks: [Check]

    init(_ result: ProgramResult) throws {
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      self = try decoder.decode(Report.self, from: Data(result.output.utf8))
    }

    subscript(id: String) -> Check? { checks.first { $0.id == id } }

    func ids(_ verdict: String) -> Set<String> {
      Set(checks.filter { $0.verdict == verdict }.map(\.id))
    }
  }

  static func audit(_ project: TestProject, _ arguments: [String]) throws -> ProgramResult {
    try Program.run(["audit", "shop.yaml"] + AuditCase.cutoffs + arguments, in: project.folder)
  }

  @Test func `an honest project passes every check, on any number of threads`() throws {
    let project = try TestProject()
    let result = try Self.audit(project, ["--format", "json", "--threads", "1"])
    #expect(result.end == .exit(0), "\(result)")
    #expect(result.findings.isEmpty, "\(result)")
    let report = try Report(result)
    #expect(report.checks.map(\.id) == Self.ids)
    #expect(report.ids("pass") == Set(Self.ids), "\(result.output)")
    #expect(report.verdict == "pass")
    #expect(report.counts == ["pass": 17, "fail": 0, "inconclusive": 0])
    #expect(report.checks.allSatisfy { $0.sentence.hasSuffix(".") && $0.seconds >= 0 })
    #expect((report["future_poison"]?.numbers["later_values"] ?? 0) > 1000)
    #expect(project.names(in: ".") == ["data", "holdout.yaml", "shop.yaml"])

    let text = try Self.audit(project, ["--threads", "2"])
    let name = "shop@train=6,calibrate=1,test=2"
    #expect(text.end == .exit(0))
    #expect(text.output.hasPrefix("\(name): 17 checks: 17 pass, 0 fail, 0 inconclusive ("))
    for check in report.checks {
      #expect(text.output.contains("\npass  \(check.id)  ("))
      for detail in check.details { #expect(text.output.contains("\n      - \(detail)\n")) }
    }
    #expect(text.errors.contains("\(name): future_poison ("))
  }

  @Test(arguments: AuditCase.leaks)
  func `a leak fails the check that is made for it and no other`(_ leak: AuditCase) throws {
    let project = try TestProject()
    if !leak.data.isEmpty { try project.changeData(leak.data) }
    try project.writeSpec(leak.changes)
    let result = try Self.audit(project, leak.overrides + ["--format", "json", "--threads", "1"])
    #expect(result.end == .exit(1), "\(result)")
    #expect(result.findings.map(\.id) == leak.findings, "\(result)")
    let report = try Report(result)
    #expect(report.ids("fail") == leak.failing, "\(result.output)")
    #expect(report.ids("inconclusive") == [], "\(result.output)")
    #expect(report.verdict == "fail")
  }

  @Test func `too few buyers are no pass`() throws {
    let project = try TestProject()
    let result = try Self.audit(
      project, ["evaluation.min_positives=5000", "--format", "markdown", "--threads", "1"])
    #expect(result.end == .exit(0), "\(result)")
    #expect(
      result.output.hasPrefix(
        "# Audit of shop&#64;train=6,calibrate=1,test=2,min_positives=5000\n\n"
          + "17 checks: 13 pass, 0 fail, 4 inconclusive"),
      "\(result.output)")
    for id in ["label_permutation", "shift", "one_feature_dominance", "missingness"] {
      #expect(result.output.contains("| `\(id)` | **inconclusive** |"), "\(result.output)")
    }
    #expect(result.output.contains("5000 are needed"))
  }

  @Test func `an accepted check does not decide, and is a caveat of every run`() throws {
    let project = try TestProject()
    try project.writeSpec([
      "- size: {value: customers.size}":
        "- size: {value: customers.size}\n    - nothing: {sql: \"customers.size * 0\"}"
    ])
    let reason = "the source is empty until spring"
    let failing = try Self.audit(project, ["--format", "json", "--threads", "1"])
    #expect(failing.end == .exit(1), "\(failing)")
    let accepted = try Self.audit(
      project, ["audit.accept.dead_features=\(reason)", "--format", "json", "--threads", "1"])
    #expect(accepted.end == .exit(0), "\(accepted)")
    let report = try Report(accepted)
    #expect(report.verdict == "pass")
    #expect(report["dead_features"]?.verdict == "fail")
    #expect(report["dead_features"]?.accepted == reason)
    #expect(report.caveats.contains { $0.contains("dead_features") && $0.contains(reason) })
    let text = try Self.audit(project, ["audit.accept.dead_features=\(reason)"])
    #expect(text.output.contains("Accepted: \(reason)"), "\(text.output)")
    let blank = try Self.audit(project, ["audit.accept.dead_features=' '"])
    #expect(blank.refuses("H870"), "\(blank)")
    let unknown = try Self.audit(project, ["audit.accept.dead_feature=\(reason)"])
    #expect(unknown.end == .exit(2), "\(unknown)")
    #expect(unknown.errors.contains("dead_features"), "\(unknown)")
  }

  @Test func `what cannot be audited ends with exit code 2`() throws {
    let project = try TestProject()
    #expect(try project.holdout("audit", "absent.yaml").end == .exit(2))
    try project.write("several.yaml", Shop.spec + "sweep: {model.seed: [1, 2]}\n")
    let several = try project.holdout("audit", "several.yaml")
    #expect(several.refuses("H261"), "\(several)")
    let empty = try project.holdout("audit", "shop.yaml", "cutoffs.train=500")
    #expect(empty.refuses("H404"), "\(empty)")
    #expect(empty.output.isEmpty)
  }
}
