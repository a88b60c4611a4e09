internal import Diagnostics
internal import Evaluation
internal import Experiment
internal import Foundation
internal import Spec

// Whether the scores are probabilities.
extension RunFigures {
  var probabilities: [Page.Block] {
    let figures = [reliability, scores].compactMap { $0.map { Page.Block.figure($0) } }
    return figures.isEmpty ? [] : [.heading("Probabilities", level: 2)] + figures
  }

  private var bins: [ScoreBin] {
    func probability(_ logit: Double) -> Double { 1 / (1 + exp(-logit)) }
    return curves.scores.bins.map { bin in
      ScoreBin(
        probability(bin.lowerLogit), probability(bin.lowerLogit + ScoreHistogram.width),
        negatives: Double(bin.negatives), positives: Double(bin.positives))
    }
  }

  private var reliability: Figure? {
    guard let reliability = curves.reliability, let last = reliability.steps.last else {
      return nil
    }
    func parts(_ name: String, _ parts: Reliability.Decomposition) -> ReliabilityChart.Decomposition
    {
      .init(
        name, miscalibration: parts.miscalibration, discrimination: parts.discrimination,
        uncertainty: parts.uncertainty, score: parts.score)
    }
    return Figure(
      ReliabilityChart(
        steps: reliability.steps.map { .init($0.lowestScore, $0.recalibrated) }
          + [.init(last.highestScore, last.recalibrated)],
        band: reliability.band.map { .init($0.score, $0.lower, $0.upper) },
        level: reliability.bandLevel, bins: bins,
        decompositions: [
          parts("Brier score", reliability.brier), parts("log loss", reliability.logLoss),
        ]),
      caption: "The line is the share of positive rows at each score (isotonic regression); where "
        + "the scores are right it is on the diagonal, and within the band "
        + "\(NumberText.level(reliability.bandLevel)) of the time. \(miscalibration) "
        + "MCB is what recalibrating would gain, DSC what the scores gain over the base rate.")
  }

  private var scores: Figure? {
    curves.scores.bins.isEmpty
      ? nil
      : Figure(
        ScoresChart(bins: bins),
        caption:
          "How often each score occurs among the \(curves.scores.positives.grouped) positive "
          + "and the \(curves.scores.negatives.grouped) negative rows, each class relative to its "
          + "highest bin. The further apart the two are, the better the model separates them.")
  }
}
