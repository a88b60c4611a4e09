import Foundation
import Glibc
import HoldoutTestSupport
import Testing

/// What a spec may have read: files of the project and of declared roots, and nothing else.
@Suite struct ReadingRootsTests {
  /// A secret that no message may show.
  private static let secret = "TOPSECRET-0815"

  /// A project in a folder that also holds a secret file and a base outside the project.
  private static func project() throws -> TestProject {
    let outside = try TestProject()
    let project = outside
    try project.makeFolder("own/experiments")
    try project.write("own/holdout.yaml", "connections: {}\n")
    try project.write("secret.yaml", "key: [\(secret)\n")
    try project.write("secret.txt", "\(secret)\n")
    try project.write("base.yaml", "description: shared\n")
    return project
  }

  private static func check(
    _ project: TestProject, _ arguments: String...
  ) throws -> ProgramResult {
    try Program.run(arguments, in: "\(project.folder)/own")
  }

  @Test(arguments: [
    "/etc/passwd", "../secret.yaml", "../secret.txt", "experiments/../../secret.yaml", "/dev/zero",
    "/proc/self/environ", "../nowhere.yaml",
  ])
  func `a spec extends nothing outside the project, and nothing of it is shown`(
    _ path: String
  ) throws {
    let project = try Self.project()
    try project.write("own/spec.yaml", "extends: \(path)\n")
    for command in [["check", "--offline"], ["check"], ["render"], ["plan"], ["run"]] {
      let result = try Program.run(
        command + ["spec.yaml"], in: "\(project.folder)/own", environment: ["TOKEN": Self.secret])
      #expect(result.refuses("H290", "leads outside the project", "spec.yaml:1:10"), "\(result)")
      #expect(result.underlined == [path])
      #expect(!result.description.contains(Self.secret))
      #expect(!result.description.contains("root:"))
    }
  }

  @Test func `links out of the project are refused, whether extended or named by a pattern`() throws
  {
    let project = try Self.project()
    let own = "\(project.folder)/own"
    symlink("../../secret.yaml", "\(own)/experiments/link.yaml")
    symlink("..", "\(own)/up")
    try project.write("own/a.yaml", "extends: experiments/link.yaml\n")
    try project.write("own/b.yaml", "extends: up/secret.yaml\n")
    for spec in ["a.yaml", "b.yaml", "experiments/link.yaml"] {
      let result = try Self.check(project, "check", "--offline", spec)
      #expect(result.refuses("H290", "leads outside the project"), "\(result)")
      #expect(!result.description.contains(Self.secret), "\(result)")
    }
    symlink("/dev/zero", "\(own)/experiments/zero.yaml")
    let zero = try Self.check(project, "render", "experiments/zero.yaml")
    #expect(zero.refuses("H290"), "\(zero)")
  }

  @Test func `a pipe is refused at once, and a folder and a device are`() throws {
    let project = try Self.project()
    let own = "\(project.folder)/own"
    mkfifo("\(own)/pipe.yaml", 0o644)
    try project.write("own/a.yaml", "extends: pipe.yaml\n")
    try project.write("own/b.yaml", "extends: experiments\n")
    for spec in ["a.yaml", "pipe.yaml"] {
      let result = try Self.check(project, "check", "--offline", spec)
      #expect(result.refuses("H290", "is a device, a pipe, or a socket"), "\(result)")
    }
    #expect(try Self.check(project, "check", "--offline", "b.yaml").refuses("H102"))
  }

  @Test(arguments: [".git/config", ".env", "link.yaml"])
  func `a file of the checkout that is no spec is not shown line by line`(_ path: String) throws {
    let project = try Self.project()
    let own = "\(project.folder)/own"
    try FileManager.default.createDirectory(
      atPath: "\(own)/.git", withIntermediateDirectories: false)
    try project.write("own/.git/config", "[http]\n\textraheader = \(Self.secret)\n")
    try project.write("own/.git/config.yaml", "[http]\n\textraheader = \(Self.secret)\n")
    try project.write("own/.env", "\(Self.secret)=[\n")
    symlink(".env", "\(own)/link.yaml")
    for name in [path, ".git/config.yaml"] {
      try project.write("own/spec.yaml", "extends: \(name)\n")
      let result = try Self.check(project, "check", "--offline", "spec.yaml")
      #expect(result.refuses("H290", "spec.yaml:1:10"), "\(result)")
      #expect(!result.description.contains(Self.secret), "\(result)")
    }
  }

  @Test func `a declared root may be read, and the spec cannot declare one`() throws {
    let project = try Self.project()
    try project.write("own/spec.yaml", "extends: ../base.yaml\nname: x\n")
    try project.write("own/holdout.yaml", "roots: [..]\n")
    let result = try Self.check(project, "render", "spec.yaml")
    #expect(!result.errors.contains("H290"), "\(result)")
    try project.write("own/holdout.yaml", "connections: {}\n")
    try project.write("own/spec.yaml", "extends: ../base.yaml\nroots: [..]\n")
    #expect(try Self.check(project, "render", "spec.yaml").errors.contains("H290"))
  }

  @Test func `a spec that a person names may lie elsewhere, with the files beside it`() throws {
    let project = try Self.project()
    try project.write("spec.yaml", Shop.spec.replacing("version: 1\n", with: "extends: v.yaml\n"))
    try project.write("v.yaml", "version: 1\n")
    let result = try Self.check(project, "check", "--offline", "../spec.yaml")
    #expect(result.end == .exit(0), "\(result)")
    try project.write("spec.yaml", "extends: /etc/hostname\n")
    #expect(try Self.check(project, "check", "--offline", "../spec.yaml").refuses("H290"))
  }

