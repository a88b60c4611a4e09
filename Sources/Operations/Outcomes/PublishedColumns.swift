/// Which columns the published rows have.
struct PublishedColumns {
  /// Needed columns that are not there.
  let missing: [String]
  /// The columns to group by that are there, and those that are not.
  let groups: [String]
  let missingGroups: [String]
  let hasRuns: Bool
  let hasSelection: Bool
  let hasModel: Bool

  /// - Parameters:
  ///   - names: of all columns.
  ///   - key: the name of the key's.
  ///   - groups: the columns to group by.
  init(_ names: [String], key: String, groups: [String]) {
    // Databases write names in their own case.
    let known = Set(names.map { $0.lowercased() })
    func has(_ name: String) -> Bool { known.contains(name.lowercased()) }
    missing = [key, "cutoff_date", "score", "rank_global"].filter { !has($0) }
    self.groups = groups.filter(has)
    missingGroups = groups.filter { !has($0) }
    hasRuns = has("run_id")
    hasSelection = has("selected")
    hasModel = has("model")
  }
}
