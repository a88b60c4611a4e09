import Diagnostics
import OrderedCollections

/// Chooses features by the names of sets and features. `-name` removes what was chosen before, and
/// `-source.column` removes every feature that reads the column, be it only to find its rows.
struct FeatureChoice {
  /// One entry of `features`.
  enum Name {
    case adding(Located<String>)
    case removing(Located<String>, bare: String)
    case removingReaders(Located<ColumnReference>)
    /// Removes the readers of the label's column; unlike `removingReaders`, it is no mistake if
    /// there are none.
    case removingReadersIfAny(ColumnReference)

    init(_ name: Located<String>) {
      guard name.value.hasPrefix("-") else {
        self = .adding(name)
        return
      }
      let bare = String(name.value.dropFirst())
      self =
        ColumnReference(bare).map { .removingReaders(Located($0, at: name.span)) }
        ?? .removing(name, bare: bare)
    }

    /// Removes the features that read the label's own column.
    init(_ labelColumn: Located<ColumnReference>) {
      self = .removingReadersIfAny(labelColumn.value)
    }
  }

  let table: FeatureTable
  private let inputs: FeatureInputs
  private(set) var findings: [Finding] = []
  private(set) var chosen: OrderedDictionary<String, FeatureSpec> = [:]
  /// The names of features and sets that are chosen or removed, and of features that their SQL reads.
  private(set) var mentioned: Set<String> = []
  /// The features that were chosen and then removed.
  var takenAway: Set<String> { removed.subtracting(chosen.keys) }
  private var removed: Set<String> = []

  private let sources: OrderedDictionary<String, SourceSpec>

  init(_ table: FeatureTable, sources: OrderedDictionary<String, SourceSpec> = [:]) {
    self.table = table
    self.sources = sources
    inputs = FeatureInputs(table.all.values)
  }

  /// Returns the features in the order of the names, without duplicates.
  mutating func choose(_ names: [Name]) -> [FeatureSpec] {
    var lastPlace: SourceSpan?
    for name in names {
      switch name {
      case .adding(let name):
        for feature in features(name.value, written: name) where chosen[feature.name.value] == nil {
          chosen[feature.name.value] = feature
        }
        lastPlace = name.span
      case .removing(let name, let bare):
        let features = features(bare, written: name)
        remove(features.map(\.name.value)) {
          features.isEmpty ? nil : .nothingToTakeAway(name, bare)
        }
        lastPlace = name.span
      case .removingReaders(let column):
        remove(readers(of: column.value)) { .nothingReads(column) }
        lastPlace = column.span
      case .removingReadersIfAny(let column):
        remove(readers(of: column)) { nil }
      }
    }
    if chosen.isEmpty, table.malformed.isEmpty, findings.isEmpty, let lastPlace {
      findings.append(.noFeatures(at: lastPlace))
    }
    return Array(chosen.values)
  }

  /// Returns the features of a set, or the feature of that name; none, with a finding, if there is
  /// neither.
  private mutating func features(_ bare: String, written: Located<String>) -> [FeatureSpec] {
    mentioned.insert(bare)
    guard let features = table.sets[bare] ?? table.all[bare].map({ [$0] }) else {
      if findings.count < SpecLoader.maximumFindings, !table.isMalformed(bare) {
        findings.append(.unknownFeature(written, bare, candidates: candidates))
      }
      return []
    }
    let read = inputs.all(of: features.filter(\.expression.isSQLOverFeatures))
    mentioned.formUnion((features + read).map(\.name.value))
    return features
  }

  private mutating func remove(_ names: [String], otherwise finding: () -> Finding?) {
    let known = names.filter { chosen[$0] != nil }
    if known.isEmpty, table.malformed.isEmpty, let finding = finding() { findings.append(finding) }
    for name in known { chosen[name] = nil }
    removed.formUnion(known)
  }

  private mutating func readers(of column: ColumnReference) -> [String] {
    let names = chosen.values.filter { reads(column, $0) }.map(\.name.value)
    mentioned.formUnion(names)
    return names
  }

  /// Returns whether a feature reads a column itself or, if it is SQL, through other features.
  private func reads(_ column: ColumnReference, _ feature: FeatureSpec) -> Bool {
    let others = feature.expression.isSQLOverFeatures ? inputs.all(of: [feature]) : []
    return ([feature] + others).map(\.expression).contains { expression in
      expression.reads(column)
        || expression.sources.contains { source in
          sources.foreignKeys(of: source).contains { $0.value == column }
        }
    }
  }

  private var candidates: [String] { Array(table.sets.keys) + Array(table.all.keys) }
}

extension FeatureExpression {
  /// Returns whether the expression, or the condition of an event aggregate, names a column.
  fileprivate func reads(_ column: ColumnReference) -> Bool {
    switch self {
    case .value(let own), .flag(let own), .present(let own), .happened(let own),
      .daysSince(let own), .category(.column(let own), _):
      own.value == column
    case .category(.sql(let sql), _), .sql(let sql, _):
      SQLWords(sql.text).qualifiedNames.contains {
        $0.source == column.source && $0.column == column.column
      }
    case .aggregate(let aggregate):
      (aggregate.source.value == column.source && aggregate.column?.value == column.column)
        || aggregate.conditionColumns.contains(column)
    case .combination: false
    }
  }

  /// The sources that the expression names.
  fileprivate var sources: [String] {
    switch self {
    case .value(let own), .flag(let own), .present(let own), .happened(let own),
      .daysSince(let own), .category(.column(let own), _):
      [own.value.source]
    case .category(.sql(let sql), _), .sql(let sql, _):
      SQLWords(sql.text).qualifiedNames.map(\.source)
    case .aggregate(let aggregate):
      [aggregate.source.value] + aggregate.conditionColumns.map(\.source)
    case .combination: []
    }
  }
}

extension Aggregate {
  /// What may be columns in the condition.
  fileprivate var conditionColumns: [ColumnReference] {
    condition.map { SQLWords($0.text).columns(ofEvents: source.value).map(\.column) } ?? []
  }
}
