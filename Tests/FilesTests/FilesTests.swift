import Files
import Foundation
import HoldoutTestSupport
import Testing

@Suite("Files")
struct FilesTests {
  @Test("writing replaces a file completely and leaves nothing beside it")
  func write() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/a.json"
    try Files.write(Data("one, which is longer".utf8), to: path)
    try Files.write(Data("two".utf8), to: path)
    #expect(try Files.read(path) == Data("two".utf8))
    #expect(folder.names() == ["a.json"])
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o644)
  }

  @Test("a file with these bytes is left alone, with its times")
  func unchanged() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/a.json"
    try Files.write(Data("same".utf8), to: path)
    var (before, after) = (stat(), stat())
    #expect(stat(path, &before) == 0)
    try Files.write(Data("same".utf8), to: path, onlyIfChanged: true)
    #expect(stat(path, &after) == 0 && before.st_ino == after.st_ino)
    try Files.write(Data("other".utf8), to: path, onlyIfChanged: true)
    #expect(try Files.read(path) == Data("other".utf8))
  }

  @Test("links, pipes, devices, and folders are never replaced")
  func special() throws {
    let folder = try TemporaryFolder()
    try Files.write(Data("kept".utf8), to: "\(folder.path)/target")
    symlink("\(folder.path)/target", "\(folder.path)/link")
    mkfifo("\(folder.path)/pipe", 0o644)
    mkdir("\(folder.path)/folder", 0o755)
    for name in ["link", "pipe", "folder"] {
      #expect(throws: FileError.self) {
        try Files.write(Data("new".utf8), to: "\(folder.path)/\(name)")
      }
    }
    #expect(throws: FileError.self) { try Files.write(Data(), to: "/dev/null") }
    #expect(try Files.read("\(folder.path)/target") == Data("kept".utf8))
    #expect(folder.names() == ["folder", "link", "pipe", "target"])
  }

  @Test("reading never waits for a pipe, and keeps to its limit")
  func read() throws {
    let folder = try TemporaryFolder()
    mkfifo("\(folder.path)/pipe", 0o644)
    #expect(throws: FileError("\(folder.path)/pipe", EINVAL, "it is a device, a pipe, or a socket"))
    {
      try Files.read("\(folder.path)/pipe")
    }
    #expect(throws: FileError.self) { try Files.read("/dev/zero") }
    #expect(throws: FileError.self) { try Files.read(folder.path) }
    let bytes = Data((0..<3_000_000).map { UInt8(truncatingIfNeeded: $0) })
    try Files.write(bytes, to: "\(folder.path)/large")
    #expect(try Files.read("\(folder.path)/large") == bytes)
    #expect(throws: FileError.self) { try Files.read("\(folder.path)/large", limit: 2_999_999) }
  }

  @Test("a scratch folder takes its place once, or is gone with its owner")
  func scratchFolder() throws {
    let folder = try TemporaryFolder()
    do {
      let scratch = try Scratch.folder(in: folder.path)
      try Files.write(Data("x".utf8), to: "\(scratch.path)/inner")
      try scratch.take("\(folder.path)/run")
    }
    #expect(folder.names() == ["run"])
    do {
      let scratch = try Scratch.folder(in: folder.path)
      try Files.write(Data("x".utf8), to: "\(scratch.path)/inner")
      #expect(folder.names().count == 2)
      do throws(FileError) {
        try scratch.take("\(folder.path)/run")
        Issue.record("a folder with files was replaced")
      } catch {
        #expect(error.code == ENOTEMPTY || error.code == EEXIST)
      }
    }
    #expect(folder.names() == ["run"])
  }

  @Test("what a killed process left is removed, what is being filled stays")
  func abandoned() throws {
    let folder = try TemporaryFolder()
    mkdir("\(folder.path)/.holdout-aaaaaa.tmp", 0o755)
    try Files.write(Data("x".utf8), to: "\(folder.path)/.holdout-aaaaaa.tmp/inner")
    #expect(FileManager.default.createFile(atPath: "\(folder.path)/.holdout-b.tmp", contents: nil))
    symlink("/etc/passwd", "\(folder.path)/.holdout-c.tmp")
    let held = try Scratch.file(in: folder.path)
    let other = try Scratch.folder(in: folder.path)
    Scratch.removeAbandoned(in: folder.path)
    let kept = [held.path, other.path].map { ($0 as NSString).lastPathComponent }
    #expect(folder.names().sorted() == (kept + [".holdout-c.tmp"]).sorted())
    #expect(FileManager.default.fileExists(atPath: "/etc/passwd"))
  }

  @Test("scratch made by many at once, with others removing what is abandoned, is never lost")
  func race() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path
    let survived = await withTaskGroup(of: Int.self) { group in
      for worker in 0..<8 {
        group.addTask {
          var count = 0
          for round in 0..<100 {
            if worker % 2 == 0 {
              Scratch.removeAbandoned(in: path)
              count += 1
            } else {
              guard let scratch = try? Scratch.folder(in: path) else { continue }
              let file = "\(scratch.path)/\(round)"
              guard FileManager.default.createFile(atPath: file, contents: nil) else { continue }
              if (try? scratch.take("\(path)/\(worker)-\(round)")) != nil { count += 1 }
            }
          }
          return count
        }
      }
      return await group.reduce(0, +)
    }
    #expect(survived == 800)
    #expect(folder.names().count == 400)
  }

  @Test("a lock waits for its holder, and a timeout ends the wait")
  func lock() throws {
    let folder = try TemporaryFolder()
    do {
      let held = try FileLock(folder.path)
      #expect(throws: FileError(folder.path, EWOULDBLOCK)) {
        _ = try FileLock(folder.path, timeout: 0.05)
      }
      #expect(throws: FileError.self) {
        _ = try FileLock(folder.path, isShared: true, timeout: 0.05)
      }
      withExtendedLifetime(held) {}
    }
    _ = try FileLock(folder.path, timeout: 0.05)
  }

  @Test("removing follows no link")
  func remove() throws {
    let folder = try TemporaryFolder()
    try Files.makeFolder("\(folder.path)/a/b")
    try Files.write(Data("kept".utf8), to: "\(folder.path)/kept")
    symlink(folder.path, "\(folder.path)/a/b/up")
    try Files.remove("\(folder.path)/a")
    try Files.remove("\(folder.path)/absent")
    #expect(folder.names() == ["kept"])
  }
}