  @Test func `offline, no data are looked at and no engine is loaded`() throws {
    let project = try TestProject()
    try project.remove("data")
    let result = try project.holdout(
      "check", "--offline", "shop.yaml", environment: ["HOLDOUT_DUCKDB": "/nowhere/libduckdb.so"])
    #expect(result.end == .exit(0), "\(result)")
  }

  @Test func `exclusion lists are read from the project and from roots only`() throws {
    let project = try ScoringProject.make()
    for (path, words) in [
      ("/etc/passwd", "leads outside the project"), ("../x.txt", "leads outside the project"),
      ("pipe", "a device, a pipe"), ("data", "is a folder"),
    ] {
      if path == "pipe" { mkfifo("\(project.folder)/pipe", 0o644) }
      try project.write(
        "experiments/shop.yaml",
        Shop.spec + ScoringProject.score
          + "capacity: {per: region, rows: 5, exclude: [\(path)]}\n")
      let result = try project.holdout(
        "score", "shop", "--cutoff", ScoringProject.cutoff, "--allow-silent-sources")
      #expect(result.refuses("H290", words, "experiments/shop.yaml:"), "\(result)")
      #expect(result.underlined == [path])
      #expect(!result.description.contains("root:"))
    }
  }
}

/// Whose files are obeyed: root's and the user's own.
@Suite struct OwnershipTests {
  @Test(.enabled(if: geteuid() == 0, "only root can give files away"))
  func `a holdout.yaml of another user is refused until it is trusted`() throws {
    let project = try TestProject()
    chown("\(project.folder)/holdout.yaml", 12_345, 12_345)
    for command in ["check", "plan", "run", "gate", "render"] {
      let result = try project.holdout(command, "shop.yaml")
      #expect(
        result.refuses("H711", "belongs to user 12345", "HOLDOUT_SAFE_DIRECTORY="), "\(result)")
    }
    for folders in ["/nowhere:\(project.folder)", "*"] {
      let result = try project.holdout(
        "check", "--offline", "shop.yaml", environment: ["HOLDOUT_SAFE_DIRECTORY": folders])
      #expect(result.end == .exit(0), "\(result)")
    }
    let sudo = try project.holdout(
      "check", "--offline", "shop.yaml", environment: ["SUDO_UID": "12345"])
    #expect(sudo.end == .exit(0), "\(sudo)")
  }

  @Test func `a library in the project is never loaded`() throws {
    let project = try TestProject()
    try project.makeFolder(".native/lib")
    for file in ["libduckdb.so", "lib_lightgbm.so", "libadbc_driver_sqlite.so"] {
      try project.write(".native/lib/\(file)", "not a library\n")
    }
    let result = try project.holdout("run", "shop.yaml", "--threads", "1")
    #expect(result.end == .exit(0), "\(result)")
  }

  @Test func `a program elsewhere says where it has looked for its libraries`() throws {
    let folder = try TemporaryFolder()
    let project = try TestProject()
    try project.makeFolder(".native/lib")
    let library = "\(Repository.folder)/.native/lib/libduckdb.so"
    symlink(library, "\(project.folder)/.native/lib/libduckdb.so")
    let copy = "\(folder.path)/bin/holdout"
    try folder.makeFolder("bin")
    try FileManager.default.copyItem(atPath: #require(Program.path), toPath: copy)
    // The working directory has one, which does not count.
    let missing = try RunningProgram(copy, ["plan", "shop.yaml"], in: project.folder).wait()
    #expect(missing.refuses("H701", "\(folder.path)/bin/.native/lib/libduckdb.so: not there"))
    #expect(missing.errors.contains("\(folder.path)/lib/holdout/libduckdb.so: not there"))
    #expect(!missing.errors.contains(project.folder + "/.native"), "\(missing)")
    // Beside the program it does, unless everybody may write to its folder.
    let own = "\(folder.path)/lib"
    try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: false)
    symlink(library, "\(own)/libduckdb.so")
    let found = try RunningProgram(copy, ["plan", "shop.yaml"], in: project.folder).wait()
    #expect(found.end == .exit(0), "\(found)")
    unlink("\(own)/libduckdb.so")
    try FileManager.default.copyItem(atPath: library, toPath: "\(own)/libduckdb.so")
    chmod(own, 0o777)
    let open = try RunningProgram(copy, ["plan", "shop.yaml"], in: project.folder).wait()
    #expect(open.refuses("H701", "not loaded, as", "everybody can write"), "\(open)")
  }

  @Test func `a driver's file is named in the environment, not in holdout.yaml`() throws {
    let project = try TestProject()
    try project.write(
      "holdout.yaml", "connections: {shop: {driver: ./evil.so, uri: \"x\"}}\nresults: results\n")
    try project.write("evil.so", "not a library\n")
    for command in [["check", "--offline"], ["check"], ["run"]] {
      let result = try Program.run(command + ["shop.yaml"], in: project.folder)
      #expect(result.refuses("H710", "holdout.yaml:1:30", "HOLDOUT_DRIVER_"), "\(result)")
      #expect(result.underlined == ["./evil.so"])
    }
    try project.write(
      "holdout.yaml", "connections: {shop: {driver: evil, uri: \"x\"}}\nresults: results\n")
    let named = try project.holdout(
      "check", "shop.yaml", environment: ["HOLDOUT_DRIVER_EVIL": "\(project.folder)/evil.so"])
    #expect(named.refuses("H702", "evil.so"), "\(named)")
    let absent = try project.holdout("check", "shop.yaml")
    #expect(absent.refuses("H702", "libadbc_driver_evil.so: not there"), "\(absent)")
  }
}
