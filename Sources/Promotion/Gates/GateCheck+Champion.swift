internal import Evaluation
internal import Experiment

/// The check of a run beside the champion, or beside what was named instead.
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
    let loss = GateWords.number(margin)
    func difference(
      _ candidate: Double, _ base: Double, _ lower: Double, _ upper: Double, _ outcome: Outcome,
      _ estimate: BoundedEstimate
    ) -> GateCheck {
      check(
        outcome,
        "\(metric) \(GateWords.number(candidate)) against \(GateWords.number(base)), a difference of "
          + GateWords.difference(candidate - base, lower, upper) + ": "
          + Self.words(outcome, estimate, loss, run.buyers),
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
    _ outcome: Outcome, _ estimate: BoundedEstimate, _ margin: String, _ buyers: Double?
  ) -> String {
    switch outcome {
    case .pass: "a loss of more than \(margin) is ruled out"
    case .fail where estimate.outcome == .fail: "a loss of more than \(margin) is shown"
    case .fail: "worse, and a loss of more than \(margin) is not ruled out"
    case .inconclusive, .notApplicable:
      "a loss of more than \(margin) is not ruled out; " + GateWords.hint(estimate, buyers: buyers)
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
