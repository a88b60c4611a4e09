import Files
import Foundation
import HoldoutTestSupport
import Testing

/// What tells Holdout's files from others, and whose files are loaded.
@Suite struct OutputTests {
  @Test func `only what carries a mark, or is empty, is replaced`() throws {
    let folder = try TemporaryFolder()
    func file(_ name: String, _ text: String) throws -> String {
      let path = "\(folder.path)/\(name)"
      try Files.write(Data(text.utf8), to: path)
      return path
    }
    let footer = "x holdout.file y"
    let length = String(decoding: [UInt8(footer.utf8.count), 0, 0, 0], as: UTF8.self)
    let replaced = [
      try file("empty", ""), try file("gate.md", OutputMark.markdown + "## Gates\n"),
      try file("list.parquet", "PAR1 rows \(footer)\(length)PAR1"), "\(folder.path)/absent",
    ]
    for path in replaced { #expect(Files.objection(toReplacing: path) == nil, "\(path)") }
    let kept = [
      try file("spec.yaml", "version: 1\n"), try file("a.md", "## Gates\n"),
      try file("other.parquet", "PAR1 holdout.file rows x\u{1}\0\0\0PAR1"),
      try file("short", "PAR1"), try file("long.parquet", "PAR1rows\u{7F}\u{7F}\u{7F}\u{7F}PAR1"),
    ]
    for path in kept {
      #expect(Files.objection(toReplacing: path)?.code == EEXIST, "\(path)")
      #expect(Files.objection(toReplacing: path, force: true) == nil)
      #expect(throws: FileError.self) { try Files.writeOutput(Data(), to: path) }
    }
    symlink("absent", "\(folder.path)/dangling")
    for path in ["\(folder.path)/dangling", folder.path, "/dev/null"] {
      #expect(Files.objection(toReplacing: path, force: true) != nil, "\(path)")
    }
  }

  @Test func `bytes are appended to regular files only`() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/summary"
    for _ in 0..<2 { try Files.append({ _ in Data("ab".utf8) }, to: path) }
    #expect(try Files.append({ size in size > 3 ? nil : Data() }, to: path) == false)
    #expect(try Files.read(path) == Data("abab".utf8))
    symlink("summary", "\(folder.path)/link")
    for path in ["\(folder.path)/link", "/dev/null"] {
      #expect(throws: FileError.self) { try Files.append({ _ in Data() }, to: path) }
    }
  }

  @Test func `what everybody may write to is not loaded, however it is reached`() throws {
    let folder = try TemporaryFolder()
    try Files.makeFolder("\(folder.path)/a/b")
    try Files.write(Data(), to: "\(folder.path)/a/b/lib.so")
    symlink("a/b/lib.so", "\(folder.path)/link.so")
    #expect(Ownership.objection(to: "\(folder.path)/link.so") == nil)
    for open in ["a/b/lib.so", "a/b", "a"] {
      let path = "\(folder.path)/\(open)"
      chmod(path, 0o777)
      #expect(Ownership.objection(to: "\(folder.path)/link.so")?.contains("everybody") == true)
      chmod(path, 0o755)
    }
    chmod("\(folder.path)/a", 0o1777)
    #expect(Ownership.objection(to: "\(folder.path)/link.so") == nil)
    #expect(Ownership.objection(to: "\(folder.path)/absent") != nil)
    if geteuid() == 0 {
      chown("\(folder.path)/a", 12_345, 12_345)
      #expect(Ownership.objection(to: "\(folder.path)/link.so")?.contains("user 12345") == true)
      #expect(Ownership.stranger(at: "\(folder.path)/a") == "user 12345")
    }
  }

  @Test func `a place to write to lies below the roots, after every link`() throws {
    let folder = try TemporaryFolder()
    try Files.makeFolder("\(folder.path)/project/data/.git")
    try Files.makeFolder("\(folder.path)/other")
    symlink("../other", "\(folder.path)/project/out")
    let roots = ReadingRoots(project: "\(folder.path)/project")
    for path in ["list.parquet", "new/folders/list.parquet", "data/list.parquet"] {
      #expect(roots.objection(toWriting: "\(folder.path)/project/\(path)") == nil, "\(path)")
    }
    for path in [
      "../list.parquet", "out/list.parquet", "out/new/list.parquet", "data/.git/x", "data/../x",
      "../other/x",
    ] {
      #expect(roots.objection(toWriting: "\(folder.path)/project/\(path)") != nil, "\(path)")
    }
  }

  @Test func `a program's words on both outputs are kept, however many there are`() throws {
    let script = "head -c 300000 /dev/zero >&2; head -c 300000 /dev/zero; exit 3"
    let result = try #require(Subprocess.run("sh", ["-c", script]))
    #expect(result.status == 3)
    #expect(result.output.count == 300_000 && result.errors.count == 300_000)
    #expect(Subprocess.run("sh", ["-c", "kill -9 $$"])?.status == 137)
    #expect(Subprocess.run("no-such-program-here", []) == nil)
  }
}
