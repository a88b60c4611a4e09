internal import Evaluation
internal import Learning
internal import Diagnostics
internal import Panel
internal import Spec

/// `one_feature_dominance`: no single feature may reach almost the model's performance by itself,
/// at a level that no honest feature reaches.
///
/// Each feature gets a ranking rule from the last train cutoffs (`OneFeatureBaseline`). The feature
/// that ranks the test rows best is compared with the model on those rows. The check fails when the
/// feature reaches at least 90 % of the model's average precision above the base rate *and* a ROC
/// AUC of at least 0.95. Both are required because a strong honest feature often rivals its model
/// (a sales stage summarizes what people know). A ROC AUC of 0.95 means that one value orders 19 of
/// 20 pairs of a buyer and a non-buyer correctly, months ahead. A value written after the fact does
/// that; an early sign does not.
struct OneFeatureDominanceCheck {
  static let share = 0.9
  static let area = 0.95

  func outcome(_ subject: AuditSubject) throws -> AuditOutcome {
    if let reason = subject.own.tooFew {
      return AuditOutcome(.inconclusive, .featureByChance(reason))
    }
    func labels(_ blocks: [PanelBlock]) -> [Float] {
      blocks.flatMap { $0.labels.map(Float.init) }
    }
    let recent = Array(subject.train.suffix(max(subject.test.count, 1)))
    let known = labels(recent)
    guard known.contains(1), known.contains(0) else {
      return AuditOutcome(.inconclusive, .trainOneClass)
    }
    let encodings = subject.own.model.encodings
    let best = try OneFeatureBaseline.select(
      blocks: recent.map(\.features), names: subject.spec.features.map(\.name.value),
      encodings: encodings, labels: known,
      judging: (subject.test.map(\.features), labels(subject.test)), threads: subject.threads)
    let groups = ScoreGroups(
      labels: subject.test.flatMap(\.labels),
      scores: try best.margins(blocks: subject.test.map(\.features), encodings: encodings))
    guard let area = groups.areaUnderROC, let precision = groups.averagePrecision,
      let base = groups.baseRate, let own = subject.own.averagePrecision
    else { return AuditOutcome(.inconclusive, .testOneClass) }
    // If the model is at or below the base rate, any feature above the base rate reaches it.
    let reached = own > base ? (precision - base) / (own - base) : precision > base ? 1 : 0
    let numbers: [(String, Double)] = [
      ("feature_roc_auc", area), ("feature_pr_auc", precision),
      ("model_roc_auc", subject.own.rocAUC ?? .nan), ("model_pr_auc", own), ("base_rate", base),
      ("share_reached", reached),
    ]
    let fails = reached >= Self.share && area >= Self.area
    return AuditOutcome(
      fails ? .fail : .pass, .bestFeature(best.feature, rocAUC: area, reached: reached),
      numbers: numbers, details: [.dominanceLimits])
  }
}
