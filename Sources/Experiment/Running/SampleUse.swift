internal import Diagnostics
internal import Evaluation
internal import Spec

/// How many of the train rows a learner has seen.
struct SampleUse {
  let asked: SampleSpec.Negatives
  /// All of them are kept.
  let positives: Int
  /// How many there are, and how many are kept.
  let negatives: Int
  let kept: Int

  /// How many rows a kept negative stands for: with it, the kept rows have the base rate of all.
  ///
  /// This is 1 / the share that came out, not 1 / the share asked for: the one varies by chance around the
  /// other, and the base rate would with it (Hajek, 1971).
  var weight: Double { kept == 0 ? 1 : Double(negatives) / Double(kept) }

  /// Whether there are rows that the learner has not seen.
  var isSmaller: Bool { kept < negatives }

  /// Numbers for metrics.json.
  var tree: MetricTree {
    MetricTree([
      "rows": Double(positives + kept), "positives": Double(positives), "negatives": Double(kept),
      "negative_weight": weight,
    ])
  }

  /// In words: `10,300 of 300,682 train rows: all 2,411 positives and ...`.
  var words: String {
    let all = positives + negatives
    guard isSmaller else {
      return "all \(all.grouped) train rows, as they have no more negatives than \(askedInWords)"
    }
    return "\((positives + kept).grouped) of \(all.grouped) train rows: all "
      + "\(positives.grouped) positives and \(kept.grouped) negatives (\(askedInWords)), each of "
      + "which stands for \(RunSummary.number(weight))"
  }

  private var askedInWords: String {
    switch asked {
    case .share(let share): "a share of \(share)"
    case .perPositive(let count): "\(count) per positive"
    }
  }
}
