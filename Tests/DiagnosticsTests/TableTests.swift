import Diagnostics
import Testing

@Suite struct TableTests {
  private let table = Table(
    [.text("name"), .number("value"), .text("")],
    rows: [["a", "1.5"], ["東京", "-10", "x|y"], ["new\nline", "2"]])

  @Test func `words stand left, figures right, by the columns that a terminal shows`() {
    #expect(
      table.text == """
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
}
