import Diagnostics
import OrderedCollections
import YAML

extension SpecDecoder {
  /// Decodes how an instant becomes a day.
  mutating func decodeDay() -> DayClock {
    var clock = DayClock()
    guard let fields = root.fields("day") else { return clock }
    clock.timeZone = fields.text("time_zone")
    guard let end = fields.text("ends_at") else { return clock }
    if let minutes = DayClock.minutes(end.value), minutes <= DayClock.latestEnd {
      clock.endsAt = minutes
    } else {
      findings.append(.badEndOfDay(end, isTime: DayClock.minutes(end.value) != nil))
    }
    return clock
  }

  mutating func decodeSources(_ day: DayClock) -> OrderedDictionary<String, SourceSpec> {
    let entries = root.fields("sources")?.mapping.entries ?? []
    for entry in entries {
      let columns = Fields(entry.value)?.fields("columns")?.mapping.entries.map(\.key.value)
      catalog.declare(entry.key.value, columns: columns ?? [])
      if Self.reservedSources.contains(entry.key.value.lowercased()) {
        findings.append(.reservedSource(entry.key))
      }
    }
    for entry in entries {
      guard let fields = Fields(entry.value),
        let source = decodeSource(entry.key, fields, day)
      else { continue }
      catalog.add(source)
    }
    decodeForeignKeys()
    return catalog.sources
  }

  /// Names with a special meaning where a source's name is allowed.
  private static let reservedSources: Set<String> = ["label", "cutoff"]
  /// Names of columns that every view has in addition to the source's own.
  private static let reservedColumns: Set<String> = ["cutoff", "entity"]

  private mutating func decodeSource(
    _ name: Located<String>, _ fields: Fields, _ day: DayClock
  ) -> SourceSpec? {
    guard let key = fields.text("key"), let location = location(fields),
      let shape = shape(fields)
    else { return nil }
    let duplicates = fields.word("duplicates", as: SourceSpec.Duplicates.self)
    if let order = fields.key("order"), duplicates?.value == .error {
      findings.append(.orderWithoutDuplicates(order))
    }
    if let duplicates, duplicates.value != .error, let key = fields.key("duplicates") {
      if case .entity = shape {} else { findings.append(.duplicatesOfManyRows(key)) }
    }
    let columns = decodeColumns(fields, source: name, shape: shape)
    var clock = day
    clock.writtenIn = fields.text("time_zone")
    let source = SourceSpec(
      name: name, location: location, key: key, shape: shape,
      dataThrough: fields.date("data_through") ?? root.date("data_through"),
      dataFrom: fields.date("data_from"), duplicates: duplicates?.value ?? .error,
      duplicateOrder: fields.texts("order"),
      dropsNullKeys: fields.text("null_keys")?.value == "drop", columns: columns,
      contracts: decodeContracts(fields), clock: clock)
    checkDateColumns(of: source)
    if let from = source.dataFrom, let through = source.dataThrough, from.value > through.value {
      findings.append(.dataFromAfterData(from, through))
    }
    return source
  }

  private mutating func location(_ fields: Fields) -> SourceSpec.Location? {
    if let table = fields.text("table") {
      return .table(table, connection: fields.text("connection"))
    }
    if let query = fields.sql("sql") {
      return .query(query, connection: fields.text("connection"))
    }
    for format in FilesSpec.Format.allCases {
      guard let node = fields[format.rawValue] else { continue }
      guard let map = Fields(node) else {
        let paths = fields.texts(format.rawValue)
        return paths.isEmpty ? nil : .file(FilesSpec(paths, format: format))
      }
      let paths = map.texts("file")
      return paths.isEmpty
        ? nil : .file(FilesSpec(paths, format: format, csv: decodeCSV(map)))
    }
    return nil
  }

