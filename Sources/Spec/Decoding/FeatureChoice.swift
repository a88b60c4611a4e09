import Diagnostics
import OrderedCollections

/// Picks features by the names of sets and features, `-name` taking away what was picked before.
struct FeatureChoice {
  let table: FeatureTable
  private(set) var findings: [Finding] = []

  init(_ table: FeatureTable) { self.table = table }

  /// The features in the order of the names, each once.
  mutating func choose(_ names: [Located<String>]) -> [FeatureSpec] {
    var chosen: OrderedDictionary<String, FeatureSpec> = [:]
    for name in names {
      let isTaken = name.value.hasPrefix("-")
      let bare = isTaken ? String(name.value.dropFirst()) : name.value
      guard let features = table.sets[bare] ?? table.all[bare].map({ [$0] }) else {
        if !table.isMalformed(bare) {
          findings.append(.unknownFeature(name, bare, candidates: candidates))
        }
        continue
      }
      let known = features.filter { chosen[$0.name.value] != nil }
      if isTaken {
        if known.isEmpty, table.malformed.isEmpty {
          findings.append(.nothingToTakeAway(name, bare))
        }
        for feature in known { chosen[feature.name.value] = nil }
      } else {
        for feature in features where chosen[feature.name.value] == nil {
          chosen[feature.name.value] = feature
        }
      }
    }
    if chosen.isEmpty, table.malformed.isEmpty, findings.isEmpty, let last = names.last {
      findings.append(.noFeatures(at: last.span))
    }
    return Array(chosen.values)
  }

  private var candidates: [String] { Array(table.sets.keys) + Array(table.all.keys) }
}
