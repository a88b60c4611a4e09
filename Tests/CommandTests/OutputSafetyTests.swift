import Foundation
import Glibc
import HoldoutTestSupport
import Testing

/// What output never replaces: anything that Holdout has not written.
@Suite struct OutputSafetyTests {
  /// Ways in which a command writes to a path that a person names; the project has a run.
  static let commands = [
    ["panel", "shop.yaml", "--threads", "1", "--out"], ["gate", "shop.yaml", "--markdown"],
    ["leaderboard", "--resamples", "50", "--format", "html", "--out"],
    ["plan", "shop.yaml", "--format", "html", "--out"],
  ]

  @Test(arguments: commands)
  func `a file that something else has written stays, but for --force`(
    _ command: [String]
  ) throws {
    let project = try TestProject(withResults: true)
    let before = project.contents(of: ".")
    for path in ["shop.yaml", "holdout.yaml", "data/visits.parquet", "data/shop.duckdb"] {
      let result = try Program.run(command + [path], in: project.folder)
      #expect(result.refuses("H713", "`\(path)` is not replaced", "--force"), "\(result)")
    }
    for path in ["data", "/dev/null", "pipe", "link", "dangling"] {
      switch path {
      case "pipe": mkfifo("\(project.folder)/pipe", 0o644)
      case "link": symlink("shop.yaml", "\(project.folder)/link")
      case "dangling": symlink("made", "\(project.folder)/dangling")
      default: break
      }
      let result = try Program.run(command + [path], in: project.folder)
      #expect(result.refuses("H713", "`\(path)` is not replaced"), "\(result)")
      let forced = try Program.run(command + [path, "--force"], in: project.folder)
      #expect(forced.refuses("H713"), "\(forced)")
    }
    #expect(!project.exists("made"))
    for path in ["pipe", "link", "dangling"] { unlink("\(project.folder)/\(path)") }
    let after = project.contents(of: ".").filter { !$0.key.hasSuffix("audit.json") }
    #expect(after == before.filter { !$0.key.hasPrefix(".holdout") || after[$0.key] != nil })
    var status = stat()
    #expect(stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
    let mine = command[0] == "panel" ? "mine.parquet" : "mine.txt"
    try project.write(mine, "mine\n")
    let forced = try Program.run(command + [mine, "--force"], in: project.folder)
    #expect(!forced.errors.contains("H713"), "\(forced)")
    #expect(try project.text(mine) != "mine\n")
    // What it has written itself it replaces.
    let again = try Program.run(command + [mine], in: project.folder)
    #expect(!again.errors.contains("H713"), "\(again)")
    #expect(project.names(in: ".").filter { $0.hasSuffix(".tmp") } == [])
  }

  @Test(arguments: [
    ("../list.parquet", "is not in the project"),
    ("/tmp/holdout-list.parquet", "is not in the project"),
    ("out/list.parquet", "is not in the project"), (".git/list.parquet", "is not in the project"),
    ("results/registry.jsonl", "does not have the name of a Parquet file"),
    ("holdout.yaml", "does not have the name of a Parquet file"),
    ("data/visits.parquet", "the file was not written by Holdout"),
    ("link.parquet", "it is a symbolic link"), ("null.parquet", "it is a symbolic link"),
    ("pipe.parquet", "it is a device, a pipe, or a socket"),
  ])
  func `a list goes into the project, and replaces nothing but lists`(
    _ path: String, _ words: String
  ) throws {
    let project = try ScoringProject.make(
      score: ScoringProject.score.replacing(
        "lists/{name}_{cutoff}.parquet", with: path))
    symlink("/tmp", "\(project.folder)/out")
    symlink("data/visits.parquet", "\(project.folder)/link.parquet")
    symlink("/dev/null", "\(project.folder)/null.parquet")
    mkfifo("\(project.folder)/pipe.parquet", 0o644)
    mkdir("\(project.folder)/.git", 0o755)
    let before = project.contents(of: ".")
    let result = try project.holdout(
      "score", "shop", "--cutoff", ScoringProject.cutoff, "--allow-silent-sources", "--threads", "1"
    )
    #expect(result.refuses("H837", words), "\(result)")
    #expect(result.underlined == [path], "\(result)")
    #expect(project.contents(of: ".") == before)
  }

