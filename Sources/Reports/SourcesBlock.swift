internal import Diagnostics
public import Panel
internal import Spec
internal import YAML

/// The `sources:` block of a spec, written from what was inspected, for a person to complete.
///
/// It is valid YAML whatever the names and values in the data are. In sources with one row per key,
/// the class of each column is a placeholder that `holdout check` refuses.
public struct SourcesBlock: Sendable {
  /// The placeholder for a class that a person must choose.
  public static let placeholder = "TODO"

  /// The block; ends with a newline.
  public let text: String

  /// Writes the block.
  public init(_ inspection: Inspection) {
    let needsClasses = inspection.sources.contains { source in
      if case .entity = source.shape { true } else { false }
    }
    var text = needsClasses ? Self.classes : ""
    text += "sources:\n"
    text += inspection.sources.map { SourceLines($0).text }.joined(separator: "\n")
    self.text = text
  }

  private static let classes = """
    # Replace each `class: \(placeholder)`: it says when the column's values became known.
    #   static    set when the row was created, and never changed: read at every cutoff
    #   event     a date that is itself the day on which it became known: null before that day
    #   history   read from versioned rows; needs a source with valid_from and valid_to
    #   current   overwritten in place, so that only today's value exists: no feature may read it
    # The most common leak is a column that is called static and holds today's value: at past
    # cutoffs, the model would then read what happened later.

    """
}

/// The lines of one source.
private struct SourceLines {
  private let source: InspectedSource
  /// The parts of a comment are in the order of importance.
  private var lines: [(code: String, parts: [String])] = []

  /// The column at which comments begin, unless a line is longer.
  private static let mostCode = 64
  /// The length of a line at which further parts of its comment are left out.
  private static let width = 120

  init(_ source: InspectedSource) {
    self.source = source
    add("  \(YAMLWriter.inline(source.name)):")
    addLocation()
    addKey()
    addTimes()
    addColumns()
  }

  /// The lines with their comments aligned.
  var text: String {
    let longest =
      lines.filter { !$0.parts.isEmpty }.map(\.code.count)
      .filter { $0 <= Self.mostCode }.max() ?? 0
    return lines.map { code, parts in
      guard !parts.isEmpty else { return code + "\n" }
      let start = max(code.count, longest) + 2
      let blanks = String(repeating: " ", count: start - code.count)
      let comment = Self.fitted(parts, into: max(40, Self.width - start - 2))
      return "\(code)\(blanks)# \(YAMLWriter.comment(comment))\n"
    }.joined()
  }

  /// Joins the parts of a comment that fit a width, but at least the first.
  private static func fitted(_ parts: [String], into width: Int) -> String {
    var comment = ""
    for part in parts {
      let longer = comment.isEmpty ? part : "\(comment); \(part)"
      guard comment.isEmpty || longer.count <= width else { break }
      comment = longer
    }
    return comment
  }

  private mutating func add(_ code: String, _ parts: String...) { lines.append((code, parts)) }

  /// Adds a line that is a comment as a whole.
  private mutating func remark(_ text: String, indentation: Int = 4) {
    let blanks = String(repeating: " ", count: indentation)
    add("\(blanks)# \(YAMLWriter.comment(text))")
  }

  // MARK: - Location, key, days

  private mutating func addLocation() {
    let rows = "\(source.rowCount.grouped) \(source.rowCount == 1 ? "row" : "rows")"
    switch source.location {
    case .table(let table, let connection):
      add("    table: \(YAMLWriter.inline(table))", rows)
      add("    connection: \(YAMLWriter.inline(connection))")
    case .files(let path, let format, let encoding, let delimiter):
      var options = [("file", path)]
      if let encoding { options.append(("encoding", encoding)) }
      if let delimiter, delimiter != "," {
        options.append(("delimiter", delimiter == "\t" ? "tab" : delimiter))
      }
      let file =
        options.count == 1
        ? YAMLWriter.inline(path)
        : "{" + options.map { "\($0): \(YAMLWriter.inline($1))" }.joined(separator: ", ") + "}"
      let guess = encoding.map { _ in "; the encoding is a guess: check a name with an accent" }
      add("    \(format.rawValue): \(file)", rows + (guess ?? ""))
    }
  }

