internal import Diagnostics
internal import Evaluation
public import Promotion
internal import Runs
internal import Spec

extension RegistryRecord.Gate {
  /// The checks of a report, as the registry keeps them.
  public init(_ report: GateReport) {
    self.init(outcome: report.outcome, checks: report.checks.map(Check.init))
  }
}

extension RegistryRecord.Gate.Check {
  /// A check in words.
  init(_ check: GateCheck) {
    self.init(
      name: check.name, outcome: check.outcome, origin: check.origin, sentence: check.words,
      figures: check.figures)
  }
}

extension GateCheck {
  /// The result in one line, with its figures.
  package var words: String {
    switch result {
    case .nothingPromoted(let name): "nothing has been promoted as `\(name)` yet"
    case .isReference(let reference): "this run is the \(reference) itself"
    case .comparison(let comparison): comparison.words(outcome)
    case .incomparable(let reason): reason?.words ?? "they cannot be compared"
    case .unmeasured(let metric):
      "this spec does not measure \(metric); add its size to `evaluation.top_k` or `top_percent`"
    case .undefined(let metric): "\(metric) is undefined on the test rows of this run"
    case .noInterval(let metric, let value):
      "\(metric) is \(NumberText.metric(value)), but without an interval it could be chance; set "
        + "`evaluation.intervals.resamples`"
    case .bound(let metric, let side, let limit, let estimate, let need):
      words(of: metric, side, NumberText.metric(limit), estimate, need)
    case .noBaseline:
      "this run has no such baseline: `evaluation.baselines` does not name it, its train rows are of "
        + "one class, or the run is from an older version"
    case .noBaselineInterval(let metric):
      "the run has no interval of the difference in \(metric); set "
        + "`evaluation.intervals.resamples`, or run it again if it is from an older version"
    case .baseline(let baseline, let feature, let metric, let difference, let need):
      words(of: metric, difference, against: baseline, feature, need)
    case .evidence(let evidence, let isWaived):
      (evidence?.words ?? "") + (isWaived ? "; these gates do not require it" : "")
    case .caveats(let open, let gap, let accepted, let isClean, let areRefused):
      Self.words(
        open: open.map(\.words) + (gap.map { ["\($0.id) \($0.message)"] } ?? []),
        accepted: accepted.map { "accepted: \($0.words)" }, isClean, areRefused)
    case .noAudit: "no audit is required"
    case .audit(let audit): audit.words
    case .noSegments: "this spec has no segments"
    case .noSegment(let name):
      "this run has no segment `\(name)`; add it to `evaluation.segments`"
    case .levelsNotCompared:
      "this run is from a version that did not compare levels; run it again with "
        + "`holdout run --fresh`"
    case .oneLevel: "its test rows have fewer than two levels to compare"
    case .levels(let levels): levels.words(outcome)
    }
  }

  private func words(
    of metric: String, _ side: Gates.Bound.Side, _ limit: String, _ estimate: Estimate,
    _ need: Need
  ) -> String {
    let shown =
      "\(metric) \(NumberText.metric(estimate.value)) "
      + "(\(NumberText.interval(estimate.lower, estimate.upper)))"
    let isMinimum = side == .minimum
    return switch outcome {
    case .pass: isMinimum ? "\(shown) reaches \(limit)" : "\(shown) stays within \(limit)"
    case .fail: "\(shown) is \(isMinimum ? "below" : "above") \(limit)"
    case .inconclusive, .notApplicable:
      "\(shown) may be on either side of \(limit): \(need.words)"
    }
  }

  private func words(
    of metric: String, _ difference: Estimate, against baseline: GatesSpec.Baseline,
    _ feature: String?, _ need: Need
  ) -> String {
    let verdict =
      switch outcome {
      case .pass: "better"
      case .fail: "worse"
      case .inconclusive, .notApplicable: "it is not clear which is better; \(need.words)"
      }
    let name =
      switch baseline {
      case .prior: "the base rate for everyone"
      case .oneFeature: "only `\(feature ?? "one feature")`"
      case .logistic: "a logistic regression"
      }
    return "\(metric) \(difference.asDifference) against \(name): \(verdict)"
  }

