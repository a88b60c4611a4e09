import Foundation
import HoldoutTestSupport
import Testing

/// What a run finds in the cache is what it would have made.
@Suite struct CacheCommandTests {
  private static let files = ["metrics.json", "feature_importance.csv"]

  /// The results of a run that makes everything again, in a project of the same data and spec.
  private func fresh(
    like project: TestProject, _ arguments: String..., name: String = "shop"
  ) throws -> [Data] {
    let other = try TestProject()
    for part in ["data", "shop.yaml"] {
      try? other.remove("\(part)")
      try FileManager.default.copyItem(
        atPath: "\(project.folder)/\(part)", toPath: "\(other.folder)/\(part)")
    }
    let result = try Program.run(
      ["run", "shop.yaml", "--threads", "2", "name=\(name)"] + arguments, in: other.folder)
    try #require(result.end == .exit(0), "\(result)")
    return try Self.files.map { try other.data("results/\(name)/\($0)") }
  }

  private func results(_ project: TestProject, name: String = "shop") throws -> [Data] {
    try Self.files.map { try project.data("results/\(name)/\($0)") }
  }

  /// A file is trusted to be what it was once it is older than a tick of the clock.
  private func settle() { Thread.sleep(forTimeInterval: 2.1) }

  private func entries(_ project: TestProject) -> [String] {
    project.contents(of: ".holdout/cache/entries").keys.sorted()
  }

  private func why(_ project: TestProject, _ arguments: String...) throws -> [String: String] {
    let result = try Program.run(["why", "shop.yaml"] + arguments, in: project.folder)
    try #require(result.end == .exit(0), "\(result)")
    var stages: [String: String] = [:]
    for line in result.output.split(separator: "\n").dropFirst() {
      let words = line.split(separator: "  ", omittingEmptySubsequences: true)
        .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
      if words.count > 1 { stages[words[0]] = words.dropFirst().joined(separator: ", ") }
    }
    return stages
  }

