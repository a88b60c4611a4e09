internal import Evaluation
internal import Experiment
public import Runs
public import Spec

/// One condition of a gate, and whether a run meets it.
public struct GateCheck: Sendable, Equatable {
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
  public let result: Result
  /// The figures by name.
  public let figures: [String: Double]

  public init(
    name: String, outcome: Outcome, origin: Gates.Origin, result: Result,
    figures: [String: Double] = [:]
  ) {
    self.name = name
    self.outcome = outcome
    self.origin = origin
    self.result = result
    self.figures = figures
  }
}

extension GateCheck {
  /// What a check found. `Reports` puts it into words.
  public enum Result: Sendable, Equatable {
    // The comparison with the champion, or with the named reference.
    case nothingPromoted(name: String)
    case isReference(String)
    case comparison(Comparison)
    case incomparable(UnpairedReason?)

    // A metric and its bound.
    /// The spec's lists have other sizes than that of the metric.
    case unmeasured(metric: String)
    case undefined(metric: String)
    case noInterval(metric: String, value: Double)
    case bound(metric: String, Gates.Bound.Side, limit: Double, Estimate, Need)

    // The comparison with a baseline.
    case noBaseline
    case noBaselineInterval(metric: String)
    /// - Parameter feature: that of the baseline of one feature, if it is known.
    case baseline(GatesSpec.Baseline, feature: String?, metric: String, Estimate, Need)

    /// - Parameter isWaived: whether it is insufficient and these gates do not require it.
    case evidence(Recorded<EvidenceRecord>?, isWaived: Bool)
    /// - Parameter gap: label events that end early, in runs made before that became a caveat.
    /// - Parameter isClean: whether no caveat is open.
    /// - Parameter areRefused: whether these gates refuse open caveats.
    case caveats(
      open: [Caveat], gap: RecordedFinding?, accepted: [Caveat], isClean: Bool, areRefused: Bool)

    case noAudit
    case audit(Audit)

    // Segments.
    case noSegments
    case noSegment(String)
    /// The run is from a version that did not compare levels.
    case levelsNotCompared
    /// The test rows have fewer than two levels.
    case oneLevel
    case levels(Levels)
  }

  /// An estimate and its interval.
  public struct Estimate: Sendable, Equatable {
    public let value: Double
    public let lower: Double
    public let upper: Double

    public init(_ value: Double, _ lower: Double, _ upper: Double) {
      (self.value, self.lower, self.upper) = (value, lower, upper)
    }
  }

  /// What it would take to decide.
  public enum Need: Sendable, Equatable {
    /// More than a hundred times the data.
    case outOfReach
    /// That many positive entities in test, where there are `found`.
    case positives(needed: Double, found: Double, noun: String)
  }

  /// A metric of a run and of the run it is compared with.
  public struct Comparison: Sendable, Equatable {
    public let metric: String
    public let candidate: Double
    public let base: Double
    /// The candidate's value less the base's.
    public let difference: Estimate
    /// The loss that is allowed.
    public let margin: Double
    /// Whether the interval by itself shows a larger loss.
    public let isSignificant: Bool
    public let need: Need
    /// Why the interval is that of the two runs' own intervals.
    public let unpaired: Unpaired?

    public struct Unpaired: Sendable, Equatable {
      public let reason: UnpairedReason?
    }
  }

  /// The checks of an audit by verdict.
  public struct Audit: Sendable, Equatable {
    public struct Accepted: Sendable, Equatable {
      public let id: String
      /// The user's reason.
      public let reason: String
    }

    public let count: Int
    /// The ids of the checks that the spec does not accept.
    public let failed: [String]
    public let inconclusive: [String]
    public let accepted: [Accepted]
  }

  /// The levels of a segment, compared with each other.
  public struct Levels: Sendable, Equatable {
    public struct Ratio: Sendable, Equatable {
      public let name: String
      /// Positives over expected positives, relative to all levels, shrunken.
      public let ratio: Double
    }