  private func shape(_ fields: Fields) -> SourceSpec.Shape? {
    if fields.key("valid_from") != nil || fields.key("valid_to") != nil {
      let end = fields.fields("valid_to")
      guard let from = fields.text("valid_from"),
        let to = end?.text("column") ?? fields.text("valid_to")
      else { return nil }
      return .history(
        validFrom: from, validTo: to, isInclusive: end?["inclusive"]?.boolean ?? false)
    }
    if fields.key("time") != nil {
      guard let time = fields.text("time") else { return nil }
      return .events(time: time, knownAt: fields.text("known_at"))
    }
    return .entity(created: fields.text("created"))
  }

  private mutating func decodeColumns(
    _ fields: Fields, source: Located<String>, shape: SourceSpec.Shape
  ) -> OrderedDictionary<String, ColumnSpec> {
    var columns: OrderedDictionary<String, ColumnSpec> = [:]
    let decimal = fields.fields("csv")?.text("decimal")?.value
    for entry in fields.fields("columns")?.mapping.entries ?? [] {
      if let column = decodeColumn(entry, shape: shape, decimal: decimal) {
        columns[entry.key.value] = column
      }
    }
    return columns
  }

  private mutating func decodeColumn(
    _ entry: Mapping.Entry, shape: SourceSpec.Shape, decimal: String?
  ) -> ColumnSpec? {
    let fields = Fields(entry.value)
    let typeText = fields?.text("type") ?? entry.value.text
    guard let type = typeText.flatMap({ ColumnSpec.ColumnType(rawValue: $0.value) }) else {
      return nil
    }
    if Self.reservedColumns.contains(entry.key.value.lowercased()) {
      findings.append(.reservedColumn(entry.key))
    }
    let written = fields?.word("class", as: ColumnSpec.ColumnClass.self)
    if written == nil, fields?.key("class") != nil { return nil }
    let columnClass: ColumnSpec.ColumnClass
    switch (shape, written?.value) {
    case (.entity, nil):
      findings.append(.classMissing(entry.key, type: type))
      return nil
    case (.history, nil): columnClass = .history
    // A date on an event's row (closed, delivered, answered) has usually not come when the row is
    // written. A date that is known from the start has the class `static`.
    case (.events, nil): columnClass = type == .date ? .event : .static
    case (_, .some(let value)): columnClass = value
    }
    if let written { checkClass(written, type: type, shape: shape) }
    let formats = fields?.texts("formats") ?? []
    if let key = fields?.key("formats") {
      if type != .date {
        findings.append(.onlyForType(key, .date, actual: type))
      } else {
        findings += formats.compactMap(DateFormat.finding)
      }
    }
    if let key = fields?.key("json_field"), type != .text {
      findings.append(.onlyForType(key, .text, actual: type))
    }
    return ColumnSpec(
      name: entry.key, from: fields?.text("from"), type: type, columnClass: columnClass,
      formats: formats, jsonField: fields?.text("json_field"),
      form: decodeForm(fields, type: type, decimal: decimal))
  }

  private mutating func checkClass(
    _ written: Located<ColumnSpec.ColumnClass>, type: ColumnSpec.ColumnType,
    shape: SourceSpec.Shape
  ) {
    switch (written.value, shape) {
    case (.history, .entity), (.history, .events):
      let isEvents = if case .events = shape { true } else { false }
      findings.append(.historyWithoutVersions(written.span, isEvents: isEvents))
    case (.current, .history):
      findings.append(.currentInHistory(written.span))
    case (.event, _) where type != .date:
      findings.append(.eventNotDate(written.span, type: type))
    default: break
    }
  }

  /// Checks that the columns that define a source's shape are dates, if listed, and that its key
  /// has no JSON field.
  private mutating func checkDateColumns(of source: SourceSpec) {
    let names: [Located<String>] =
      switch source.shape {
      case .entity(let created): [created].compactMap { $0 }
      case .history(let from, let to, _): [from, to]
      case .events(let time, let knownAt): [time, knownAt].compactMap { $0 }
      }
    if let field = source.columns[source.key.value]?.jsonField {
      findings.append(.fieldOfKey(field))
    }
    for name in names {
      guard let column = source.columns[name.value], column.type != .date else { continue }
      findings.append(.notADateColumn(name, column))
    }
  }
}
