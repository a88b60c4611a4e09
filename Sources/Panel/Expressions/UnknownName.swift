internal import Diagnostics
internal import OrderedCollections
internal import Spec

/// A name in SQL that is not a readable column, and what was probably meant.
struct UnknownName {
  /// The parts of the name, without quotes.
  let path: [String]
  /// The name as written.
  let written: String
  /// Whether the name is where a value for a comparison would be.
  let isCompared: Bool
  let scope: ExpressionScope
  let names: NameTable

  /// Returns the finding H307 at the name.
  func finding(at span: SourceSpan) -> Finding {
    if let text = quotedText { return notText(text, at: span) }
    if Self.nothings.contains(name.lowercased()), path.count == 1 {
      return Finding(
        307, message, at: span, hints: ["test for a missing value with `IS NULL`"])
    }
    let suggestion = suggestion
    var hints = [placeHint].compactMap(\.self)
    if suggestion == nil, path.count == 1 {
      if names.features.contains(name) {
        hints.append(featureHint)
      } else if isCompared {
        hints.append("for text, write `'\(name)'`")
      }
    }
    if let listing = listingHint, suggestion != "cutoff" { hints.append(listing) }
    return Finding(
      307, message, at: span, label: suggestion.map { "did you mean `\($0)`?" }, notes: notes,
      hints: hints)
  }

  private var name: String { path.last ?? "" }

  /// What to write for a feature's value.
  private var featureHint: String {
    if case .row(_, hasFeatures: true) = scope {
      "write `\(FeatureInputs.table).\(name)` for the value of that feature"
    } else {
      "a rule or condition can read columns, not features"
    }
  }

  /// Whether the name would be that of a feature.
  private var isOfFeatures: Bool {
    scope.feature(path) != nil && names.sources[FeatureInputs.table] == nil
  }

  /// The features with this name and a window.
  private var windows: [String] { names.features.filter { $0.hasPrefix(name + "_") } }

  // MARK: - Words that are not names

  /// Words for null in other languages.
  private static let nothings: Set<String> = ["none", "nil", "undefined"]
  /// Words for the day of the prediction in other databases and conventions.
  private static let clocks: Set<String> = [
    "sysdate", "systimestamp", "getdate", "curdate", "curtime", "today", "as_of", "snapshot_date",
  ]
  private static let quotes: Set<Character> = [
    "\"", "\u{201C}", "\u{201D}", "\u{2018}", "\u{2019}",
  ]

  /// The text that was meant if the name is in the wrong kind of quotes.
  private var quotedText: String? {
    guard path.count == 1, let first = written.first, Self.quotes.contains(first) else {
      return nil
    }
    // A quoted name that differs from a column only in case was meant as a name.
    guard !readable.contains(where: { $0.column.lowercased() == name.lowercased() }) else {
      return nil
    }
    return name.trimmed { Self.quotes.contains($0) }
  }

  private func notText(_ text: String, at span: SourceSpan) -> Finding {
    let isName = written.first == "\""
    return Finding(
      307, message, at: span, label: isName ? "a name, not text" : nil,
      hints: ["write text in \(isName ? "single" : "straight single") quotes: `'\(text)'`"])
  }

  // MARK: - The message

  private var message: String {
    let name = path.joined(separator: ".")
    switch scope {
    case .events(let source, let others):
      return path.count == 2 && others.contains(path[0])
        ? "`\(path[0])` declares no column `\(path[1])`"
        : "`\(name)` is not a column of `\(source)`"
    case .row:
      if isOfFeatures { return "there is no feature `\(self.name)`" }
      if path.count == 2, let source = names.sources[path[0]], isReadable(source) {
        return "`\(path[0])` declares no column `\(path[1])`"
      }
      return "`\(name)` does not name a column that can be read here"
    }
  }

  private var notes: [String] {
    switch scope {
    case .events(let source, let others):
      let owner = path.count == 2 && others.contains(path[0]) ? path[0] : source
      return ["`\(owner)` declares: \(names.columns(of: owner).joined(separator: ", "))"]
    case .row(let sources, _):
      if path.count == 2, sources.contains(path[0]) { return [] }
      if isOfFeatures {
        let windows = windows
        return windows.isEmpty ? [] : ["each window is a separate feature: \(windows.listed)"]
      }
      return [
        "write columns as `source.column`; sources readable here: "
          + "\(sources.joined(separator: ", "))"
      ]
    }
  }

