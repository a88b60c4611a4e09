import HoldoutTestSupport
import Testing

@Suite struct DeterminismTests {
  /// Two runs' results that have to be alike.
  static let files = ["metrics.json", "feature_importance.csv"]

  @Test func `metrics are the same bytes on one thread and on two`() throws {
    let project = try TestProject(withResults: true)
    let before = project.contents(of: "results")
    let result = try project.holdout("run", "shop.yaml", "--threads", "2", "--fresh")
    #expect(result.end == .exit(0))
    // run.json of the first run stays, so that all files can be compared.
    #expect(project.contents(of: "results") == before)
  }

  @Test(arguments: 1...3)
  func `metrics are the same bytes when the rows of the sources are shuffled`(_ seed: Int) throws {
    let project = try TestProject(withResults: true)
    let before = try Self.files.map { try project.data("results/shop/\($0)") }
    let run = try project.runId()
    let model = try project.data("results/shop/runs/\(run)/model.txt")
    let shuffled = ["customers", "history", "visits"].map { table in
      """
      CREATE OR REPLACE TABLE \(table) AS
      SELECT * FROM \(table) ORDER BY hash(\(table) :: VARCHAR || '\(seed)');
      """
    }
    try project.changeData("SET preserve_insertion_order = true;" + shuffled.joined())
    let first = try project.rows("SELECT id FROM 'data/visits.parquet' LIMIT 5").map { $0[0] }
    #expect(first != first.sorted(), "the rows are not shuffled")
    try project.runs()
    #expect(try Self.files.map { try project.data("results/shop/\($0)") } == before)
    let runs = project.runIds()
    #expect(runs.count == 2, "other files make another run")
    for run in runs {
      #expect(try project.data("results/shop/runs/\(run)/model.txt") == model)
    }
  }

  @Test func `metrics are the same bytes with every other setting of the machine`() throws {
    let project = try TestProject(withResults: true)
    let before = try Self.files.map { try project.data("results/shop/\($0)") }
    let result = try project.holdout(
      "run", "shop.yaml", "--threads", "7", "--fresh",
      environment: ["TZ": "Pacific/Auckland", "LC_ALL": "de_DE.UTF-8", "OMP_NUM_THREADS": "1"])
    #expect(result.end == .exit(0))
    #expect(try Self.files.map { try project.data("results/shop/\($0)") } == before)
  }
}
