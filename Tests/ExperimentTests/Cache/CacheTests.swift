import Diagnostics
import Experiment
import Foundation
import HoldoutTestSupport
import Runs
import Spec
import Synchronization
import Testing

@Suite struct CacheTests {
  private let temporary: TemporaryFolder
  private let first = CacheInputs("test").adding("number", "1")
  private let second = CacheInputs("test").adding("number", "2")

  init() throws { temporary = try TemporaryFolder() }

  /// The cache as another process would open it.
  private func cache(size: Int? = nil, isFresh: Bool = false) -> Cache {
    Cache(
      project: Project(folder: temporary.folder, spec: ProjectSpec(cache: "c", cacheSize: size)),
      isFresh: isFresh)
  }

  private func file(_ inputs: CacheInputs) -> String {
    "c/entries/\(inputs.key.prefix(2))/\(inputs.key)"
  }

  @Test func `what is kept is read again, by other processes too`() throws {
    let cache = cache()
    #expect(cache.entry(first) == nil && !cache.has(first) && cache.size(first) == 0)
    try cache.keep(Data("one".utf8), for: first)
    try cache.keep(Data(), for: second)
    #expect(cache.entry(first) == Data("one".utf8))
    #expect(self.cache().entry(first) == Data("one".utf8))
    #expect(self.cache().entry(second)?.isEmpty == true)
    // The content, and the 32 bytes of its SHA-256.
    #expect(self.cache().size(first) == 35)
    #expect(temporary.names(in: "c") == [".gitignore", "entries"])
  }

  @Test func `a fresh cache reads nothing from before, and what it adds itself`() throws {
    try cache().keep(Data("old".utf8), for: first)
    let fresh = cache(isFresh: true)
    #expect(fresh.entry(first) == nil && !fresh.has(first))
    try fresh.keep(Data("new".utf8), for: first)
    #expect(fresh.entry(first) == Data("new".utf8))
    #expect(cache().entry(first) == Data("new".utf8))
  }

  @Test func `an entry of which any byte was changed is not read, and goes`() throws {
    try cache().keep(Data("content".utf8), for: first)
    let bytes = try temporary.data(file(first))
    #expect(bytes.count == 39)
    for place in bytes.indices {
      var damaged = bytes
      damaged[place] ^= 1
      try temporary.write(file(first), damaged)
      #expect(cache().entry(first) == nil, "byte \(place)")
      #expect(!temporary.exists(file(first)), "byte \(place)")
    }
    for end in 0..<bytes.count {
      try temporary.write(file(first), bytes.prefix(end))
      #expect(cache().entry(first) == nil, "cut at \(end)")
    }
    try temporary.write(file(first), bytes + Data([0]))
    #expect(cache().entry(first) == nil)
    try temporary.write(file(first), bytes)
    #expect(cache().entry(first) == Data("content".utf8))
  }

  @Test func `an entry under the key of another is not read`() throws {
    try cache().keep(Data("one".utf8), for: first)
    try temporary.write(file(second), try temporary.data(file(first)))
    #expect(cache().entry(second) == nil)
    #expect(cache().entry(first) == Data("one".utf8))
  }

  @Test func `an entry that cannot be decoded goes`() throws {
    try cache().keep(Data("one".utf8), for: first)
    let value: Int? = cache().value(first) { Int(String(decoding: $0, as: UTF8.self)) }
    #expect(value == nil)
    #expect(!temporary.exists(file(first)))
  }

  // MARK: - Pruning

  /// Four entries of 100 bytes, last used at 10, 20, 30 and 40.
  private func filled() throws -> [CacheInputs] {
    let cache = cache()
    return try (1...4).map { number in
      let inputs = CacheInputs("pruned").adding("number", "\(number)")
      try cache.keep(Data(count: 68), for: inputs)
      try age(file(inputs), number * 10)
      return inputs
    }
  }

  private func age(_ name: String, _ seconds: Int) throws {
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: Double(seconds))],
      ofItemAtPath: temporary.path(name))
  }

  @Test(arguments: [(400, 4), (399, 3), (250, 2), (100, 1), (99, 0), (0, 0)])
  func `the entries that were not used for the longest go first`(keep: Int, left: Int) throws {
    let entries = try filled()
    let cache = cache()
    #expect(cache.size.entries == 4 && cache.size.bytes == 400)
    let removed = cache.prune(keep: keep)
    #expect(removed.entries == 4 - left && removed.bytes == 100 * (4 - left))
    #expect(entries.map { temporary.exists(file($0)) } == (0..<4).map { $0 >= 4 - left })
  }

  @Test func `reading counts as use`() throws {
    let entries = try filled()
    let cache = cache()
    #expect(cache.entry(entries[0]) != nil)
    _ = cache.prune(keep: 100)
    #expect(entries.map { temporary.exists(file($0)) } == [true, false, false, false])
  }

  @Test func `trimming spares what this process has read or made`() throws {
    let entries = try filled()
    let cache = cache(size: 0)
    #expect(cache.limit == 0)
    #expect(cache.has(entries[1]))
    try cache.keep(Data(count: 68), for: first)
    #expect(cache.trim().entries == 3)
    #expect(entries.map { temporary.exists(file($0)) } == [false, true, false, false])
    #expect(temporary.exists(file(first)))
  }

  @Test func `only files under the names of entries are ever removed`() throws {
    let entries = try filled()
    let folder = "c/entries/\(entries[0].key.prefix(2))"
    let strangers = [
      "c/notes.txt", "c/entries/notes.txt", "\(folder)/notes.txt",
      // A key in the folder of another, in capitals, and too short.
      "c/entries/00/\(String(repeating: "f", count: 64))",
      "\(folder)/\(entries[0].key.uppercased())x", "\(folder)/\(entries[0].key.dropLast())",
    ]
    for name in strangers {
      try temporary.write(name, "mine")
      try age(name, 5)
    }
    // What a killed run left is an hour old; what is being written is not.
    let (stale, young) = ("\(file(entries[0])).1.tmp", "\(file(entries[1])).2.tmp")
    try temporary.write(stale, "half")
    try age(stale, 5)
    try temporary.write(young, "half")
    let removed = cache().prune(keep: 0)
    #expect(removed.entries == 4 && removed.bytes == 404)
    for name in strangers { #expect(temporary.exists(name), "\(name)") }
    #expect(!temporary.exists(stale) && temporary.exists(young))
  }

  // MARK: - Trust

  @Test func `entries behind a link are neither read nor removed, and it is said once`() throws {
    try cache().keep(Data("one".utf8), for: first)
    try FileManager.default.moveItem(
      atPath: temporary.path("c/entries"), toPath: temporary.path("elsewhere"))
    try FileManager.default.createSymbolicLink(
      atPath: temporary.path("c/entries"), withDestinationPath: temporary.path("elsewhere"))
    let said = Mutex<[Int]>([])
    let cache = Cache(
      project: Project(folder: temporary.folder, spec: ProjectSpec(cache: "c"))
    ) { finding in said.withLock { $0.append(finding.id.number) } }
    #expect(cache.entry(first) == nil)
    try cache.keep(Data("two".utf8), for: first)
    // It lasts as long as the object.
    #expect(cache.entry(first) == Data("two".utf8))
    #expect(cache.trim().entries == 0 && cache.prune(keep: 0).entries == 0)
    #expect(said.withLock { $0 } == [730])
    #expect(
      try temporary.data("elsewhere/\(first.key.prefix(2))/\(first.key)").suffix(3)
        == Data("one".utf8))
  }
}
