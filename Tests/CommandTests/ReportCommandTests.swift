import Foundation
import HoldoutTestSupport
import Testing

/// `holdout report`: the page of a run, found, checked, copied, and opened.
@Suite struct ReportCommandTests {
  @Test func `the path of the latest run's page is printed`() throws {
    let project = try TestProject(withResults: true)
    let run = "results/shop/runs/\(try project.runId())"
    for reference in ["shop", "shop.yaml", run, "results/shop", try project.runId()] {
      let result = try project.holdout("report", reference)
      #expect(result.end == .exit(0), "\(result)")
      #expect(result.output == "\(run)/report.html\n")
    }
    let html = try project.text("\(run)/report.html")
    #expect(html.hasPrefix("<!doctype html>") && html.contains(">Conclusion</h2>"))
    // The numbers are those of metrics.json.
    let area = try #require(project.metrics()["test.pooled.roc_auc"])
    #expect(html.contains("ROC AUC \(String(format: "%.4f", area)) ("))
    #expect(html.utf8.count < 300_000)
  }

  @Test func `an earlier run is found by the start of its id`() throws {
    let project = try TestProject(withResults: true)
    let first = try project.runId()
    try project.runs("model.seed=7")
    let second = try #require(project.runIds().first { $0 != first })
    #expect(try project.holdout("report", "shop").output.contains(second))
    let found = try project.holdout("report", "shop", "--run", String(first.dropLast(3)))
    #expect(found.output == "results/shop/runs/\(first)/report.html\n")
    // Both ids begin with the day.
    let several = try project.holdout("report", "shop", "--run", "2024-12-31")
    #expect(several.refuses("H602", first, second), "\(several)")
    let none = try project.holdout("report", "shop", "--run", "2001")
    #expect(none.refuses("H601", first, second), "\(none)")
    let elsewhere = try project.holdout("report", "small", "--run", "2001")
    #expect(elsewhere.refuses("H601", "there are no runs of it"), "\(elsewhere)")
  }

  @Test func `the page of a champion is that of its run`() throws {
    let project = try TestProject(withResults: true)
    let id = try project.runId()
    let promoted = try project.holdout("promote", "shop", "--override", "a trial")
    try #require(promoted.end == .exit(0), "\(promoted)")
    let result = try project.holdout("report", "champion:shop")
    #expect(result.output == "results/shop/runs/\(id)/report.html\n", "\(result)")
  }

  @Test func `a copy replaces only what Holdout has written`() throws {
    let project = try TestProject(withResults: true)
    let page = try project.text("results/shop/runs/\(try project.runId())/report.html")
    for _ in 0..<2 {
      let result = try project.holdout("report", "shop", "--out", "page.html")
      #expect(result.end == .exit(0) && result.output.isEmpty, "\(result)")
    }
    let copy = try project.text("page.html")
    #expect(copy.hasSuffix(page) && copy.hasPrefix("<!-- written by holdout"))
    try project.write("mine.html", "mine")
    let refused = try project.holdout("report", "shop", "--out", "mine.html")
    #expect(refused.end == .exit(2) && refused.errors.contains("mine.html"), "\(refused)")
    #expect(try project.text("mine.html") == "mine")
    let forced = try project.holdout("report", "shop", "--out", "mine.html", "--force")
    #expect(forced.end == .exit(0), "\(forced)")
    #expect(try project.text("mine.html") == copy)
  }

  @Test func `a page that was changed is not shown`() throws {
    let project = try TestProject(withResults: true)
    let path = "results/shop/runs/\(try project.runId())/report.html"
    try project.write(path, try project.text(path).replacing("ROC AUC 0.", with: "ROC AUC 1."))
    for arguments in [["report", "shop"], ["report", "shop", "--out", "page.html"]] {
      let result = try Program.run(arguments, in: project.folder)
      #expect(result.refuses("H660", path) && result.output.isEmpty, "\(result)")
    }
    #expect(!project.exists("page.html"))
  }

  /// A desktop whose opener writes what it is given, and ends with a code.
  private func open(
    _ project: TestProject, code: Int32, _ arguments: [String] = [],
    display: [String: String] = ["DISPLAY": ":9"]
  ) throws -> ProgramResult {
    try project.write("bin/xdg-open", "#!/bin/sh\necho \"$@\" > opened.txt\nexit \(code)\n")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: project.path("bin/xdg-open"))
    let none = ["DISPLAY": "", "WAYLAND_DISPLAY": "", "BROWSER": ""]
    return try Program.run(
      ["report", "shop", "--open"] + arguments, in: project.folder,
      environment: ["PATH": "\(project.path("bin")):/usr/bin:/bin"]
        .merging(none) { own, _ in own }.merging(display) { _, own in own })
  }

  @Test func `a page is opened by its complete path`() throws {
    let project = try TestProject(withResults: true)
    let path = "results/shop/runs/\(try project.runId())/report.html"
    let result = try open(project, code: 0)
    #expect(result.end == .exit(0) && result.output == "\(path)\n", "\(result)")
    let opened = try project.text("opened.txt")
    #expect(opened.hasPrefix("/") && opened.hasSuffix("/\(path)\n"), "\(opened)")
    #expect(try open(project, code: 0, ["--out", "page.html"]).end == .exit(0))
    #expect(try project.text("opened.txt").hasSuffix("/page.html\n"))
  }

  @Test func `a page that cannot be opened is reported with its path`() throws {
    let project = try TestProject(withResults: true)
    let failed = try open(project, code: 3)
    #expect(failed.refuses("H664", "`xdg-open` ended with code 3"), "\(failed)")
    #expect(failed.output.hasSuffix("/report.html\n"))
    try project.remove("opened.txt")
    let blind = try open(project, code: 0, display: [:])
    #expect(blind.refuses("H664", "this machine has no display"), "\(blind)")
    #expect(!project.exists("opened.txt"))
  }

  @Test func `results without a run, and runs without a page, say what to do`() throws {
    let project = try TestProject(withResults: true)
    let run = "results/shop/runs/\(try project.runId())"
    // A run of an earlier version: neither the page nor its hash, and a seal to match.
    let old = try project.shell(
      """
      cd \(run) && rm report.html && sed -i /report.html/d run.json &&
      seal=$(grep -v record_sha256 run.json | sha256sum | cut -c -64) &&
      sed -i -E "/record_sha256/s/[0-9a-f]{64}/$seal/" run.json
      """)
    try #require(old.end == .exit(0), "\(old)")
    let result = try project.holdout("report", "shop")
    #expect(result.refuses("H663", "run the spec again"), "\(result)")
    // A run whose page was removed is damaged.
    try project.remove("results")
    try project.runs()
    try project.remove("results/shop/runs/\(try project.runId())/report.html")
    #expect(try project.holdout("report", "shop").refuses("H600", "report.html"))
    try project.remove("results/shop/runs")
    let metrics = try project.holdout("report", "shop")
    #expect(metrics.refuses("H663", "`shop` has metrics here, but no run"), "\(metrics)")
  }
}
