internal import Randomness

/// A quasi-random sequence of points in the unit cube (Sobol, 1967), with the direction numbers of
/// Joe and Kuo (2008) and a random digital shift.
///
/// The first 2^k points have exactly one point in each of the 2^k equal intervals of every
/// dimension. The shift keeps that property and depends on the seed alone.
///
/// ```swift
/// let sequence = SobolSequence(dimensions: 8, seed: 1)
/// let points = (0..<16).map { sequence[$0] }
/// ```
package struct SobolSequence: Sendable {
  /// The most dimensions for which there are direction numbers.
  package static let maximumDimensions = 20

  /// By dimension, the direction number of each bit.
  private let directions: [[UInt32]]
  private let shifts: [UInt32]

  /// - Parameter dimensions: 1 to `maximumDimensions`.
  package init(dimensions: Int, seed: UInt64) {
    precondition((1...Self.maximumDimensions).contains(dimensions), "too many dimensions")
    directions = (0..<dimensions).map(Self.directions)
    var generator = SplitMix64(seed: SplitMix64.mixed(seed &+ 0x51))
    shifts = (0..<dimensions).map { _ in UInt32(truncatingIfNeeded: generator.next() >> 32) }
  }

  /// A point; its coordinates are from 0 up to but excluding 1.
  package subscript(index: Int) -> [Double] {
    // The Gray code of the index gives the same sequence in another order within each power of 2.
    let code = UInt32(truncatingIfNeeded: index ^ (index >> 1))
    return zip(directions, shifts).map { directions, shift in
      var bits = shift
      for (bit, direction) in directions.enumerated() where code >> UInt32(bit) & 1 == 1 {
        bits ^= direction
      }
      return Double(bits) * 0x1p-32
    }
  }

  /// The direction numbers v_1, v_2, ... of a dimension, as 32-bit fractions.
  private static func directions(_ dimension: Int) -> [UInt32] {
    guard dimension > 0 else { return (0..<32).map { 1 << UInt32(31 - $0) } }
    let (coefficients, initial) = polynomials[dimension - 1]
    let degree = initial.count
    var numbers = initial.enumerated().map { $1 << UInt32(31 - $0) }
    for index in degree..<32 {
      // Bratley and Fox (1988), equation 2: the recurrence of a primitive polynomial.
      var number = numbers[index - degree] ^ (numbers[index - degree] >> UInt32(degree))
      for term in 1..<max(degree, 1) where coefficients >> UInt32(degree - 1 - term) & 1 == 1 {
        number ^= numbers[index - term]
      }
      numbers.append(number)
    }
    return numbers
  }

  /// The coefficients `a` and the initial numbers `m` of dimensions 2 to 20 of `new-joe-kuo-6`.
  private static let polynomials: [(coefficients: UInt32, initial: [UInt32])] = [
    (0, [1]), (1, [1, 3]), (1, [1, 3, 1]), (2, [1, 1, 1]), (1, [1, 1, 3, 3]),
    (4, [1, 3, 5, 13]), (2, [1, 1, 5, 5, 17]), (4, [1, 1, 5, 5, 5]), (7, [1, 1, 7, 11, 19]),
    (11, [1, 1, 5, 1, 1]), (13, [1, 1, 1, 3, 11]), (14, [1, 3, 5, 5, 31]),
    (1, [1, 3, 3, 9, 7, 49]), (13, [1, 1, 1, 15, 21, 21]), (16, [1, 3, 1, 13, 27, 49]),
    (19, [1, 1, 1, 15, 7, 5]), (22, [1, 3, 1, 15, 13, 25]), (25, [1, 1, 5, 5, 19, 61]),
    (1, [1, 3, 7, 11, 23, 15, 103]),
  ]
}
