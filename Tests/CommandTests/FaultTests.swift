import Foundation
import Glibc
import HoldoutTestSupport
import Testing

/// A program that is killed, or whose disk fails, at a chosen one of its file-changing calls: the library
/// that scripts/faults.c is, which `scripts/attack-kills` takes through every call.
enum Faults {
  /// A call that a command makes.
  struct Call {
    let number: Int
    let name: String
    /// Below the project's folder.
    let path: String
  }

  private static let library = Result {
    let shared = SharedFolder("faults")
    try shared.makeFolder("")
    let made = try Program.shell(
      """
      compiler=$(command -v cc || command -v clang)
      "$compiler" -shared -fPIC -O1 -o faults.so '\(Repository.folder)/scripts/faults.c' -ldl
      """, in: shared.folder)
    try #require(made.end == .exit(0), "\(made)")
    return shared.path("faults.so")
  }

  static func environment(
    _ fault: String, at number: Int, in project: TestProject
  ) throws -> [String: String] {
    [
      "FAULT": fault, "FAULT_AT": "\(number)", "FAULT_ROOT": project.folder,
      "LD_PRELOAD": try library.get(),
    ]
  }

  static func run(
    _ arguments: [String], _ fault: String, at number: Int, in project: TestProject
  ) throws -> ProgramResult {
    try Program.run(
      arguments, in: project.folder, environment: environment(fault, at: number, in: project))
  }

  /// The calls of a command that works.
  static func calls(of arguments: [String], in project: TestProject) throws -> [Call] {
    let log = "\(project.folder)/calls.txt"
    let result = try Program.run(
      arguments, in: project.folder,
      environment: environment("count", at: 0, in: project).merging(["FAULT_LOG": log]) { $1 })
    try #require(result.end == .exit(0), "\(result)")
    let text = try String(contentsOfFile: log, encoding: .utf8)
    try FileManager.default.removeItem(atPath: log)
    return text.split(separator: "\n").compactMap { line in
      let parts = line.split(separator: " ", maxSplits: 2)
      guard parts.count == 3, let number = Int(parts[0]) else { return nil }
      return Call(number: number, name: String(parts[1]), path: String(parts[2]))
    }
  }

  /// Those that decide: what is renamed or removed, and a few of the others.
  static func decisive(_ calls: [Call], below folder: String) -> [Call] {
    let own = calls.filter { $0.path.hasPrefix("/\(folder)/") }
    let chosen = own.filter { $0.name.hasPrefix("rename") || $0.name == "unlink" }
    return chosen + own.enumerated().filter { $0.offset % 29 == 3 }.map(\.element)
  }

  /// What nobody should find in a project after a command has ended.
  static func litter(_ project: TestProject) -> [String] {
    let names = FileManager.default.enumerator(atPath: project.folder)
    var found: [String] = []
    while let path = names?.nextObject() as? String {
      let name = (path as NSString).lastPathComponent
      if name.hasSuffix(".tmp") || name.hasPrefix(".dat.nosync") || name == ".publishing" {
        found.append(path)
      }
    }
    return found
  }
}

@Suite struct FaultTests {
  private static let run = ["run", "shop.yaml", "name=shop", "model.seed=5", "--threads", "1"]

