internal import Diagnostics
internal import Evaluation
internal import Foundation

// The numbers of curves.json as charts draw them: for the page of a run, and for pages of several.

extension Curve {
  /// The lift by the number of rows on the list.
  init(_ name: String, _ lifts: [GainCurve.Lift]) {
    self.init(
      name, lifts.map { .init(Double($0.length), ChartEstimate($0.lift, $0.interval)) })
  }

  /// The precision by recall.
  init(_ name: String, _ curve: PrecisionRecallCurve) {
    self.init(name, curve.points.map { .init($0.recall, ChartEstimate($0.precision)) })
  }

  /// The share of the positives by the share of the list.
  /// - Parameter start: the estimate for a list without rows.
  init(_ name: String, _ gain: GainCurve, from start: ChartEstimate) {
    self.init(
      name,
      [.init(0, start)]
        + gain.points.map { .init($0.share, ChartEstimate($0.captured, $0.interval)) })
  }
}

extension ReliabilityChart {
  /// - Parameter bins: how often scores occur, drawn below; empty for none.
  init(_ found: Reliability, bins: [ScoreBin] = []) {
    // Each step begins at its lowest score; the last one also has an end.
    let end = found.steps.last.map { [Step($0.highestScore, $0.recalibrated)] } ?? []
    self.init(
      steps: found.steps.map { .init($0.lowestScore, $0.recalibrated) } + end,
      band: found.band.map { .init($0.score, $0.lower, $0.upper) }, level: found.bandLevel,
      bins: bins,
      decompositions: [
        Decomposition("Brier score", found.brier), Decomposition("log loss", found.logLoss),
      ])
  }
}

extension ReliabilityChart.Decomposition {
  fileprivate init(_ name: String, _ parts: Reliability.Decomposition) {
    self.init(
      name, miscalibration: parts.miscalibration, discrimination: parts.discrimination,
      uncertainty: parts.uncertainty, score: parts.score)
  }
}

extension ScoreHistogram {
  /// The bins as scores.
  var scoreBins: [ScoreBin] {
    guard let low = bins.first?.lowerLogit, let high = bins.last?.lowerLogit else { return [] }
    return scoreBins(from: low, through: high)
  }

  /// The bins as scores, with empty bins up to those at both ends of an axis.
  func scoreBins(from low: Double, through high: Double) -> [ScoreBin] {
    func score(_ logit: Double) -> Double { 1 / (1 + exp(-logit)) }
    let known = Dictionary(bins.map { ($0.lowerLogit, $0) }) { first, _ in first }
    // All edges are multiples of a quarter, which are exact.
    return stride(from: low, through: high, by: Self.width).map { logit in
      ScoreBin(
        score(logit), score(logit + Self.width),
        negatives: Double(known[logit]?.negatives ?? 0),
        positives: Double(known[logit]?.positives ?? 0))
    }
  }
}

extension ChartEstimate {
  /// A value with its interval, if they are known.
  init(_ value: Double?, _ interval: Interval?) {
    self.init(value ?? .nan, interval?.lower ?? .nan, interval?.upper ?? .nan)
  }

  init(_ ratio: CountRatio?) {
    self.init(ratio?.ratio ?? .nan, ratio?.lower ?? .nan, ratio?.upper ?? .nan)
  }
}
