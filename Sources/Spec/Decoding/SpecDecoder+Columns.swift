import Diagnostics
import OrderedCollections

extension SpecDecoder {
  /// The source of that name; nil with a finding, or silently when it is malformed itself.
  mutating func source(_ name: Located<String>) -> SourceSpec? {
    guard catalog.names.contains(name.value) else {
      findings.append(.unknownSource(name, known: Array(catalog.names)))
      return nil
    }
    catalog.use(name.value)
    return catalog.sources[name.value]
  }

  /// The column a reference names; nil with a finding, or silently when it is malformed itself.
  mutating func column(_ reference: Located<ColumnReference>) -> (SourceSpec, ColumnSpec)? {
    let bytes = reference.value.source.utf8.count
    guard let source = source(reference.part(0..<bytes, reference.value.source)) else {
      return nil
    }
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
  mutating func checkRowUse(_ reference: Located<ColumnReference>, _ purpose: ColumnPurpose) {
    guard let (source, column) = column(reference) else { return }
    if case .events = source.shape {
      findings.append(.eventsRowWise(reference, purpose))
      return
    }
    if !purpose.types.isEmpty, !purpose.types.contains(column.type) {
      findings.append(.typeDoesNotFit(reference, column, purpose))
    }
    if column.columnClass == .current {
      findings.append(.lookAhead(reference, declaredAt: column.name.span))
    }
  }

  /// Checks the columns that a free SQL expression over rows names, as far as its words show.
  mutating func checkRowSQL(_ sql: SQLText) {
    for name in SQLWords(sql.text).qualifiedNames where catalog.names.contains(name.source) {
      catalog.use(name.source)
      guard let source = catalog.sources[name.source],
        let column = source.columns[name.column], column.columnClass == .current
      else { continue }
      let reference = ColumnReference(source: name.source, column: name.column)
      findings.append(
        .lookAhead(
          Located(reference, at: sql.span(of: name.range)), declaredAt: column.name.span))
    }
    checkClock(sql)
  }

  /// Checks a condition on the rows of an event source.
  mutating func checkEventSQL(_ sql: SQLText, _ source: SourceSpec?) {
    for word in SQLWords(sql.text).names {
      guard let source, let column = source.columns[word.text], column.columnClass == .current
      else { continue }
      let reference = ColumnReference(source: source.name.value, column: word.text)
      findings.append(
        .lookAhead(
          Located(reference, at: sql.span(of: word.range)), declaredAt: column.name.span))
    }
    checkClock(sql)
  }

  private mutating func checkClock(_ sql: SQLText) {
    for word in SQLWords(sql.text).changing {
      findings.append(.notDeterministic(word.text, at: sql.span(of: word.range)))
    }
  }
}

extension Located<ColumnReference> {
  /// A part of the reference as written; the whole where it is written in some unusual way.
  fileprivate func part(_ range: Range<Int>, _ text: String) -> Located<String> {
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
