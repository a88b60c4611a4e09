/// How long a list of the highest-ranked rows is: a number of rows or a percentage of them.
public enum TopListSize: Sendable, Hashable {
  case count(Int)
  case percent(Double)

  /// The length in rows: at least 1 and at most `rows`; a percentage is rounded up.
  public func length(rows: Int) -> Int {
    switch self {
    case .count(let count):
      return min(max(count, 1), rows)
    case .percent(let percent):
      let exact = Double(rows) * percent / 100
      // 1e-12 keeps a product such as 11.000000000000002 from being rounded up to 12.
      return min(max(Int((exact * (1 - 1e-12)).rounded(.up)), 1), rows)
    }
  }

  /// The end of a metric's name: `50`, `1_percent`, `0.5_percent`.
  public var suffix: String {
    switch self {
    case .count(let count): return "\(count)"
    case .percent(let percent):
      let text = "\(percent)"
      return (text.hasSuffix(".0") ? String(text.dropLast(2)) : text) + "_percent"
    }
  }
}
