internal import Diagnostics
internal import OrderedCollections
internal import Spec

/// In which forms a column is kept in the engine, by what reads it.
struct ColumnUse: OptionSet, Sendable {
  let rawValue: Int

  /// The value as such.
  static let value = ColumnUse(rawValue: 1)
  /// The code of a text in the column's dictionary: what a category feature reads.
  static let code = ColumnUse(rawValue: 2)
  /// Whether there is a value: what `present` reads of text, which is much smaller than the text.
  static let presence = ColumnUse(rawValue: 4)

  /// The forms with the suffix of their name in the engine.
  static let named: [(use: ColumnUse, suffix: String)] = [
    (.value, ""), (.code, " code"), (.presence, " present"),
  ]

  static func name(_ column: String, _ use: ColumnUse) -> String {
    column + (named.first { $0.use == use }?.suffix ?? "")
  }
}
