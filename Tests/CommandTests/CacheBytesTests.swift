import Foundation
import HoldoutTestSupport
import Testing

/// Nothing that lies in the cache, or keeps it from being used, changes a result.
@Suite struct CacheBytesTests {
  private static let cache = ".holdout/cache"

  /// A project whose run is done, with its metrics.
  private func shop(_ holdout: String = "") throws -> (TestProject, metrics: Data) {
    let project = try TestProject()
    try project.write("holdout.yaml", Shop.project + holdout)
    Thread.sleep(forTimeInterval: 2.1)
    try project.runs()
    return (project, try project.data("results/shop/metrics.json"))
  }

  private func entries(_ project: TestProject, _ cache: String = Self.cache) -> [String] {
    project.contents(of: "\(cache)/entries").keys.filter { !$0.hasSuffix(".gitignore") }.sorted()
      .map { "\(cache)/entries/\($0)" }
  }

  /// Runs the spec on the cache as it is, with no results to keep.
  private func runAgain(
    _ project: TestProject, environment: [String: String] = [:]
  ) throws -> ProgramResult {
    try? project.remove("results")
    return try project.holdout("run", "shop.yaml", "--threads", "1", environment: environment)
  }

  @Test func `an entry under the key of another is made again`() throws {
    let (project, metrics) = try shop()
    let result = try project.shell(
      """
      cd \(Self.cache)/entries; first=; last=
      for f in */*; do
        if [ -z "$first" ]; then first=$f; cp $f kept; else cp $f $last; fi; last=$f
      done
      cp kept $last; rm kept
      """)
    try #require(result.end == .exit(0), "\\(result)")
    let again = try runAgain(project)
    #expect(again.end == .exit(0), "\(again)")
    #expect(try project.data("results/shop/metrics.json") == metrics)
  }

  @Test(arguments: ["", "x", String(repeating: "\u{1}", count: 4000)])
  func `an entry with the right hash that cannot be decoded is made again`(_ content: String) throws
  {
    let (project, metrics) = try shop()
    let result = try project.shell(
      """
      cd \(Self.cache)/entries
      for f in */*; do
        k=$(basename $f)
        h=$(printf %s "$k\(content)" | sha256sum | cut -c-64 | sed 's/../\\\\x&/g')
        printf "$h" > $f; printf %s '\(content)' >> $f
      done
      """)
    try #require(result.end == .exit(0), "\(result)")
    let again = try runAgain(project)
    #expect(again.end == .exit(0), "\(again)")
    #expect(try project.data("results/shop/metrics.json") == metrics)
  }

  @Test func `whatever bit of the cache is flipped, no other number comes out`() throws {
    let (project, metrics) = try shop()
    var bytes = StoredBytes(project)
    for number in 0..<StoredBytes.count(16) {
      // As runs make entries again, their order is their names'.
      let files = entries(project)
      let flip = try bytes.flip(bytes.item(number * 37, of: files))
      let again = try runAgain(project)
      #expect(again.end == .exit(0), "\(flip) \(again)")
      #expect(try project.data("results/shop/metrics.json") == metrics, "\(flip)")
    }
  }

  @Test func `a cache that git tracks is not used`() throws {
    let (project, metrics) = try shop()
    // A poisoned run: what people would be told of is another.
    _ = try project.shell("git init -q && git add -f \(Self.cache)/entries")
    let before = project.contents(of: Self.cache)
    // Its own, because other programs on this machine make caches, too.
    let temporary = try TemporaryFolder()
    let again = try runAgain(project, environment: ["TMPDIR": temporary.path])
    #expect(again.end == .exit(0), "\(again)")
    #expect(again.errors.contains("warning[H730]"), "\(again)")
    #expect(again.errors.contains("git tracks a file in it"), "\(again)")
    #expect(!again.errors.contains("nothing has changed"))
    #expect(try project.data("results/shop/metrics.json") == metrics)
    #expect(project.contents(of: Self.cache) == before)
    // What it made for itself is gone.
    let left = try project.shell("ls -A \(temporary.path)")
    #expect(left.end == .exit(0) && left.output.isEmpty, "\(left)")
    let pruned = try project.holdout("cache", "prune", "--keep", "0B")
    #expect(pruned.end == .exit(0) && project.contents(of: Self.cache) == before, "\(pruned)")
    _ = try project.shell("git rm -rq --cached .")
    #expect(!(try project.runs().errors.contains("H730")))
  }

  @Test func `a cache behind a link that leads out of the project is not used`() throws {
    let other = try TemporaryFolder()
    for place in [".holdout", Self.cache, "\(Self.cache)/entries"] {
      let project = try TestProject()
      let folder = (place as NSString).deletingLastPathComponent
      _ = try project.shell("mkdir -p ./\(folder) && ln -s \(other.path) \(place)")
      let result = try project.holdout("run", "shop.yaml", "--threads", "1")
      #expect(result.end == .exit(0), "\(result)")
      #expect(result.errors.contains("warning[H730]"), "\(place) \(result)")
      #expect(other.names().isEmpty, "\(place)")
    }
  }

