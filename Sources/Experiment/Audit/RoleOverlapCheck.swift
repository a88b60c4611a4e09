internal import Panel
internal import Spec

/// `role_overlap`: two roles may not share a label window of an entity, and no row may be in two
/// roles.
///
/// Two windows (a, a + H] and (b, b + H] with a < b overlap when b < a + H. One event can then make
/// both rows positive, so the test outcome was partly learned in training. Counted over train,
/// calibrate and test rows. A single overlap fails. With `evaluation.cluster`, clusters take the place
/// of entities: the rows of a cluster at a cutoff count as one, and two entities of a cluster share a
/// window as one entity would.
struct RoleOverlapCheck {
  func outcome(_ subject: AuditSubject) -> AuditOutcome {
    let blocks = subject.blocks.sorted { $0.cutoff.date < $1.cutoff.date }
      .map { (cutoff: $0.cutoff, rowCount: $0.rowCount, clusters: BlockClusters($0)) }
    var pairs = 0
    var repeated = 0
    var shared: Set<Int32> = []
    var byRoles: [[Role]: (pairs: Int, cutoffs: Int)] = [:]
    for (index, earlier) in blocks.enumerated() {
      for later in blocks[(index + 1)...] where later.cutoff.role != earlier.cutoff.role {
        let isSameDay = later.cutoff.date == earlier.cutoff.date
        guard later.cutoff.date < earlier.cutoff.windowEnd || isSameDay else { continue }
        let found = earlier.clusters.common(later.clusters)
        guard found.count > 0 else { continue }
        if isSameDay { repeated += found.count } else { pairs += found.count }
        shared.formUnion(found.positives)
        let roles = [earlier.cutoff.role, later.cutoff.role]
        byRoles[roles, default: (0, 0)].pairs += found.count
        byRoles[roles, default: (0, 0)].cutoffs += 1
      }
    }
    let numbers: [(String, Double)] = [
      ("overlapping_pairs", Double(pairs)), ("rows_in_two_roles", Double(repeated)),
      ("positive_entities_in_two_roles", Double(shared.count)),
      ("rows", Double(blocks.reduce(0) { $0 + $1.rowCount })),
    ]
    guard subject.test.contains(where: { $0.rowCount > 0 }) else {
      return AuditOutcome(.inconclusive, .noTestRows, numbers: numbers)
    }
    guard pairs + repeated > 0 else { return AuditOutcome(.pass, .rolesApart, numbers: numbers) }
    let isClustered = subject.blocks[0].isClustered
    func name(_ roles: [Role]) -> String { roles.map(\.rawValue).joined(separator: " ") }
    return AuditOutcome(
      .fail,
      .rolesOverlap(
        pairs: pairs + repeated, isClustered: isClustered, positives: shared.count,
        subject.spec.label.noun),
      numbers: numbers,
      details: byRoles.sorted { name($0.key) < name($1.key) }.map { roles, found in
        .roleOverlap(
          roles[0], roles[1], pairs: found.pairs, isClustered: isClustered,
          cutoffPairs: found.cutoffs)
      })
  }
}

/// The distinct clusters of a block; without `evaluation.cluster`, its entities.
private struct BlockClusters {
  /// Ascending.
  private let numbers: [Int32]
  /// Whether each has a positive row.
  private let isPositive: [Bool]

  init(_ block: PanelBlock) {
    guard block.isClustered else {
      (numbers, isPositive) = (block.entities, block.labels.map { $0 == 1 })
      return
    }
    var positive: [Int32: Bool] = [:]
    for (cluster, label) in zip(block.clusters, block.labels) {
      positive[cluster, default: false] = positive[cluster, default: false] || label == 1
    }
    let sorted = positive.sorted { $0.key < $1.key }
    numbers = sorted.map(\.key)
    isPositive = sorted.map(\.value)
  }

  /// The number of clusters in both blocks, and those that are positive in both.
  func common(_ other: BlockClusters) -> (count: Int, positives: [Int32]) {
    var (count, positives): (Int, [Int32]) = (0, [])
    var (first, second) = (0, 0)
    while first < numbers.count, second < other.numbers.count {
      let (own, others) = (numbers[first], other.numbers[second])
      if own == others {
        count += 1
        if isPositive[first], other.isPositive[second] { positives.append(own) }
      }
      if own <= others { first += 1 }
      if others <= own { second += 1 }
    }
    return (count, positives)
  }
}
