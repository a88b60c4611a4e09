internal import Evaluation

/// Measures published lists on what became of their rows.
///
/// Pure: the same lists give the same figures bit by bit, on any number of threads.
public struct OutcomeMeasurement: Sendable {
  /// Some rows of some lists, and what they come to.
  public struct Part: Sendable {
    /// Every row.
    public let published: OutcomeFigures
    /// The rows within capacity; nil where a list does not say which.
    public let selected: OutcomeFigures?
  }

  /// All lists together.
  public let pooled: Part
  /// Each list by itself.
  public let lists: [Part]
  /// By tenth of the list, best first; without intervals.
  public let tenths: [OutcomeFigures]
  /// Each level of each grouping, all lists together; nil for a level without rows.
  public let groups: [[Part?]]

  /// - Parameters:
  ///   - lists: at least one.
  ///   - groupCounts: how many levels each grouping has.
  public init(_ lists: [OutcomeList], groupCounts: [Int] = [], options: OutcomeOptions) {
    let rows = OutcomeRows(lists)
    let every = Array(0..<rows.count)
    let selected = rows.selected
    func part(_ positions: [Int], lists: [Int]) -> [OutcomeSlice] {
      let chosen = selected.map { flags in positions.filter { flags[$0] } }
      return [OutcomeSlice(rows, positions, lists: lists)]
        + (chosen.map { [OutcomeSlice(rows, $0, lists: lists)] } ?? [])
    }
    let allLists = Array(lists.indices)
    var slices = part(every, lists: allLists)
    for list in lists.indices { slices += part(Array(rows.bounds[list]), lists: [list]) }
    var levels: [[[Int]]] = []
    for (grouping, count) in groupCounts.enumerated() {
      levels.append(rows.positions(byLevelOf: rows.groups[grouping], count: count))
      for positions in levels[grouping] where !positions.isEmpty {
        slices += part(positions, lists: allLists)
      }
    }
    let draws = options.bootstrap.map { OutcomeDraws(slices, rows, settings: $0) }
    var next = 0
    func figures() -> OutcomeFigures {
      defer { next += 1 }
      var intervals = draws?.intervals(ofSlice: next, level: options.level) ?? [:]
      if next == 0, let bootstrap = options.bootstrap {
        intervals.merge(
          slices[0].calibrationIntervals(rows, bootstrap, level: options.level)
        ) { own, _ in own }
      }
      return slices[next].figures(rows, options, intervals: intervals)
    }
    func nextPart() -> Part {
      Part(published: figures(), selected: selected == nil ? nil : figures())
    }
    pooled = nextPart()
    self.lists = lists.map { _ in nextPart() }
    groups = levels.map { $0.map { $0.isEmpty ? nil : nextPart() } }
    let byTenth = rows.positions(byLevelOf: rows.tenths, count: 10)
    tenths = byTenth.filter { !$0.isEmpty }.map {
      OutcomeSlice(rows, $0, lists: allLists).figures(rows, options, intervals: [:])
    }
  }
}