  @Test(.enabled(if: geteuid() == 0, "only root can give a folder away"))
  func `a cache of another user is not used`() throws {
    let (project, metrics) = try shop()
    _ = try project.shell("chown 1 \(Self.cache)")
    let again = try runAgain(project)
    #expect(again.errors.contains("warning[H730]"), "\(again)")
    #expect(again.errors.contains("belongs to another user"), "\(again)")
    #expect(try project.data("results/shop/metrics.json") == metrics)
  }

  @Test func `a cache that cannot be written warns once, and the run goes on`() throws {
    let (_, metrics) = try shop()
    // A file in the place of the folder, and files in the places of those in it.
    for line in [
      "mkdir .holdout && touch \(Self.cache)",
      "mkdir -p \(Self.cache)/entries && cd \(Self.cache)/entries && touch {0..9}{0..9} {0..9}{a..f} "
        + "{a..f}{0..9} {a..f}{a..f}",
    ] {
      let project = try TestProject()
      let made = try project.shell(line)
      try #require(made.end == .exit(0), "\(made)")
      for name in ["shop", "other"] {
        let result = try project.holdout("run", "shop.yaml", "name=\(name)", "--threads", "2")
        #expect(result.end == .exit(0), "\(result)")
        #expect(result.findings.map(\.id) == ["H707"], "\(result)")
        #expect(try project.data("results/\(name)/metrics.json") == metrics)
      }
    }
  }

  @Test func `a cache on a full disk warns once, and the run goes on`() throws {
    let project = try TestProject()
    let mounted = try project.shell(
      "mkdir -p \(Self.cache) && mount -t tmpfs -o size=64k tmpfs \(Self.cache)")
    defer { _ = try? project.shell("umount \(Self.cache)") }
    guard mounted.end == .exit(0) else {
      print("skipped: no small disk can be mounted here: \(mounted.errors)")
      return
    }
    let result = try project.holdout("run", "shop.yaml", "--threads", "1")
    #expect(result.end == .exit(0), "\(result)")
    #expect(result.findings.map(\.id) == ["H707"], "\(result)")
    #expect(result.errors.contains("No space left"), "\(result)")
  }

  @Test(arguments: [".", "data"])
  func `a folder that is named as the cache by mistake keeps its files`(_ cache: String) throws {
    let project = try TestProject()
    try project.write("holdout.yaml", Shop.project + "cache: \(cache)\n")
    let key = String(repeating: "ab", count: 32)
    let own = ["notes.txt", "ab/notes.txt", "zz/\(key)", "ab/x\(key.dropFirst())", "\(key)"]
    try project.add(
      Dictionary(uniqueKeysWithValues: own.map { ($0, Data("mine".utf8)) }),
      to: "\(cache)/entries")
    try project.add(["ab/\(key)/mine": Data("mine".utf8)], to: "\(cache)/entries")
    let before = project.contents(of: ".")
    try project.runs()
    #expect(!project.exists("\(cache)/.gitignore"))
    let pruned = try project.holdout("cache", "prune", "--keep", "0B")
    #expect(pruned.end == .exit(0), "\(pruned)")
    let after = project.contents(of: ".")
    for (name, content) in before { #expect(after[name] == content, "\(name)") }
    #expect(try project.holdout("cache").output.contains(": 0 entries"))
  }

  @Test func `beyond its limit the cache loses what this command did not use`() throws {
    let (project, _) = try shop("cache_size: 100KB\n")
    // All of it is in use by the run.
    let first = entries(project)
    let size = try project.holdout("cache")
    #expect(size.output.contains(" of at most 100 KB"), "\(size)")
    #expect(try project.runs().errors.contains("nothing has changed"))
    try project.runs("name=other", "cohort.where=[flag: history.is_active]")
    let second = entries(project)
    #expect(Set(first).subtracting(second).count > first.count / 2, "\(second.count)")
    let why = try project.holdout(
      "why", "shop.yaml", "name=other", "cohort.where=[flag: history.is_active]")
    #expect(!why.output.contains("miss"), "\(why)")
    #expect(try project.holdout("why", "shop.yaml").output.contains("miss"))
  }

  @Test func `a limit that is no size is a finding`() throws {
    let project = try TestProject()
    try project.write("holdout.yaml", Shop.project + "cache_size: much\n")
    let result = try project.holdout("run", "shop.yaml")
    #expect(result.refuses("H731", "much") && result.underlined == ["much"], "\(result)")
  }
}
