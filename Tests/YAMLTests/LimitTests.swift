import Diagnostics
import Glibc
import Testing
import YAML

@Suite("Hostile input is refused in little memory", .serialized, .timeLimit(.minutes(5)))
struct LimitTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    /// What the text begins with, is made of, and how often.
    var prefix: String
    var unit: String
    var count: Int
    /// The finding that refuses it; nil if it is only to be read in time.
    var id: Int?
    init(_ name: String, _ prefix: String, _ unit: String, _ count: Int, _ id: Int?) {
      self.name = name
      self.prefix = prefix
      self.unit = unit
      self.count = count
      self.id = id
    }
    var testDescription: String { name }
  }

  static let cases: [Case] = [
    Case("10,000 lists in lists", "", "[", 10_000, 130),
    Case("10,000 maps in lists", "", "[{a: ", 10_000, 130),
    Case("10,000 dashes", "", "- ", 10_000, 130),
    Case("16 million lists in lists", "", "[", 16 << 20, 130),
    Case("16 million open maps", "", "{", 16 << 20, 130),
    Case("8 million dashes", "", "- ", 8 << 20, 130),
    Case("8 million question marks", "", "? ", 8 << 20, 130),
    Case("3 million items", "", "- a\n", 3 << 20, 131),
    Case("8 million items in brackets", "[", "a,", (8 << 20) - 1, 131),
    Case("the same key 3 million times", "", "a: 1\n", 3 << 20, 132),
    Case("4 million anchors", "", "&a ", 4 << 20, nil),
    Case("16 million blanks", "a:", " ", (16 << 20) - 2, nil),
    Case("16 million line breaks", "a: b", "\n", (16 << 20) - 4, nil),
    Case("a comment of 16 million", "a: b #", "x", (16 << 20) - 6, nil),
    Case("text of 16 million", "a: ", "x", (16 << 20) - 3, nil),
    Case("text of 4 million lines", "a: |\n", "  x\n", (4 << 20) - 2, nil),
    Case("plain text of 3 million lines", "a: x\n", "    x\n", 2 << 20, nil),
    Case("a quote of 16 million", "a: \"", "x", (16 << 20) - 4, 112),
    Case("4 million escapes", "a: \"", "\\x41", (4 << 20) - 1, 112),
    Case("16 million backslashes", "\"", "\\", (16 << 20) - 2, 112),
    Case("a key of 16 million", "", "x", 16 << 20, nil),
    Case("1.4 million %TAG lines", "", "%TAG !a! b\n", 1_400_000, 133),
    Case("%TAG lines behind a document", "a\n...\n", "%TAG !a! b\n", 1_400_000, 133),
    Case("%TAG lines ended by NEL", "", "%TAG !a! b\u{85}", 1_200_000, 133),
    Case("a number of 16 million digits", "!!int ", "1", (16 << 20) - 6, 129),
    Case("16 million zero bytes", "", "\u{0}", 16 << 20, 107),
    Case("8 million two-byte letters", "a: ", "é", (8 << 20) - 2, nil),
    Case("a tag of 16 million", "!", "a", (16 << 20) - 1, 128),
    Case("an alias of 16 million", "*", "a", (16 << 20) - 1, 125),
    Case("1 million unknown aliases", "[", "*a,", 1 << 20, 132),
    Case("a million documents", "", "--- a\n", 1 << 20, 121),
    Case("4 million directives", "", "%a\n", 4 << 20, nil),
    Case("5 million merges", "", "<<: {\n", 2 << 20, nil),
  ]

  @Test("repeated input takes under 500 MB", arguments: cases)
  func repeated(_ example: Case) {
    // Doubling copies whole runs, which is far quicker than adding unit by unit.
    var run = Array(example.unit.utf8)
    let length = run.count * example.count
    while run.count < length { run += run }
    let file = SourceFile(name: "a.yaml", bytes: Array(example.prefix.utf8) + run.prefix(length))
    expectSmall {
      var findings: [Finding] = []
      _ = YAMLParser.parse(file, findings: &findings)
      for format in FindingFormat.allCases { #expect(format.render(findings).utf8.count < 200_000) }
      if let id = example.id { #expect(findings.last?.id.number == id) }
    }
  }

  @Test("a billion laughs end at the cap, at the alias that goes past it")
  func laughs() {
    var text = "a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha]\n"
    for level in 1...40 {
      let aliases = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(aliases)]\n"
    }
    let file = SourceFile(name: "a.yaml", text: text)
    expectSmall {
      var findings: [Finding] = []
      #expect(YAMLParser.parse(file, findings: &findings) == nil)
      #expect(findings.map(\.id.number) == [131])
      #expect(findings.first?.span?.text == "*a4")
    }
  }

  @Test("merges of merges are capped as well")
  func merges() {
    var text = "a0: &a0 {k: 1}\n"
    for level in 1...400 { text += "a\(level): &a\(level) {<<: *a\(level - 1), k\(level): 1}\n" }
    var findings: [Finding] = []
    #expect(YAMLParser.parse(SourceFile(name: "a.yaml", text: text), findings: &findings) == nil)
    #expect(findings.map(\.id.number) == [131])
  }

  @Test("aliases cannot nest deeper than written lists may")
  func aliasDepth() {
    let deep = String(repeating: "[", count: 150)
    let end = String(repeating: "]", count: 150)
    let text = "a: &a \(deep)x\(end)\nb: \(deep)*a\(end)\n"
    var findings: [Finding] = []
    #expect(YAMLParser.parse(SourceFile(name: "a.yaml", text: text), findings: &findings) == nil)
    #expect(findings.map(\.id.number) == [130])
    #expect(findings.first?.span?.text == "*a")
  }

  @Test("nesting up to the limit is read")
  func depthLimit() throws {
    let open = String(repeating: "[", count: YAMLParser.maximumDepth)
    let node = try parse(open + String(repeating: "]", count: YAMLParser.maximumDepth))
    #expect(node.sequence?.count == 1)
  }

  @Test("a map of 40,000 keys is read")
  func manyKeys() throws {
    let node = try parse((0..<40_000).map { "key\($0): \($0)\n" }.joined())
    #expect(node.mapping?.entries.count == 40_000)
  }

  /// Runs the body and checks how much memory the process took meanwhile beyond what it had. What takes
  /// forever is ended by the suite's time limit.
  private func expectSmall(_ body: () -> Void) {
    resetPeak()
    let before = kibibytes("VmRSS")
    body()
    let taken = kibibytes("VmHWM") - before
    #expect(taken < 500_000, "\(taken) KiB")
  }

  /// Forgets the peak of other tests: `VmHWM` begins again at what the process has now.
  private func resetPeak() {
    guard let file = fopen("/proc/self/clear_refs", "w") else { return }
    fputs("5", file)
    fclose(file)
  }

  /// A line of `/proc/self/status`.
  private func kibibytes(_ name: String) -> Int {
    guard let file = fopen("/proc/self/status", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, Int32(line.count), file) != nil {
      let bytes = line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
      let text = String(decoding: bytes, as: UTF8.self)
      guard text.hasPrefix("\(name):") else { continue }
      return Int(text.filter(\.isNumber)) ?? 0
    }
    return 0
  }
}
