/// How numbers of the same name differ from one tree to another, name by name, nested as the trees are.
///
/// A number that some trees lack is taken over the others; `takenOver` then says over how many.
public struct MetricSpread: Sendable, Equatable {
  /// The arithmetic mean.
  public let mean: MetricTree
  /// The sample standard deviation, sqrt(sum (x - mean)^2 / (n - 1)); absent for a single number.
  public let spread: MetricTree
  /// The lowest.
  public let minimum: MetricTree
  /// The highest.
  public let maximum: MetricTree
  /// How many trees have a number, where not all of them do.
  public let takenOver: MetricTree

  /// Compares trees, in any order.
  public init(_ trees: [MetricTree]) {
    mean = Self.combined(trees, Self.mean) ?? .object([:])
    spread = Self.combined(trees, Self.deviation) ?? .object([:])
    minimum = Self.combined(trees) { $0.min() } ?? .object([:])
    maximum = Self.combined(trees) { $0.max() } ?? .object([:])
    takenOver =
      Self.combined(trees) { $0.count < trees.count ? Double($0.count) : nil } ?? .object([:])
  }

  /// A tree of what a function makes of the numbers of each name; nil where it makes nothing of any.
  private static func combined(
    _ trees: [MetricTree], _ function: ([Double]) -> Double?
  ) -> MetricTree? {
    let numbers = trees.compactMap { if case .number(let number) = $0 { number } else { nil } }
    guard numbers.isEmpty else { return function(numbers).map(MetricTree.number) }
    let objects = trees.compactMap { if case .object(let entries) = $0 { entries } else { nil } }
    let names = Set(objects.flatMap(\.keys))
    let entries = names.reduce(into: [String: MetricTree]()) { entries, name in
      entries[name] = combined(objects.compactMap { $0[name] }, function)
    }
    return entries.isEmpty ? nil : .object(entries)
  }

  private static func mean(_ numbers: [Double]) -> Double? {
    // Sorted first, so that the order of the trees does not show in the last bit.
    var sum = CompensatedSum()
    for number in numbers.sorted() { sum.add(number) }
    return sum.value / Double(numbers.count)
  }

  private static func deviation(_ numbers: [Double]) -> Double? {
    guard numbers.count > 1, let mean = mean(numbers) else { return nil }
    var sum = CompensatedSum()
    for number in numbers.sorted() { sum.add((number - mean) * (number - mean)) }
    return (sum.value / Double(numbers.count - 1)).squareRoot()
  }
}
