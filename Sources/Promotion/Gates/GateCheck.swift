internal import Diagnostics
internal import Evaluation
internal import Experiment
internal import Spec

/// One condition of a gate, and whether a run meets it.
public struct GateCheck: Sendable, Codable, Equatable {
  public enum Outcome: String, Sendable, Codable, CaseIterable {
    case pass
    case fail
    /// The data do not decide.
    case inconclusive
    /// There is nothing to compare with.
    case notApplicable = "not_applicable"

    /// Reads an outcome; registries of earlier versions write the last one with a space.
    public init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      let text = try container.decode(String.self).replacing(" ", with: "_")
      guard let outcome = Outcome(rawValue: text) else {
        throw DecodingError.dataCorruptedError(
          in: container, debugDescription: "no outcome of a check: \(text)")
      }
      self = outcome
    }
  }

  /// Such as `minimum.roc_auc`, `better_than.prior`, `no_worse_than.champion`, `evidence`,
  /// `caveats` or `audit`.
  public let name: String
  public let outcome: Outcome
  /// Where the condition was set.
  public let origin: Gates.Origin
  /// A sentence for people, with the figures in it.
  public let sentence: String
  /// The figures by name.
  public let figures: [String: Double]

  public init(
    name: String, outcome: Outcome, origin: Gates.Origin, sentence: String,
    figures: [String: Double] = [:]
  ) {
    self.name = name
    self.outcome = outcome
    self.origin = origin
    self.sentence = sentence
    self.figures = figures
  }
}

/// Compares a run with the champion, or with the named reference.
extension GateCheck {
  init(
    run: StoredRun, against champion: ComparedRun?, as reference: String, _ name: String,
    _ candidate: CandidateReport?, _ setting: Gates.Setting<Gates.Comparison>
  ) {
    let (metric, margin) = (setting.value.metric, setting.value.margin)
    func check(
      _ outcome: Outcome, _ sentence: String, _ figures: [String: Double] = [:]
    ) -> GateCheck {
      GateCheck(
        name: "no_worse_than.\(reference)", outcome: outcome, origin: setting.origin,
        sentence: sentence, figures: figures.merging(["margin": margin]) { $1 })
    }
    guard champion != nil else {
      self = check(.notApplicable, "nothing has been promoted as `\(name)` yet")
      return
    }
    guard let candidate else {
      self = check(.pass, "this run is the \(reference) itself", ["difference": 0])
      return
    }
    let loss = NumberText.metric(margin)
    func difference(
      _ candidate: Double, _ base: Double, _ lower: Double, _ upper: Double, _ outcome: Outcome,
      _ estimate: BoundedEstimate
    ) -> GateCheck {
      check(
        outcome,
        "\(metric) \(NumberText.metric(candidate)) against \(NumberText.metric(base)), a difference of "
          + GateWords.difference(candidate - base, lower, upper) + ": "
          + Self.words(outcome, estimate, loss, run),
        ["difference": candidate - base, "low": lower, "high": upper])
    }
    if let paired = candidate.paired {
      let (decisive, judged) = (paired.decisive, NonInferiority(paired, margin: margin))
      self = difference(
        decisive.candidate, decisive.base, decisive.interval.lower, decisive.interval.upper,
        Outcome(judged.outcome),
        BoundedEstimate(
          value: judged.gain, lower: judged.lower, upper: judged.upper, limit: -margin))
    } else if let line = candidate.unpaired?.differences[metric], let lower = line.lower,
      let upper = line.upper
    {
      let less = MetricDirection(of: metric) == .lessIsBetter
      let estimate = BoundedEstimate(
        value: line.difference, lower: lower, upper: upper, limit: less ? margin : -margin,
        isMinimum: !less)
      let own = difference(
        line.candidate, line.base, lower, upper, estimate.outcome, estimate)
      self = check(
        own.outcome,
        "\(own.sentence) (by the two runs' own intervals: \(candidate.unpairedReason ?? "unpaired"))",
        own.figures)
    } else {
      self = check(.inconclusive, candidate.unpairedReason ?? "they cannot be compared")
    }
  }

  private static func words(
    _ outcome: Outcome, _ estimate: BoundedEstimate, _ margin: String, _ run: StoredRun
  ) -> String {
    switch outcome {
    case .pass: "a loss of more than \(margin) is ruled out"
    case .fail where estimate.outcome == .fail: "a loss of more than \(margin) is significant"
    case .fail: "worse, and a loss of more than \(margin) is not ruled out"
    case .inconclusive, .notApplicable:
      "a loss of more than \(margin) is not ruled out; " + GateWords.hint(estimate, run)
    }
  }
}

extension GateCheck.Outcome {
  fileprivate init(_ outcome: NonInferiority.Outcome) {
    self =
      switch outcome {
      case .pass: .pass
      case .fail: .fail
      case .inconclusive: .inconclusive
      }
  }
}

