internal import Panel
internal import Spec

/// The panel's rows and counts of all folds, built once a day, however many folds the day stands in.
struct FoldBlocks {
  private var blocks: [CalendarDate: PanelBlock]
  private let counts: [CalendarDate: CutoffCounts]

  /// Builds the days of every role, and counts those that are embargoed in every fold.
  init(_ folds: [Timeline], builder: PanelBuilder, settings: RunSettings) throws {
    var built: [CalendarDate: Cutoff] = [:]
    var embargoed: [CalendarDate: Cutoff] = [:]
    for cutoff in folds.flatMap(\.split) {
      if cutoff.role == .embargoed {
        embargoed[cutoff.date] = cutoff
      } else {
        built[cutoff.date] = cutoff
      }
    }
    // In the order of time, as progress is told in cutoffs.
    let cutoffs = built.values.sorted { $0.date < $1.date }
    settings.progress(RunProgress(stage: .panel, done: 0, total: cutoffs.count))
    let all = try builder.blocks(cutoffs, threads: settings.threads) { done in
      settings.progress(RunProgress(stage: .panel, done: done, total: cutoffs.count))
    }
    blocks = Dictionary(uniqueKeysWithValues: all.map { ($0.cutoff.date, $0) })
    var counts = blocks.mapValues(\.counts)
    for (date, cutoff) in embargoed.sorted(by: { $0.key < $1.key }) where counts[date] == nil {
      counts[date] = try builder.counts(cutoff)
    }
    self.counts = counts
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
