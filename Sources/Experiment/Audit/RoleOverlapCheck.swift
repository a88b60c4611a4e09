internal import Panel
internal import Spec

/// `role_overlap`: two roles may not share a label window of an entity, and no row may be in two
/// roles.
///
/// Two windows (a, a + H] and (b, b + H] with a < b overlap when b < a + H. One event can then make
/// both rows positive, so the test outcome was partly learned in training. Counted over train,
/// calibrate and test rows. A single overlap fails.
struct RoleOverlapCheck {
  func outcome(_ subject: AuditSubject) -> AuditOutcome {
    let blocks = subject.blocks.sorted { $0.cutoff.date < $1.cutoff.date }
    var pairs = 0
    var repeated = 0
    var shared: Set<Int32> = []
    var byRoles: [String: (pairs: Int, cutoffs: Int)] = [:]
    for (index, earlier) in blocks.enumerated() {
      for later in blocks[(index + 1)...] where later.cutoff.role != earlier.cutoff.role {
        let isSameDay = later.cutoff.date == earlier.cutoff.date
        guard later.cutoff.date < earlier.cutoff.windowEnd || isSameDay else { continue }
        let found = Self.common(earlier, later)
        guard found.rows > 0 else { continue }
        if isSameDay { repeated += found.rows } else { pairs += found.rows }
        shared.formUnion(found.positives)
        let roles = "\(earlier.cutoff.role.rawValue) and \(later.cutoff.role.rawValue)"
        byRoles[roles, default: (0, 0)].pairs += found.rows
        byRoles[roles, default: (0, 0)].cutoffs += 1
      }
    }
    let numbers: [(String, Double)] = [
      ("overlapping_pairs", Double(pairs)), ("rows_in_two_roles", Double(repeated)),
      ("positive_entities_in_two_roles", Double(shared.count)),
      ("rows", Double(blocks.reduce(0) { $0 + $1.rowCount })),
    ]
    guard subject.test.contains(where: { $0.rowCount > 0 }) else {
      return .inconclusive("There are no test rows.", numbers: numbers)
    }
    guard pairs + repeated > 0 else {
      return AuditOutcome(
        verdict: .pass,
        sentence: "No label windows of two roles overlap, and no row is in two roles.",
        numbers: numbers)
    }
    return AuditOutcome(
      verdict: .fail,
      sentence:
        "\(AuditWords.count(pairs + repeated, "pair")) of rows in two roles share part of a label "
        + "window, and \(subject.spec.label.noun.count(shared.count)) "
        + "\(shared.count == 1 ? "is" : "are") positive in two of them: the model is tested on "
        + "its training data.",
      numbers: numbers,
      details: byRoles.sorted { $0.key < $1.key }.map { roles, found in
        "\(roles): \(AuditWords.count(found.pairs, "pair")) of rows over "
          + AuditWords.count(found.cutoffs, "pair") + " of cutoffs"
      })
  }

  /// The entities that are in both blocks, and those that are positive in both.
  private static func common(
    _ left: PanelBlock, _ right: PanelBlock
  ) -> (rows: Int, positives: [Int32]) {
    var (rows, positives): (Int, [Int32]) = (0, [])
    var (first, second) = (0, 0)
    // Both are in ascending order of entity.
    while first < left.rowCount, second < right.rowCount {
      let (own, other) = (left.entities[first], right.entities[second])
      if own == other {
        rows += 1
        if left.labels[first] == 1, right.labels[second] == 1 { positives.append(own) }
      }
      if own <= other { first += 1 }
      if other <= own { second += 1 }
    }
    return (rows, positives)
  }
}
