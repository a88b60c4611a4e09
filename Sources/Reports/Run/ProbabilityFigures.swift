internal import Diagnostics
internal import Evaluation
internal import Experiment
internal import Spec

// Whether the scores are probabilities.
extension RunFigures {
  var probabilities: [Page.Block] {
    let figures = [reliability, scores].compactMap { $0.map { Page.Block.figure($0) } }
    return figures.isEmpty ? [] : [.heading("Probabilities", level: 2)] + figures
  }

  private var reliability: Figure? {
    guard let reliability = curves.reliability, !reliability.steps.isEmpty else { return nil }
    return Figure(
      ReliabilityChart(reliability, bins: curves.scores.scoreBins),
      caption: "The line is the share of positive rows at each score (isotonic regression); where "
        + "the scores are right it is on the diagonal, and within the band "
        + "\(NumberText.level(reliability.bandLevel)) of the time. \(miscalibration) "
        + "MCB is what recalibrating would gain, DSC what the scores gain over the base rate.")
  }

  private var scores: Figure? {
    curves.scores.bins.isEmpty
      ? nil
      : Figure(
        ScoresChart(bins: curves.scores.scoreBins),
        caption:
          "How often each score occurs among the \(curves.scores.positives.grouped) positive "
          + "and the \(curves.scores.negatives.grouped) negative rows, each class relative to its "
          + "highest bin. The further apart the two are, the better the model separates them.")
  }
}