  /// The reason that a column of another source cannot be read here.
  private var placeHint: String? {
    switch scope {
    case .events(let source, let others):
      guard path.count >= 2, path[0] != source, names.sources[path[0]] != nil,
        !others.contains(path[0])
      else { return nil }
      return others.isEmpty
        ? "this condition sees only the event's own columns"
        : "beside the event's own columns, this condition sees those of \(others.listed)"
    case .row:
      if path.count == 3, names.column(ColumnReference(source: path[0], column: path[1])) != nil {
        let column = path.dropLast().joined(separator: ".")
        return "write a function before its argument: `\(name)(\(column))`"
      }
      if path.count == 2, path[0] == FeatureInputs.table, names.features.contains(name) {
        return featureHint
      }
      guard let source = names.sources[path[0]], case .events = source.shape else { return nil }
      return
        "`\(path[0])` is an event source: summarize it with `count`, `sum`, `mean`, `min`, `max`, "
        + "or `distinct`"
    }
  }

  /// How to make a column of the source readable, if the name could be one.
  private var listingHint: String? {
    let owner: String
    switch scope {
    case .events(let source, let others):
      let isOther = path.count == 2 && others.contains(path[0])
      guard path.count == 1 || path[0] == source || isOther else { return nil }
      owner = isOther ? path[0] : source
      guard suggestion == nil || shapeColumns(of: owner).contains(name) else { return nil }
    case .row(let sources, _):
      guard path.count == 2, sources.contains(path[0]) else { return nil }
      owner = path[0]
    }
    guard let source = names.sources[owner] else { return nil }
    let place = "`sources.\(owner).columns`"
    let isEntity = if case .entity = source.shape { true } else { false }
    let form = isEntity ? "with its type and class" : "with its type"
    return shapeColumns(of: owner).contains(name)
      ? "list it under \(place) \(form) to read it: using it in the source does not list it"
      : "list it under \(place) \(form)"
  }

  /// Returns the columns that define a source's shape.
  private func shapeColumns(of name: String) -> [String] {
    guard let source = names.sources[name] else { return [] }
    switch source.shape {
    case .entity(let created): return [source.key.value, created?.value].compactMap(\.self)
    case .history(let from, let to, _): return [source.key.value, from.value, to.value]
    case .events(let time, let known):
      return [source.key.value, time.value, known?.value].compactMap(\.self)
    }
  }

  // MARK: - What was meant

  /// The columns that can be read here, and how they are written; in a condition on events, their
  /// own.
  private var readable: [(column: String, written: String)] {
    switch scope {
    case .events(let source, _): names.columns(of: source).map { ($0, $0) }
    case .row(let sources, _): qualified(sources)
    }
  }

  private func qualified(_ sources: [String]) -> [(column: String, written: String)] {
    sources.flatMap { source in names.columns(of: source).map { ($0, "\(source).\($0)") } }
  }

  private var suggestion: String? {
    if path.count == 1 {
      if Self.clocks.contains(name.lowercased()) { return "cutoff" }
      if case .events(let source, _) = scope, shapeColumns(of: source).contains(name) {
        return nil
      }
      let near = closest(to: name, among: readable + [("cutoff", "cutoff")])
      guard near == nil, case .events(_, let others) = scope else { return near }
      return exact(name, among: qualified(others)).first
    }
    switch scope {
    case .events(let source, let others):
      if others.contains(path[0]) { return closest(to: name, among: qualified([path[0]])) }
      // A column of another source is not a typo.
      guard path[0] == source || names.sources[path[0]] == nil else { return nil }
      return closest(to: name, among: readable)
        ?? Suggestion.closest(to: path[0], among: others)
        .flatMap { closest(to: name, among: qualified([$0])) }
    case .row(let sources, let hasFeatures):
      if isOfFeatures { return closestFeature }
      if let known = names.sources[path[0]], !isReadable(known) { return nil }
      guard path.count == 2, !sources.contains(path[0]) else {
        let own = readable.filter { $0.written.hasPrefix("\(path[0]).") }
        return path.count == 2 ? closest(to: name, among: own) : nil
      }
      let tables = hasFeatures ? sources + [FeatureInputs.table] : sources
      let source = Suggestion.closest(to: path[0], among: tables)
      if hasFeatures, source == FeatureInputs.table, !sources.contains(FeatureInputs.table) {
        return closestFeature ?? exact(name, among: readable).first
      }
      let own = readable.filter { column in
        source.map { column.written.hasPrefix("\($0).") } ?? false
      }
      return closest(to: name, among: own) ?? exact(name, among: readable).first ?? source
    }
  }

