import Evaluation
import Experiment
import HoldoutTestSupport
import Panel
import Spec
import Testing
import Warehouse

/// Accounts of which three at a time have one parent; every seventh account has none.
@Suite struct ClusterTests {
  private static func bench() throws -> AccountsBench {
    try AccountsBench(
      "ALTER TABLE accounts ADD COLUMN parent VARCHAR",
      """
      UPDATE accounts SET parent = CASE WHEN CAST(substr(id, 2) AS INTEGER) % 7 > 0
        THEN 'P' || (CAST(substr(id, 2) AS INTEGER) % 300) END
      """)
  }

  private static let column =
    "sources: {accounts: {columns: {parent: {type: text, class: static}}}}\n"
  private static let clustered = column + "evaluation: {cluster: accounts.parent}\n"

  /// The parent of an account, or the account itself.
  private static func parent(_ key: String) throws -> String {
    let number = try #require(Int(key.dropFirst()))
    return number % 7 > 0 ? "P\(number % 300)" : key
  }

  @Test func `a panel from the cache has the clusters of the one that was built`() throws {
    let bench = try Self.bench()
    let built = try bench.builder(Self.clustered)
    let experiment = try AccountsBench.experiment(Self.clustered)
    let keys = try built.keys()
    let expected = try #require(built.clusters)
    #expect(expected.names(keys: keys).count == Set(try keys.map(Self.parent)).count)
    for (key, number) in zip(keys, expected.numbers) {
      #expect(try expected.names(keys: keys)[Int(number)] == Self.parent(key))
    }
    for _ in 0..<2 {
      let panel = try bench.panel(experiment)
      let blocks = try FoldBlocks(panel.folds, panel: panel, settings: RunSettings(threads: 1))
      let timeline = panel.folds[0]
      for block in blocks.rows(.test, of: timeline) + blocks.rows(.train, of: timeline) {
        #expect(block.isClustered)
        #expect(block.clusters == block.entities.map { expected.numbers[Int($0)] })
        #expect(try built.block(block.cutoff).clusters == block.clusters)
      }
      let counts = RoleCounts(blocks.counts(of: timeline))
      let buyers = try blocks.rows(.test, of: timeline).flatMap(\.buyers).map {
        try Self.parent(keys[Int($0)])
      }
      #expect(counts.positives[.test] == buyers.count)
      #expect(counts.buyerCount(.test) == Set(buyers).count)
    }
  }

  @Test func `the accounts of a parent are in one fold`() throws {
    let bench = try Self.bench()
    let builder = try bench.builder(
      Self.clustered + "cutoffs: {train: 3, calibrate: 0}\ncalibration: {fit: cross_fit}\n")
    let train = try builder.blocks(builder.timeline[.train], threads: 1)
    let texts = try PanelTexts(builder)
    let found = try CrossFit(
      builder.spec, folds: 3, train: train, texts: texts,
      library: NativeTestLibrary.loadLightGBM(), logOddsPerMargin: 1,
      settings: RunSettings(threads: 1))
    // Rows come fold by fold: the fold of a parent's name never falls, and is that of its rows.
    let folds = try found.entities.map {
      CrossFit.fold(ofKey: try Self.parent(texts.keys[Int($0)]), of: 3)
    }
    #expect(folds == folds.sorted() && Set(folds) == [0, 1, 2])
    #expect(found.entities.sorted() == train.flatMap(\.entities).sorted())
    #expect(found.clusters == found.entities.map { builder.clusters?.numbers[Int($0)] ?? -1 })
    // By account, some parents would be torn apart.
    let torn = Dictionary(grouping: texts.keys) { (try? Self.parent($0)) ?? $0 }.values.count {
      Set($0.map { CrossFit.fold(ofKey: $0, of: 3) }).count > 1
    }
    #expect(torn > 50)
    // The labels of a parent's accounts change nothing about the margins of any of them.
    let cluster = try #require(train[0].clusters.first)
    let turned = train.map { block in
      block.labelled(
        zip(block.clusters, block.labels).map { $0 == cluster ? 1 - $1 : $1 })
    }
    let after = try CrossFit(
      builder.spec, folds: 3, train: turned, texts: texts,
      library: NativeTestLibrary.loadLightGBM(), logOddsPerMargin: 1,
      settings: RunSettings(threads: 1))
    func margins(_ fit: CrossFit) -> [Double] {
      zip(fit.clusters, fit.margins).filter { $0.0 == cluster }.map(\.1)
    }
    #expect(margins(found).count > 1 && margins(found) == margins(after))
  }

  @Test func `metrics and predictions have the clusters`() throws {
    let bench = try Self.bench()
    try bench.run(Self.clustered)
    let run = try bench.onlyRun()
    let file = try MetricsFile(bench.data("\(run)/metrics.json"))
    let path = SQL.literal(bench.path("\(run)/predictions.parquet"))
    func count(_ sql: String) throws -> Double? {
      try bench.bench.engine.connection.count("\(sql) FROM \(path)").map(Double.init)
    }
    let clusters = try count(
      "SELECT count(DISTINCT coalesce('c' || cluster, 'k' || key)) FILTER (WHERE role = 'test')")
    #expect(file["evaluation.cluster.accounts.parent"] == clusters)
    #expect(file["test.pooled.clusters"] == clusters)
    #expect(
      try file["test.pooled.entities"]
        == count("SELECT count(DISTINCT key) FILTER (WHERE role = 'test')"))
    let buyers = try count(
      "SELECT count(DISTINCT coalesce('c' || cluster, 'k' || key)) "
        + "FILTER (WHERE role = 'test' AND label = 1)")
    #expect(file["test.pooled.positive_entities"] == buyers)
    #expect(file["positive_entities.test"] == buyers)
    #expect(
      try count("SELECT count(*) FILTER (WHERE cluster IS NULL)")
        == count("SELECT count(*) FILTER (WHERE CAST(substr(key, 2) AS INTEGER) % 7 = 0)"))
    let record = try bench.text("\(run)/run.json")
    #expect(record.contains("\"cluster\" : \"accounts.parent\""))
    // Without the key, nothing says so.
    try bench.run("name: plain")
    let plain = try bench.onlyRun(of: "plain")
    let other = try MetricsFile(bench.data("\(plain)/metrics.json"))
    #expect(!other.numbers.keys.contains { $0.contains("cluster") })
    #expect(try !bench.text("\(plain)/run.json").contains("cluster"))
    let names = try bench.bench.engine.connection.texts(
      "SELECT name FROM parquet_schema(\(SQL.literal(bench.path("\(plain)/predictions.parquet"))))")
    #expect(!names.contains("cluster") && names.contains("score"))
    // The model is the same: it has learned from the same rows.
    #expect(try bench.data("\(plain)/model.txt") == bench.data("\(run)/model.txt"))
    #expect(other["test.pooled.roc_auc"] == file["test.pooled.roc_auc"])
    #expect(other["test.interval.roc_auc.low"] != file["test.interval.roc_auc.low"])
  }

  @Test func `accounts without a parent are evaluated as without the key`() throws {
    let bench = try AccountsBench("ALTER TABLE accounts ADD COLUMN parent VARCHAR")
    try bench.run(Self.clustered)
    try bench.run("name: plain")
    let found = try MetricsFile(bench.data("\(try bench.onlyRun())/metrics.json"))
    let plain = try MetricsFile(bench.data("\(try bench.onlyRun(of: "plain"))/metrics.json"))
    #expect(found.numbers.filter { !$0.key.contains("cluster") } == plain.numbers)
    #expect(
      found["evaluation.cluster.accounts.parent"] == plain["test.pooled.entities"])
  }
}
