import Diagnostics
import OrderedCollections
import Panel
import Spec
import Testing

@Suite("The levels of a column by the age of its rows")
struct RowAgesTests {
  private func levels(
    _ column: String, overlay: String, _ values: [String]
  ) throws -> [RowAges.Level: Int] {
    let rows = values.enumerated().map { number, value in
      let (size, segment) = column == "size" ? (value, "'a'") : ("'5'", value)
      return "('\(number + 1)', '2020-01-01', NULL, \(size), '1.5', 'T', \(segment))"
    }
    let builder = try FindingBench.builder(
      overlay, rows: ["customers": rows.joined(separator: ", ")])
    let start = try #require(CalendarDate("2024-09-30"))
    let end = try #require(CalendarDate("2024-12-31"))
    let ages = try builder.rowAges(from: start, to: end)
    let found = try #require(ages.first { $0.name == "customers.\(column)" })
    return found.counts.reduce(into: [:]) { $0[found.levels[$1.level], default: 0] += $1.rows }
  }

  @Test(
    "a text is a level of its own, also if it is a word for another level",
    arguments: [
      // The column is stored as codes of its texts, or as the texts themselves.
      "", "feature_sets: {more: [letters: {sql: \"length(customers.segment)\"}]}",
    ])
  func texts(_ overlay: String) throws {
    let texts = ["missing", "zero", "other", "the rest", "the lowest quarter", "7"]
    let found = try levels(
      "segment", overlay: overlay,
      (texts + ["zero"]).map { "'\($0)'" } + ["NULL", "''", "NULL"])
    var expected: [RowAges.Level: Int] = [.missing: 3]
    for text in texts { expected[.text(text)] = text == "zero" ? 2 : 1 }
    #expect(found == expected)
  }

  @Test("numbers are missing, zero, or in a quarter of the others")
  func numbers() throws {
    let found = try levels(
      "size", overlay: "", ["'0'", "NULL"] + (1...8).map { "'\($0)'" })
    #expect(
      found == [
        .missing: 1, .zero: 1, .quarter(1): 2, .quarter(2): 2, .quarter(3): 2, .quarter(4): 2,
      ])
  }
}
