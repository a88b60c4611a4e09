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
      return .inconclusive(
        "There are too few \(subject.spec.label.noun.many) to rule out chance: \(reason).")
    }
    var numbers: [(String, Double)] = []
    var details: [String] = []
    for (deal, seed) in Self.seeds.enumerated() {
      var generator = Xoshiro256StarStar(seed: seed)
      let train = Self.dealt(subject.train, &generator)
      let test = Self.dealt(subject.test, &generator)
      let trial = try AuditTrial(
        subject.spec, train: train, test: test, builder: subject.builder,
        library: subject.library, threads: subject.threads)
      guard let area = trial.rocAUC, let interval = trial.interval else {
        return .inconclusive("The permuted test rows have only one class.")
      }
      numbers = [
        ("roc_auc", area), ("low", interval.lower), ("high", interval.upper),
        ("deals", Double(deal + 1)),
      ]
      let range = "\(AuditWords.metric(interval.lower)) to \(AuditWords.metric(interval.upper))"
      details.append(
        "permutation \(deal + 1): ROC AUC \(AuditWords.metric(area)), 99 % interval \(range)")
      if interval.upper - interval.lower > 2 * AuditTrial.widest {
        return .inconclusive(
          "An interval of \(range) is so wide that it would cover 0.5 in any case.",
          numbers: numbers,
          details: details)
      }
      if interval.lower <= 0.5, interval.upper >= 0.5 {
        return AuditOutcome(
          verdict: .pass,
          sentence:
            "Trained and tested on randomly permuted labels, the model ranks no better than "
            + "chance: ROC AUC \(AuditWords.metric(area)), and \(range) covers 0.5.",
          numbers: numbers, details: details)
      }
    }
    return AuditOutcome(
      verdict: .fail,
      sentence:
        "Trained and tested on randomly permuted labels, the model still ranks better than chance: "
        + "it uses something that is not about its entities, most likely the date.",
      numbers: numbers, details: details)
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
