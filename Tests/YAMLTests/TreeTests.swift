import Diagnostics
import HoldoutTestSupport
import Testing
import YAML

@Suite("The tree has the document's values and their places")
struct TreeTests {
  @Test("explicit keys win over merged ones, earlier maps over later")
  func merging() throws {
    let node = try parse(
      """
      base: &base {a: 1, b: 1}
      more: &more {b: 2, c: 2}
      one:
        first: 0
        <<: *base
        b: 3
      two:
        <<: [*base, *more]
        d: 4
      three: {<<: {e: 5}}
      text: {'<<': 6}
      """)
    let one = try #require(node.mapping?["one"]?.mapping)
    #expect(one.keys == ["first", "a", "b"])
    #expect(one["b"]?.scalar?.value == .integer(3))
    let two = try #require(node.mapping?["two"]?.mapping)
    #expect(two.keys == ["a", "b", "c", "d"])
    #expect(two["b"]?.scalar?.value == .integer(1))
    #expect(node.mapping?["three"]?.mapping?.keys == ["e"])
    #expect(node.mapping?["text"]?.mapping?.keys == ["<<"])
  }

  @Test("an alias has its anchor's value and place; a later anchor of the name takes over")
  func aliases() throws {
    let node = try parse("a: &x one\nb: *x\nc: &x two\nd: *x\n")
    #expect(node.mapping?["b"]?.scalar?.text == "one")
    #expect(node.mapping?["b"]?.span.line == 1)
    #expect(node.mapping?["d"]?.scalar?.text == "two")
  }

  struct Span: Sendable, CustomTestStringConvertible {
    var source: String
    var path: String
    init(_ source: String, _ path: String) {
      self.source = source
      self.path = path
    }
    var testDescription: String { source.debugDescription }
  }

  static let spans: [Span] = [
    Span("k: «1»plain text«/1»  # note\n", "k"),
    Span("k: «1»'it''s'«/1»\n", "k"),
    Span("日本: x\nk: «1»\"日本 \\u00e9\"«/1» # 語\n", "k"),
    Span("k: &a !!str «1»10«/1»\n", "k"),
    Span("k: !!str &a «1»10«/1»\n", "k"),
    Span("k: &a # why\n  «1»b: 1\n  c: 2«/1»\n\n# end\nz: 1\n", "k"),
    Span("k:\n  «1»- a\n  - b«/1»\n# end\n", "k"),
    Span("k:\n«1»- a\n- b«/1»\nz: 1\n", "k"),
    Span("k: «1»[a, {b: c}]«/1» # end\n", "k"),
    Span("k: «1»{a: [b], c: d }«/1»\n", "k"),
    Span("k: «1»[ ]«/1»\n", "k"),
    Span("k: [«1»a: 1«/1», b]\n", "k.0"),
    Span("k:«1»«/1»\nz: 1\n", "k"),
    Span("k: «1»|\n  a\n  b«/1»\n\nz: 1\n", "k"),
    Span("k: «1»>-\n  a\n\n  b«/1»\n", "k"),
    Span("k: «1»a\n  b\n  c«/1»\nz: 1\n", "k"),
    Span("a: 😀😀\r\nk: «1»é«/1»\r\nz: 1\r\n", "k"),
    Span("a: \u{85}  b\nk: «1»c«/1»\n", "k"),
    Span("a: \u{2028}  b\nk: «1»c«/1»\n", "k"),
    Span("a: 1\rk: «1»c«/1»\rz: 1\r", "k"),
    Span("«1»a: 1\nb: 2«/1»\n", ""),
    Span("a: &x {b: «1»1«/1»}\nk: *x\n", "k.b"),
    Span("«1»a:\n  - b: &x\n    c: *x«/1»\n", ""),
  ]

  @Test("a node's span is what was written, without its properties", arguments: spans)
  func span(_ example: Span) throws {
    let source = MarkedText(example.source)
    var node = try parse(source.text)
    for step in example.path.split(separator: ".") {
      node = try #require(
        Int(step).map { node.sequence?[$0] } ?? node.mapping?[String(step)])
    }
    #expect(node.span.range.lowerBound == source.starts[1])
    #expect(node.span.range.upperBound == source.ends[1])
  }

  @Test("places stay exact far into a text of wide characters")
  func longText() throws {
    let text = (0..<300).map { "k\($0): é日😀 # 語\n" }.joined()
    let entries = try #require(try parse(text).mapping?.entries)
    for (index, entry) in entries.enumerated() {
      #expect(entry.key.span.text == "k\(index)")
      #expect(entry.value.span.text == "é日😀")
      #expect(entry.value.span.line == index + 1)
    }
  }

  @Test("a key's span is the key, quotes included")
  func keySpans() throws {
    let source = MarkedText("a: 1\n«1»\"b c\"«/1»: 2\n")
    let entries = try #require(try parse(source.text).mapping?.entries)
    #expect(entries[1].key.value == "b c")
    #expect(entries[1].key.span.text == "\"b c\"")
    #expect(entries[1].key.span.line == 2)
  }

  @Test("the spec that the project shows is read as written")
  func example() throws {
    let node = try parse(
      """
      sources:
        customers:
          table: dim_ns_customer                # or parquet:
          data_through: 2025-09-18
          columns:
            ns_date_created:    {type: date, class: event}
          expect:
            - not_null: internalid
            - {null_rate_below: 0.2, column: ns_date_created}
      free:
        - f: {sql: "lower(split_part(url, '/', 3)) like '%.edu'", type: flag}
      score:
        parquet: outputs/scores/x_{cutoff}.parquet
      """)
    let customers = try #require(node.mapping?["sources"]?.mapping?["customers"]?.mapping)
    #expect(customers["table"]?.scalar?.text == "dim_ns_customer")
    #expect(customers["expect"]?.sequence?[1].mapping?.keys == ["null_rate_below", "column"])
    #expect(
      node.mapping?["score"]?.mapping?["parquet"]?.scalar?.text
        == "outputs/scores/x_{cutoff}.parquet")
  }
}
