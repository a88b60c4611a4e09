internal import Panel
internal import Spec

/// The panel's rows and counts of all folds, read once a day, however many folds the day stands in.
struct FoldBlocks {
  private var blocks: [CalendarDate: PanelBlock]
  private let counts: [CalendarDate: CutoffCounts]
  let texts: PanelTexts

  /// Reads the days of every role, and counts those that are embargoed in every fold.
  /// - Throws: `CacheMiss`.
  init(_ folds: [Timeline], panel: ExperimentPanel, settings: RunSettings) throws(CacheMiss) {
    var read: [CalendarDate: Cutoff] = [:]
    var embargoed: [CalendarDate: Cutoff] = [:]
    for cutoff in folds.flatMap(\.split) {
      if cutoff.role == .embargoed {
        embargoed[cutoff.date] = cutoff
      } else {
        read[cutoff.date] = cutoff
      }
    }
    // In the order of time, as progress is told in cutoffs.
    let cutoffs = read.values.sorted { $0.date < $1.date }
    var blocks: [CalendarDate: PanelBlock] = [:]
    for (number, cutoff) in cutoffs.enumerated() {
      settings.progress(RunProgress(stage: .reading, done: number, total: cutoffs.count))
      blocks[cutoff.date] = try panel.block(cutoff)
    }
    var counts = blocks.mapValues(\.counts)
    for (date, cutoff) in embargoed where counts[date] == nil {
      counts[date] = try panel.counts(cutoff)
    }
    self.blocks = blocks
    self.counts = counts
    texts = PanelTexts(keys: try panel.keys(), levels: panel.levels)
  }

  /// The rows of a role's cutoffs in a fold, oldest first.
  func rows(_ role: Role, of fold: Timeline) -> [PanelBlock] {
    fold[role].compactMap { cutoff in blocks[cutoff.date]?.serving(cutoff) }
  }

  /// The counts of a fold's split, oldest first.
  func counts(of fold: Timeline) -> [CutoffCounts] {
    fold.split.compactMap { cutoff in counts[cutoff.date]?.serving(cutoff) }
  }

  /// Lets go of rows that none of these folds uses.
  mutating func keep(only folds: some Sequence<Timeline>) {
    let used = Set(folds.flatMap(\.split).map(\.date))
    blocks = blocks.filter { used.contains($0.key) }
  }
}