/// Checks a run by itself.
extension GateCheck {
  /// Checks that a metric is within its bound.
  init(bound: Gates.Bound, run: StoredRun, _ evaluation: EvaluationSpec) {
    name = "\(bound.side.rawValue).\(bound.metric)"
    origin = bound.limit.origin
    let limit = NumberText.metric(bound.limit.value)
    guard evaluation.metrics.contains(bound.metric) else {
      outcome = .inconclusive
      sentence =
        "this spec does not measure \(bound.metric); add its size to `evaluation.top_k` or "
        + "`top_percent`"
      figures = ["limit": bound.limit.value]
      return
    }
    // Top lists are made per cutoff, so their metrics are means over cutoffs.
    let block = bound.metric.contains("_at_") ? "mean" : "pooled"
    let value = run.metrics[["test", block, bound.metric]]
    let lower = run.metrics[["test", "interval", bound.metric, "low"]]
    let upper = run.metrics[["test", "interval", bound.metric, "high"]]
    guard let value, let lower, let upper else {
      outcome = .inconclusive
      sentence =
        value.map {
          "\(bound.metric) is \(NumberText.metric($0)), but without an interval it could be "
            + "chance; set `evaluation.intervals.resamples`"
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
      case .fail: "\(shown) is \(side) \(limit)"
      case .inconclusive, .notApplicable:
        "\(shown) may be on either side of \(limit): "
          + GateWords.hint(estimate, run)
      }
  }

  /// Checks that the run is better than a baseline on the same rows, by the interval of the
  /// difference over the same resamples.
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
        "the run has no interval of the difference in \(metric); set "
          + "`evaluation.intervals.resamples`, or run it again if it is from an older version"
      )
      return
    }
    let isLess = MetricDirection(of: metric) == .lessIsBetter
    let estimate = BoundedEstimate(
      value: value, lower: low, upper: high, limit: 0, isMinimum: !isLess)
    // A difference of zero is not better.
    let outcome: Outcome =
      estimate.outcome == .pass && estimate.lower == 0
      ? .inconclusive : estimate.outcome
    let words =
      switch outcome {
      case .pass: "better"
      case .fail: "worse"
      case .inconclusive, .notApplicable:
        "it is not clear which is better; " + GateWords.hint(estimate, run)
      }
    let name =
      baseline == .oneFeature
      ? "only `\(run.record.oneFeature ?? "one feature")`" : "the base rate for everyone"
    self = check(
      outcome,
      "\(metric) \(GateWords.difference(value, low, high)) against \(name): \(words)",
      ["difference": value, "low": low, "high": high])
  }

  /// Checks that there are enough buyers.
  init(evidenceOf run: StoredRun, isNeeded: Gates.Setting<Bool>) {
    let isSufficient = run.metrics[["evidence", "sufficient"]] == 1
    self.init(
      name: "evidence",
      outcome: isSufficient ? .pass : isNeeded.value ? .fail : .notApplicable,
      origin: isNeeded.origin,
      sentence: (run.record.evidence?.words ?? "")
        + (isSufficient || isNeeded.value ? "" : "; these gates do not require it"),
      figures: run.positiveEntities.map { ["positive_entities": $0] } ?? [:])
  }

  /// Checks that nothing makes the metrics differ from those to expect in use.
  init(caveatsOf run: StoredRun, areRefused: Gates.Setting<Bool>) {
    let accepted = run.record.accepted.map(\.words)
    let open = run.record.openCaveats
    let numbers = (run.metrics["caveats"]?.entries ?? [:]).compactMapValues(\.number)
      .filter { $0.value != 0 }
    let isClean =
      open.isEmpty && (!accepted.isEmpty || numbers.isEmpty && run.record.caveats.isEmpty)
    let told = accepted.map { "accepted: \($0)" }
    self.init(
      name: "caveats",
      outcome: isClean ? .pass : areRefused.value ? .fail : .notApplicable,
      origin: areRefused.origin,
      sentence: isClean
        ? told.isEmpty ? "the run has no caveats" : told.joined(separator: "; ")
        : (open + told).joined(separator: "; ")
          + (areRefused.value ? "" : "; these gates allow it"),
      figures: numbers)
  }

  /// The audit of the run's spec on the run's data.
  init(audit: AuditDocument, origin: Gates.Origin) {
    func names(_ verdict: AuditCheck.Verdict) -> [String] {
      audit.checks.filter {
        AuditCheck.Verdict(written: $0.verdict) == verdict && $0.accepted == nil
      }.map(\.id)
    }
    let (failed, open) = (names(.fail), names(.inconclusive))
    let accepted = audit.checks.compactMap { check in
      check.accepted.map { "accepted: \(check.id) (\($0))" }
    }
    let all = "of \(audit.checks.count) checks"
    let parts = [
      failed.isEmpty ? nil : "\(failed.count) fail (\(failed.joined(separator: ", ")))",
      open.isEmpty ? nil : "\(open.count) inconclusive (\(open.joined(separator: ", ")))",
    ].compactMap(\.self)
    self.init(
      name: "audit",
      outcome: failed.isEmpty ? (open.isEmpty ? .pass : .inconclusive) : .fail, origin: origin,
      sentence: ([
        parts.isEmpty
          ? accepted.isEmpty
            ? "all \(audit.checks.count) checks pass"
            : "all other checks of \(audit.checks.count) pass"
          : "\(all) \(parts.joined(separator: " and ")); see `holdout audit`"
      ] + accepted).joined(separator: "; "),
      figures: ["fail": Double(failed.count), "inconclusive": Double(open.count)])
  }
}

extension RunRecord {
  /// The caveats that nobody has accepted. In runs made before label events that end early became a
  /// caveat, only the finding says so.
  fileprivate var openCaveats: [String] {
    let gap = findings.first { finding in
      finding.id == "H417" && !caveats.contains { $0.words.contains(finding.message) }
    }
    return open.map(\.words) + (gap.map { ["\($0.id) \($0.message)"] } ?? [])
  }
}

extension StoredRun {
  /// The number of distinct positive entities in test.
  var positiveEntities: Double? { metrics[["test", "pooled", "positive_entities"]] }
}
