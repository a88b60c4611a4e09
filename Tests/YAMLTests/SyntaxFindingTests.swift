import HoldoutTestSupport
import Testing

@Suite("Syntax errors are told in plain words at their place")
struct SyntaxFindingTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var source: String
    var id: Int
    var message: String
    var related: Int?
    init(_ name: String, _ source: String, _ id: Int, _ message: String, related: Int? = nil) {
      self.name = name
      self.source = source
      self.id = id
      self.message = message
      self.related = related
    }
    var testDescription: String { name }
  }

  static let cases: [Case] = [
    Case("tab below a key", "a:\n«1»\t«/1»b: 1\n", 111, "a tab indents this line"),
    Case("tab after spaces", "a:\n  b: 1\n  «1»\tc: 2\n", 111, "a tab indents this line"),
    Case("tab in continued text", "a: b\n«1»\tc\n", 111, "a tab indents this line"),
    Case("tab in a block text", "a: |\n«1»\tb\n", 111, "a tab indents this line"),
    Case("double quote left open", "a: «1»\"b\nc: d\n", 112, "this quoted text is never closed"),
    Case("single quote left open", "é: «1»'b\n", 112, "this quoted text is never closed"),
    Case("list left open", "a: «1»[1, 2\n", 112, "this list is never closed"),
    Case("map left open", "a: «1»{b: 1,\n", 112, "this map is never closed"),
    Case("list left open after a comma", "a: {b: «1»[1,\n\n", 112, "this list is never closed"),
    Case(
      "list closed by a brace", "a: «2»[1, 2«1»}\n", 112, "expected `,` or `]` here", related: 2),
    Case(
      "map without comma", "a: «2»{b: 'x' «1»c: 'y'}\n", 112, "expected `,` or `}` here",
      related: 2),
    Case(
      "quote across documents", "a: «1»'b\n«2»---\nc: d\n", 112,
      "this quoted text is not closed before the document ends", related: 2),
    Case("unknown escape", "a: \"«1»\\d«/1»+\"\n", 113, "`\\d` is not an escape"),
    Case("short escape", "a: \"日«1»\\u12\"\n", 113, "this escape names no character"),
    Case("surrogate escape", "a: \"«1»\\ud800\"\n", 113, "this escape names no character"),
    Case("text that begins with @", "a: «1»@«/1»home\n", 114, "text cannot begin with `@`"),
    Case("text that begins with a backtick", "a: «1»`b`\n", 114, "text cannot begin with ```"),
    Case("text that begins with %", "a: «1»%d\n", 114, "text cannot begin with `%`"),
    Case(
      "a star that names no alias", "a: «1»*.csv\n", 114,
      "`*` starts an alias, whose name can have letters, digits, `_`, and `-`"),
    Case(
      "an ampersand that names no anchor", "a: «1»&.b c\n", 114,
      "`&` starts an anchor, whose name can have letters, digits, `_`, and `-`"),
    Case(
      "tag without end", "a: «1»!<b c\n", 114, "`!` starts a tag, and this one is malformed"),
    Case("tag with an unknown handle", "a: «1»!e!b«/1» c\n", 128, "the tag `!e!b` is not known"),
    Case(
      "an unknown directive", "«1»%YAML x\n---\na: 1\n", 114,
      "`%` at the start of a line starts a directive, and this is not one"),
    Case("two colons in a line", "a: b«1»: c\n", 115, "a `:` is not allowed here"),
    Case("deeper key after a value", "a: b\n  c«1»: d\n", 115, "a `:` is not allowed here"),
    Case("no colon", "a: 1\n«1»b«/1» \nc: 2\n", 115, "expected `:` after this key"),
    Case(
      "text after a quoted value", "«2»a: 'b' «1»c\n", 110, "expected a key of the map here",
      related: 2),
    Case(
      "less indentation", "«2»a:\n  b: 1\n «1»c: 2\n", 110, "expected a key of the map here",
      related: 2),
    Case(
      "key among items", "a:\n  «2»- b\n  «1»c: 1\n", 110,
      "expected `-` and an item of the list here", related: 2),
    Case("item behind a key", "a: «1»- b\n", 110, "a list item cannot start here"),
    Case("question mark behind a key", "a: «1»? b\n", 110, "a key cannot start here"),
    Case("comma too many", "a: [1, «1», 2]\n", 110, "expected a value here"),
    Case("key below text", "a\nb«1»: c\n", 115, "a `:` is not allowed here"),
    Case(
      "key left of the first", "  a: 1\n«1»b: 2\n", 110,
      "this is not part of the value above"),
    Case(
      "text behind |", "a: «2»| «1»b\n", 110,
      "only `-`, `+`, and a digit from 1 to 9 can follow `|` or `>`", related: 2),
    Case(
      "control character", "a: \"é\n  «1»\u{7}\"\n", 107,
      "YAML does not allow the character U+0007"),
    Case("zero byte", "a: 1\nb: «1»\u{0}\n", 107, "YAML does not allow the character U+0000"),
  ]

  @Test("each mistake has its finding and no other", arguments: cases)
  func findings(_ example: Case) {
    let root = expectFindings(
      in: example.source, [Expected(1, example.id, example.message, related: example.related)])
    #expect(root == nil)
  }
}