  @Test
  func `a run of the same spec and data is kept, whatever the comments and the order of keys`()
    throws
  {
    let project = try TestProject()
    settle()
    try project.runs()
    let before = project.contents(of: "results")
    let spec = try project.text("shop.yaml")
    let moved = spec.replacing(
      "label: {event: customers.first_licence, horizon: 3 months, noun: buyer}\n", with: "")
    try project.write(
      "shop.yaml",
      "# Another comment.\n" + moved
        + "\nlabel:\n  horizon: 3 months # a quarter\n  event: customers.first_licence\n")
    let again = try project.runs()
    #expect(again.errors.contains("nothing has changed"), "\(again)")
    #expect(again.output.contains("roc_auc"))
    // The resolved spec has the order written, and the record has its hash.
    let after = project.contents(of: "results")
    #expect(after.keys.sorted() == before.keys.sorted())
    let isOfSpec = ["/spec.yaml", "/run.json"]
    #expect(
      after.allSatisfy { file in
        isOfSpec.contains(where: file.key.hasSuffix) || before[file.key] == file.value
      })
    #expect(try why(project)["run"] == "hit")
    // Asking leaves nothing behind.
    #expect(try why(project, "name=another")["run"] != "hit")
    #expect(!project.exists("results/another"))
  }

  @Test func `one feature that is edited is made again, and nothing else of the panel`() throws {
    let project = try TestProject()
    settle()
    try project.runs()
    try project.writeSpec(["customers.size >= 50": "customers.size >= 60"])
    let stages = try why(project)
    #expect(stages["run"] == "miss, changed: `feature_sets` of the spec")
    #expect(stages["feature is_large"] == "miss, 0 of 17 cached, changed: the feature")
    #expect(stages.filter { $0.value.hasPrefix("miss") }.count == 2, "\(stages)")
    let before = Set(entries(project))
    try project.runs()
    // 17 cutoffs of one feature; the facts of the sources and the run.
    #expect(Set(entries(project)).subtracting(before).count == 17 + 2)
    #expect(try results(project) == fresh(like: project))
  }

  @Test func `other labels leave cohort and features`() throws {
    let project = try TestProject()
    settle()
    try project.runs()
    let stages = try why(project, "label.horizon=90 days")
    #expect(stages["label"]?.hasPrefix("miss, 0 of 17 cached") == true, "\(stages)")
    #expect(stages["label"]?.hasSuffix("changed: the label") == true, "\(stages)")
    #expect(stages["run"] == "miss, changed: `label` of the spec", "\(stages)")
    #expect(stages["cohort"]?.hasPrefix("hit") == true)
    #expect(stages["feature age_days"]?.hasPrefix("hit") == true)
    try project.runs("label.horizon=90 days")
    #expect(try results(project) == fresh(like: project, "label.horizon=90 days"))
  }

  @Test func `other rows are noticed`() throws {
    let project = try TestProject()
    settle()
    try project.runs()
    try project.changeData("DELETE FROM visits WHERE id = 'C0007';")
    settle()
    let run = try project.runs()
    #expect(!run.errors.contains("nothing has changed"))
    #expect(try results(project) == fresh(like: project))
    let stages = try why(project, "label.horizon=90 days")
    #expect(stages["feature size"]?.hasPrefix("hit") == true, "\(stages)")
  }

  @Test func `a file that is changed within the same second is noticed`() throws {
    let project = try TestProject()
    try project.runs()
    try project.changeData("DELETE FROM visits WHERE id < 'C0700';")
    try project.runs()
    #expect(try results(project) == fresh(like: project))
  }

  @Test func `a file of the same length, place and time of writing is noticed`() throws {
    let project = try TestProject()
    _ = try project.shell(
      """
      cat > q.sql <<'SQL'
      CREATE TABLE visits AS FROM 'data/visits.parquet';
      COPY visits TO 'data/visits.parquet' (FORMAT parquet, COMPRESSION uncompressed);
      COPY (SELECT * REPLACE (CASE kind WHEN 'demo' THEN 'call' WHEN 'call' THEN 'demo' ELSE kind END
        AS kind) FROM visits) TO 'data/other.parquet' (FORMAT parquet, COMPRESSION uncompressed);
      SQL
      "$HOLDOUT" sql q.sql
      """)
    let (file, other) = try (
      project.data("data/visits.parquet"), project.data("data/other.parquet")
    )
    try #require(file.count == other.count && file != other)
    settle()
    try project.runs()
    _ = try project.shell(
      """
      touch -r data/visits.parquet time && cat data/other.parquet > data/visits.parquet &&
      touch -r time data/visits.parquet
      """)
    settle()
    try project.runs()
    #expect(project.runIds().count == 2)
  }

  @Test func `damaged entries are made again`() throws {
    let project = try TestProject()
    settle()
    try project.runs()
    for name in entries(project) {
      var data = try project.data(".holdout/cache/entries/\(name)")
      data[data.count - 1] ^= 1
      try project.write(".holdout/cache/entries/\(name)", "")
      try data.write(to: URL(filePath: "\(project.folder)/.holdout/cache/entries/\(name)"))
    }
    let run = try project.runs("model.params.num_leaves=5")
    #expect(!run.errors.contains("nothing has changed"))
    #expect(try results(project) == fresh(like: project, "model.params.num_leaves=5"))
  }

  @Test func `a run of which a file was changed by hand is made again`() throws {
    let project = try TestProject()
    settle()
    try project.runs()
    let before = try results(project)
    let run = try project.runId()
    try project.write("results/shop/runs/\(run)/metrics.json", "{}")
    let again = try project.runs()
    #expect(!again.errors.contains("nothing has changed"))
    #expect(try results(project) == before)
    #expect(try project.data("results/shop/runs/\(run)/metrics.json") == before[0])
  }

  @Test func `what was removed from the results comes back`() throws {
    let project = try TestProject()
    settle()
    try project.runs()
    let before = try results(project)
    try project.write("results/shop/metrics.json", "{}")
    try project.runs()
    #expect(try results(project) == before)
  }

  @Test func `the cache can be made smaller, and fills again`() throws {
    let project = try TestProject()
    settle()
    try project.runs()
    let before = try results(project)
    let size = try project.holdout("cache")
    #expect(size.output.contains(".holdout/cache: "), "\(size)")
    let some = try project.holdout("cache", "prune", "--keep", "100 KB")
    #expect(some.end == .exit(0), "\(some)")
    #expect(!entries(project).isEmpty)
    let bytes = project.contents(of: ".holdout/cache/entries").values.reduce(0) { $0 + $1.count }
    #expect(bytes <= 100_000)
    try project.runs()
    #expect(try results(project) == before)
    let all = try project.holdout("cache", "prune", "--keep", "0B")
    #expect(all.end == .exit(0), "\(all)")
    #expect(entries(project).isEmpty)
    try project.runs()
    #expect(try results(project) == before)
    let wrong = try project.holdout("cache", "prune", "--keep", "much")
    #expect(wrong.end == .exit(2), "\(wrong)")
  }

  @Test func `a suite gives the same results on any number of lanes`() throws {
    let names = ["shop", "small", "few", "other"]
    let changes: [[String: String]] = [
      [:], ["num_leaves: 7": "num_leaves: 3"], ["num_iterations: 10": "num_iterations: 4"],
      ["features: [account, visits]": "features: [account]"],
    ]
    func suite(_ machine: [String]) throws -> [[Data]] {
      let project = try TestProject()
      for (name, change) in zip(names, changes) {
        try project.writeSpec(
          change.merging(["name: shop": "name: \(name)"]) { $1 }, to: "\(name).yaml")
      }
      let result = try Program.run(
        ["run", "--verbose"] + names.map { "\($0).yaml" } + machine, in: project.folder)
      try #require(result.end == .exit(0), "\(result)")
      let places = names.map { name in
        result.output.range(of: "results/\(name)/metrics.json")?.lowerBound
      }
      #expect(!places.contains(nil))
      #expect(places.compactMap(\.self) == places.compactMap(\.self).sorted())
      return try names.map { try results(project, name: $0) }
    }
    let alone = try suite(["--jobs", "1", "--threads", "1", "--fresh"])
    #expect(try suite(["--threads", "3"]) == alone)
    #expect(try suite(["--jobs", "2", "--threads", "4"]) == alone)
    #expect(try suite(["--memory", "1MB", "--threads", "2"]) == alone)
    #expect(Set(alone.map { $0[0] }).count == 4, "the specs differ")
  }

  @Test func `one that fails does not keep the others from running`() throws {
    let project = try TestProject()
    try project.writeSpec(
      ["name: shop": "name: empty", "- flag: history.is_active": "- sql: customers.size > 1000"],
      to: "empty.yaml")
    let result = try project.holdout("run", "empty.yaml", "shop.yaml")
    #expect(result.end == .exit(2))
    #expect(project.exists("results/shop/metrics.json"))
    #expect(!project.exists("results/empty/metrics.json"))
  }

  @Test func `a suite that is killed keeps what it has finished`() throws {
    let project = try TestProject()
    settle()
    try project.writeSpec(
      ["name: shop": "name: long", "num_iterations: 10": "num_iterations: 3000"], to: "long.yaml")
    let running = try project.start("run", "shop.yaml", "long.yaml", "--threads", "1")
    let isThere = running.wait { $0.errors.contains("long: training") }
    running.send(SIGKILL)
    _ = try running.wait()
    try #require(isThere)
    #expect(project.exists("results/shop/metrics.json"))
    let again = try project.runs()
    #expect(again.errors.contains("shop: nothing has changed"), "\(again)")
  }

}
