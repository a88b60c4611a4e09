internal import Panel
internal import Spec

/// The texts behind the numbers in a panel's rows.
struct PanelTexts: Sendable {
  /// The keys of entities, by number.
  let keys: [String]
  /// By feature, what the codes of a category stand for; none for numbers.
  let levels: [[String]]

  init(keys: [String], levels: [[String]]) {
    self.keys = keys
    self.levels = levels
  }

  /// Of the rows that have been built so far.
  init(_ builder: PanelBuilder) throws {
    self.init(
      keys: try builder.keys(),
      levels: builder.spec.features.indices.map(builder.levels(ofFeature:)))
  }
}
