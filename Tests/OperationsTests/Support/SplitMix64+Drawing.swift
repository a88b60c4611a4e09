import Randomness

extension SplitMix64 {
  /// A whole number of a range.
  mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

  /// True once in `count` times.
  mutating func oneIn(_ count: Int) -> Bool { number(1...count) == 1 }

  /// One of several values.
  mutating func pick<Value>(_ values: [Value]) -> Value { values[number(0...(values.count - 1))] }

  /// A number from 0 to 1.
  mutating func share() -> Double { Double.random(in: 0...1, using: &self) }
}