  /// The three that say which run is the latest are of one run, and every run is complete.
  private static func check(_ project: TestProject, _ before: [String: Data], _ what: String) throws
  {
    #expect(Faults.litter(project) == [], "\(what)")
    let latest = try project.text("results/shop/runs/latest").trimmingCharacters(in: .newlines)
    for file in ["metrics.json", "feature_importance.csv"] {
      #expect(
        try project.data("results/shop/\(file)")
          == project.data("results/shop/runs/\(latest)/\(file)"),
        "\(what): \(file) is not of the latest run")
    }
    for run in project.runIds() {
      #expect(project.names(in: "results/shop/runs/\(run)") == TestProject.runFiles, "\(what)")
    }
    for (path, bytes) in before where path.hasPrefix("shop/runs/2") {
      #expect(try project.data("results/\(path)") == bytes, "\(what): \(path)")
    }
  }

  @Test(arguments: ["kill", "half", "eio", "enospc"])
  func `a run that is stopped at any call is published completely or not at all`(
    _ fault: String
  ) throws {
    let first = try TestProject(withResults: true)
    let calls = try Faults.calls(of: Self.run, in: first)
    let decisive = Faults.decisive(calls, below: "results")
    #expect(decisive.count > 8, "\(calls)")
    var stopped = 0
    for call in decisive {
      let project = try TestProject(withResults: true)
      let before = project.contents(of: "results")
      let result = try Faults.run(Self.run, fault, at: call.number, in: project)
      let what = "\(fault) at \(call.number) \(call.name) \(call.path)"
      switch result.end {
      case .exit(0): break
      case .signal(SIGKILL): stopped += 1
      default:
        stopped += 1
        // The cache may be what cannot be written first.
        #expect(result.refuses("H703") || result.refuses("H707"), "\(what): \(result)")
      }
      // Any command completes what was begun, and removes what is left.
      #expect(try project.holdout("history").end == .exit(0))
      try Self.check(project, before, what)
    }
    #expect(stopped > 3)
  }

  @Test func `a run that replaces a damaged one of its name leaves the one or the other`() throws {
    let run = ["run", "shop.yaml", "--threads", "1"]
    func damaged() throws -> (TestProject, String) {
      let project = try TestProject(withResults: true)
      let report = "results/shop/runs/\(try project.runId())/report.md"
      try project.write(report, try project.text(report) + "more\n")
      return (project, report)
    }
    let calls = try Faults.calls(of: run, in: damaged().0)
    let exchange = calls.filter { $0.name.hasPrefix("rename") && $0.path.contains("/runs/2") }
    #expect(exchange.count == 1, "\(calls)")
    for fault in ["kill", "half"] {
      for call in exchange {
        let (project, report) = try damaged()
        let id = try project.runId()
        let result = try Faults.run(run, fault, at: call.number, in: project)
        #expect(result.end == .signal(SIGKILL))
        #expect(
          project.names(in: "results/shop/runs/\(id)") == TestProject.runFiles, "the run is lost")
        #expect(try project.text(report).hasSuffix("more\n") == (fault == "kill"))
        #expect(try project.holdout("history").end == .exit(0))
        #expect(Faults.litter(project) == [])
      }
    }
  }

  @Test(arguments: ["kill", "half", "eio", "enospc"])
  func `a promotion that is stopped at any call has happened or has not`(_ fault: String) throws {
    func prepared() throws -> (TestProject, [String]) {
      let (project, ids) = try PromoteCommandTests.project()
      try PromoteCommandTests.promote(project, ids[0])
      return (project, ["promote", ids[1], "--override", "a test", "--threads", "1"])
    }
    let (first, arguments) = try prepared()
    let calls = try Faults.calls(of: arguments, in: first)
    let all = Faults.decisive(calls, below: "models")
    let record = calls.filter { $0.path == "/\(PromoteCommandTests.registry)" }
    for call in all.enumerated().filter({ $0.offset % 8 == 0 }).map(\.element) + record.suffix(2) {
      let (project, arguments) = try prepared()
      let before = try project.data(PromoteCommandTests.registry)
      let result = try Faults.run(arguments, fault, at: call.number, in: project)
      let what = "\(fault) at \(call.number) \(call.name) \(call.path): \(result)"
      #expect([.exit(0), .exit(2), .signal(SIGKILL)].contains(result.end), "\(what)")
      let after = try project.data(PromoteCommandTests.registry)
      #expect(after.starts(with: before), "\(what)")
      let verified = try project.holdout("verify")
      #expect(verified.end == .exit(0), "\(what), \(verified)")
      #expect(Faults.litter(project) == [], "\(what)")
      let again = try Program.run(arguments, in: project.folder)
      #expect(again.end == .exit(0), "\(what), \(again)")
      #expect(try PromoteCommandTests.lines(project).count == 2, "\(what)")
    }
  }

  @Test func `what killed versions of before left is gone after the next command`() throws {
    let project = try TestProject(withResults: true)
    let id = try project.runId()
    _ = try project.shell(
      """
      cd results/shop
      mkdir runs/.\(id).1.tmp runs/.1.tmp runs/.old-\(id).1.tmp runs/.holdout-aaaaaaaa.tmp
      touch runs/.\(id).1.tmp/model.txt runs/.dat.nosync1f.Ab3 .dat.nosync1f.Ab3
      mkdir -p ../../models/shop/versions/.\(id).tmp
      touch ../../models/shop/versions/.\(id).tmp/spec.yaml
      touch ../../models/shop/.model.txt.tmp
      touch runs/\(id)/predictions.parquet.1.tmp runs/\(id)/.dat.nosync1f.Ab3
      """)
    #expect(Faults.litter(project).count == 10)
    #expect(try project.holdout("history").end == .exit(0))
    // A run looks after its own folders, a promotion after those of models.
    #expect(Faults.litter(project).count == 4)
    try project.runs("model.seed=5")
    #expect(Faults.litter(project).allSatisfy { $0.hasPrefix("models/") })
    _ = try project.shell(
      "echo 'gates: {audit: none, evidence: any, better_than: none}' >> holdout.yaml")
    try PromoteCommandTests.promote(project, id)
    #expect(Faults.litter(project) == [])
    #expect(try project.holdout("verify").end == .exit(0))
  }

  @Test func `two containers on one folder do not take each other's runs for abandoned`() throws {
    let project = try TestProject(withResults: true)
    // With the panel in the cache, runs of other seeds make the same calls.
    try project.runs("model.seed=3")
    let calls = try Faults.calls(
      of: ["run", "shop.yaml", "name=shop", "model.seed=4", "--threads", "1"], in: project)
    // One of the last files of a run: its folder is there, and is not in its place.
    let moment = try #require(calls.last { $0.path.hasSuffix("/run.json") && $0.name == "write" })
    let environment = try Faults.environment("wait", at: moment.number, in: project)
    let set = environment.map { "\($0.key)='\($0.value)'" }.joined(separator: " ")
    let result = try project.shell(
      """
      apart="unshare --user --map-root-user --pid --fork"
      $apart true 2> /dev/null || { echo "no namespaces of processes here" >&2; apart=; }
      gate=$(mktemp -d)/gate
      $apart env \(set) FAULT_GATE="$gate" "$HOLDOUT" run shop.yaml name=shop model.seed=5 --threads 1 > one 2>&1 &
      while [ ! -d "$gate.reached" ]; do sleep 0.01; kill -0 $! || exit 3; done
      # A process of another number in the other container.
      $apart bash -c '"$HOLDOUT" run shop.yaml name=shop model.seed=6 --threads 1 > two 2>&1; exit $?' || exit 4
      mkdir "$gate"
      wait $! || { cat one >&2; exit 5; }
      """)
    #expect(result.end == .exit(0), "\(result)")
    #expect(project.runIds().count == 5)
    #expect(Faults.litter(project) == [])
  }

  @Test(arguments: [
    "../../../elsewhere", "/etc", "..", ".", "", ".hidden", "a/b", "2024\\0", "2024\\x01", "\\xff",
    "caf\\xc3\\xa9",
  ])
  func `a latest that names no run is a finding, and is never followed`(_ text: String) throws {
    let project = try TestProject(withResults: true)
    let id = try project.runId()
    _ = try project.shell(
      """
      cp -r results/shop/runs/\(id) elsewhere
      printf '\(text)\\n' > results/shop/runs/latest
      """)
    for arguments in [["promote", "shop", "--dry-run"], ["compare", "shop", id]] {
      let result = try Program.run(arguments, in: project.folder)
      #expect(result.refuses("H648", "results/shop/runs/latest"), "\(arguments) \(result)")
    }
    try project.runs()
    #expect(try project.text("results/shop/runs/latest") == "\(id)\n")
  }

  @Test func `a latest that is a link, a pipe, or a folder is a finding`() throws {
    let project = try TestProject(withResults: true)
    let id = try project.runId()
    for command in [
      "ln -s /etc/passwd latest", "mkfifo latest", "mkdir latest",
      "ln -s /etc other && echo other > latest",
    ] {
      _ = try project.shell("cd results/shop/runs && rm -rf latest other && \(command)")
      let result = try project.holdout("compare", "shop", id)
      #expect(result.refuses("H648"), "\(command) \(result)")
    }
  }
}