  @Test(arguments: ["results", "results/shop", "results/shop/runs"])
  func `results go through no link out of the project`(_ link: String) throws {
    let project = try TestProject()
    let elsewhere = try TemporaryFolder()
    try project.makeFolder("results/shop")
    try? project.remove("\(link)")
    symlink(elsewhere.path, "\(project.folder)/\(link)")
    let result = try project.holdout("run", "shop.yaml", "--threads", "1")
    #expect(result.refuses("H703", "a link leads outside the results folder"), "\(result)")
    #expect(elsewhere.names() == [])
    // holdout.yaml may name any folder.
    if link == "results" {
      try project.write(
        "holdout.yaml",
        Shop.project.replacing("results: results", with: "results: \(elsewhere.path)"))
      try project.runs()
    }
  }

  @Test func `the summary is appended to a file, not to a link or a device`() throws {
    let project = try TestProject(withResults: true)
    try project.write("summary.md", "before\n")
    symlink("summary.md", "\(project.folder)/link.md")
    let result = try project.holdout(
      "gate", "shop.yaml", "--format", "github",
      environment: ["GITHUB_STEP_SUMMARY": "\(project.folder)/summary.md"])
    #expect(result.end != .exit(2), "\(result)")
    #expect(try project.text("summary.md").hasPrefix("before\n## Gates: "))
    let length = try project.text("summary.md").count
    for path in ["link.md", "/dev/null"] {
      let place = path.hasPrefix("/") ? path : "\(project.folder)/\(path)"
      let refused = try project.holdout(
        "gate", "shop.yaml", "--format", "github", environment: ["GITHUB_STEP_SUMMARY": place])
      #expect(refused.end == .exit(2), "\(refused)")
      #expect(refused.errors.contains("cannot be written"))
    }
    #expect(try project.text("summary.md").count == length)
  }

  @Test func `a new project is made around links, not through them`() throws {
    let folder = try TemporaryFolder()
    mkdir("\(folder.path)/shop", 0o755)
    symlink("../victim", "\(folder.path)/shop/README.md")
    let result = try Program.run(["init", "shop"], in: folder.path)
    #expect(result.refuses("H705", "already there: README.md"), "\(result)")
    #expect(!folder.exists("victim"))
    mkdir("\(folder.path)/elsewhere", 0o755)
    mkdir("\(folder.path)/other", 0o755)
    symlink("../elsewhere", "\(folder.path)/other/data")
    let linked = try Program.run(["init", "other"], in: folder.path)
    #expect(linked.refuses("H705", "already there: data"), "\(linked)")
    #expect(folder.names(in: "elsewhere") == [])
  }

  @Test func `a limit of the file size is an error of the write`() throws {
    let project = try TestProject()
    let result = try project.shell(
      "ulimit -f 10; exec \"$HOLDOUT\" panel shop.yaml --threads 1 --out panel.parquet")
    #expect(result.end == .exit(2), "\(result)")
    #expect(result.errors.contains("error[H703]"), "\(result)")
    #expect(!project.exists("panel.parquet"))
  }

  @Test func `paths that are not UTF-8 are refused with a message`() throws {
    let project = try TestProject()
    let result = try project.shell(
      "cp shop.yaml $'sp\\xffec.yaml'; \"$HOLDOUT\" check --offline sp*.yaml")
    #expect(result.refuses("H712", "argument 3 is not UTF-8", "rename the file"), "\(result)")
    let folder = try project.shell(
      "mkdir $'b\\xffd'; cp shop.yaml holdout.yaml $'b\\xffd'; cd $'b\\xffd'; "
        + "\"$HOLDOUT\" check --offline shop.yaml")
    #expect(folder.refuses("H712", "the working directory is not UTF-8"), "\(folder)")
  }
}
