internal import Diagnostics
internal import OrderedCollections
public import Spec

/// The gates that apply to one spec: its own override the project's, which override the defaults.
public struct Gates: Sendable {
  /// Where a setting comes from.
  public enum Origin: String, Sendable, Codable {
    case spec
    case project = "holdout.yaml"
    case standard
  }

  /// A setting and where it comes from.
  public struct Setting<Value: Sendable>: Sendable {
    public let value: Value
    public let origin: Origin
  }

  /// How a run is compared with the champion.
  public struct Comparison: Sendable {
    public let metric: String
    /// In the metric's unit.
    public let smallestEffect: Double
    /// How much worse a run may be, in the metric's unit.
    public let margin: Double
  }

  /// A limit that a metric's entire interval must stay within.
  public struct Bound: Sendable {
    public enum Side: String, Sendable { case minimum, maximum }

    public let side: Side
    public let metric: String
    public let limit: Setting<Double>
  }

  public let comparison: Setting<Comparison>
  /// Minima, then maxima; the project's first, then those that only the spec has.
  public let bounds: [Bound]
  /// The baselines that a run must beat.
  public let betterThan: Setting<[GatesSpec.Baseline]>
  public let needsEvidence: Setting<Bool>
  public let refusesCaveats: Setting<Bool>
  public let needsAudit: Setting<Bool>
  public let blocksInconclusive: Setting<Bool>
  /// A line for each setting in which the spec's gates are looser than the project's or the
  /// defaults.
  public let loosened: [String]

  /// Merges a spec's gates over the project's.
  public init(spec: GatesSpec?, project: GatesSpec?) {
    var loosened: [String] = []
    comparison = Self.comparison(spec, project, &loosened)
    bounds =
      Self.bounds(.minimum, spec?.minimum, project?.minimum, &loosened)
      + Self.bounds(.maximum, spec?.maximum, project?.maximum, &loosened)
    betterThan = Self.betterThan(spec, project, &loosened)
    func setting(_ name: String, _ key: KeyPath<GatesSpec, Bool?>) -> Setting<Bool> {
      let before = project?[keyPath: key] ?? true
      guard let own = spec?[keyPath: key] else {
        return Setting(
          value: before, origin: project?[keyPath: key] == nil ? .standard : .project)
      }
      if before, !own {
        loosened.append(
          "the spec's own gates \(name), and \(project?[keyPath: key] == nil ? "the standard" : "holdout.yaml") does not"
        )
      }
      return Setting(value: own, origin: .spec)
    }
    needsEvidence = setting("do without enough positive entities", \.needsEvidence)
    refusesCaveats = setting("allow caveats", \.refusesCaveats)
    needsAudit = setting("do without the audit", \.needsAudit)
    blocksInconclusive = setting("let pass what is inconclusive", \.blocksInconclusive)
    self.loosened = loosened
  }

  // MARK: - Merging

  static let standard = Comparison(metric: "roc_auc", smallestEffect: 0.005, margin: 0.005)

  private static func comparison(
    _ spec: GatesSpec?, _ project: GatesSpec?, _ loosened: inout [String]
  ) -> Setting<Comparison> {
    let before =
      project?.comparison.map { Setting(value: Comparison($0), origin: .project) }
      ?? Setting(value: standard, origin: .standard)
    guard let own = spec?.comparison.map(Comparison.init) else { return before }
    let other = before.value
    if own.metric != other.metric {
      loosened.append(
        "the spec compares by `\(own.metric)`, and \(before.origin.owner) by `\(other.metric)`")
    } else if own.margin > other.margin {
      loosened.append(
        "the spec may lose up to \(own.margin) of `\(own.metric)` against the champion, and "
          + "\(before.origin.owner) allows \(other.margin)")
    }
    return Setting(value: own, origin: .spec)
  }

  private static func betterThan(
    _ spec: GatesSpec?, _ project: GatesSpec?, _ loosened: inout [String]
  ) -> Setting<[GatesSpec.Baseline]> {
    let before =
      project?.betterThan.map { Setting(value: $0, origin: .project) }
      ?? Setting(value: GatesSpec.Baseline.allCases, origin: .standard)
    guard let own = spec?.betterThan else { return before }
    let missing = before.value.filter { !own.contains($0) }.map { "`\($0.rawValue)`" }
    if !missing.isEmpty {
      loosened.append(
        "the spec need not be better than \(missing.inWords("and")), and \(before.origin.owner) "
          + "requires it"
      )
    }
    return Setting(value: own, origin: .spec)
  }

  private static func bounds(
    _ side: Bound.Side, _ spec: OrderedDictionary<String, Located<Double>>?,
    _ project: OrderedDictionary<String, Located<Double>>?, _ loosened: inout [String]
  ) -> [Bound] {
    var limits: OrderedDictionary<String, Setting<Double>> = [:]
    for (metric, limit) in project ?? [:] {
      limits[metric] = Setting(value: limit.value, origin: .project)
    }
    for (metric, limit) in spec ?? [:] {
      if let other = limits[metric]?.value,
        side == .minimum ? limit.value < other : limit.value > other
      {
        loosened.append(
          "the spec's own \(side.rawValue) of `\(metric)` is \(limit.value), and that of "
            + "holdout.yaml \(other)")
      }
      limits[metric] = Setting(value: limit.value, origin: .spec)
    }
    return limits.map { Bound(side: side, metric: $0.key, limit: $0.value) }
  }
}

extension Gates.Comparison {
  init(_ written: GatesSpec.Comparison) {
    metric = written.metric.value
    smallestEffect = written.smallestEffect.value
    margin = written.margin?.value ?? written.smallestEffect.value
  }
}

extension Gates.Origin {
  fileprivate var owner: String { self == .project ? "holdout.yaml" : "the standard" }
}
