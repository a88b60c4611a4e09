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
    if let paired = candidate.paired {
      let decisive = paired.decisive
      let less = ComparisonOptions(metric: metric).lowerIsBetter
      let estimate = BoundedEstimate(
        value: decisive.difference, lower: decisive.interval.lower,
        upper: decisive.interval.upper, limit: less ? margin : -margin, isMinimum: !less)
      self = check(
        estimate.outcome,
        "\(metric) \(GateWords.number(decisive.candidate)) against "
          + "\(GateWords.number(decisive.base)), a difference of "
          + GateWords.estimate(
            decisive.difference, decisive.interval.lower, decisive.interval.upper)
          + ": " + Self.words(estimate, loss, run.buyers),
        [
          "difference": decisive.difference, "low": decisive.interval.lower,
          "high": decisive.interval.upper,
        ])
      return
    }
    self = check(.inconclusive, candidate.unpairedReason ?? "they cannot be compared in pairs")
  }

  private static func words(
    _ estimate: BoundedEstimate, _ margin: String, _ buyers: Double?
  ) -> String {
    switch estimate.outcome {
    case .pass: "worse by less than \(margin), if at all"
    case .fail: "worse by more than \(margin)"
    case .inconclusive, .notApplicable:
      "a loss of more than \(margin) is not ruled out; " + GateWords.hint(estimate, buyers: buyers)
    }
  }
}
