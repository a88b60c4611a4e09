internal import Foundation

/// What tests draw from a seeded generator, which is `SplitMix64` or `Xoshiro256StarStar`.
extension RandomNumberGenerator {
  /// A whole number of a range.
  package mutating func number(_ range: ClosedRange<Int>) -> Int {
    Int.random(in: range, using: &self)
  }

  /// A number from 0 to below `count`; 0 where there is none.
  package mutating func below(_ count: Int) -> Int {
    count > 0 ? Int.random(in: 0..<count, using: &self) : 0
  }

  /// True once in `count` times.
  package mutating func oneIn(_ count: Int) -> Bool { number(1...count) == 1 }

  /// True in so many of a hundred cases.
  package mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

  /// One of several values.
  package mutating func pick<Value>(_ values: [Value]) -> Value {
    values[number(0...(values.count - 1))]
  }

  /// A number from 0 to 1, 1 excluded.
  package mutating func uniform() -> Double { Double.random(in: 0..<1, using: &self) }

  /// A number from 0 to 1.
  package mutating func share() -> Double { Double.random(in: 0...1, using: &self) }

  /// A standard normal number (Box and Muller, 1958).
  package mutating func normal() -> Double {
    let (radius, angle) = (uniform(), uniform())
    return (-2 * log(1 - radius)).squareRoot() * cos(2 * .pi * angle)
  }
}
