import Diagnostics
import OrderedCollections

/// Every feature of a spec, by set and by name.
struct FeatureTable {
  private(set) var sets: OrderedDictionary<String, [FeatureSpec]> = [:]
  private(set) var all: OrderedDictionary<String, FeatureSpec> = [:]
  /// The names of features that could not be decoded; they are reported elsewhere.
  var malformed: [String] = []
  private var spellings: [String: Located<String>] = [:]

  mutating func open(_ set: String) { sets[set] = [] }

  /// Adds a feature to its set, unless its name is taken, without regard to case: then by whom.
  mutating func add(_ feature: FeatureSpec) -> Located<String>? {
    let spelling = feature.name.value.lowercased()
    if let other = spellings[spelling] { return other }
    spellings[spelling] = feature.name
    sets[feature.set, default: []].append(feature)
    all[feature.name.value] = feature
    return nil
  }

  /// Whether a name may be that of a malformed feature, or of one of its windows.
  func isMalformed(_ name: String) -> Bool {
    malformed.contains { name == $0 || name.hasPrefix($0 + "_") }
  }
}
