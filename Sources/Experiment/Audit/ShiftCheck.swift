internal import Columns
internal import Evaluation
internal import Foundation
internal import Diagnostics
internal import Panel
internal import Spec

/// `shift`: the same spec must not perform better when all cutoffs are some weeks earlier. It would
/// if the newest labels or features were incomplete.
///
/// All train and test cutoffs move 14 and 28 days back with their roles and horizon. The panel is
/// rebuilt, and a new model is trained and evaluated. The difference of the ROC AUCs gets an
/// unpaired interval: difference +- z (se^2 + se'^2)^(1/2), with the bootstrap's standard errors by
/// entity.
///
/// The interval is unpaired because the two runs use different rows, so their resamples cannot be
/// matched. It omits their covariance, which is positive because most entities are in both runs.
/// The interval is therefore too wide rather than too narrow, which protects honest specs.
///
/// The check fails when the entire 99 % interval of a gain is above 0. It is inconclusive when the
/// interval extends more than 0.15 to both sides. Labels that are missing at random lower the base
/// rate but not the AUC, so this check cannot detect them.
struct ShiftCheck {
  static let days = [14, 28]
  /// The normal distribution's 99.5 % quantile: an interval of 99 %.
  private static let quantile = 2.5758293035489004

  func outcome(_ subject: AuditSubject) throws -> AuditOutcome {
    guard let area = subject.own.rocAUC, let interval = subject.own.interval else {
      return AuditOutcome(.inconclusive, .shift(.oneClass))
    }
    if let reason = subject.own.tooFew {
      return AuditOutcome(.inconclusive, .shift(.few(reason)))
    }
    var numbers: [(String, Double)] = [("roc_auc", area)]
    var details = [AuditDetail.trial(days: 0, TrialFigures(subject.own))]
    var gains: [(days: Int, area: Double, test: [PanelBlock])] = []
    var reasons: [AuditDetail] = []
    for days in Self.days {
      let trial: AuditTrial
      let test: [PanelBlock]
      switch try Self.trial(subject, days) {
      case .trial(let made, let blocks): (trial, test) = (made, blocks)
      case .oneClass:
        reasons.append(.shiftOneClass(days: days, .train))
        continue
      }
      guard let earlier = trial.rocAUC, let range = trial.interval else {
        reasons.append(.shiftOneClass(days: days, .test))
        continue
      }
      if let reason = trial.tooFew { reasons.append(.shiftFew(days: days, reason)) }
      let gain = earlier - area
      let error = (pow(interval.standardError, 2) + pow(range.standardError, 2)).squareRoot()
      let low = gain - Self.quantile * error
      if Self.quantile * error > AuditTrial.widest {
        reasons.append(.shiftWide(days: days, gain: AuditTrial.widest))
      }
      numbers += [
        ("roc_auc_\(days)_days_earlier", earlier), ("gain_\(days)_days", gain),
        ("gain_\(days)_days_low", low), ("gain_\(days)_days_high", gain + Self.quantile * error),
      ]
      details.append(.trial(days: days, TrialFigures(trial)))
      if low > 0, trial.tooFew == nil { gains.append((days, earlier, test)) }
    }
    details += reasons
    if let best = gains.max(by: { $0.area < $1.area }) {
      let features = Self.gainingFeatures(subject, best.test)
      return AuditOutcome(
        .fail,
        .shift(
          .gain(
            days: best.days, rocAUC: area, earlier: best.area,
            feature: features.first.map { ($0.name, subject.columns(ofFeature: $0.name)) })),
        numbers: numbers,
        details: details
          + features.prefix(3).map {
            .featureGain($0.name, rocAUC: $0.own, days: best.days, earlier: $0.earlier)
          })
    }
    return reasons.isEmpty
      ? AuditOutcome(.pass, .shift(.noGain), numbers: numbers, details: details)
      : AuditOutcome(.inconclusive, .shift(.missed), numbers: numbers, details: details)
  }

  private enum Earlier {
    /// The run, and its test rows.
    case trial(AuditTrial, test: [PanelBlock])
    /// The train rows are all positive or all negative.
    case oneClass
  }

