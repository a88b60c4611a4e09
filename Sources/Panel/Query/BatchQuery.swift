internal import OrderedCollections
internal import Spec
internal import Warehouse

/// One query for several cutoffs, made from the query of each.
///
/// The queries of two cutoffs differ only in their days: one has `DATE '2024-11-30'` where the other
/// has `DATE '2024-12-31'`. Each such place becomes a column of a table with one row per cutoff, and
/// the query is joined laterally to that table. So every part of it runs as written, on the rows of
/// one cutoff, but it is parsed and planned once.
///
/// Only literals that differ are replaced. The user's own days are the same in all queries, wherever
/// they are.
package struct BatchQuery {
  /// The query: the number of the cutoff, from 0, then the columns of the cutoffs' own queries, with
  /// rows in any order.
  package let sql: String

  // The spaces keep these names from equaling those of sources.
  private static let table = SQL.identifier("batch days")
  private static let number = SQL.identifier("batch number")

  /// Combines the queries of cutoffs; nil if they differ in anything but days.
  package init?(_ queries: [String]) {
    let texts = queries.map(DayText.init)
    guard let first = texts.first, texts.dropFirst().allSatisfy(first.isAlike) else { return nil }
    // Places with the same days share a column.
    var columns: OrderedDictionary<[CalendarDate], String> = [:]
    var body = ""
    for index in first.days.indices {
      body += first.text(before: index)
      let written = texts.map { $0.text(of: index) }
      if written.allSatisfy({ $0 == written[0] }) {
        body += DayText.literal(written[0])
        continue
      }
      let days = written.compactMap { CalendarDate($0) }
      guard days.count == texts.count else { return nil }
      let name = columns[days] ?? "\(Self.table).\(SQL.identifier("day \(columns.count)"))"
      columns[days] = name
      body += name
    }
    body += first.text(before: first.days.count)
    let rows = texts.indices.map { number in
      let days = columns.keys.map { ExpressionCompiler.literal($0[number]) }
      return "(\((["\(number)"] + days).joined(separator: ", ")))"
    }
    let names = [Self.number] + columns.values.indices.map { SQL.identifier("day \($0)") }
    sql = """
      SELECT \(Self.table).\(Self.number), "batch rows".*
      FROM (VALUES \(rows.joined(separator: ", "))) AS \(Self.table)(\(names.joined(separator: ", "))),
      LATERAL (
      \(body)
      ) AS "batch rows"
      """
  }
}

/// A query divided into literals of days and the text between them.
private struct DayText {
  private let bytes: [UInt8]
  /// The ranges between the quotes of `DATE '...'`.
  let days: [Range<Int>]

  private static let before = Array("DATE '".utf8)
  private static let quote = UInt8(ascii: "'")

  init(_ text: String) {
    bytes = Array(text.utf8)
    var days: [Range<Int>] = []
    var position = 0
    while let start = bytes[position...].firstIndex(of: Self.quote) {
      position = start + 1
      guard bytes[..<position].suffix(Self.before.count).elementsEqual(Self.before),
        let end = bytes[position...].firstIndex(of: Self.quote)
      else { continue }
      days.append(position..<end)
      position = end + 1
    }
    self.days = days
  }

  static func literal(_ day: String) -> String { "DATE '\(day)'" }

  /// Returns the text between two literals, or the text at an end.
  func text(before index: Int) -> String { String(decoding: bytes[gap(index)], as: UTF8.self) }

  /// Returns what a literal has between its quotes.
  func text(of index: Int) -> String { String(decoding: bytes[days[index]], as: UTF8.self) }

  /// Returns whether the texts between the literals are the same.
  func isAlike(_ other: DayText) -> Bool {
    days.count == other.days.count
      && (0...days.count).allSatisfy { bytes[gap($0)] == other.bytes[other.gap($0)] }
  }

  private func gap(_ index: Int) -> Range<Int> {
    let start = index == 0 ? 0 : days[index - 1].upperBound + 1
    let end = index == days.count ? bytes.count : days[index].lowerBound - Self.before.count
    return start..<end
  }
}
