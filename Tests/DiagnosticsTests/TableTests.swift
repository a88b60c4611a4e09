import Diagnostics
import Testing

@Suite struct TableTests {
  private let table = Table(
    [.text("name"), .number("value"), .text("")],
    rows: [["a", "1.5"], ["東京", "-10", "x|y"], ["new\nline", "2"]])

  @Test func `words stand left, figures right, by the columns that a terminal shows`() {
    #expect(
      table.text() == """
        name       value
        a            1.5
        東京         -10  x|y
        new\\nline      2
        """)
  }

  @Test func `markdown takes nothing in a cell for its own`() {
    #expect(
      table.markdown == """
        | name | value |  |
        | --- | ---: | --- |
        | a | 1.5 |  |
        | 東京 | -10 | x\\|y |
        | new line | 2 |  |
        """)
  }

  @Test func `a narrow terminal gets cut cells of words, and is told; figures are never cut`() {
    let wide = Table(
      [.text("name"), .number("value"), .text("words")],
      rows: [["a", "1234567.5", String(repeating: "long ", count: 20)]])
    let text = wide.text(width: 40)
    let lines: [Substring] = text.split(separator: "\n")
    #expect(lines.prefix(2).allSatisfy { $0.count <= 40 })
    #expect(
      text == """
        name      value  words
        a     1234567.5  long long long long lo…
        (cells that end in … are cut to the terminal's width)
        """)
    #expect(wide.text(width: 200) == wide.text())
  }

  @Test func `rows beyond a limit are counted, unless the table is shown whole`() {
    var long = Table([.number("n")], rows: (1...50).map { ["\($0)"] })
    let lines: [Substring] = long.text(limit: 40).split(separator: "\n")
    #expect(lines.count == 42 && lines[41] == "and 10 more rows; --all prints all")
    #expect(long.markdown.count { $0 == "\n" } == 51)
    long.isWhole = true
    #expect(long.text(limit: 40) == long.text())
  }

  @Test func `outcomes that are no pass stand out, and a line stands below the ranked rows`() {
    let table = Table(
      [.outcome(""), .text("check")], rows: [["pass", "a"], ["fail", "b"], ["-", "c"]], rule: 1)
    #expect(
      table.text() == """
              check
        pass  a
        -----------
        FAIL  b
        -     c
        """)
    #expect(table.markdown.hasSuffix("| pass | a |\n| **fail** | b |\n| - | c |"))
  }
}
