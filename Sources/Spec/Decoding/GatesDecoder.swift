import Diagnostics
import OrderedCollections
import YAML

/// Decodes `gates`, which specs and the project file write in the same form.
struct GatesDecoder {
  /// The metrics on which a bound may be set; nil for the project file, where the spec is not
  /// known.
  let metrics: [String]?
  /// The segments that can be gated on; nil for the project file.
  let segments: [String]?
  /// The baselines that a run evaluates; nil for the project file.
  let baselines: [GatesSpec.Baseline]?
  /// Whether the learner is the logistic regression, which is then no baseline.
  let learnsLogistic: Bool
  private(set) var findings: [Finding] = []

  init(
    metrics: [String]?, segments: [String]?, baselines: [GatesSpec.Baseline]?,
    learnsLogistic: Bool = false
  ) {
    self.learnsLogistic = learnsLogistic
    self.metrics = metrics
    self.segments = segments
    self.baselines = baselines
  }

  /// Returns the gates in a map whose form has been checked; nil if there are none.
  mutating func gates(in parent: Fields?) -> GatesSpec? {
    guard let key = parent?.key("gates"), let fields = parent?.fields("gates") else { return nil }
    let gates = GatesSpec(
      span: key.span, comparison: comparison(fields), minimum: bounds("minimum", fields),
      maximum: bounds("maximum", fields),
      betterThan: fields["better_than"] == nil ? nil : betterThan(fields),
      needsEvidence: fields.text("evidence").map { $0.value == "required" },
      refusesCaveats: fields.text("caveats").map { $0.value == "refused" },
      needsAudit: fields.text("audit").map { $0.value == "required" },
      segments: segments(fields),
      blocksInconclusive: fields.text("inconclusive").map { $0.value == "block" })
    for (metric, most) in gates.maximum {
      if let least = gates.minimum[metric], least.value > most.value {
        findings.append(.emptyRange(metric, least: least, most: most))
      }
    }
    return gates
  }

  private mutating func betterThan(_ fields: Fields) -> [GatesSpec.Baseline] {
    let names = fields.texts("better_than")
    for name in names {
      guard let baselines, let baseline = GatesSpec.Baseline(rawValue: name.value) else { continue }
      if !baselines.contains(baseline) {
        findings.append(
          learnsLogistic && baseline == .logistic
            ? .learnerAsBaseline(name) : .unevaluatedBaseline(name, baselines))
      }
    }
    return GatesSpec.Baseline.allCases.filter { baseline in
      names.contains { $0.value == baseline.rawValue }
    }
  }

  private mutating func comparison(_ fields: Fields) -> GatesSpec.Comparison? {
    guard let metric = fields.text("metric") else { return nil }
    if EvaluationSpec.undirected.contains(metric.value) {
      findings.append(.undirected(metric))
    } else {
      check(metric)
    }
    return fields.number("smallest_effect").map { effect in
      GatesSpec.Comparison(
        metric: metric, smallestEffect: effect, margin: fields.number("noninferiority_margin"))
    }
  }

  private mutating func segments(_ fields: Fields) -> GatesSpec.Segments? {
    guard let own = fields.fields("segments"), let alike = own["alike"] else { return nil }
    let names: GatesSpec.Segments.Names
    if let word = alike.text {
      names = word.value == "all" ? .all : .none
      if word.value == "all", segments == [] { findings.append(.noSegments(word)) }
    } else {
      let written = own.names("alike")
      names = .named(written)
      for name in written where segments?.contains(name.value) == false {
        findings.append(.ungatedSegment(name, known: segments ?? []))
      }
    }
    return GatesSpec.Segments(
      alike: names, smallestP: own.number("smallest_p"), largestRatio: own.number("largest_ratio"))
  }

  private mutating func bounds(
    _ key: String, _ fields: Fields
  ) -> OrderedDictionary<String, Located<Double>> {
    var bounds: OrderedDictionary<String, Located<Double>> = [:]
    for entry in fields.fields(key)?.mapping.entries ?? [] {
      check(entry.key)
      bounds[entry.key.value] = entry.value.number
    }
    return bounds
  }

  private mutating func check(_ metric: Located<String>) {
    let isKnown =
      metrics?.contains(metric.value)
      ?? (EvaluationSpec.metrics.contains(metric.value) || Self.isOfAList(metric.value))
    if !isKnown { findings.append(.unmeasured(metric, known: metrics ?? EvaluationSpec.metrics)) }
  }

  /// Returns whether a name is a top-list metric, such as `lift_at_100` or
  /// `precision_at_0.5_percent`.
  private static func isOfAList(_ name: String) -> Bool {
    guard let match = name.wholeMatch(of: #/([a-z]+)_at_[0-9]+(\.[0-9]+)?(_percent)?/#) else {
      return false
    }
    return EvaluationSpec.listMetrics.contains(String(match.1))
  }
}

