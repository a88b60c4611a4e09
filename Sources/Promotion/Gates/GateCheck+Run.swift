internal import Evaluation
internal import Experiment
internal import Spec

/// The checks of a run by itself.
extension GateCheck {
  /// A metric within its bound.
  init(bound: Gates.Bound, run: StoredRun, _ evaluation: EvaluationSpec) {
    name = "\(bound.side.rawValue).\(bound.metric)"
    origin = bound.limit.origin
    let limit = GateWords.number(bound.limit.value)
    guard evaluation.metrics.contains(bound.metric) else {
      outcome = .inconclusive
      sentence =
        "this spec does not measure \(bound.metric); add its size to `evaluation.top_k` or "
        + "`top_percent`"
      figures = ["limit": bound.limit.value]
      return
    }
    // Top lists are drawn up per cutoff, so theirs are means over cutoffs.
    let block = bound.metric.contains("_at_") ? "mean" : "pooled"
    let value = run.metrics[["test", block, bound.metric]]
    let lower = run.metrics[["test", "interval", bound.metric, "low"]]
    let upper = run.metrics[["test", "interval", bound.metric, "high"]]
    guard let value, let lower, let upper else {
      outcome = .inconclusive
      sentence =
        value.map {
          "\(bound.metric) is \(GateWords.number($0)), and without an interval it is not known what "
            + "chance had to do with it; set `evaluation.intervals.resamples`"
        } ?? "\(bound.metric) is undefined on the test rows of this run"
      figures = ["limit": bound.limit.value].merging(value.map { ["value": $0] } ?? [:]) { $1 }
      return
    }
    let estimate = BoundedEstimate(
      value: value, lower: lower, upper: upper, limit: bound.limit.value,
      isMinimum: bound.side == .minimum)
    outcome = estimate.outcome
    figures = ["limit": bound.limit.value, "value": value, "low": lower, "high": upper]
    let shown = "\(bound.metric) \(GateWords.estimate(value, lower, upper))"
    let side = bound.side == .minimum ? "below" : "above"
    sentence =
      switch estimate.outcome {
      case .pass:
        bound.side == .minimum ? "\(shown) reaches \(limit)" : "\(shown) stays within \(limit)"
      case .fail: "\(shown) lies \(side) \(limit)"
      case .inconclusive, .notApplicable:
        "\(shown) may lie on either side of \(limit): "
          + GateWords.hint(estimate, buyers: run.buyers)
      }
  }

  /// Better than a baseline on the same rows, by the interval of the difference over the same resamples.
  init(
    run: StoredRun, betterThan baseline: GatesSpec.Baseline, by metric: String,
    origin: Gates.Origin
  ) {
    func check(
      _ outcome: Outcome, _ sentence: String, _ figures: [String: Double] = [:]
    ) -> GateCheck {
      GateCheck(
        name: "better_than.\(baseline.rawValue)", outcome: outcome, origin: origin,
        sentence: sentence, figures: figures)
    }
    func figure(_ name: String) -> Double? {
      run.metrics[["baselines", baseline.rawValue, "difference", metric, name]]
    }
    guard run.metrics["baselines"]?.entries[baseline.rawValue] != nil else {
      self = check(.notApplicable, "this run has no such baseline")
      return
    }
    guard let value = figure("value"), let low = figure("low"), let high = figure("high") else {
      self = check(
        .inconclusive,
        "the run has no interval of the difference in \(metric); set `evaluation.intervals.resamples`, "
          + "and run it again where it is older than that")
      return
    }
    let isLess = MetricDirection(of: metric) == .lessIsBetter
    let estimate = BoundedEstimate(
      value: value, lower: low, upper: high, limit: 0, isMinimum: !isLess)
    // No difference at all is not better.
    let outcome: Outcome =
      estimate.outcome == .pass && estimate.lower == 0
      ? .inconclusive : estimate.outcome
    let words =
      switch outcome {
      case .pass: "better"
      case .fail: "worse"
      case .inconclusive, .notApplicable:
        "which is better is not shown; " + GateWords.hint(estimate, buyers: run.buyers)
      }
    let name =
      baseline == .oneFeature
      ? "only `\(run.record.oneFeature ?? "one feature")`" : "the base rate for everyone"
    self = check(
      outcome,
      "\(metric) \(GateWords.difference(value, low, high)) against \(name): \(words)",
      ["difference": value, "low": low, "high": high])
  }

  /// Enough buyers.
  init(evidenceOf run: StoredRun, isNeeded: Gates.Setting<Bool>) {
    let isSufficient = run.metrics[["evidence", "sufficient"]] == 1
    self.init(
      name: "evidence",
      outcome: isSufficient ? .pass : isNeeded.value ? .fail : .notApplicable,
      origin: isNeeded.origin,
      sentence: run.record.evidence
        + (isSufficient || isNeeded.value ? "" : "; these gates do not ask for it"),
      figures: run.buyers.map { ["buyers": $0] } ?? [:])
  }

  /// Nothing that makes the metrics other than what to expect in use.
  init(caveatsOf run: StoredRun, areRefused: Gates.Setting<Bool>) {
    let accepted = run.record.acceptedCaveats ?? []
    let open = run.record.openCaveats
    let numbers = (run.metrics["caveats"]?.entries ?? [:]).compactMapValues(\.number)
      .filter { $0.value != 0 }
    let isClean =
      open.isEmpty && (!accepted.isEmpty || numbers.isEmpty && run.record.caveats.isEmpty)
    let told = accepted.map { "accepted in writing: \($0)" }
    self.init(
      name: "caveats",
      outcome: isClean ? .pass : areRefused.value ? .fail : .notApplicable,
      origin: areRefused.origin,
      sentence: isClean
        ? told.isEmpty ? "the spec allows itself nothing" : told.joined(separator: "; ")
        : (open + told).joined(separator: "; ")
          + (areRefused.value ? "" : "; these gates allow it"),
      figures: numbers)
  }

  /// The audit of the run's spec on the run's data.
  init(audit: AuditDocument, origin: Gates.Origin) {
    func names(_ verdict: AuditCheck.Verdict) -> [String] {
      audit.checks.filter { $0.verdict == verdict.rawValue }.map(\.id)
    }
    let (failed, open) = (names(.fail), names(.couldNotTell))
    let all = "of \(audit.checks.count) checks"
    let parts = [
      failed.isEmpty ? nil : "\(failed.count) fail (\(failed.joined(separator: ", ")))",
      open.isEmpty ? nil : "\(open.count) could not tell (\(open.joined(separator: ", ")))",
    ].compactMap(\.self)
    self.init(
      name: "audit",
      outcome: failed.isEmpty ? (open.isEmpty ? .pass : .inconclusive) : .fail, origin: origin,
      sentence: parts.isEmpty
        ? "all \(audit.checks.count) checks pass"
        : "\(all) \(parts.joined(separator: " and ")); `holdout audit` tells more",
      figures: ["fail": Double(failed.count), "could_not_tell": Double(open.count)])
  }
}

extension RunRecord {
  /// The caveats that nobody has accepted. Runs from before label events that end early were one have only
  /// the finding.
  fileprivate var openCaveats: [String] {
    let accepted = acceptedCaveats ?? []
    let gap = findings.first { finding in
      finding.hasPrefix("H417 ")
        && !caveats.contains { $0.contains(finding.dropFirst("H417 ".count)) }
    }
    return caveats.filter { !accepted.contains($0) } + [gap].compactMap(\.self)
  }
}

extension StoredRun {
  /// The distinct buyers in test.
  var buyers: Double? { metrics[["test", "pooled", "distinct_buyers"]] }
}
