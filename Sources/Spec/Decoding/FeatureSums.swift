import Diagnostics
import OrderedCollections

/// Checks that sums of features add features that exist, are numbers, and do not go in circles.
struct FeatureSums {
  let table: FeatureTable
  /// The features chosen; nil where that is not known.
  let chosen: Set<String>?

  init(_ table: FeatureTable, chosen: [FeatureSpec]?) {
    self.table = table
    self.chosen = chosen.map { Set($0.map(\.name.value)) }
  }

  var findings: [Finding] {
    var findings: [Finding] = []
    for feature in table.all.values {
      guard case .sum(let parts) = feature.expression else { continue }
      for part in parts where findings.count < SpecLoader.maximumFindings {
        guard let addend = table.all[part.value] else {
          if !table.isMalformed(part.value) {
            findings.append(.unknownAddend(part, known: Array(table.all.keys)))
          }
          continue
        }
        if addend.expression.isCategory { findings.append(.addsCategory(part)) }
        if let chosen, chosen.contains(feature.name.value), !chosen.contains(part.value) {
          findings.append(.addendNotChosen(part, of: feature.name))
        }
      }
    }
    return findings + cycles
  }

  /// Sums that lead back to themselves: those left when all others have been settled, addends
  /// before sums (A. B. Kahn, Topological sorting of large networks, 1962).
  private var cycles: [Finding] {
    var addends: [String: [Located<String>]] = [:]
    for feature in table.all.values {
      if case .sum(let parts) = feature.expression { addends[feature.name.value] = parts }
    }
    var openAddends: [String: Int] = [:]
    var sumsOf: [String: [String]] = [:]
    for (name, parts) in addends {
      for part in parts where addends[part.value] != nil {
        openAddends[name, default: 0] += 1
        sumsOf[part.value, default: []].append(name)
      }
    }
    var ready = addends.keys.filter { openAddends[$0] == nil }
    while let name = ready.popLast() {
      for sum in sumsOf[name, default: []] {
        openAddends[sum, default: 0] -= 1
        if openAddends[sum] == 0 { ready.append(sum) }
      }
    }
    return table.all.keys.compactMap { name in
      guard openAddends[name, default: 0] > 0 else { return nil }
      return addends[name, default: []].first { openAddends[$0.value, default: 0] > 0 }
        .map(Finding.sumOfItself)
    }
  }
}