// Findings about gates as written: H284, H620 to H622, and H625.
extension Finding {
  fileprivate static func ungatedSegment(_ name: Located<String>, known: [String]) -> Finding {
    Finding(
      284, "`\(name.value.shortened)` is not among `evaluation.segments`", at: name.span,
      label: suggestion(name.value, among: known),
      notes: [known.isEmpty ? "the spec has no segments" : "segments: \(known.listed)"],
      hints: ["add it to `evaluation.segments`, so that the run evaluates its levels"])
  }

  fileprivate static func noSegments(_ word: Located<String>) -> Finding {
    Finding(
      284, "the spec has no segments whose levels could be alike", at: word.span,
      hints: ["name them under `evaluation.segments`, so that the run evaluates their levels"])
  }

  fileprivate static func unmeasured(_ metric: Located<String>, known: [String]) -> Finding {
    Finding(
      620, "there is no metric `\(metric.value.shortened)` to gate on", at: metric.span,
      label: suggestion(metric.value, among: known),
      notes: ["metrics: \(known.listed)"],
      hints: ["top lists are evaluated at the sizes in `evaluation.top_k` and `top_percent`"])
  }

  fileprivate static func undirected(_ metric: Located<String>) -> Finding {
    Finding(
      622, "`\(metric.value)` cannot decide which of two runs is better", at: metric.span,
      label: "neither higher nor lower is better",
      hints: [
        "compare by `roc_auc`, `pr_auc`, `log_loss` or a top list, and bound this one with "
          + "`minimum` and `maximum`"
      ])
  }

  fileprivate static func emptyRange(
    _ metric: String, least: Located<Double>, most: Located<Double>
  ) -> Finding {
    Finding(
      621, "no run can meet both bounds of `\(metric)`", at: most.span,
      label: "below the minimum", hints: ["raise the maximum, or lower the minimum"],
      related: [Finding.Related("the minimum", at: least.span)])
  }

  static func learnerAsBaseline(_ name: Located<String>) -> Finding {
    Finding(
      625, "`\(name.value)` is the learner, and no baseline", at: name.span,
      notes: ["the baseline of that name would be the same model, so it is not evaluated"],
      hints: ["remove it from `better_than`"])
  }

  fileprivate static func unevaluatedBaseline(
    _ name: Located<String>, _ baselines: [GatesSpec.Baseline]
  ) -> Finding {
    let known = baselines.map(\.rawValue)
    return Finding(
      625, "`\(name.value)` is not among `evaluation.baselines`", at: name.span,
      notes: [known.isEmpty ? "no baseline is evaluated" : "baselines: \(known.listed)"],
      hints: ["add it to `evaluation.baselines`, or remove it from `better_than`"])
  }
}

extension Explanation {
  static let gatesDecoderFindings: [Explanation] = [
    Explanation(
      284, "a gate on a segment that is not evaluated",
      cause: """
        The gate `segments` compares the levels of a segment of the run. A run has only the segments \
        that `evaluation.segments` names, so this gate would stay inconclusive.
        """,
      example: .spec(
        """
        evaluation: {segments: [region]}
        gates: {segments: {alike: [«customers.segment»]}}
        """),
      fix: "Write one of the spec's segments, or add this one to `evaluation.segments`."),
    Explanation(
      620, "a gate on an unknown metric",
      cause: """
        Gates name metrics as `metrics.json` does. Top lists are evaluated only at the sizes in \
        `evaluation.top_k` and `evaluation.top_percent`, so a bound on another size could not be \
        checked.
        """,
      example: .spec("gates: {minimum: {«lift_at_20»: 3}}"),
      fix: """
        Write one of the names in the note, or add the size to `evaluation`: `evaluation: {top_k: \
        [20]}`.
        """),
    Explanation(
      621, "bounds that no run can meet",
      cause: """
        The minimum of a metric is above its maximum, so every run would fail.
        """,
      example: .spec("gates: {minimum: {ece: 0.05}, maximum: {ece: «0.01»}}"),
      fix: """
        Raise the maximum or lower the minimum. For an error such as `ece`, lower is better, so it \
        needs only a maximum.
        """),
    Explanation(
      622, "a metric that cannot decide which run is better",
      cause: """
        A calibration slope is best at 1, and a base rate is a property of the rows. Neither \
        higher nor lower is better, so a difference between two runs does not say which is better.
        """,
      example: .spec("gates: {metric: «calibration_slope», smallest_effect: 0.05}"),
      fix: """
        Compare by a metric such as `roc_auc`, `pr_auc`, `log_loss` or `lift_at_50`, and set \
        bounds on calibration: `minimum: {calibration_slope: 0.8}` and `maximum: \
        {calibration_slope: 1.25}`.
        """),
    Explanation(
      625, "a gate on a baseline that is not evaluated",
      cause: """
        The gate `better_than` compares the run with baselines on the same test rows. A run has only \
        the baselines that `evaluation.baselines` names, so this gate would stay inconclusive.
        """,
      example: .spec(
        """
        evaluation: {baselines: [prior, one_feature]}
        gates: {better_than: [«logistic»]}
        """),
      fix: "Add the baseline to `evaluation.baselines`, or remove it from `better_than`."),
  ]
}
