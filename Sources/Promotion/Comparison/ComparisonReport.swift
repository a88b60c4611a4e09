internal import Diagnostics
public import Evaluation
internal import Runs
internal import Spec

/// The comparison of a base with its candidates.
public struct ComparisonReport: Sendable {
  public let base: ComparedRun
  public let options: ComparisonOptions
  /// The rows that the pairs were evaluated on; nil if nothing was paired.
  public let rows: JudgedRows?
  /// In the order in which the user named them.
  public let candidates: [CandidateReport]
  /// Where the metric and its smallest effect come from.
  public let notes: [Judging.Note]

  package init(
    base: ComparedRun, options: ComparisonOptions, rows: JudgedRows?,
    candidates: [CandidateReport], notes: [Judging.Note] = []
  ) {
    (self.base, self.options, self.rows) = (base, options, rows)
    (self.candidates, self.notes) = (candidates, notes)
  }
}

/// The number of rows that a comparison uses.
public struct JudgedRows: Sendable, Equatable {
  /// The days of the test cutoffs, oldest first.
  public let cutoffs: [String]
  public let rows: Int
  public let entities: Int
  public let positives: Int
  /// The number of distinct clusters with a positive row; without clusters, of entities.
  public let positiveEntities: Int
  /// The number of clusters; nil if every entity is a cluster of its own.
  public let clusters: Int?

  package init(
    cutoffs: [String], rows: Int, entities: Int, positives: Int, positiveEntities: Int,
    clusters: Int? = nil
  ) {
    (self.cutoffs, self.rows, self.entities) = (cutoffs, rows, entities)
    (self.positives, self.positiveEntities) = (positives, positiveEntities)
    self.clusters = clusters
  }
}

/// One candidate compared with the base.
public struct CandidateReport: Sendable {
  public let run: ComparedRun
  /// nil if the two sides lack predictions for the same rows; `unpairedReason` says why.
  public let paired: PairedComparison?
  public let unpairedReason: UnpairedReason?
  /// What both sides' metrics show, if nothing was paired.
  public let unpaired: UnpairedComparison?
  /// What a reader must know: the rows that `--overlap` leaves out, whose labels count, and so on.
  public let remarks: [Remark]
  /// Whether its probabilities predict another label, so that only its ranking can be compared.
  public let isRankingOnly: Bool
  /// Every feature of either side, largest change first.
  public let importance: [ImportanceChange]
  /// The overlap of the lists of top-ranked rows; empty if nothing was paired.
  public let lists: [ListOverlap]
  /// The differences between the two specs; nil if one is not available, as for a git revision.
  public var specDifferences: SpecDifferences?

  package init(
    run: ComparedRun, paired: PairedComparison?, unpairedReason: UnpairedReason? = nil,
    unpaired: UnpairedComparison? = nil, remarks: [Remark] = [], isRankingOnly: Bool = false,
    importance: [ImportanceChange] = [], lists: [ListOverlap] = []
  ) {
    (self.run, self.paired, self.unpairedReason) = (run, paired, unpairedReason)
    (self.unpaired, self.remarks, self.isRankingOnly) = (unpaired, remarks, isRankingOnly)
    (self.importance, self.lists) = (importance, lists)
  }

  /// nil if the metrics do not allow a verdict.
  public var verdict: Verdict? { paired?.verdict ?? unpaired?.verdict }
}

