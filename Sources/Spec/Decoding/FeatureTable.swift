internal import Diagnostics
internal import OrderedCollections

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

/// The sources of a spec during decoding: their definitions, and which of them are used.
struct Catalog {
  /// The names of all sources, including malformed ones.
  private(set) var names: OrderedSet<String> = []
  /// The names of all listed columns by source, including malformed ones.
  private(set) var columnNames: [String: [String]] = [:]
  private(set) var sources: OrderedDictionary<String, SourceSpec> = [:]
  private(set) var used: Set<String> = []

  mutating func declare(_ name: String, columns: [String]) {
    names.append(name)
    columnNames[name] = columns
  }

  mutating func add(_ source: SourceSpec) { sources[source.name.value] = source }

  /// Records the column that refers to a source.
  mutating func refer(_ column: Located<ColumnReference>, to source: String) {
    sources[source]?.foreignKey = column
  }

  /// Records that a source is read, and with it those through which entities find its rows.
  mutating func use(_ source: String) {
    used.insert(source)
    used.formUnion(sources.foreignKeys(of: source).map(\.value.source))
  }
}
