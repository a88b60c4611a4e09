import Diagnostics
import OrderedCollections
import Panel
import Spec
import Testing

@Suite("Texts that are blank, or nearly so")
struct BlankTextTests {
  @Test("a row is without a key where nothing but blanks is left of it, or a trailing `.0`")
  func keys() throws {
    let none = ["NULL", "''", "'  '", "'\u{a0}'", "'\u{3000} '", "'.0'", "' .0 '", "'\u{a0}.0'"]
    let some = [
      "'1'", "' 1.0'", "'\u{a0}1'", "'-.0'", "'!'", "'.'", "'..0'", "'/'", "'~'", "chr(9)",
      "chr(127)", "'½'", "'é '", "'.0 .'",
    ]
    for shape in ["calls", "history"] {
      let rows = (none + some).enumerated().map { number, key in
        shape == "calls"
          ? "(\(key), '2020-05-01', '2020-05-02', 'call', '5')"
          : "(\(key), DATE '2020-01-01' + \(number), DATE '2020-01-01' + \(number + 1), 'North')"
      }
      let builder = try FindingBench.builder(
        "sources: {\(shape): {null_keys: drop}}", rows: [shape: rows.joined(separator: ", ")])
      #expect(
        builder.findings.filter { $0.id.number != 392 }.map(\.message)
          == ["\(none.count) rows of `\(shape)` without a key are dropped"])
    }
  }

  @Test("a text is present where anything but blanks is left of it")
  func presence() throws {
    let texts: [(sql: String, isPresent: Bool)] = [
      ("NULL", false), ("''", false), ("'  '", false), ("'\u{a0}'", false), ("'\u{3000} '", false),
      ("'a'", true), ("' a'", true), ("'\u{a0}a'", true), ("'!'", true), ("'~ '", true),
      ("'é'", true), ("'.0'", true), ("chr(9)", true), ("chr(127)", true),
    ]
    let builder = try FindingBench.builder(
      "feature_sets: {more: [there: {present: history.region}]}",
      rows: [
        "customers": texts.indices.map {
          "('\($0 + 100)', '2020-01-01', NULL, '5', '1.5', 'T', 'retail')"
        }.joined(separator: ", "),
        "history": texts.indices.map {
          "('\($0 + 100)', DATE '2020-01-01', CAST(NULL AS DATE), \(texts[$0].sql))"
        }.joined(separator: ", "),
      ])
    let test = try #require(builder.timeline[.test].first)
    let there = PanelRows(try builder.block(test), builder, try builder.keys())
      .values("there", of: builder)
    for (index, text) in texts.enumerated() {
      #expect(
        there["\(index + 100)"] == .number(text.isPresent ? 1 : 0), Comment(rawValue: text.sql))
    }
  }
}
