internal import Panel

/// Rows, positives and distinct buyers of each role.
struct RoleCounts {
  private(set) var rows: [Role: Int] = [:]
  private(set) var positives: [Role: Int] = [:]
  private var buyers: [Role: Set<Int32>] = [:]

  init(_ counts: [CutoffCounts]) { for count in counts { add(count) } }

  private mutating func add(_ counts: CutoffCounts) {
    rows[counts.cutoff.role, default: 0] += counts.rows
    positives[counts.cutoff.role, default: 0] += counts.positives
    buyers[counts.cutoff.role, default: []].formUnion(counts.buyers)
  }

  func buyerCount(_ role: Role) -> Int { buyers[role]?.count ?? 0 }
}