  private static func words(
    open: [String], accepted: [String], _ isClean: Bool, _ areRefused: Bool
  ) -> String {
    if isClean {
      return accepted.isEmpty ? "the run has no caveats" : accepted.joined(separator: "; ")
    }
    return (open + accepted).joined(separator: "; ")
      + (areRefused ? "" : "; these gates allow it")
  }
}

extension GateCheck.Estimate {
  /// A difference with its interval: `+0.0062 (-0.0011 to +0.0130)`.
  fileprivate var asDifference: String {
    "\(NumberText.signed(value)) (\(NumberText.signedInterval(lower, upper)))"
  }
}

extension GateCheck.Need {
  fileprivate var words: String {
    switch self {
    case .outOfReach: "the difference is too small to detect, even with a hundred times the data"
    case .positives(let needed, let found, let noun):
      "\(NumberText.metric(needed)) \(noun) in test may be enough; there are "
        + NumberText.metric(found)
    }
  }
}

extension GateCheck.Comparison {
  fileprivate func words(_ outcome: GateCheck.Outcome) -> String {
    let loss = "a loss of more than \(NumberText.metric(margin))"
    let verdict =
      switch outcome {
      case .pass: "\(loss) is ruled out"
      case .fail where isSignificant: "\(loss) is significant"
      case .fail: "worse, and \(loss) is not ruled out"
      case .inconclusive, .notApplicable: "\(loss) is not ruled out; \(need.words)"
      }
    let source =
      unpaired.map { " (by the two runs' own intervals: \($0.reason?.words ?? "unpaired"))" } ?? ""
    return
      "\(metric) \(NumberText.metric(candidate)) against \(NumberText.metric(base)), a difference of "
      + "\(difference.asDifference): \(verdict)\(source)"
  }
}

extension UnpairedReason {
  /// The reason, without a period at the end.
  package var words: String {
    switch self {
    case .metricsOnly(let reference): "`\(reference)` has only metrics and no predictions"
    case .undefined(let metric): "`\(metric)` is undefined on these rows"
    }
  }
}

extension GateCheck.Audit {
  fileprivate var words: String {
    let parts = [
      failed.isEmpty ? nil : "\(failed.count) fail (\(failed.joined(separator: ", ")))",
      inconclusive.isEmpty
        ? nil : "\(inconclusive.count) inconclusive (\(inconclusive.joined(separator: ", ")))",
    ].compactMap(\.self)
    let verdict =
      parts.isEmpty
      ? accepted.isEmpty ? "all \(count) checks pass" : "all other checks of \(count) pass"
      : "of \(count) checks \(parts.joined(separator: " and ")); see `holdout audit`"
    return ([verdict] + accepted.map { "accepted: \($0.id) (\($0.reason))" })
      .joined(separator: "; ")
  }
}

extension GateCheck.Levels {
  fileprivate func words(_ outcome: GateCheck.Outcome) -> String {
    let test = "p \(NumberText.probability(pValue)) for \(count) levels"
    switch found {
    case .alike: return "\(test): they do not differ beyond chance"
    case .tooFew:
      return "\(test), but fewer than two of them have 5 expected \(noun), so no difference could "
        + "be found"
    case .differ(let lowest, let highest, let largestRatio):
      let range =
        "\(noun) over expected \(noun), relative to all levels, are "
        + "\(NumberText.metric(lowest.ratio)) in `\(lowest.name)` to "
        + "\(NumberText.metric(highest.ratio)) in `\(highest.name)` (shrunken)"
      let factor = NumberText.exact(largestRatio)
      return outcome == .pass
        ? "\(test): they differ, but by no more than a factor of \(factor): \(range)"
        : "\(test): \(range), and a factor of \(factor) is allowed"
    }
  }
}