/// The rows that several runs have all scored, with each run's predictions.
package struct SharedRows {
  package var cutoff: [Int32]
  /// Ranks of keys.
  package var entity: [Int32]
  /// The cluster of each row on each side; nil for a side where every entity is a cluster of its own.
  package var clusters: [[Int32]?]
  /// The cluster of each row, by which all sides are resampled; nil if no side has clusters.
  package private(set) var joinedClusters: [Int32]?
  /// One array per side, as in all properties below.
  package var labels: [[UInt8]]
  package var margins: [[Double]]
  package var scores: [[Double]]
  /// The days of the cutoffs, by number.
  package var dates: [String] = []

  package init(count: Int, sideCount: Int) {
    cutoff = [Int32](repeating: 0, count: count)
    entity = cutoff
    clusters = Array(repeating: nil, count: sideCount)
    labels = Array(repeating: [UInt8](repeating: 0, count: count), count: sideCount)
    margins = Array(repeating: [Double](repeating: 0, count: count), count: sideCount)
    scores = margins
  }

  var count: Int { cutoff.count }

  /// A side's margins and calibrated scores, evaluated with the first side's labels.
  package func rows(of side: Int) -> ScoredRows {
    ScoredRows(
      cutoff: cutoff, entity: entity, cluster: joinedClusters, label: labels[0],
      margin: margins[side], score: scores[side], uncalibrated: scores[side],
      cutoffCount: dates.count)
  }

  /// Joins the sides' clusters: rows are together if they have an entity or a cluster of any side in
  /// common, also through other rows.
  ///
  /// Where one side has clusters and another has none, those are the result. Where two sides have
  /// different ones, rows that either side keeps together stay together, so that none of them is
  /// treated as independent.
  package mutating func joinClusters() {
    let sides = clusters.compactMap(\.self)
    guard !sides.isEmpty else { return }
    func size(_ numbers: [Int32]) -> Int { Int(numbers.max() ?? -1) + 1 }
    var start = size(entity)
    var sets = DisjointSets(count: sides.reduce(start) { $0 + size($1) })
    for side in sides {
      for (entity, cluster) in zip(entity, side) { sets.join(Int(entity), start + Int(cluster)) }
      start += size(side)
    }
    // Every set has an entity, and entities come first, so a set's first member is one.
    joinedClusters = entity.map { Int32(sets.first(of: Int($0))) }
  }

  /// The number of rows whose label differs from the first side's.
  func differingLabels(of side: Int) -> Int {
    zip(labels[0], labels[side]).reduce(0) { $0 + ($1.0 == $1.1 ? 0 : 1) }
  }
}

/// Sets of numbers that are joined step by step (union-find with path halving: Tarjan and van Leeuwen,
/// 1984).
package struct DisjointSets {
  private var parents: [Int]

  /// Creates one set for each number below `count`.
  package init(count: Int) { parents = Array(0..<count) }

  /// Returns the smallest number of a number's set.
  package mutating func first(of number: Int) -> Int {
    var number = number
    while parents[number] != number {
      parents[number] = parents[parents[number]]
      number = parents[number]
    }
    return number
  }

  /// Joins the sets of two numbers.
  package mutating func join(_ left: Int, _ right: Int) {
    let (left, right) = (first(of: left), first(of: right))
    parents[max(left, right)] = min(left, right)
  }
}

/// Why two runs are not compared in pairs.
public enum UnpairedReason: Sendable, Equatable {
  /// A side has metrics and no predictions.
  case metricsOnly(reference: String)
  /// The metric is undefined on the rows that both sides have.
  case undefined(metric: String)
}

/// The keys in which the resolved specs of two runs differ, not counting their names.
public struct SpecDifferences: Sendable {
  public struct Difference: Sendable, Equatable {
    /// The path, such as `model.params.num_leaves`.
    public let key: String
    /// The value on one line; `-` if there is none.
    public let base: String
    public let candidate: String

    package init(key: String, base: String, candidate: String) {
      self.key = key
      self.base = base
      self.candidate = candidate
    }
  }

  /// In the order of the candidate's spec, followed by the keys that only the base has.
  public let all: [Difference]

  /// - Throws: `FindingsError` if the spec of a run cannot be read.
  init(base: StoredRun, candidate: StoredRun) throws(FindingsError) {
    let (before, after) = (try base.resolved().tree, try candidate.resolved().tree)
    all = after.differences(from: before).map {
      Difference(key: $0.key, base: $0.before, candidate: $0.now)
    }
  }
}
