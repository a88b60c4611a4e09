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

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .number(let value): try container.encode(value)
    case .object(let entries): try container.encode(entries)
    }
  }
}
