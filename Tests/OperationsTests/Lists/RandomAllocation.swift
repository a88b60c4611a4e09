import Diagnostics
import Experiment
import HoldoutTestSupport
import Operations
import OrderedCollections
import Randomness
import Spec

/// Random rows and a random capacity, with the rules written a second time, as plainly as can be.
struct RandomAllocation {
  static let cutoff = CalendarDate(days: 20_349)

  var rows: AllocationRows
  var capacity: CapacitySpec

  init(_ draw: inout SplitMix64, rows count: Int) {
    let margins = (0..<count).map { _ in Double(draw.number(0...12)) }
    let names = ["West", "East", "North"]
    rows = AllocationRows(
      order: Ranking(margins: margins, entities: (0..<count).map(Int32.init)).order,
      // Rises with the margin, in steps, as isotonic calibration does.
      scores: margins.map { ($0 / 3).rounded(.down) / 64 },
      groups: (0..<count).map { _ in Int32(draw.number(0...2)) }, groupNames: names,
      lastSelected: (0..<count).map { _ in
        draw.oneIn(3) ? Int32(Self.cutoff.days - draw.number(-5...30)) : AllocationRows.never
      },
      exclusions: (0..<count).map { _ in draw.oneIn(6) ? 0 : AllocationRows.notExcluded })
    let total = draw.oneIn(4) ? nil : draw.number(0...8)
    capacity = .test(
      per: "territory", rows: draw.oneIn(3) ? nil : draw.number(0...4),
      groups: draw.oneIn(2) ? [:] : ["East": draw.number(0...5)], total: total,
      maxShare: total == nil || draw.oneIn(2) ? nil : 0.5,
      minScore: draw.oneIn(2) ? nil : Double(draw.number(0...2)) / 64,
      coolDown: draw.oneIn(2) ? nil : Period(draw.number(1...20), .days), exclude: ["no.csv"])
  }

  var allocation: Allocation { Allocation(rows, capacity: capacity, cutoff: Self.cutoff) }

  /// Whether the rules that look at a row by itself let it pass.
  func isEligible(_ row: Int) -> Bool {
    let age = Self.cutoff.days - Int(rows.lastSelected[row])
    let isWarm = capacity.coolDown.map { age > 0 && age < $0.count } ?? false
    return rows.exclusions[row] < 0 && !isWarm
      && rows.scores[row] >= capacity.minScore?.value ?? 0
  }

  /// Whether a choice of rows keeps every rule.
  func allows(_ chosen: [Bool]) -> Bool {
    let rowsChosen = chosen.indices.filter { chosen[$0] }
    guard rowsChosen.allSatisfy(isEligible), rowsChosen.count <= capacity.total?.value ?? .max
    else { return false }
    return rows.groupNames.indices.allSatisfy { group in
      let name = rows.groupNames[group]
      let count = rowsChosen.count { rows.groups[$0] == Int32(group) }
      let share = capacity.maxShare.map { _ in
        let total = capacity.total?.value ?? 0
        return total > 0 ? max(1, total / 2) : 0
      }
      return count <= (capacity.groups[name] ?? capacity.rows)?.value ?? .max
        && count <= share ?? .max
    }
  }

  /// Every allowed choice.
  var allowedChoices: [[Bool]] {
    (0..<(1 << rows.count)).map { bits in (0..<rows.count).map { bits >> $0 & 1 == 1 } }
      .filter(allows)
  }
}