  private mutating func addKey() {
    guard let key = source.key else {
      add(
        "    key: \(SourcesBlock.placeholder)",
        "no column has a value in every row and is named like a key")
      return
    }
    let column = source.columns[key.column]
    let uniqueness =
      key.isUnique
      ? "distinct in every row" : "\(Self.count(column)), shared by several rows"
    let link = key.link.map { link in
      let share =
        link.matchedShare == 1 ? "every value" : "\(NumberText.percent(link.matchedShare)) of rows"
      return "\(share) found in \(link.source).\(link.column); "
    }
    add("    key: \(YAMLWriter.inline(column.name))", (link ?? "") + uniqueness)
    let missing = source.rowCount - column.presentCount
    if missing > 0 {
      remark("null_keys: drop would drop the \(missing.grouped) rows without a key, and count them")
    }
    for other in source.otherKeys {
      remark(
        "\(source.columns[other].name) is distinct in every row, too: it is the key if its rows "
          + "are what is scored")
    }
  }

  private mutating func addTimes() {
    switch source.shape {
    case .entity(let created):
      guard let created else {
        return remark(
          "created: names the day on which a row was created. Without it, every row exists at "
            + "every cutoff.")
      }
      add(
        "    created: \(YAMLWriter.inline(source.columns[created].identifier))",
        "\(Self.range(source.columns[created])); a row exists from this day on")
    case .history(let from, let to):
      add(
        "    valid_from: \(name(from))",
        "\(Self.range(source.columns[from])); first day of a version")
      add(
        "    valid_to: \(name(to))",
        "the day after a version's last",
        "{column: ..., inclusive: true} if it is the last day itself"
      )
    case .events(let time, let knownAt):
      guard let time else {
        return add(
          "    time: \(SourcesBlock.placeholder)",
          "no column is a day in every row; rows that share a key need one")
      }
      add(
        "    time: \(name(time))",
        "\(Self.range(source.columns[time])); a row is seen from this day on")
      if let knownAt {
        add(
          "    known_at: \(name(knownAt))",
          "\(Self.range(source.columns[knownAt])); hides rows that arrived later")
      }
    }
  }

  /// A column of days as the source names it: by its name in the spec if it is listed.
  private func name(_ column: Int) -> String {
    YAMLWriter.inline(
      isListed(column) ? source.columns[column].identifier : source.columns[column].name)
  }

  // MARK: - Columns

  /// The columns that give the source its shape.
  private var shaping: Set<Int> {
    var columns = Set([source.key?.column].compactMap(\.self))
    switch source.shape {
    case .entity: break
    case .history(let from, let to): columns.formUnion([from, to])
    case .events(let time, let knownAt): columns.formUnion([time, knownAt].compactMap(\.self))
    }
    return columns
  }

  /// Whether a column is listed: all but those that give the source its shape and need no word
  /// about their form.
  private func isListed(_ index: Int) -> Bool {
    guard source.columns[index].obstacle == nil else { return false }
    guard shaping.contains(index) else { return true }
    return index != source.key?.column && !source.columns[index].reading.formats.isEmpty
  }

  private mutating func addColumns() {
    let listed = source.columns.indices.filter(isListed)
    add(listed.isEmpty ? "    columns: {}" : "    columns:")
    for index in source.columns.indices {
      let column = source.columns[index]
      if let obstacle = column.obstacle {
        remark("\(column.name): \(Self.words(obstacle))", indentation: 6)
      }
      guard isListed(index) else { continue }
      addColumn(column, index)
      for remark in Self.remarks(column) { self.remark(remark, indentation: 6) }
    }
  }

  private mutating func addColumn(_ column: InspectedColumn, _ index: Int) {
    var options = Self.options(column.reading)
    var parts = Self.facts(column, of: source.rowCount)
    if case .entity(let created) = source.shape {
      let isCreated = index == created
      options.insert(("class", isCreated ? "event" : SourcesBlock.placeholder), at: 1)
      if !isCreated { parts[0] = "\(Self.suggestion(column)) \(parts[0])" }
    }
    if column.identifier != column.name {
      options.append(("from", YAMLWriter.inline(column.name)))
    }
    let value =
      options.count == 1
      ? options[0].value
      : "{" + options.map { "\($0.name): \($0.value)" }.joined(separator: ", ") + "}"
    let code = "      \(YAMLWriter.inline(column.identifier)): \(value)"
    lines.append((code, parts))
  }

  /// The options of a column in a spec.
  private static func options(_ reading: ColumnReading) -> [(name: String, value: String)] {
    var options = [("type", reading.type.rawValue)]
    if !reading.formats.isEmpty {
      options.append(
        ("formats", "[\(reading.formats.map(Self.format).joined(separator: ", "))]"))
    }
    if !reading.strip.isEmpty { options.append(("strip", quoted(reading.strip))) }
    if reading.hasDecimalComma { options.append(("decimal", "\",\"")) }
    return options
  }