  /// The spec's run with every cutoff some days earlier.
  private static func trial(
    _ subject: AuditSubject, _ days: Int
  ) throws -> Earlier {
    let spec = subject.spec
    let windows = LabelWindow(spec.label, arithmetic: spec.cutoffs.monthArithmetic)
    let first = subject.builder.timeline.observedFrom
    let cutoffs = (subject.train + subject.test).map { block in
      let date = CalendarDate(days: block.cutoff.date.days - days)
      return Cutoff(date: date, role: block.cutoff.role, windowEnd: windows.end(date))
    }
    // Cutoffs before the first observed day would lack features that later cutoffs have. Months
    // also differ in length, so a train window may now end some days after the first test cutoff.
    let firstTest = cutoffs.filter { $0.role == .test }.map(\.date).min()
    let isEmbargoed = spec.cutoffs.embargo != .none
    let kept = cutoffs.filter { cutoff in
      let isObserved = first.map { cutoff.date >= $0 } ?? true
      let overlaps =
        isEmbargoed && cutoff.role == .train && cutoff.windowEnd > firstTest ?? cutoff.windowEnd
      return isObserved && !overlaps
    }
    let blocks = try subject.builder.blocks(kept, threads: subject.threads)
    let train = blocks.filter { $0.cutoff.role == .train }
    let labels = train.lazy.flatMap(\.labels)
    guard labels.contains(1), labels.contains(0) else {
      return .oneClass
    }
    let test = blocks.filter { $0.cutoff.role == .test }
    return .trial(
      try AuditTrial(
        spec, train: train, test: test, builder: subject.builder, library: subject.library,
        threads: subject.threads), test: test)
  }

  /// The features whose own ROC AUC on earlier test rows is at least 0.02 higher, most first.
  private static func gainingFeatures(
    _ subject: AuditSubject, _ earlier: [PanelBlock]
  ) -> [(name: String, own: Double, earlier: Double)] {
    let found = subject.spec.features.enumerated().compactMap { index, feature in
      let ranking = FeatureScores(
        subject.train, feature: index, levelCount: subject.levelCount(ofFeature: index))
      guard let own = ranking.areaUnderROC(subject.test),
        let before = ranking.areaUnderROC(earlier), before - own >= 0.02
      else { return nil as (name: String, own: Double, earlier: Double)? }
      return (feature.name.value, own, before)
    }
    return found.sorted { $0.earlier - $0.own > $1.earlier - $1.own }
  }
}

extension TrialFigures {
  fileprivate init(_ trial: AuditTrial) {
    self.init(
      rocAUC: trial.rocAUC, positives: trial.evidence.positiveEntities, noun: trial.noun,
      baseRate: trial.baseRate ?? 0)
  }
}

/// The rates of positives of a feature's bins among the train rows, as a ranking of other rows.
private struct FeatureScores {
  private let binning: FeatureBins
  private let scores: [Double]

  /// - Parameter levelCount: the number of codes of a category; nil for numbers.
  init(_ train: [PanelBlock], feature index: Int, levelCount: Int?) {
    binning = FeatureBins(train, feature: index, levelCount: levelCount)
    var rows = [Double](repeating: 0, count: binning.count)
    var positives = rows
    for block in train {
      for (row, bin) in binning.bins(block).enumerated() {
        rows[Int(bin)] += 1
        if block.labels[row] == 1 { positives[Int(bin)] += 1 }
      }
    }
    let rate = positives.reduce(0, +) / max(rows.reduce(0, +), 1)
    // Twenty rows of average rate are added to each bin, so that rare levels rank in the middle.
    scores = zip(positives, rows).map { ($0 + 20 * rate) / ($1 + 20) }
  }

  func areaUnderROC(_ blocks: [PanelBlock]) -> Double? {
    let bins = blocks.flatMap(binning.bins)
    return ScoreGroups(
      labels: blocks.flatMap(\.labels),
      // Levels that no train row has are new codes, which rank in the middle.
      scores: bins.map { scores.indices.contains(Int($0)) ? scores[Int($0)] : 0 }
    ).areaUnderROC
  }
}
