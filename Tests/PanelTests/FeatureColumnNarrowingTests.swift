import Columns
import Panel
import Testing

@Suite struct FeatureColumnNarrowingTests {
  private func numbers(_ column: FeatureColumn) -> [Double] {
    switch column {
    case .int8(let values): values.map { $0 == .min ? .nan : Double($0) }
    case .int16(let values): values.map { $0 == .min ? .nan : Double($0) }
    case .int32(let values): values.map { $0 == .min ? .nan : Double($0) }
    case .float(let values): values.map { Double($0) }
    case .double(let values): values
    }
  }

  private func width(_ column: FeatureColumn) -> Int {
    switch column {
    case .int8: 1
    case .int16: 2
    case .int32: 4
    case .float: -4
    case .double: -8
    }
  }

  static let cases: [(values: [Double], width: Int)] = [
    ([], 1), ([.nan], 1), ([0, 127, -127, .nan], 1), ([-128], 2), ([128], 2),
    ([32_767, -32_767], 2),
    ([-32_768], 4), ([32_768], 4), ([2_147_483_646, -2_147_483_646], 4), ([2_147_483_648], -4),
    ([0.5, .nan], -4), ([0.1], -8), ([1e300], -8), ([.infinity], -4), ([16_777_217, 0.5], -8),
  ]

  @Test(arguments: cases)
  func `every value stays, in the least room`(_ values: [Double], _ width: Int) {
    let narrowed = FeatureColumn.double(values).narrowed
    #expect(numbers(narrowed).elementsEqual(values) { $0 == $1 || ($0.isNaN && $1.isNaN) })
    #expect(self.width(narrowed) == width)
  }

  @Test func `whole numbers, too, with missing values`() {
    #expect(numbers(FeatureColumn.int32([1, .min, 300]).narrowed)[1].isNaN)
    #expect(width(FeatureColumn.int32([1, .min, 300]).narrowed) == 2)
    #expect(width(FeatureColumn.int32([1, .min, -127]).narrowed) == 1)
    #expect(width(FeatureColumn.int16([1, .min, -128]).narrowed) == 2)
    #expect(width(FeatureColumn.int32([.max]).narrowed) == 4)
    #expect(width(FeatureColumn.float([1, .nan]).narrowed) == 1)
  }
}
