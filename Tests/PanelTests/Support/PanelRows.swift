import Columns
import Diagnostics
import Panel
import Spec

/// A block in plain values that compare equal only when every bit does.
struct PanelRows: Equatable {
  var keys: [String]
  var labels: [UInt8]
  /// By feature, then by row.
  var features: [[SlowValue]]

  init(_ block: PanelBlock, _ builder: PanelBuilder, _ keys: [String]) {
    self.keys = block.entities.map { keys[Int($0)] }
    labels = block.labels
    features = builder.spec.features.enumerated().map { index, feature in
      PanelValues.values(
        block.features.columns[index],
        levels: feature.expression.isCategory ? builder.levels(ofFeature: index) : nil)
    }
  }

  /// The values of a feature by key.
  func values(_ name: String, of builder: PanelBuilder) -> [String: SlowValue] {
    guard let index = builder.spec.features.firstIndex(where: { $0.name.value == name }) else {
      return [:]
    }
    return Dictionary(uniqueKeysWithValues: zip(keys, features[index]))
  }
}
