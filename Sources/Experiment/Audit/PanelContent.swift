internal import Crypto
internal import Diagnostics
internal import Foundation
internal import Panel
internal import Spec

/// A cutoff's panel in what it says: entity keys and features, categories as texts, no labels.
///
/// Numbers of entities and codes of categories differ from one loading of the data to the next; keys
/// and texts do not.
struct PanelContent {
  struct Feature {
    let name: String
    let values: Values
  }

  enum Values {
    /// The bit patterns of numbers; a missing value is the one of `Double.nan`.
    case numbers([UInt64])
    case texts([String?])
  }

  /// Ascending.
  let keys: [String]
  let features: [Feature]

  /// - Parameter keys: the keys of entities by number.
  init(_ block: PanelBlock, builder: PanelBuilder, keys: [String]) {
    self.keys = block.entities.map { keys[Int($0)] }
    features = zip(builder.spec.features, block.features.columns).enumerated().map { index, pair in
      let (feature, column) = pair
      let levels = feature.expression.isCategory ? builder.levels(ofFeature: index) : nil
      return Feature(name: feature.name.value, values: column.content(levels: levels))
    }
  }

  /// SHA-256 of the content, as hexadecimal text.
  ///
  /// Every text goes in with its length, so that no two contents are spelt the same.
  var digest: String {
    var hash = SHA256()
    func add(_ number: UInt64) {
      withUnsafeBytes(of: number.littleEndian) { hash.update(bufferPointer: $0) }
    }
    func add(_ text: String?) {
      guard let text else { return add(UInt64.max) }
      add(UInt64(text.utf8.count))
      hash.update(data: Data(text.utf8))
    }
    add(UInt64(keys.count))
    for key in keys { add(key) }
    for feature in features {
      add(feature.name)
      switch feature.values {
      case .numbers(let values): for value in values { add(value) }
      case .texts(let values): for value in values { add(value) }
      }
    }
    return hash.finalize().hexadecimal
  }

  /// Where another content of the same cutoff says something else.
  func differences(from other: PanelContent) -> [PanelDifference] {
    var places: [String: Int] = [:]
    for (row, key) in other.keys.enumerated() { places[key] = row }
    let pairs = keys.enumerated().compactMap { row, key in places[key].map { (row, $0) } }
    let own = Set(keys)
    let gone = keys.filter { places[$0] == nil }
    let come = other.keys.filter { !own.contains($0) }
    var found: [PanelDifference] = []
    if let example = (gone + come).min() {
      found.append(
        PanelDifference(
          feature: nil, rows: gone.count + come.count, key: example,
          before: gone.contains(example) ? "in the cohort" : "not in the cohort",
          after: gone.contains(example) ? "not in it" : "in it"))
    }
    for (feature, changed) in zip(features, other.features) {
      let rows = pairs.filter { !feature.values.agrees(at: $0.0, with: changed.values, at: $0.1) }
      guard let first = rows.first else { continue }
      found.append(
        PanelDifference(
          feature: feature.name, rows: rows.count, key: keys[first.0],
          before: feature.values.text(first.0), after: changed.values.text(first.1)))
    }
    return found
  }
}

extension PanelContent.Values {
  fileprivate func agrees(at row: Int, with other: Self, at otherRow: Int) -> Bool {
    switch (self, other) {
    case (.numbers(let values), .numbers(let others)): values[row] == others[otherRow]
    case (.texts(let values), .texts(let others)):
      // Bytes: Swift's own comparison takes different texts for equal ones.
      values[row].map { Array($0.utf8) } == others[otherRow].map { Array($0.utf8) }
    default: false
    }
  }

  fileprivate func text(_ row: Int) -> String {
    switch self {
    case .numbers(let values):
      let value = Double(bitPattern: values[row])
      return value.isNaN ? "nothing" : RunSummary.number(value)
    case .texts(let values): return values[row].map { "`\($0)`" } ?? "nothing"
    }
  }
}

extension FeatureColumn {
  /// - Parameter levels: the texts of a category's codes; nil for numbers.
  fileprivate func content(levels: [String]?) -> PanelContent.Values {
    func content<Value: FixedWidthInteger>(_ values: [Value]) -> PanelContent.Values {
      if let levels { return .texts(values.map { $0 == .min ? nil : levels[Int($0)] }) }
      return .numbers(values.map { ($0 == .min ? Double.nan : Double($0)).bitPattern })
    }
    func bits(_ value: Double) -> UInt64 { (value.isNaN ? Double.nan : value).bitPattern }
    return switch self {
    case .int8(let values): content(values)
    case .int16(let values): content(values)
    case .int32(let values): content(values)
    case .float(let values): .numbers(values.map { bits(Double($0)) })
    case .double(let values): .numbers(values.map { bits($0) })
    }
  }
}
