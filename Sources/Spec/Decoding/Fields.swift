import Diagnostics
import YAML

/// A map of a spec whose form has been checked, read by key.
///
/// Reading never adds findings: a value of the wrong form has already been reported and reads as
/// nil.
struct Fields {
  let mapping: Mapping
  let span: SourceSpan

  init?(_ node: Node?) {
    guard let node, let mapping = node.mapping else { return nil }
    self.mapping = mapping
    span =
      mapping.entries.first.map { entry in
        SourceSpan(
          file: node.span.file,
          range: node.span.file === entry.key.span.file ? node.span.range : entry.key.span.range)
      } ?? node.span
  }

  init(_ mapping: Mapping, at span: SourceSpan) {
    self.mapping = mapping
    self.span = span
  }

  subscript(_ key: String) -> Node? { mapping[key] }

  /// Returns a key with its position, if it is written.
  func key(_ name: String) -> Located<String>? {
    mapping.entries.first { $0.key.value == name }?.key
  }

  func text(_ key: String) -> Located<String>? { mapping[key]?.text }
  func integer(_ key: String) -> Located<Int>? { mapping[key]?.integer }
  func number(_ key: String) -> Located<Double>? { mapping[key]?.number }
  func share(_ key: String) -> Located<Double>? { mapping[key]?.share }
  func date(_ key: String) -> Located<CalendarDate>? { mapping[key]?.date }
  func period(_ key: String) -> Located<Period>? { mapping[key]?.period }
  func column(_ key: String) -> Located<ColumnReference>? { mapping[key]?.column }
  func sql(_ key: String) -> SQLText? { mapping[key]?.sql }
  func fields(_ key: String) -> Fields? { Fields(mapping[key]) }

  /// Returns the items of a list; empty if there is no list.
  func items(_ key: String) -> [Node] { mapping[key]?.sequence ?? [] }

  /// Returns the texts of a list, or a single text as a list of one.
  func texts(_ key: String) -> [Located<String>] {
    guard let node = mapping[key] else { return [] }
    return (node.sequence ?? [node]).compactMap(\.anyText)
  }

  /// Returns the items of a list that are texts; anything else has been reported.
  func names(_ key: String) -> [Located<String>] { items(key).compactMap(\.text) }

  /// Returns the enum case named by a word.
  func word<Word: RawRepresentable & Sendable>(
    _ key: String, as type: Word.Type = Word.self
  ) -> Located<Word>? where Word.RawValue == String {
    text(key).flatMap { text in Word(rawValue: text.value).map { Located($0, at: text.span) } }
  }
}

extension Node {
  /// The text as SQL that can locate its own tokens in the source.
  var sql: SQLText? {
    guard let scalar, let text else { return nil }
    return SQLText(text.value, at: span, place: scalar.contentPlaces())
  }
}
