internal import Diagnostics
internal import Panel
internal import Spec

/// One cutoff's cohort, scored and ranked, and the rows of it that are published.
struct ScoreList {
  let panel: ListPanel
  let cutoff: CalendarDate
  let margins: [Double]
  let scores: [Double]
  let ranking: Ranking
  /// Each row's rank over all rows.
  let ranks: [Int32]
  /// Each row's rank within its level of a feature, by column.
  let rankColumns: [(name: String, ranks: [Int32])]
  /// Who is on the call list; nil without a capacity.
  let allocation: Allocation?
  /// The published rows, best first.
  let published: [Int]

  /// - Parameters:
  ///   - topK: how many rows of each level of the first `rank_by` are published, or of all; nil: all rows.
  ///   - allocate: who is selected, by the order of the rows.
  init(
    _ panel: ListPanel, margins: [Double], scores: [Double], score: ScoreSpec, topK: Int?,
    allocate: (Ranking) -> Allocation?
  ) {
    self.panel = panel
    self.margins = margins
    self.scores = scores
    cutoff = panel.block.cutoff.date
    let ranking = Ranking(margins: margins, entities: panel.block.entities)
    self.ranking = ranking
    let ranks = ranking.overall
    self.ranks = ranks
    let columns = score.rankColumns().map { column, feature in
      let groups = score.published.first { $0.feature?.value == feature }
        .map { panel.groups(of: $0).numbers }
      return (
        name: column,
        ranks: ranking.within(groups ?? [Int32](repeating: 0, count: margins.count))
      )
    }
    rankColumns = columns
    let allocation = allocate(ranking)
    self.allocation = allocation
    let deciding = columns.first?.ranks ?? ranks
    published = ranking.order.filter { row in
      guard let topK else { return true }
      return Int(deciding[row]) <= topK || allocation?.selected[row] == true
    }
  }

  var rowCount: Int { margins.count }
}
