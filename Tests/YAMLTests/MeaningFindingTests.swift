import Diagnostics
import HoldoutTestSupport
import Testing
import YAML

@Suite("What a document says is checked, and all findings are collected")
struct MeaningFindingTests {
  @Test("a key given twice is shown at both places, in every map")
  func duplicateKeys() {
    let root = expectFindings(
      in: """
        «2»a: 1
        b: {«4»c: 1, «3»c«/3»: 2}
        «1»'a'«/1»: 2
        """,
      [
        Expected(1, 122, "the key `a` is given twice", related: 2),
        Expected(3, 122, "the key `c` is given twice", related: 4),
      ])
    #expect(root?.mapping?["a"]?.scalar?.value == .integer(1))
  }

  @Test("keys that are lists, maps or nothing are refused")
  func badKeys() {
    expectFindings(
      in: "«1»[a, b]«/1»: 1\n«2»{c: d}«/2»: 2\n«3»~: 3\ne: {? «4»: 4}\nnull2: 5\n",
      [
        Expected(1, 123, "a key must be text, not a list"),
        Expected(2, 123, "a key must be text, not a map"),
        Expected(3, 124, "a key must be text, and `~` means no value"),
        Expected(4, 124, "a key is missing before `:`"),
      ])
  }

  @Test("a template in braces is a key that is no text")
  func template() {
    expectFindings(in: "a: {«1»{ name }}\n", [Expected(1, 123, "a key must be text, not a map")])
  }

  @Test("numbers and true are keys by their text")
  func scalarKeys() throws {
    #expect(try parse("1: a\ntrue: b\n2.0: c\n").mapping?.keys == ["1", "true", "2.0"])
  }

  @Test("aliases need an anchor above them")
  func aliases() {
    expectFindings(
      in: "a: &base 1\nb: «1»*bsae«/1»\nc: &self [«2»*self«/2»]\n«3»*no : 1\n",
      [
        Expected(1, 125, "there is no anchor `&bsae` above this alias"),
        Expected(2, 126, "the alias `*self` is inside the value that it repeats"),
        Expected(3, 125, "there is no anchor `&no` above this alias"),
      ])
  }

  @Test("merges take maps alone, and once")
  func merges() {
    expectFindings(
      in: """
        a: {<<: «1»text«/1»}
        b: {<<: [{x: 1}, «2»2]}
        c:
          «4»<<: {x: 1}
          «3»<<: {y: 1}
        """,
      [
        Expected(1, 127, "`<<` merges maps, but this is text"),
        Expected(2, 127, "`<<` merges maps, but this is a whole number"),
        Expected(3, 122, "the key `<<` is given twice", related: 4),
      ])
  }

  @Test("unknown tags, and core tags that do not fit, are refused")
  func tags() {
    expectFindings(
      in: """
        a: «1»!env«/1» HOME
        b: !!int «2»abc«/2»
        c: «3»!!map«/3» [1]
        d: &x «4»!!set {a}
        e: «5»!!seq text
        f: !!str ok
        g: «6»!<tag:example.com,2000:x>«/6» {}
        h: !!seq [1]
        i: !!map {a: 1}
        """,
      [
        Expected(1, 128, "the tag `!env` is not known"),
        Expected(2, 129, "`!!int` does not fit `abc`"),
        Expected(3, 129, "`!!map` does not fit a list"),
        Expected(4, 128, "the tag `!!set` is not known"),
        Expected(5, 129, "`!!seq` does not fit text"),
        Expected(6, 128, "the tag `!<tag:example.com,2000:x>` is not known"),
      ])
  }

  @Test("a file can have only one document")
  func documents() {
    expectFindings(
      in: "---\na: 1\n«1»---«/1»\nb: 2\n", [Expected(1, 121, "a second document starts here")])
    expectFindings(in: "a: 1\n...\n", [])
    expectFindings(in: "%YAML 1.2\n---\na: 1\n", [])
  }

  @Test(
    "a document without a value says nothing",
    arguments: ["", "\n\n", "# only this\n", "---\n", "---\n...\n", "\u{FEFF}"])
  func empty(_ text: String) throws {
    var findings: [Finding] = []
    let file = SourceFile(name: "a.yaml", text: text)
    #expect(YAMLParser.parse(file, findings: &findings) == nil)
    #expect(findings.map(\.id.number) == [120])
  }

  @Test("an explicit null is a document")
  func explicitNull() throws {
    #expect(try parse("~").isNull)
  }
}