@Suite("Reading roots")
struct ReadingRootsTests {
  @Test(
    "what a path leads to decides",
    arguments: [
      ("project/a.csv", true), ("project/sub/../a.csv", true), ("project/inside", true),
      ("shared/b.csv", true), ("other/c.csv", false), ("project/outside", false),
      ("project/up/other/c.csv", false), ("project-two/d.csv", false), ("project/pipe", false),
      ("project", false), ("project/none", false), ("none/none", false),
    ])
  func decision(_ path: String, _ isAllowed: Bool) throws {
    let folder = try TemporaryFolder()
    for name in ["project/sub", "shared", "other", "project-two"] {
      try Files.makeFolder("\(folder.path)/\(name)")
    }
    for name in ["project/a.csv", "shared/b.csv", "other/c.csv", "project-two/d.csv"] {
      try Files.write(Data("x".utf8), to: "\(folder.path)/\(name)")
    }
    symlink("a.csv", "\(folder.path)/project/inside")
    symlink("../other/c.csv", "\(folder.path)/project/outside")
    symlink("..", "\(folder.path)/project/up")
    mkfifo("\(folder.path)/project/pipe", 0o644)
    let roots = ReadingRoots(project: "\(folder.path)/project", declared: ["../shared", "absent"])
    let real = try? roots.file("\(folder.path)/\(path)")
    #expect((real != nil) == isAllowed)
    let isOutside =
      path.hasPrefix("none") || path.contains("other") || path.contains("outside")
      || path.hasPrefix("project-two")
    if isOutside {
      #expect(throws: (any Error).self) { try roots.file("\(folder.path)/\(path)") }
      do { _ = try roots.file("\(folder.path)/\(path)") } catch {
        guard case .outside = error else {
          Issue.record("\(path): \(error)")
          return
        }
      }
    }
  }

  @Test("a file that is not there is missing below the roots, and outside elsewhere")
  func missing() throws {
    let folder = try TemporaryFolder()
    try Files.makeFolder("\(folder.path)/project")
    let roots = ReadingRoots(project: "\(folder.path)/project")
    #expect(throws: ReadingRoots.Refusal.missing) { try roots.file("\(folder.path)/project/a/b") }
    #expect(throws: ReadingRoots.Refusal.outside("\(folder.path)/none")) {
      try roots.file("\(folder.path)/none")
    }
  }
}

@Suite("Child processes")
struct SubprocessTests {
  @Test("a launched program gives its exit code, or nil where there is none")
  func launch() {
    #expect(Subprocess.launch("true", []) == 0)
    #expect(Subprocess.launch("sh", ["-c", "exit 3"]) == 3)
    #expect(Subprocess.launch("no-such-program-at-all", []) == nil)
  }

  @Test("a launched program that goes on is not waited for")
  func launchAndLeave() {
    // It ends by itself, long after the test.
    #expect(Subprocess.launch("sleep", ["30"]) == 0)
  }

  @Test("a program reads its input, and its output and status come back")
  func run() throws {
    let input = Data(repeating: 65, count: 1 << 20)
    let result = try #require(Subprocess.run("cat", [], input: input))
    #expect(result.output == input && result.status == 0)
    #expect(Subprocess.run("sh", ["-c", "exit 3"])?.status == 3)
    #expect(Subprocess.run("no-such-program-at-all", []) == nil)
  }
  @Test func `a command line gets its input, whatever it writes, and its end is known`() throws {
    // More than the pipes hold, in both directions at once.
    let input = Data(repeating: 65, count: 1 << 20)
    let copied = try #require(Subprocess.shell("cat >&2", input: input, limit: 60))
    #expect(copied.status == 0 && copied.errors.count == 1 << 16)
    let counted = try #require(
      Subprocess.shell("wc -c >&2; exit 3", input: input, limit: 60))
    #expect(counted.status == 3)
    #expect(String(decoding: counted.errors, as: UTF8.self).hasPrefix("1048576"))
    #expect(Subprocess.shell("kill -9 $$", input: Data(), limit: 60)?.status == 137)
  }

  @Test func `a command line that does not end is stopped`() throws {
    for line in [
      "sleep 600", "sleep 600 | cat", "trap '' TERM; sleep 600; sleep 600", "sleep 600 &",
    ] {
      let command = "echo said >&2; \(line)"
      let result = try #require(Subprocess.shell(command, input: Data(), limit: 0.3))
      #expect(result.status == nil, "\(line)")
      #expect(String(decoding: result.errors, as: UTF8.self) == "said\n", "\(line)")
    }
  }
}
