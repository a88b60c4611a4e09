public import Columns
internal import Diagnostics
public import Spec
internal import Synchronization
internal import Warehouse

extension FeatureColumn {
  /// Converts a result column; nulls become the storage's missing value.
  /// - Returns: nil for a type that no feature has (text, dates).
  init?(_ column: Column) {
    func filled<Element>(_ values: [Element], _ missing: Element) -> [Element] {
      guard let validity = column.validity else { return values }
      var values = values
      for row in values.indices where !validity[row] { values[row] = missing }
      return values
    }
    switch column.values {
    case .int8(let values): self = .int8(filled(values, .min))
    case .int16(let values): self = .int16(filled(values, .min))
    case .int32(let values): self = .int32(filled(values, .min))
    case .float(let values): self = .float(filled(values, .nan))
    case .double(let values): self = .double(filled(values, .nan))
    default: return nil
    }
  }
}

extension FeatureBlock {
  /// Creates a block with all features of a spec from those that were read, by feature index;
  /// combinations are computed from their parts.
  public init(_ spec: ExperimentSpec, rowCount: Int, read: [Int: FeatureColumn]) {
    let indices = Dictionary(
      uniqueKeysWithValues: spec.features.enumerated().map { ($1.name.value, $0) })
    func column(_ index: Int) -> FeatureColumn {
      if let known = read[index] { return known }
      guard case .combination(let combination) = spec.features[index].expression else {
        preconditionFailure("a feature was not read")
      }
      let parts = combination.parts.compactMap { indices[$0.value] }.map(column)
      return switch combination.operation {
      case .sum: FeatureColumn.sum(parts, count: rowCount)
      case .ratio:
        FeatureColumn.combined(parts, count: rowCount) { $1 == 0 ? .nan : $0 / $1 }
      case .difference: FeatureColumn.combined(parts, count: rowCount) { $0 - $1 }
      }
    }
    self.init(rowCount: rowCount, columns: spec.features.indices.map(column))
  }
}

/// Numbers the texts of a category feature in the order in which they are first seen.
///
/// Threads that build different cutoffs share it, so the codes depend on scheduling. Results must
/// depend only on the texts behind them.
public final class LevelDictionary: Sendable {
  private struct State {
    var levels: [String] = []
    var codes: [String: Int32] = [:]

    mutating func code(of text: String) -> Int32 {
      if let code = codes[text] { return code }
      let code = Int32(levels.count)
      codes[text] = code
      levels.append(text)
      return code
    }
  }

  private let state = Mutex(State())

  /// Creates an empty dictionary.
  public init() {}

  /// The text of each code so far.
  public var levels: [String] { state.withLock(\.levels) }

  /// Returns the codes of some texts.
  public func codes(of texts: [String]) -> [Int32] {
    state.withLock { state in texts.map { state.code(of: $0) } }
  }

  /// Returns the codes of a text column's rows; `Int32.min` for null.
  func encode(_ column: Column) -> [Int32] {
    guard case .text(let texts) = column.values else {
      // An expression that is always null does not have a text type.
      return [Int32](repeating: .min, count: column.validity?.count ?? 0)
    }
    return state.withLock { state in
      (0..<texts.count).map { row in
        column.isNull(row) ? .min : state.code(of: texts[row])
      }
    }
  }
}
