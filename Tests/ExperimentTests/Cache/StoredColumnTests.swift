import Columns
import Experiment
import Foundation
import Panel
import Testing

@Suite struct StoredColumnTests {
  /// Bits, so that NaN equals itself and 0 is not -0.
  private func bits(_ column: FeatureColumn) -> [UInt64] {
    switch column {
    case .int8(let values): [1] + values.map { UInt64(bitPattern: Int64($0)) }
    case .int16(let values): [2] + values.map { UInt64(bitPattern: Int64($0)) }
    case .int32(let values): [3] + values.map { UInt64(bitPattern: Int64($0)) }
    case .float(let values): [4] + values.map { UInt64($0.bitPattern) }
    case .double(let values): [5] + values.map(\.bitPattern)
    }
  }

  @Test func `numbers come back bit by bit`() throws {
    let columns: [FeatureColumn] = [
      .int8([.min, -127, 0, 127]), .int16([.min, 300, -300]), .int32([.min, .max, -70_000, 5]),
      .float([0.1, -0.0, .nan, .infinity]), .double([0.1, -0.0, .nan, .leastNonzeroMagnitude]),
      .double([]),
    ]
    for column in columns {
      let stored = StoredColumn(column, levels: nil)
      let read = try #require(StoredColumn(stored.data))
      #expect(read.levels == nil)
      #expect(bits(read.values) == bits(stored.values))
      #expect(read.values.count == column.count)
    }
  }

  @Test func `a category keeps the texts that occur, in the order of their bytes`() throws {
    // "Z" is before "a", and both before "é"; "unused" occurs in no row.
    let stored = StoredColumn(
      .int32([3, 0, .min, 1, 3]), levels: ["é", "a", "unused", "Z"])
    let read = try #require(StoredColumn(stored.data))
    #expect(read.levels == ["Z", "a", "é"])
    #expect(bits(read.values) == bits(.int8([0, 2, .min, 1, 0])))
  }

  @Test func `bytes that are cut or run on are not read`() {
    let stored = StoredColumn(.int8([0, 1, .min]), levels: ["north", "south"]).data
    #expect(StoredColumn(stored) != nil)
    for end in 0..<stored.count { #expect(StoredColumn(stored.prefix(end)) == nil, "\(end)") }
    #expect(StoredColumn(stored + Data([0])) == nil)
  }

  @Test func `a code without a text is not read`() {
    let stored = StoredColumn(.int8([0, 1]), levels: ["north", "south"]).data
    // The last byte is the second row's code.
    #expect(StoredColumn(stored.dropLast() + Data([1])) != nil)
    #expect(StoredColumn(stored.dropLast() + Data([2])) == nil)
  }
}