  private static func format(_ format: String) -> String {
    format == DateFormat.iso ? format : quoted(format)
  }

  private static func quoted(_ text: String) -> String {
    let inline = YAMLWriter.inline(text)
    return inline.hasPrefix("\"") ? inline : "\"\(inline)\""
  }

  // MARK: - Comments

  private static func suggestion(_ column: InspectedColumn) -> String {
    column.likelyClass.map { "\($0.rawValue)?" } ?? "static or current?"
  }

  /// What the rows say about a column; at least one part.
  private static func facts(_ column: InspectedColumn, of rowCount: Int) -> [String] {
    guard column.presentCount > 0 else { return ["always null"] }
    let missing = rowCount - column.presentCount
    let share = Double(missing) / Double(rowCount)
    let nulls =
      missing == 0
      ? "no nulls"
      : share < 0.001 ? "\(missing.grouped) null" : "\(NumberText.percent(share)) null"
    let values = column.extremes == nil ? examples(column.examples) : range(column)
    return ["\(nulls), \(count(column))", values].filter { !$0.isEmpty }
  }

  private static func count(_ column: InspectedColumn) -> String {
    let count = column.distinctCount
    guard column.isDistinctExact else { return "about \(rounded(count).grouped) values" }
    return count == 1 ? "1 value" : "\(count.grouped) values"
  }

  /// An estimate with as many digits as can be trusted.
  private static func rounded(_ count: Int) -> Int {
    var unit = 1
    while count / unit >= 100 { unit *= 10 }
    return (count + unit / 2) / unit * unit
  }

  private static func range(_ column: InspectedColumn) -> String {
    column.extremes.map { "\($0.low) to \($0.high)" } ?? ""
  }

  private static func examples(_ values: [String]) -> String {
    values.map(example).joined(separator: ", ")
  }

  private static func example(_ value: String) -> String {
    let most = 24
    let text = value.count > most ? "\(value.prefix(most - 1))…" : value
    let isPlain = text.allSatisfy { $0.isLetter || $0.isNumber || " -._/@…".contains($0) }
    return isPlain && !text.hasPrefix(" ") ? text : JSONText.quoted(text)
  }

  /// What a person must decide or know about a column, a line each.
  private static func remarks(_ column: InspectedColumn) -> [String] {
    if !column.choices.isEmpty {
      let choices = column.choices.map { choice in
        "{" + options(choice).map { "\($0.name): \($0.value)" }.joined(separator: ", ") + "}"
      }
      return [
        "\(column.identifier): every value can be read in more than one way. Choose: "
          + choices.joined(separator: " or ")
      ]
    }
    if let near = column.nearMiss { return [remark(column, near)] }
    guard column.reading.type == .text, column.hasLeadingZeros else { return [] }
    return ["\(column.identifier): has leading zeros, which a number would lose"]
  }

  private static func remark(
    _ column: InspectedColumn, _ near: InspectedColumn.NearMiss
  ) -> String {
    let options = options(near.reading)
    let isAll = near.examples.count < 4
    let shown = near.examples.prefix(3).map(example)
    let rows = "\(near.others.grouped) \(near.others == 1 ? "row" : "rows")"
    let line =
      "\(column.identifier): \(near.reading.type.rawValue), except in \(rows): "
      + shown.joined(separator: ", ") + (isAll ? "" : " ...")
    let isPlaceholder = near.examples.allSatisfy { text in
      text.hasPrefix("9999-")
        || (text.count <= 20 && !text.contains { $0.isNumber && $0 != "0" && $0 != "9" })
    }
    guard isAll, isPlaceholder else { return line }
    let nulls = near.examples.map(YAMLWriter.inline).joined(separator: ", ")
    let all = options + [("null", "[\(nulls)]")]
    return line + "; if that means null: {"
      + all.map { "\($0.name): \($0.value)" }.joined(separator: ", ") + "}"
  }

  private static func words(_ obstacle: InspectedColumn.Obstacle) -> String {
    switch obstacle {
    case .nested(let type, let hasFields):
      let what = type.count > 40 ? "\(type.prefix(39))…" : type
      return hasFields
        ? "\(what) has fields: {type: text, json_field: NAME} reads one of them"
        : "\(what) has no single value in a row (H390)"
    case .repeatedName: return "the header has this name more than once (H349)"
    }
  }
}