    public enum Found: Sendable, Equatable {
      /// They do not differ beyond chance.
      case alike
      /// Too few of them have enough expected positives to find a difference.
      case tooFew
      case differ(lowest: Ratio, highest: Ratio, largestRatio: Double)
    }

    public let pValue: Double
    public let count: Int
    public let found: Found
    /// What the spec calls positive entities.
    public let noun: String
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
      _ outcome: Outcome, _ result: Result, _ figures: [String: Double] = [:]
    ) -> GateCheck {
      GateCheck(
        name: "no_worse_than.\(reference)", outcome: outcome, origin: setting.origin,
        result: result, figures: figures.merging(["margin": margin]) { $1 })
    }
    guard champion != nil else {
      self = check(.notApplicable, .nothingPromoted(name: name))
      return
    }
    guard let candidate else {
      self = check(.pass, .isReference(reference), ["difference": 0])
      return
    }
    func compared(
      _ candidate: Double, _ base: Double, _ lower: Double, _ upper: Double, _ outcome: Outcome,
      _ estimate: BoundedEstimate, _ unpaired: Comparison.Unpaired?
    ) -> GateCheck {
      let difference = candidate - base
      return check(
        outcome,
        .comparison(
          Comparison(
            metric: metric, candidate: candidate, base: base,
            difference: Estimate(difference, lower, upper), margin: margin,
            isSignificant: estimate.outcome == .fail, need: Need(estimate, run),
            unpaired: unpaired)),
        ["difference": difference, "low": lower, "high": upper])
    }
    if let paired = candidate.paired {
      let (decisive, judged) = (paired.decisive, NonInferiority(paired, margin: margin))
      self = compared(
        decisive.candidate, decisive.base, decisive.interval.lower, decisive.interval.upper,
        Outcome(judged.outcome),
        BoundedEstimate(
          value: judged.gain, lower: judged.lower, upper: judged.upper, limit: -margin), nil)
    } else if let line = candidate.unpaired?.differences[metric], let lower = line.lower,
      let upper = line.upper
    {
      let less = MetricDirection(of: metric) == .lessIsBetter
      let estimate = BoundedEstimate(
        value: line.difference, lower: lower, upper: upper, limit: less ? margin : -margin,
        isMinimum: !less)
      self = compared(
        line.candidate, line.base, lower, upper, estimate.outcome, estimate,
        Comparison.Unpaired(reason: candidate.unpairedReason))
    } else {
      self = check(.inconclusive, .incomparable(candidate.unpairedReason))
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
    let (metric, limit) = (bound.metric, bound.limit.value)
    guard evaluation.metrics.contains(metric) else {
      outcome = .inconclusive
      result = .unmeasured(metric: metric)
      figures = ["limit": limit]
      return
    }
    // Top lists are made per cutoff, so their metrics are means over cutoffs.
    let block = metric.contains("_at_") ? "mean" : "pooled"
    let value = run.metrics[["test", block, metric]]
    let lower = run.metrics[["test", "interval", metric, "low"]]
    let upper = run.metrics[["test", "interval", metric, "high"]]
    guard let value, let lower, let upper else {
      outcome = .inconclusive
      result = value.map { .noInterval(metric: metric, value: $0) } ?? .undefined(metric: metric)
      figures = ["limit": limit].merging(value.map { ["value": $0] } ?? [:]) { $1 }
      return
    }
    let estimate = BoundedEstimate(
      value: value, lower: lower, upper: upper, limit: limit,
      isMinimum: bound.side == .minimum)
    outcome = estimate.outcome
    figures = ["limit": limit, "value": value, "low": lower, "high": upper]
    result = .bound(
      metric: metric, bound.side, limit: limit, Estimate(value, lower, upper),
      Need(estimate, run))
  }

