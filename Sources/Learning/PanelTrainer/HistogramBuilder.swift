internal import CPanelTrees
internal import Columns

/// Builds histograms of leaves: for every feature and bin, the sums of the rows' derivatives.
///
/// Sums are whole numbers. So threads may take rows in any order, and a leaf's histogram is its
/// parent's less its sibling's, to the last bit.
final class HistogramBuilder {
  let rows: PanelRows
  let groups: RunGroups
  let threads: Int
  /// Where each feature's bins start in a histogram.
  let offsets: [Int]
  let size: Int
  /// The derivatives of all slots before a slot in its chunk.
  let prefix: PlainMemory<panel_sum>
  /// The slots with rows of the bag; nil if all are in it.
  var bag: PlainMemory<UInt64>?

  private let scratch: [PlainMemory<panel_sum>]

  /// What is to be counted: in each group, the columns in use and their places in the scratch.
  struct Plan: Sendable {
    fileprivate var columns: [[Int32]] = []
    fileprivate var bases: [[Int32]] = []
    fileprivate var used: [(column: CodeColumn, base: Int)] = []
    fileprivate var size = 0
  }

  init(rows: PanelRows, groups: RunGroups, threads: Int) {
    self.rows = rows
    self.groups = groups
    self.threads = min(threads, rows.slots.chunkCount)
    var offsets: [Int] = []
    var size = 0
    for feature in rows.features {
      offsets.append(size)
      size += feature.mapper.binCount
    }
    self.offsets = offsets
    self.size = size
    prefix = PlainMemory(zeros: rows.slots.count)
    let codes = groups.groups.reduce(0) { $0 + $1.columns.reduce(0) { $0 + $1.codeCount } }
    scratch = (0..<self.threads).map { _ in PlainMemory(zeros: codes) }
  }

  /// Plans to count the columns that have one of some features.
  func plan(_ features: [Bool]) -> Plan {
    var plan = Plan()
    for group in groups.groups {
      var columns: [Int32] = []
      var bases: [Int32] = []
      for (offset, column) in group.columns.enumerated()
      where column.parts.contains(where: { features[$0.feature] }) {
        columns.append(Int32(offset))
        bases.append(Int32(plan.size))
        plan.used.append((column, plan.size))
        plan.size += column.codeCount
      }
      plan.columns.append(columns)
      plan.bases.append(bases)
    }
    return plan
  }

  /// Counts a leaf's rows. `before` is called for each chunk on the thread that then counts it.
  func count(
    _ leaf: PlainMemory<UInt64>, _ plan: Plan, into histogram: PlainMemory<panel_sum>,
    before: @Sendable (Int) -> Void = { _ in }
  ) {
    let (groups, bag, prefix, scratch) = (groups.groups, bag, prefix, scratch)
    let chunks = rows.slots.chunkCount
    let threads = threads
    Parallel.forEach(threads, threads: threads) { thread in
      let sums = scratch[thread].start
      for index in 0..<plan.size { sums[index] = panel_sum(gradient: 0, hessian: 0) }
      for chunk in chunks * thread / threads..<chunks * (thread + 1) / threads {
        before(chunk)
        let first = chunk * Slots.wordsPerChunk
        for (index, group) in groups.enumerated() where !plan.columns[index].isEmpty {
          var pointers = group.pointers
          panel_histogram(
            &pointers, plan.columns[index], plan.bases[index],
            Int32(plan.columns[index].count), prefix.start, leaf.start, bag?.start, first,
            first + Slots.wordsPerChunk, sums)
        }
      }
    }
    spread(plan, into: histogram)
  }

  /// Adds the threads' sums, and spreads them from codes to bins.
  private func spread(_ plan: Plan, into histogram: PlainMemory<panel_sum>) {
    for (column, base) in plan.used {
      let sums = scratch[0].start + base
      for other in scratch.dropFirst() {
        let sums = (sums, other.start + base)
        for code in 0..<column.codeCount {
          sums.0[code].gradient &+= sums.1[code].gradient
          sums.0[code].hessian &+= sums.1[code].hessian
        }
      }
      for part in column.parts {
        let bins = histogram.start + offsets[part.feature]
        for bin in 0..<rows.features[part.feature].mapper.binCount {
          bins[bin] = panel_sum(gradient: 0, hessian: 0)
        }
        part.bins.withUnsafeBufferPointer { binOfCode in
          for code in 0..<column.codeCount {
            let bin = Int(binOfCode[code])
            bins[bin].gradient &+= sums[code].gradient
            bins[bin].hessian &+= sums[code].hessian
          }
        }
      }
    }
  }

  /// Returns the sums of all rows of a histogram.
  func total(_ histogram: PlainMemory<panel_sum>, _ plan: Plan) -> panel_sum {
    var total = panel_sum(gradient: 0, hessian: 0)
    guard let used = plan.used.first else { return total }
    let feature = used.column.parts[0].feature
    for bin in 0..<rows.features[feature].mapper.binCount {
      total.gradient &+= histogram[offsets[feature] + bin].gradient
      total.hessian &+= histogram[offsets[feature] + bin].hessian
    }
    return total
  }

  /// Turns a parent's histogram into that of one child, given the other's.
  func subtract(
    _ child: PlainMemory<panel_sum>, from parent: PlainMemory<panel_sum>, features: [Bool]
  ) {
    for feature in features.indices where features[feature] {
      let start = offsets[feature]
      for bin in start..<start + rows.features[feature].mapper.binCount {
        parent.start[bin].gradient &-= child.start[bin].gradient
        parent.start[bin].hessian &-= child.start[bin].hessian
      }
    }
  }
}
