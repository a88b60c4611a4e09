import Diagnostics
import HoldoutTestSupport
import Operations
import Randomness
import Testing
import Warehouse

@Suite struct ExclusionsTests {
  private func read(_ text: String, key: String = "internal_id") -> Exclusions {
    Exclusions(SourceFile(name: "no.csv", text: text), key: key)
  }

  @Test func `one key a line, with comments, blank lines, CR LF and repeated keys`() {
    let exclusions = read("# asked us to stop\r\n1042\r\n\r\n  7.0 \r\n1042\r\n \t\r\n  # x\r\nA 1")
    #expect(exclusions.keys == ["1042", "7", "A 1"])
    #expect(exclusions.lines == [2, 4, 8])
    #expect(exclusions.findings.isEmpty)
  }

  @Test(arguments: [
    "customer_id,reason\n1,\"a \"\"b\"\",\nc\"\n2,x\n", "1;x\n2;y;z\n", "1\tx\n2\n",
    "name,Internal_ID,x\nACME,1,x\nBOLT,2,y\n", "name,customer_id\nACME,1\nBOLT,2.0\n",
    "\"1\",x\n\"2\" ,y\n", "\n# x\ninternal_id\r1\r2",
  ])
  func `CSV has the key in its first field, or where its heading says`(_ text: String) {
    let exclusions = read(text)
    #expect(exclusions.keys == ["1", "2"])
    #expect(exclusions.findings.isEmpty)
  }

  @Test func `only the first record can be a heading`() {
    #expect(read("1\ncustomer_id\n").keys == ["1", "customer_id"])
  }

  @Test func `lines are those of the file, also after a field of several lines`() {
    #expect(read("1,\"a\nb\"\n# x\n2\n").lines == [1, 4])
  }

  @Test func `a quote that stays open is an error at the quote`() throws {
    let exclusions = read("1\n2,\"x\n3\n")
    let finding = try #require(exclusions.findings.first)
    #expect(exclusions.findings.count == 1)
    #expect(finding.id.number == 815)
    #expect(finding.severity == .error)
    #expect(finding.span?.line == 2)
    #expect(finding.span?.column == 3)
  }

  @Test func `lines without a key are told of together`() throws {
    let exclusions = read("1\n,ACME\n.0\n2\n")
    #expect(exclusions.keys == ["1", "2"])
    let finding = try #require(exclusions.findings.first)
    #expect(exclusions.findings.map(\.id.number) == [816])
    #expect(finding.message == "2 lines of `no.csv` without a key")
    #expect(finding.severity == .warning)
    #expect(finding.span?.line == 2)
    #expect(finding.span?.text == ",ACME")
  }

  @Test(arguments: ["", "# nobody\n", "customer_id\n"])
  func `a file that excludes no one is told of`(_ text: String) {
    #expect(read(text).findings.map(\.id.number) == [817])
  }

  @Test func `keys that no entity has are told of with their number`() throws {
    func finding(_ text: String, _ keys: [String]) -> Finding? {
      read(text).finding(known: Set(keys), entities: keys)
    }
    #expect(finding("name\nACME\n", ["ACME", "name"]) == nil)
    let none = try #require(finding("name\nACME\n", ["1", "2"]))
    #expect(none.id.number == 818)
    #expect(none.message == "none of the 2 keys of `no.csv` belongs to an entity")
    #expect(none.span?.text == "name")
    #expect(finding("", ["1"]) == nil)
    let some = try #require(finding("1\n2\u{200B}\n3\n", ["1", "2"]))
    #expect(some.id.number == 857)
    #expect(some.message == "2 of the 3 keys of `no.csv` belong to no entity")
    #expect(
      some.notes.last
        == "1 differs from an entity's key only in spaces or invisible characters: `2\\u{200B}` "
        + "and `2`"
    )
  }

  @Test func `keys are read as the engine reads those of sources`() throws {
    let engine = try Engine(Engine.Settings(threads: 1))
    var draw = SplitMix64(seed: 3)
    let pieces = [" ", "\u{A0}", "\u{2003}", "\u{200B}", ".0", "0", ".", "A", "é"]
    for _ in 0..<200 {
      let text = (0..<draw.number(0...6)).map { _ in draw.pick(pieces) }.joined()
      let trimmed = "trim('\(text)')"
      let sql =
        "SELECT nullif(CASE WHEN ends_with(\(trimmed), '.0') THEN left(\(trimmed), -2) "
        + "ELSE \(trimmed) END, '')"
      #expect(read("\"\(text)\"\n").keys.first == (try engine.connection.scalar(sql)), "`\(text)`")
    }
  }
}
