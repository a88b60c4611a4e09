/// The texts behind the numbers in a panel's rows.
struct PanelTexts: Sendable {
  /// The keys of entities, by number.
  let keys: [String]
  /// By feature, what the codes of a category stand for; none for numbers.
  let levels: [[String]]
}