  /// The feature with the same or the closest name, as it is written.
  private var closestFeature: String? {
    let windows = windows
    let known =
      names.features.contains(name)
      ? name
      : Suggestion.closest(to: name, among: windows.isEmpty ? Array(names.features) : windows)
    return known.map { "\(FeatureInputs.table).\($0)" }
  }

  private func isReadable(_ source: SourceSpec) -> Bool {
    if case .events = source.shape { false } else { true }
  }

  private func exact(_ name: String, among words: [(column: String, written: String)]) -> [String] {
    words.filter { $0.column == name }.map(\.written)
  }

  /// Returns the column of that name, or the one with the closest name.
  private func closest(
    to name: String, among words: [(column: String, written: String)]
  ) -> String? {
    let same = exact(name, among: words)
    if !same.isEmpty { return same.joined(separator: "` or `") }
    let near = Suggestion.closest(to: name, among: words.map(\.column))
    return words.first { $0.column == near }?.written
  }
}

extension String {
  /// Returns the text without the characters at both ends that satisfy a predicate.
  fileprivate func trimmed(_ isDropped: (Character) -> Bool) -> String {
    let start = drop(while: isDropped)
    return String(start.reversed().drop(while: isDropped).reversed())
  }
}

/// The names that an expression may use, and those that it may have confused with them.
struct NameTable {
  let sources: [String: SourceSpec]
  /// The names of the features, whether the experiment uses them or not, in the order of the spec.
  let features: OrderedSet<String>
  private let lookAhead: LookAheadSpec?
  /// The columns through which entities find the rows of each source.
  private let foreignKeys: [String: [ColumnReference]]

  init(_ spec: ExperimentSpec) {
    sources = Dictionary(uniqueKeysWithValues: spec.sources.values.map { ($0.name.value, $0) })
    features = OrderedSet((spec.features + spec.otherFeatures).map(\.name.value))
    lookAhead = spec.lookAhead
    foreignKeys = Dictionary(
      uniqueKeysWithValues: spec.sources.keys.map { name in
        (name, spec.sources.foreignKeys(of: name).map(\.value))
      })
  }

  /// Returns the listed column of that name.
  func column(_ reference: ColumnReference) -> ColumnSpec? {
    sources[reference.source]?.columns[reference.column]
  }

  /// Returns the column because of which reading a column would be look-ahead that the spec does not
  /// allow: itself, or one through which entities find its row; nil if there is none.
  func lookAhead(of reference: ColumnReference) -> ColumnReference? {
    ([reference] + (foreignKeys[reference.source] ?? [])).first { column in
      self.column(column)?.columnClass == .current && lookAhead?.allows(column) != true
    }
  }

  /// Returns the names of a source's listed columns.
  func columns(of source: String) -> [String] {
    sources[source].map { Array($0.columns.keys) } ?? []
  }
}

extension Explanation {
  static let unknownNameFindings: [Explanation] = [
    Explanation(
      307, "a name in SQL that is not a listed column",
      cause: """
        An expression can read only columns that a source lists, because the list says when their \
        values became known. In features and rules, write a column as `source.column`; in a \
        condition on events, the name of their own column is enough. The SQL of a feature can also \
        read another feature, as `features.name`. Names are case-sensitive, and a word in double \
        quotes is a name too.
        """,
      example: .spec(
        """
        feature_sets: {more: [large: {sql: «size» > 50, type: flag}]}
        features: [account, more]
        """, Example.checkWithData),
      fix: """
        Write the name in full, here `customers.size`, or list the column under the source's \
        `columns`. Write text in single quotes: `kind = 'demo'`.
        """)
  ]
}
