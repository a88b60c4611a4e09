internal import Evaluation
internal import Panel
internal import Randomness
internal import Spec

/// `label_permutation`: after labels are shuffled at random there is nothing to learn. A model that
/// ranks better or worse than chance then has information about more than its entities.
///
/// Labels are shuffled within each cutoff, in train and test. A model with the spec's own
/// parameters is trained and tested on the shuffled labels. The 99 % interval of the pooled ROC AUC
/// (bootstrap by entity or cluster) must cover 0.5. One interval in a hundred misses by chance, so labels are
/// shuffled a second time after a miss, and only two misses fail: one honest spec in ten thousand.
///
/// Two things fail. One is features that tell cutoffs apart when cutoffs differ in their share of
/// positives, because the pooled ROC AUC then rewards knowing the date like knowing the entity. The
/// other is labels that reach the features in any other way.
struct LabelPermutationCheck {
  private static let seeds: [UInt64] = [0x5EED_0001, 0x5EED_0002]

  func outcome(_ subject: AuditSubject) throws -> AuditOutcome {
    if let reason = subject.own.tooFew {
      return AuditOutcome(.inconclusive, .permutation(.few(reason)))
    }
    var numbers: [(String, Double)] = []
    var details: [AuditDetail] = []
    for (deal, seed) in Self.seeds.enumerated() {
      var generator = Xoshiro256StarStar(seed: seed)
      let train = Self.dealt(subject.train, &generator)
      let test = Self.dealt(subject.test, &generator)
      let trial = try AuditTrial(
        subject.spec, train: train, test: test, builder: subject.builder,
        library: subject.library, threads: subject.threads)
      guard let area = trial.rocAUC, let interval = trial.interval else {
        return AuditOutcome(.inconclusive, .permutation(.oneClass))
      }
      numbers = [
        ("roc_auc", area), ("low", interval.lower), ("high", interval.upper),
        ("deals", Double(deal + 1)),
      ]
      let (lower, upper) = (interval.lower, interval.upper)
      details.append(.permutation(deal + 1, rocAUC: area, lower: lower, upper: upper))
      if upper - lower > 2 * AuditTrial.widest {
        return AuditOutcome(
          .inconclusive, .permutation(.wide(lower: lower, upper: upper)), numbers: numbers,
          details: details)
      }
      if lower <= 0.5, upper >= 0.5 {
        return AuditOutcome(
          .pass, .permutation(.chance(rocAUC: area, lower: lower, upper: upper)), numbers: numbers,
          details: details)
      }
    }
    return AuditOutcome(.fail, .permutation(.better), numbers: numbers, details: details)
  }

  /// Returns blocks with their labels shuffled within each cutoff.
  private static func dealt(
    _ blocks: [PanelBlock], _ generator: inout Xoshiro256StarStar
  ) -> [PanelBlock] {
    blocks.map { block in
      var labels = block.labels
      labels.shuffle(using: &generator)
      return block.labelled(labels)
    }
  }
}
