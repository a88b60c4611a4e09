internal import Diagnostics
internal import OrderedCollections
internal import YAML

extension SpecDecoder {
  /// The placeholder for the label's column, allowed wherever a column is.
  static let labelEvent = ColumnReference(source: "label", column: "event")

  /// Returns a column of a map, with `label.event` replaced by the label's column; nil with a
  /// finding if the label has no column.
  mutating func reference(_ fields: Fields, _ key: String) -> Located<ColumnReference>? {
    guard let reference = fields.column(key) else { return nil }
    guard reference.value == Self.labelEvent else { return reference }
    return labelColumn(standingAt: reference.span)
  }

  /// Returns the label's column at the position of its placeholder; nil with a finding if there is
  /// none.
  mutating func labelColumn(standingAt span: SourceSpan) -> Located<ColumnReference>? {
    let label = root.fields("label")
    if let column = label?.column("event") {
      // A problem with the label's own column is reported once, at the label.
      guard catalog.sources[column.value.source]?.columns[column.value.column] != nil else {
        return nil
      }
      return Located(column.value, at: span)
    }
    if let event = label?["event"] ?? label?["absent"], event.mapping != nil {
      findings.append(.labelHasNoColumn(at: span, event: event.span))
    }
    return nil
  }

  /// Returns the source with a name; nil with a finding, or without one if the source is malformed.
  /// - Parameter isRead: whether this use of the name means that the source is read.
  mutating func source(_ name: Located<String>, isRead: Bool = true) -> SourceSpec? {
    guard catalog.names.contains(name.value) else {
      findings.append(.unknownSource(name, known: Array(catalog.names)))
      return nil
    }
    if isRead { catalog.use(name.value) }
    return catalog.sources[name.value]
  }

  /// Returns the column that a reference names; nil with a finding, or without one if the column is
  /// malformed.
  /// - Parameter isRead: whether this use of the name means that the source is read.
  mutating func column(
    _ reference: Located<ColumnReference>, isRead: Bool = true
  ) -> (SourceSpec, ColumnSpec)? {
    let bytes = reference.value.source.utf8.count
    let name = reference.part(0..<bytes, reference.value.source)
    guard let source = source(name, isRead: isRead) else { return nil }
    let names = catalog.columnNames[source.name.value] ?? []
    guard names.contains(reference.value.column) else {
      let range = (bytes + 1)..<(bytes + 1 + reference.value.column.utf8.count)
      findings.append(
        .unknownColumn(reference.part(range, reference.value.column), in: source, known: names))
      return nil
    }
    return source.columns[reference.value.column].map { (source, $0) }
  }

  /// Checks a column that is read once per entity and cutoff.
  mutating func checkRowUse(
    _ reference: Located<ColumnReference>, _ purpose: ColumnPurpose, inRule: Bool = false
  ) {
    if catalog.sources[reference.value.source]?.isEvents == true {
      catalog.use(reference.value.source)
      findings.append(.eventsRowWise(reference, purpose))
      return
    }
    guard let (_, column) = column(reference) else { return }
    if !purpose.types.isEmpty, !purpose.types.contains(column.type) {
      findings.append(.typeDoesNotFit(reference, column, purpose, inRule: inRule))
    }
    noteRead(reference, column)
    noteForeignKeys(of: reference.value.source)
  }

  /// The maximum number of findings about one expression; more would not be useful.
  private static let findingsPerExpression = 20

  /// Checks the columns named in a free SQL expression over rows, as far as its words show.
  mutating func checkRowSQL(_ sql: SQLText) {
    for name in SQLWords(sql.text).qualifiedNames where catalog.names.contains(name.source) {
      catalog.use(name.source)
      guard let column = catalog.sources[name.source]?.columns[name.column] else { continue }
      let reference = ColumnReference(source: name.source, column: name.column)
      noteRead(Located(reference, at: sql.span(of: name.range)), column)
      noteForeignKeys(of: name.source)
    }
    checkClock(sql)
  }

  /// Reports functions whose value changes between calls.
  mutating func checkClock(_ sql: SQLText) {
    for word in SQLWords(sql.text).changing.prefix(Self.findingsPerExpression) {
      findings.append(.notDeterministic(word.text, at: sql.span(of: word.range)))
    }
  }
}

extension Located<ColumnReference> {
  /// Returns a part of the reference with its position, or with the position of the entire
  /// reference if it is written in an unusual way.
  func part(_ range: Range<Int>, _ text: String) -> Located<String> {
    let start = self.span.range.lowerBound
    var quote = 0
    if let first = self.span.text.utf8.first,
      first == UInt8(ascii: "\"") || first == UInt8(ascii: "'")
    {
      quote = 1
    }
    let place = SourceSpan(
      file: self.span.file,
      range: (start + quote + range.lowerBound)..<(start + quote + range.upperBound))
    return Located<String>(text, at: place.text == text ? place : self.span)
  }
}

/// The use that a part of a spec makes of a column.
struct ColumnPurpose: Equatable {
  /// The key that names the column.
  let key: String
  /// The types of column that can be used; empty if any can.
  let types: [ColumnSpec.ColumnType]

  static func feature(_ function: ColumnFunction) -> ColumnPurpose {
    ColumnPurpose(key: function.rawValue, types: function.facts.columnTypes)
  }
  static let category = ColumnPurpose(key: "category", types: [.text, .integer, .flag])
  static let membership = ColumnPurpose(key: "in", types: [.text, .integer])
  static let label = ColumnPurpose(key: "event", types: [.date])
  static let published = ColumnPurpose(key: "columns", types: [])
  static let reference = ColumnPurpose(key: "references", types: [.text, .integer])
  static let cluster = ColumnPurpose(key: "cluster", types: [.text, .integer])
  static let segment = ColumnPurpose(key: "segments", types: [.text, .flag, .integer, .number])

  /// Returns the expression that reads columns of a type, for a hint.
  static func reading(_ type: ColumnSpec.ColumnType) -> String {
    switch type {
    case .text: "category"
    case .integer, .number: "value"
    case .date: "days_since"
    case .flag: "flag"
    }
  }
}
