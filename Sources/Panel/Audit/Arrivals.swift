/// How many values of a source became known on which day.
public struct Arrivals: Sendable {
  public let source: String
  /// The column that says when a value became known; for rows with two days the later one's.
  public let column: String
  /// The number of values by day, in days since 1970-01-01.
  public let counts: [Int: Int]

  /// How many values became known in a range of days.
  public func count(_ days: ClosedRange<Int>) -> Int {
    days.reduce(0) { $0 + (counts[$1] ?? 0) }
  }

  /// How many values became known after a day.
  public func count(after day: Int) -> Int {
    counts.reduce(0) { $0 + ($1.key > day ? $1.value : 0) }
  }
}
