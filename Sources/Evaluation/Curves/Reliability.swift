internal import Columns

/// A reliability diagram without bins, and what the scores lose by miscalibration.
///
/// Isotonic regression of the labels on the scores gives the share of positives at each score, as a
/// step function (CORP: Dimitriadis, Gneiting and Jordan, 2021). The mean Brier score and the mean
/// log loss are each `miscalibration - discrimination + uncertainty`.
///
/// ```swift
/// let reliability = Reliability(rows)
/// reliability?.steps.map(\.recalibrated)  // the diagram
/// reliability?.logLoss.pValue             // small if the scores are not calibrated
/// ```
///
/// The band and the p-values come from labels that are drawn from the scores themselves, with one
/// uniform number per entity (`LabelDraws`). Rows of all cutoffs are pooled. Cost: one sort, and a
/// pass over the distinct scores and the entities per draw.
public struct Reliability: Codable, Sendable, Equatable {
  /// A plateau of the recalibrated scores.
  public struct Step: Codable, Sendable, Equatable {
    /// The lowest score of the step's rows.
    public let lowestScore: Double
    /// The highest score of the step's rows.
    public let highestScore: Double
    /// The share of positives: the recalibrated score of these rows.
    public let recalibrated: Double
    /// The number of rows.
    public let rows: Int
    /// The number of positive rows.
    public let positives: Int
    /// The sum of the scores.
    public let expected: Double
  }

  /// The range of the recalibrated score at one score if the scores are right.
  public struct BandPoint: Codable, Sendable, Equatable {
    /// The score.
    public let score: Double
    /// The lower end.
    public let lower: Double
    /// The upper end.
    public let upper: Double
  }

  /// A mean score in three parts: `score = miscalibration - discrimination + uncertainty`.
  public struct Decomposition: Codable, Sendable, Equatable {
    /// The mean score, as in `metrics.json`.
    public let score: Double
    /// MCB: what recalibration would gain.
    public let miscalibration: Double
    /// DSC: what the recalibrated scores gain over the base rate.
    public let discrimination: Double
    /// UNC: the mean score of the base rate.
    public let uncertainty: Double
    /// The share of draws from the scores with at least this miscalibration, the rows themselves
    /// counted as one of them.
    public let pValue: Double
  }

  /// The steps, from the lowest scores to the highest.
  public let steps: [Step]
  /// The consistency band at ascending scores: at both ends of each step, and between them at the
  /// lowest score of each eighth of a logit.
  public let band: [BandPoint]
  /// The share of draws inside the band, at each score by itself.
  public let bandLevel: Double
  /// The number of draws.
  public let draws: Int
  /// The parts of the mean Brier score.
  public let brier: Decomposition
  /// The parts of the mean log loss. Scores are kept 2^-52 away from 0 and 1, as in `log_loss`;
  /// recalibrated scores of 0 and 1 enter as limits, because no row contradicts them. All parts are
  /// therefore finite and not negative.
  public let logLoss: Decomposition

  /// Computes the diagram; nil without rows.
  /// - Parameter draws: the number of draws, the level of the band, the seed, and the threads.
  public init?(
    _ rows: ScoredRows,
    draws settings: BootstrapOptions = BootstrapOptions(
      resamples: 400, level: 0.9)
  ) {
    guard rows.count > 0 else { return nil }
    let groups = LabelGroups(rows.score)
    var counts = [Int32](repeating: 0, count: groups.scores.count)
    for row in 0..<rows.count { counts[Int(groups.groups[row])] += Int32(rows.label[row]) }
    let fit = groups.isotonic(counts)
    let steps = groups.steps(fit)
    let positions = groups.bandGroups(steps)
    let labels = LabelDraws(
      scores: rows.score, entities: rows.numberedClusters.numbers, marks: groups.groups,
      seed: settings.seed)
    let blank = [Int32](repeating: 0, count: groups.scores.count)
    let answers = Parallel.map(
      settings.resamples, threads: settings.threads, state: { _ in blank }
    ) { counts, index in
      counts.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
      labels.add(index, to: &counts)
      let fit = groups.isotonic(counts)
      return (costs: groups.costs(counts, fit), values: groups.values(of: fit, at: positions))
    }
    self.steps = steps.map { groups.step($0) }
    band = positions.enumerated().compactMap { number, position in
      Interval(answers.map { $0.values[number] }, level: settings.level).map {
        BandPoint(score: groups.scores[position], lower: $0.lower, upper: $0.upper)
      }
    }
    bandLevel = settings.level
    self.draws = settings.resamples
    let own = groups.costs(counts, fit)
    brier = Decomposition(own.brier, among: answers.map(\.costs.brier.miscalibration))
    logLoss = Decomposition(own.logLoss, among: answers.map(\.costs.logLoss.miscalibration))
  }
}

extension Reliability.Decomposition {
  /// The rounding error of a miscalibration, whose terms are below 37.
  private static let tolerance = 1e-13

  fileprivate init(_ costs: MeanCosts, among draws: [Double]) {
    score = costs.score
    miscalibration = costs.miscalibration
    discrimination = costs.uncertainty - costs.recalibrated
    uncertainty = costs.uncertainty
    pValue = LabelDraws.pValue(
      of: costs.miscalibration, among: draws, tolerance: Self.tolerance)
  }
}

extension LabelGroups {
  fileprivate func step(_ step: IsotonicStep) -> Reliability.Step {
    Reliability.Step(
      lowestScore: scores[step.groups.lowerBound], highestScore: scores[step.groups.upperBound - 1],
      recalibrated: Double(step.positives) / Double(step.rows), rows: step.rows,
      positives: step.positives, expected: expected(step.groups))
  }

  /// The groups at which the band is computed, ascending.
  fileprivate func bandGroups(_ steps: [IsotonicStep]) -> [Int] {
    var positions = Set(steps.flatMap { [$0.groups.lowerBound, $0.groups.upperBound - 1] })
    var lastCell: Double?
    for group in scores.indices {
      let cell = (Logistic.logOdds(scores[group]) * 8).rounded(.down)
      if cell != lastCell { positions.insert(group) }
      lastCell = cell
    }
    return positions.sorted()
  }
}
