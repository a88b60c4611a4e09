import Evaluation
import Testing

@Suite struct SobolSequenceTests {
  @Test(arguments: [UInt64(0), 1, 42])
  func `the first points of every dimension are one in each equal interval`(seed: UInt64) {
    let sequence = SobolSequence(dimensions: SobolSequence.maximumDimensions, seed: seed)
    for exponent in [3, 6, 10] {
      let count = 1 << exponent
      let points = (0..<count).map { sequence[$0] }
      for dimension in points[0].indices {
        let cells = Set(points.map { Int($0[dimension] * Double(count)) })
        #expect(cells.count == count, "dimension \(dimension), \(count) points")
      }
    }
  }

  @Test func `two neighboring dimensions fill the square evenly`() {
    let sequence = SobolSequence(dimensions: 10, seed: 3)
    let points = (0..<256).map { sequence[$0] }
    for dimension in 0..<9 {
      var counts = [Int](repeating: 0, count: 16)
      for point in points {
        counts[Int(point[dimension] * 4) * 4 + Int(point[dimension + 1] * 4)] += 1
      }
      // Random points would have 4 of 256 in a cell too many or too few.
      #expect(counts.allSatisfy { abs($0 - 16) <= 4 }, "dimension \(dimension): \(counts)")
    }
  }

  @Test func `without the shift of a seed the sequence is the published one`() {
    // new-joe-kuo-6: the second to fourth points of dimensions 1 to 3, in Gray code order. A shift is
    // the same for all points, so that it cancels in the bits that differ from the first point.
    let sequence = SobolSequence(dimensions: 3, seed: 9)
    func bits(_ index: Int) -> [UInt32] { sequence[index].map { UInt32($0 * 0x1p32) } }
    let first = bits(0)
    func fractions(_ index: Int) -> [Double] {
      zip(bits(index), first).map { Double($0 ^ $1) * 0x1p-32 }
    }
    #expect(fractions(1) == [0.5, 0.5, 0.5])
    #expect(fractions(2) == [0.75, 0.25, 0.25])
    #expect(fractions(3) == [0.25, 0.75, 0.75])
    #expect(fractions(4) == [0.375, 0.375, 0.625])
    #expect(fractions(5) == [0.875, 0.875, 0.125])
  }
}