  /// Checks that the run is better than a baseline on the same rows, by the interval of the
  /// difference over the same resamples.
  init(
    run: StoredRun, betterThan baseline: GatesSpec.Baseline, by metric: String,
    origin: Gates.Origin
  ) {
    func check(
      _ outcome: Outcome, _ result: Result, _ figures: [String: Double] = [:]
    ) -> GateCheck {
      GateCheck(
        name: "better_than.\(baseline.rawValue)", outcome: outcome, origin: origin,
        result: result, figures: figures)
    }
    func figure(_ name: String) -> Double? {
      run.metrics[["baselines", baseline.rawValue, "difference", metric, name]]
    }
    guard run.metrics["baselines"]?.entries[baseline.rawValue] != nil else {
      // What somebody asked for in writing is not passed over.
      self = check(origin == .default ? .notApplicable : .inconclusive, .noBaseline)
      return
    }
    guard let value = figure("value"), let low = figure("low"), let high = figure("high") else {
      self = check(.inconclusive, .noBaselineInterval(metric: metric))
      return
    }
    let isLess = MetricDirection(of: metric) == .lessIsBetter
    let estimate = BoundedEstimate(
      value: value, lower: low, upper: high, limit: 0, isMinimum: !isLess)
    // A difference of zero is not better.
    let outcome: Outcome =
      estimate.outcome == .pass && estimate.lower == 0
      ? .inconclusive : estimate.outcome
    self = check(
      outcome,
      .baseline(
        baseline, feature: baseline == .oneFeature ? run.record.oneFeature : nil, metric: metric,
        Estimate(value, low, high), Need(estimate, run)),
      ["difference": value, "low": low, "high": high])
  }

  /// Checks that there are enough buyers.
  init(evidenceOf run: StoredRun, isNeeded: Gates.Setting<Bool>) {
    let isSufficient = run.metrics[["evidence", "sufficient"]] == 1
    self.init(
      name: "evidence",
      outcome: isSufficient ? .pass : isNeeded.value ? .fail : .notApplicable,
      origin: isNeeded.origin,
      result: .evidence(
        run.record.evidence, isWaived: !isSufficient && !isNeeded.value),
      figures: run.positiveEntities.map { ["positive_entities": $0] } ?? [:])
  }

  /// Checks that nothing makes the metrics differ from those to expect in use.
  init(caveatsOf run: StoredRun, areRefused: Gates.Setting<Bool>) {
    let accepted = run.record.accepted
    let (open, gap) = (run.record.open, run.record.labelsEndEarly)
    let numbers = (run.metrics["caveats"]?.entries ?? [:]).compactMapValues(\.number)
      .filter { $0.value != 0 }
    let isClean =
      open.isEmpty && gap == nil
      && (!accepted.isEmpty || numbers.isEmpty && run.record.caveats.isEmpty)
    self.init(
      name: "caveats",
      outcome: isClean ? .pass : areRefused.value ? .fail : .notApplicable,
      origin: areRefused.origin,
      result: .caveats(
        open: open, gap: gap, accepted: accepted, isClean: isClean, areRefused: areRefused.value),
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
      check.accepted.map { Audit.Accepted(id: check.id, reason: $0) }
    }
    self.init(
      name: "audit",
      outcome: failed.isEmpty ? (open.isEmpty ? .pass : .inconclusive) : .fail, origin: origin,
      result: .audit(
        Audit(
          count: audit.checks.count, failed: failed, inconclusive: open, accepted: accepted)),
      figures: ["fail": Double(failed.count), "inconclusive": Double(open.count)])
  }
}

extension RunRecord {
  /// The finding about label events that end early. In runs made before this became a caveat, only the
  /// finding says so.
  fileprivate var labelsEndEarly: RecordedFinding? {
    findings.first { finding in
      finding.id == "H417" && !caveats.contains { $0.words.contains(finding.message) }
    }
  }
}

extension StoredRun {
  /// The number of distinct positive entities in test.
  var positiveEntities: Double? { metrics[["test", "pooled", "positive_entities"]] }
}

extension GateCheck.Need {
  init(_ estimate: BoundedEstimate, _ run: StoredRun) {
    guard let found = run.positiveEntities, found > 0, estimate.dataFactor <= 100 else {
      self = .outOfReach
      return
    }
    self = .positives(
      needed: (found * estimate.dataFactor).rounded(.up), found: found,
      noun: run.record.nouns.many)
  }
}
