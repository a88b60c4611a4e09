import Diagnostics
import Randomness
import Testing
import YAML

@Suite("Values are written as canonical YAML that reads back the same")
struct WriterTests {
  @Test("a specification in block style")
  func snapshot() throws {
    let node = try parse(
      """
      cutoffs: {every: month_end, train: 024, last: 'no', rate: 1e3}
      features: [account, [a, {b: c, d: []}], {}]
      sql: >-
        select 1
        from t

        where x = 'y'
      version: "1"
      none:
      date: 2025-09-18
      2: x
      'null': y
      text: 'a: b'
      """)
    #expect(
      YAMLWriter.write(node) == """
        cutoffs:
          every: month_end
          train: 24
          last: "no"
          rate: 1000.0
        features:
          - account
          - - a
            - b: c
              d: []
          - {}
        sql: |-
          select 1 from t
          where x = 'y'
        version: "1"
        none: null
        date: 2025-09-18
        2: x
        "null": "y"
        text: "a: b"

        """)
  }

  static let texts: [String] = [
    "", " ", "a", " a", "a ", "010", "0o10", "0x1F", "1e3", "1.", ".5", ".inf", ".nan", "~", "null",
    "true", "no", "Yes", "1:30", "2025-09-18", "1_000", "-", "- a", "--- a", "...", "... a", "?",
    "a: b", "a:", "a #b", "#a", "[a", "{a", "&a", "*a", "!a", "|", ">", "%a", "@a", "`a", "'a'",
    "\"a\"", "a\\b", "\t", "\ta", "a\tb", "a\nb", "a\nb\n", "a\nb\n\n", "\na\nb", "\n", "\n\n",
    " a\nb", "a\n b", "a\n\n  b\n", "a \nb", "a\n \nb", "a\r\nb", "\u{85}", "a\u{2028}b", "\u{0}",
    "\u{1B}[31m", "é", "日本語", "😀", "\u{FEFF}a", "\u{FFFF}", "e\u{301}\n\u{301}x", "<<", "=",
    "a, b", "a]b", "\n a\nb", "\n\n\ta\nb", "---\na", "a\n---\nb", "a\n...\nb\n", "+1", "-1", "a'b",
    String(repeating: "long text ", count: 30), String(repeating: "x", count: 5_000),
    String(repeating: "é: ", count: 700),
  ]

  @Test("every text is read back, alone, in a list, as a value and as a key")
  func readBack() throws {
    for text in Self.texts {
      let key = text.isEmpty ? "-" : text
      let values: [YAMLValue] = [
        .string(text), .sequence([.string(text), .string(text)]),
        .mapping([.init("k", .mapping([.init("n", .string(text)), .init("z", .null)]))]),
        .mapping([
          .init(key, .string(text)), .init("other", .sequence([.sequence([.string(text)])])),
        ]),
      ]
      for value in values { try expectReadBack(value) }
    }
  }

  @Test("every text is read back as the same kind by eye: quotes where another type looms")
  func quotes() {
    let quoted = ["010", "true", "~", "no", "1:30", "1e3", "a: b", "", "- a"]
    for text in quoted { #expect(YAMLWriter.write(.string(text)) == "\"\(text)\"\n") }
    let plain = ["a", "month_end", "6 months", "2025-09-18", "a/b_{}".replacing("{}", with: "c")]
    for text in plain { #expect(YAMLWriter.write(.string(text)) == "\(text)\n") }
  }

  @Test("random trees are read back, and writing again changes nothing", arguments: 0..<4)
  func random(_ seed: Int) throws {
    var generator = SplitMix64(seed: UInt64(seed) + 100)
    for _ in 0..<400 { try expectReadBack(tree(depth: 4, using: &generator)) }
  }

  private func expectReadBack(_ value: YAMLValue) throws {
    let text = YAMLWriter.write(value)
    let node = try parse(text)
    let read = YAMLValue(node)
    #expect(read == value, "\(text.debugDescription)")
    #expect(YAMLWriter.write(node) == text)
    #expect(text.utf8.last == UInt8(ascii: "\n"))
  }

  private func tree(depth: Int, using generator: inout SplitMix64) -> YAMLValue {
    let kind = Int.random(in: 0..<(depth > 0 ? 9 : 6), using: &generator)
    switch kind {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &generator))
    case 2:
      return .integer(
        Int(truncatingIfNeeded: generator.next()) >> Int.random(in: 0..<63, using: &generator))
    case 3:
      let number = Double(bitPattern: generator.next())
      return .float(number.isNaN ? 0.1 : number)
    case 4, 5: return .string(text(using: &generator))
    case 6:
      let count = Int.random(in: 0..<4, using: &generator)
      return .sequence((0..<count).map { _ in tree(depth: depth - 1, using: &generator) })
    default:
      var entries: [YAMLValue.Entry] = []
      for _ in 0..<Int.random(in: 0..<4, using: &generator) {
        let key = text(using: &generator)
        // Unicode equality joins spellings that are different bytes.
        guard !entries.contains(where: { $0.key == key }) else { continue }
        entries.append(.init(key, tree(depth: depth - 1, using: &generator)))
      }
      return .mapping(entries)
    }
  }

  private func text(using generator: inout SplitMix64) -> String {
    if Bool.random(using: &generator) { return Self.texts.randomElement(using: &generator) ?? "" }
    let pieces = [
      "a", "b1", " ", "  ", "\n", "\n\n", "\t", ":", ": ", " #", "-", "- ", "'", "\"", "\\", "é",
      "日", "😀",
      ",", "[", "}", "&", "*", "!", "|", ">", "%", "0", ".", "\r", "\u{85}", "\u{7}", "x\ny\n",
    ]
    let count = Int.random(in: 0..<8, using: &generator)
    return (0..<count).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
  }
}
