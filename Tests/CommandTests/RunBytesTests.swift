import Foundation
import HoldoutTestSupport
import Testing

/// The files of a run are what it wrote, or nothing is read from them.
@Suite struct RunBytesTests {
  private static let gates = "gates: {audit: none, better_than: none, minimum: {roc_auc: 0.5}}\n"

  /// The shop, and the folder of its run.
  private func shop() throws -> (TestProject, run: String) {
    let project = try TestProject(withResults: true)
    try project.write("shop.yaml", Shop.spec + Self.gates)
    return (project, "results/shop/runs/\(try project.runId())")
  }

  private func change(_ project: TestProject, _ run: String, _ line: String) throws {
    let result = try project.shell("set -e; cd \(run); \(line)")
    try #require(result.end == .exit(0), "\(result)")
  }

  /// An edit of the lower end of the interval of ROC AUC.
  private static let edit = #"""
    sed -i '/"interval"/,$ { /"roc_auc" : {/,/}/ s/"low" : .*/"low" : 0.9/ }' metrics.json
    """#

  @Test func `run json names the hash of every other file, and of itself`() throws {
    let (project, run) = try shop()
    let files = Set(project.names(in: run)).subtracting(["run.json"])
    let result = try project.shell(
      """
      cd \(run) && for f in *; do
        [ $f = run.json ] || grep -qF "\\"$f\\" : \\"$(sha256sum < $f | cut -c-64)\\"" run.json || echo $f
      done
      grep -v record_sha256 run.json | sha256sum | cut -c-64
      """)
    let own = try #require(result.output.split(separator: "\n").last)
    #expect(result.output.split(separator: "\n").count == 1, "\(result)")
    #expect(try project.text("\(run)/run.json").contains("\"record_sha256\" : \"\(own)\""))
    #expect(files == Set(TestProject.runFiles).subtracting(["run.json"]))
  }

  @Test func `an interval that was edited passes no gate`() throws {
    let (project, run) = try shop()
    #expect(try project.holdout("gate", "shop.yaml").end == .exit(0))
    try change(project, run, Self.edit)
    let result = try project.holdout("gate", "shop.yaml")
    #expect(result.refuses("H660", "metrics.json", "holdout run"), "\(result)")
    #expect(try project.holdout("promote", "shop").refuses("H660", "metrics.json"))
    #expect(!project.exists("models"))
  }

  @Test func `an interval that was edited with its hashes passes no gate`() throws {
    let (project, run) = try shop()
    try change(project, run, Self.edit + "\n" + Forger.reseal("metrics.json"))
    let compared = try project.holdout("compare", "shop", "shop", "--resamples", "100")
    #expect(compared.end == .exit(0), "\(compared)")
    let result = try project.holdout("gate", "shop.yaml")
    #expect(
      result.refuses("H662", "metrics.json", "`test.interval.roc_auc.low` is 0.9"), "\(result)")
    #expect(try project.holdout("promote", "shop").refuses("H662", "metrics.json"))
  }

  @Test func `predictions that were edited with their hash pass no gate`() throws {
    let (project, run) = try shop()
    try project.write(
      "edit.sql",
      """
      COPY (SELECT * REPLACE (least(score * 1.5, 1) AS score) FROM '\(run)/predictions.parquet')
      TO 'edited.parquet' (FORMAT parquet);
      """)
    let edited = try project.holdout("sql", "edit.sql")
    try #require(edited.end == .exit(0), "\(edited)")
    try change(
      project, run,
      "mv ../../../../edited.parquet predictions.parquet\n" + Forger.reseal("predictions.parquet"))
    #expect(try project.holdout("gate", "shop.yaml").refuses("H662", "`test."))
  }

  @Test func `a run without hashes is read with a note, and passes no gate`() throws {
    let (project, run) = try shop()
    try change(project, run, Forger.strip)
    let compared = try project.holdout("compare", "shop", "shop", "--resamples", "100")
    #expect(compared.end == .exit(0), "\(compared)")
    #expect((compared.output + compared.errors).contains("has no hashes of its files"))
    #expect(try project.holdout("gate", "shop.yaml").refuses("H661"))
    #expect(try project.holdout("promote", "shop").refuses("H661"))
    // The hashes alone, or the record's own alone, are not taken out.
    let (other, second) = try shop()
    try change(other, second, "sed -i '/record_sha256/d' run.json")
    #expect(try other.holdout("compare", "shop", "shop").refuses("H660", "run.json"))
  }

  @Test(arguments: TestProject.runFiles)
  func `a file that was changed is a finding wherever it is read, and the run is made again`(
    _ file: String
  ) throws {
    let (project, run) = try shop()
    let before = try project.data("\(run)/\(file)")
    try change(project, run, "printf '\\n' >> \(file)")
    #expect(try project.holdout("gate", "shop.yaml").refuses("H660", "\(run)/\(file)"))
    #expect(try project.holdout("promote", "shop").refuses("H660", "\(run)/\(file)"))
    #expect(
      try project.holdout("export", "mlflow", "shop", "--dry-run").refuses("H660", "\(run)/\(file)")
    )
    let again = try project.runs()
    #expect(!again.errors.contains("nothing has changed"), "\(again)")
    #expect(try project.holdout("gate", "shop.yaml").end == .exit(0))
    guard file != "run.json", file != "spec.yaml" else { return }
    #expect(try project.data("\(run)/\(file)") == before)
  }

  @Test func `predictions that were changed are neither compared nor ranked`() throws {
    let comparison = try ComparisonProject()
    let project = comparison.project
    let run = try "results/small/runs/\(project.runId(of: "small"))"
    try change(project, run, "printf x >> predictions.parquet")
    let compared = try project.holdout("compare", "shop", "small")
    #expect(compared.refuses("H660", "\(run)/predictions.parquet"), "\(compared)")
    let ranked = try project.holdout("leaderboard")
    #expect(ranked.refuses("H660", "\(run)/predictions.parquet"), "\(ranked)")
  }

  @Test func `a run in the folder of another is a finding`() throws {
    let comparison = try ComparisonProject()
    let project = comparison.project
    let (shop, small) = (try project.runId(), try project.runId(of: "small"))
    try change(
      project, "results",
      "mv shop/runs/\(shop) x; mv small/runs/\(small) shop/runs/\(shop); mv x small/runs/\(small)")
    #expect(try project.holdout("compare", "shop", "small").refuses("H660", "of run"))
  }

  @Test func `gates that change leave the run, and its record has the hash of the new spec`()
    throws
  {
    let project = try TestProject()
    Thread.sleep(forTimeInterval: 2.1)
    try project.runs()
    try project.write("shop.yaml", Shop.spec + Self.gates)
    #expect(try project.runs().errors.contains("nothing has changed"))
    #expect(try project.holdout("gate", "shop.yaml").end == .exit(0))
    // A change by hand does not survive the next run.
    let spec = try "results/shop/runs/\(project.runId())/spec.yaml"
    try project.write(spec, project.text(spec).replacing("roc_auc: 0.5", with: "roc_auc: 0.1"))
    #expect(try project.holdout("promote", "shop").refuses("H660", "spec.yaml"))
    #expect(try project.runs().errors.contains("nothing has changed"))
    #expect(try project.holdout("promote", "shop").end == .exit(0))
  }

  @Test func `an audit that was changed is made again`() throws {
    let project = try TestProject(withResults: true)
    let run = "results/shop/runs/\(try project.runId())"
    let first = try project.holdout("gate", "shop.yaml", "--threads", "2")
    let audit = try project.text("\(run)/audit.json")
    let verdict = "\"verdict\" : \"pass\""
    try #require(audit.contains(verdict), "\(audit)")
    try project.write(
      "\(run)/audit.json", audit.replacing(verdict, with: "\"verdict\" : \"fail\""))
    let again = try project.holdout("gate", "shop.yaml", "--threads", "2")
    #expect(again.end == first.end && again.output == first.output, "\(again)")
    #expect(try project.text("\(run)/audit.json").contains(verdict))
  }

  @Test func `whatever bit of a run is flipped, no other number comes out`() throws {
    let comparison = try ComparisonProject()
    let project = comparison.project
    func compare() throws -> ProgramResult {
      try comparison.compare(
        "shop", "small", "--resamples", "50", "--format", "json", "--threads", "1")
    }
    let right = try compare()
    try #require(right.end == .exit(0), "\(right)")
    let runs = try [
      "results/shop/runs/\(project.runId())", "results/small/runs/\(project.runId(of: "small"))",
    ]
    let files =
      runs.flatMap { run in project.names(in: run).map { "\(run)/\($0)" } }
      + ["results/shop/runs/latest", "results/small/runs/latest"]
    var bytes = StoredBytes(project)
    for number in 0..<StoredBytes.count(44) {
      let file = bytes.item(number, of: files)
      let content = try project.data(file)
      let flip = try bytes.flip(file)
      let result = try compare()
      let isSame = result.end == right.end && result.output == right.output
      let isFinding = result.end == .exit(2) && result.errors.contains("error[H")
      #expect(isSame || isFinding, "\(flip) \(result)")
      try content.write(to: URL(filePath: "\(project.folder)/\(file)"))
    }
  }
}
