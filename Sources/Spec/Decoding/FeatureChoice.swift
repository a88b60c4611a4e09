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
    return ([feature] + others).map(\.expression.facts.reads).contains { input in
      input.columns.contains(column)
        || input.sources.contains { source in
          sources.foreignKeys(of: source).contains { $0.value == column }
        }
    }
  }

  private var candidates: [String] { Array(table.sets.keys) + Array(table.all.keys) }
}

extension FeatureFacts.Input {
  /// The columns that are named; in SQL, all that may be columns.
  fileprivate var columns: [ColumnReference] {
    switch self {
    case .column(let own, _): [own.value]
    case .sql(let sql):
      SQLWords(sql.text).qualifiedNames.map {
        ColumnReference(source: $0.source, column: $0.column)
      }
    case .events(let aggregate):
      (aggregate.column.map { [ColumnReference(source: aggregate.source.value, column: $0.value)] }
        ?? [])
        + (aggregate.condition.map {
          SQLWords($0.text).columns(ofEvents: aggregate.source.value).map(\.column)
        } ?? [])
    case .features: []
    }
  }

  /// The sources that are named.
  fileprivate var sources: [String] {
    let events: String? = if case .events(let own) = self { own.source.value } else { nil }
    return columns.map(\.source) + [events].compactMap(\.self)
  }
}

/// Every feature of a spec, by set and by name.
struct FeatureTable {
  private(set) var sets: OrderedDictionary<String, [FeatureSpec]> = [:]
  /// The position of each set's name.
  private var setNames: [String: Located<String>] = [:]
  private(set) var all: OrderedDictionary<String, FeatureSpec> = [:]
  /// The names of features that could not be decoded; they are reported elsewhere.
  var malformed: [String] = []
  private var spellings: [String: Located<String>] = [:]

  mutating func open(_ set: Located<String>) {
    sets[set.value] = []
    setNames[set.value] = set
  }

  /// Returns warnings about sets, and about features of other sets, that a choice does not mention,
  /// limited to those whose position satisfies `counts`.
  func unused(_ choice: FeatureChoice, where counts: (SourceSpan) -> Bool) -> [Finding] {
    sets.flatMap { set, features -> [Finding] in
      let idle = features.filter { !choice.mentioned.contains($0.name.value) }
      if !idle.isEmpty, idle.count == features.count {
        return setNames[set].map { counts($0.span) ? [.unusedSet($0)] : [] } ?? []
      }
      return idle.filter { counts($0.name.span) }.map { .unusedFeature($0.name) }
    }
  }

  /// Adds a feature to its set. If its name is taken, ignoring case, returns the other feature's
  /// name instead.
  mutating func add(_ feature: FeatureSpec) -> Located<String>? {
    let spelling = feature.name.value.lowercased()
    if let other = spellings[spelling] { return other }
    spellings[spelling] = feature.name
    sets[feature.set, default: []].append(feature)
    all[feature.name.value] = feature
    return nil
  }

  /// Returns whether a name may be that of a malformed feature or of one of its windows.
  func isMalformed(_ name: String) -> Bool {
    malformed.contains { name == $0 || name.hasPrefix($0 + "_") }
  }
}
