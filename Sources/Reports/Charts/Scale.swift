internal import Foundation
internal import Spec

/// How the values of an axis become positions along it, as shares of its length.
///
/// A value beyond either end is drawn at that end; so is 0 on a logarithmic axis, and 0 or 1 on a
/// logit axis. A value that is not finite has no position: lines have a gap there.
package struct Scale: Sendable {
  package enum Kind: Sendable {
    case linear, log10, logit, squareRoot
    /// The values are days since 1970-01-01.
    case date
    /// The values are indices of names, each in the middle of a band of its own.
    case band([String])
  }

  package let kind: Kind
  package let low: Double
  package let high: Double

  private init(_ kind: Kind, _ low: Double, _ high: Double) {
    (self.kind, self.low, self.high) = (kind, low, high)
  }

  // MARK: - Scales of given values

  /// A linear scale that covers the finite values and ends at ticks.
  package static func linear(covering values: [Double], count: Int = 5) -> Scale {
    let (low, high) = spread(values)
    let step = ScaledInteger.step(for: high - low, count)
    let (first, last) = (
      (low / step.value + 1e-9).rounded(.down), (high / step.value - 1e-9).rounded(.up)
    )
    return Scale(
      .linear, ScaledInteger(Int(first) * step.mantissa, step.exponent).value,
      ScaledInteger(Int(last) * step.mantissa, step.exponent).value)
  }

  /// A linear scale with given ends.
  package static func linear(_ low: Double, _ high: Double) -> Scale {
    let ends = spread([low, high])
    return Scale(.linear, ends.low, ends.high)
  }

  /// A logarithmic scale that covers the positive values, with some space at both ends.
  package static func log10(covering values: [Double]) -> Scale {
    let positive = values.filter { $0.isFinite && $0 > 1e-100 }.map { min($0, 1e100) }
    guard let low = positive.min(), let high = positive.max() else { return Scale(.log10, 1, 10) }
    // A single value is in the middle of its axis.
    let factor = high > low * 1.01 ? pow(high / low, margin) : 2
    return Scale(.log10, low / factor, high * factor)
  }

  /// A scale of log odds that covers the values between 0 and 1, with some space at both ends.
  package static func logit(covering values: [Double]) -> Scale {
    let inside = values.filter { $0 > 0 && $0 < 1 }.map { min(max($0, 1e-9), 1 - 1e-9) }
    guard let least = inside.min(), let greatest = inside.max() else {
      return Scale(.logit, 0.01, 0.99)
    }
    let (low, high) = (logit(least), logit(greatest))
    let space = high - low > 0.01 ? (high - low) * margin : 1
    return Scale(.logit, 1 / (1 + exp(space - low)), 1 / (1 + exp(-space - high)))
  }

  /// The space at each end as a share of what is covered, so that no marker is cut.
  private static let margin = 0.03

  /// A scale of square roots from 0 to the greatest value.
  package static func squareRoot(covering values: [Double]) -> Scale {
    Scale(.squareRoot, 0, linear(covering: [0] + values.map { max($0, 0) }).high)
  }

  /// A scale of days, which are whole numbers.
  package static func date(covering days: [Int]) -> Scale {
    let (low, high) = (days.min() ?? 0, days.max() ?? 0)
    return low < high
      ? Scale(.date, Double(low), Double(high)) : Scale(.date, Double(low - 1), Double(low + 1))
  }

  /// A scale of names, in the given order.
  package static func band(_ names: [String]) -> Scale {
    Scale(.band(names), -0.5, Double(max(names.count, 1)) - 0.5)
  }

  /// The least and the greatest finite value, apart from each other.
  private static func spread(_ values: [Double]) -> (low: Double, high: Double) {
    let finite = values.filter(\.isFinite).map { min(max($0, -1e100), 1e100) }
    guard let low = finite.min(), let high = finite.max() else { return (0, 1) }
    let size = max(abs(low), abs(high))
    if size < 1e-100 { return (0, 1) }
    return high - low > size * 1e-9 ? (low, high) : (low - size * 0.1, high + size * 0.1)
  }

  // MARK: - Positions

  /// The names of a scale of names; nil for a scale of numbers.
  package var names: [String]? { if case .band(let names) = kind { names } else { nil } }

  /// The position of a value from 0 to 1; nil if it is not finite.
  package func position(of value: Double) -> Double? {
    guard value.isFinite else { return nil }
    let start = transformed(low)
    return (transformed(min(max(value, low), high)) - start) / (transformed(high) - start)
  }

  private func transformed(_ value: Double) -> Double {
    switch kind {
    case .linear, .date, .band: value
    case .log10: DecimalExponent.log10(value)
    case .logit: Self.logit(value)
    case .squareRoot: value.squareRoot()
    }
  }

  private static func logit(_ value: Double) -> Double { log(value / (1 - value)) }

  // MARK: - Ticks

  /// A value with a line of the grid and a label.
  package struct Tick: Sendable {
    package let value: Double
    package let label: String
  }

  /// At most about `count` values of round numbers, ascending; of names, all.
  package func ticks(_ count: Int, as format: TickFormat = .plain) -> [Tick] {
    let count = max(count, 2)
    if let names { return names.enumerated().map { Tick(value: Double($0), label: $1) } }
    if case .date = kind { return days(count) }
    return numbers(count).map { Tick(value: $0.value, label: $0.text(format)) }
  }

  private func numbers(_ count: Int) -> [ScaledInteger] {
    let found =
      switch kind {
      case .log10: powers(count)
      case .logit: odds(count)
      case .squareRoot: squares(count)
      case .linear, .date, .band: multiples(count)
      }
    return found.count < 2 ? multiples(count) : found
  }

  /// The multiples of 1, 2, or 5 times a power of ten.
  private func multiples(_ count: Int) -> [ScaledInteger] {
    let step = ScaledInteger.step(for: high - low, count)
    let first = Int((low / step.value - 1e-9).rounded(.up))
    let last = Int((high / step.value + 1e-9).rounded(.down))
    return (first..<max(last + 1, first)).map {
      ScaledInteger($0 * step.mantissa, step.exponent)
    }
  }

  /// The powers of ten, and as many numbers between them as there is space for.
  private func powers(_ count: Int) -> [ScaledInteger] {
    let exponents = DecimalExponent.floor(low)...DecimalExponent.floor(high)
    let sets = [Array(1...9), [1, 2, 5], [1]].lazy.map { digits in
      inside(exponents.flatMap { exponent in digits.map { ScaledInteger($0, exponent) } })
    }
    return sets.first { $0.count <= count } ?? sets.last.map { thinned($0, count) } ?? []
  }

  /// Such as 0.001, 0.01, 0.1, 0.5, 0.9, 0.99, and 2 and 5 times these near 0 and 1.
  private func odds(_ count: Int) -> [ScaledInteger] {
    let least = max(1, -DecimalExponent.floor(min(low, 1 - high)))
    func around(_ digits: [Int], from first: Int) -> [ScaledInteger] {
      guard first <= least else { return [] }
      return (first...least).flatMap { decimals in
        let one = (0..<decimals).reduce(1) { power, _ in power * 10 }
        return digits.flatMap {
          [ScaledInteger($0, -decimals), ScaledInteger(one - $0, -decimals)]
        }
      }
    }
    let coarse = around([1], from: 1) + [ScaledInteger(5, -1)]
    let fine = coarse + around([2, 5], from: 2) + around([2], from: 1).prefix(2)
    let all = [fine, coarse].lazy.map(inside)
    return all.first { $0.count <= count } ?? all.last.map { thinned($0, count) } ?? []
  }

  /// Multiples, and smaller numbers near 0, where the axis is stretched.
  private func squares(_ count: Int) -> [ScaledInteger] {
    let multiples = multiples(count)
    guard let first = multiples.first(where: { $0.mantissa > 0 }) else { return multiples }
    let small = (-4...0).flatMap { power in
      [1, 2, 5].map { ScaledInteger($0, first.exponent + power) }
    }.filter { $0.value < first.value }
    var kept: [ScaledInteger] = []
    var last = Double.infinity
    let gap = 0.7 / Double(count)
    for tick in (small + multiples.filter { $0.mantissa > 0 }).reversed() {
      guard let position = position(of: tick.value), last - position >= gap, position >= gap
      else { continue }
      kept.append(tick)
      last = position
    }
    return [ScaledInteger(0, 0)] + kept.reversed()
  }

  private func inside(_ ticks: [ScaledInteger]) -> [ScaledInteger] {
    let (low, high) = (low - abs(low) * 1e-9, high + abs(high) * 1e-9)
    return ticks.filter { low <= $0.value && $0.value <= high }.sorted { $0.value < $1.value }
  }

  /// Every second, third, or fourth tick, and so on.
  private func thinned(_ ticks: [ScaledInteger], _ count: Int) -> [ScaledInteger] {
    let stride = (ticks.count + count - 1) / count
    return ticks.indices.filter { $0 % max(stride, 1) == 0 }.map { ticks[$0] }
  }

  /// Days, firsts of months, or years.
  private func days(_ count: Int) -> [Tick] {
    let span = high - low
    if let step = [1, 2, 7, 14].first(where: { span / Double($0) < Double(count) }) {
      return stride(from: Int(low), through: Int(high), by: step).map {
        Tick(value: Double($0), label: CalendarDate(days: $0).description)
      }
    }
    let steps = [1, 3, 6, 12, 24, 60, 120, 240, 600, 1200]
    let step = steps.first { span / 30.4375 / Double($0) < Double(count) } ?? 12_000
    let (year, month, _) = CalendarDate(days: Int(low)).civil
    var index = (year * 12 + month - 1) / step * step
    var ticks: [Tick] = []
    while let day = CalendarDate(year: index / 12, month: index % 12 + 1, day: 1),
      Double(day.days) <= high
    {
      if Double(day.days) >= low {
        let label = day.description.prefix(step % 12 == 0 ? 4 : 7)
        ticks.append(Tick(value: Double(day.days), label: String(label)))
      }
      index += step
    }
    return ticks
  }
}

/// Powers of ten.
enum DecimalExponent {
  /// The exponent of the greatest power of ten that is at most a positive number.
  static func floor(_ value: Double) -> Int {
    // The logarithm of 0.001 may be a little below -3.
    Int((log10(value) + 1e-12).rounded(.down))
  }

  /// The decimal logarithm.
  static func log10(_ value: Double) -> Double { Foundation.log10(value) }
}
