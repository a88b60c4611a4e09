/// Numbers under names, nested: the shape of `metrics.json`.
///
/// It encodes as nested objects of numbers; with sorted keys the text is the same every time.
public enum MetricTree: Sendable, Equatable, Codable {
  case number(Double)
  case object([String: MetricTree])

  /// One object of numbers.
  public init(_ values: MetricValues) { self = .object(values.mapValues(MetricTree.number)) }

  /// This object with further entries; an entry of the same name is replaced, a number stays alone.
  public func adding(_ entries: [String: MetricTree]) -> MetricTree {
    guard case .object(let own) = self else { return self }
    return .object(own.merging(entries) { _, new in new })
  }

  /// Reads nested objects of numbers.
  /// - Throws: `DecodingError`, when anything else stands among them.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else {
      self = .object(try container.decode([String: MetricTree].self))
    }
  }

  /// What stands under a name; nil in a number, and where there is none.
  public subscript(name: String) -> MetricTree? { entries[name] }

  /// The number under names that lead into each other.
  public subscript(names: [String]) -> Double? {
    names.reduce(self) { $0?[$1] }?.number
  }

  /// The names with what stands under them; empty for a number.
  public var entries: [String: MetricTree] {
    if case .object(let entries) = self { entries } else { [:] }
  }

  /// The number itself; nil for an object.
  public var number: Double? {
    if case .number(let number) = self { number } else { nil }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .number(let value): try container.encode(value)
    case .object(let entries): try container.encode(entries)
    }
  }
}
