internal import Diagnostics
internal import OrderedCollections
public import Spec

/// The gates that apply to one spec: its own override the project's, which override the defaults.
public struct Gates: Sendable {
  /// Where a setting comes from.
  public enum Origin: String, Sendable, Codable {
    case spec
    case project = "holdout.yaml"
    case `default` = "standard"
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

  /// The segments whose levels must be alike.
  public struct Segments: Sendable {
    /// Their names; nil for every segment of the spec.
    public let names: [String]?
    /// The p-value below which levels differ by more than chance.
    public let smallestP: Double
    /// The factor by which a level's ratio may be above or below that of all levels.
    public let largestRatio: Double
  }

  public let comparison: Setting<Comparison>
  /// Minima, then maxima; the project's first, then those that only the spec has.
  public let bounds: [Bound]
  /// The baselines that a run must beat.
  public let betterThan: Setting<[GatesSpec.Baseline]>
  public let needsEvidence: Setting<Bool>
  public let refusesCaveats: Setting<Bool>
  public let needsAudit: Setting<Bool>
  /// nil if no segment is gated on.
  public let segments: Setting<Segments>?
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
    segments = Self.segments(spec?.segments, project?.segments, &loosened)
    func setting(_ name: String, _ key: KeyPath<GatesSpec, Bool?>) -> Setting<Bool> {
      let before = project?[keyPath: key] ?? true
      guard let own = spec?[keyPath: key] else {
        return Setting(
          value: before, origin: project?[keyPath: key] == nil ? .default : .project)
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

  static let `default` = Comparison(metric: "roc_auc", smallestEffect: 0.005, margin: 0.005)

  private static func comparison(
    _ spec: GatesSpec?, _ project: GatesSpec?, _ loosened: inout [String]
  ) -> Setting<Comparison> {
    let before =
      project?.comparison.map { Setting(value: Comparison($0), origin: .project) }
      ?? Setting(value: Self.default, origin: .default)
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

  /// A logistic regression is not among them: a model that is only as good may still be preferred.
  private static let defaultBaselines: [GatesSpec.Baseline] = [.prior, .oneFeature]

  private static func betterThan(
    _ spec: GatesSpec?, _ project: GatesSpec?, _ loosened: inout [String]
  ) -> Setting<[GatesSpec.Baseline]> {
    let before =
      project?.betterThan.map { Setting(value: $0, origin: .project) }
      ?? Setting(value: Self.defaultBaselines, origin: .default)
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

  private static func segments(
    _ spec: GatesSpec.Segments?, _ project: GatesSpec.Segments?, _ loosened: inout [String]
  ) -> Setting<Segments>? {
    let before = project.flatMap(Segments.init)
    guard let spec else { return before.map { Setting(value: $0, origin: .project) } }
    let own = Segments(spec)
    if let before {
      loosened +=
        own?.loosened(from: before)
        ?? ["the spec compares the levels of no segment, and holdout.yaml those of \(before.words)"]
    }
    return own.map { Setting(value: $0, origin: .spec) }
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

extension Gates.Segments {
  /// nil for no segment.
  fileprivate init?(_ written: GatesSpec.Segments) {
    switch written.alike {
    case .none: return nil
    case .all: names = nil
    case .named(let written): names = written.map(\.value)
    }
    smallestP = written.smallestP?.value ?? 0.01
    largestRatio = written.largestRatio?.value ?? 1.5
  }

  fileprivate var words: String {
    names.map { $0.map { "`\($0)`" }.inWords("and") } ?? "all segments"
  }

  /// A line for each setting of a spec that is looser than the project's.
  fileprivate func loosened(from project: Self) -> [String] {
    var lines: [String] = []
    if let names, project.names.map({ !$0.allSatisfy(names.contains) }) ?? true {
      lines.append(
        "the spec compares the levels of \(words), and holdout.yaml those of \(project.words)")
    }
    if smallestP < project.smallestP {
      lines.append(
        "the spec's own `segments.smallest_p` is \(NumberText.exact(smallestP)), and that of holdout.yaml "
          + "\(NumberText.exact(project.smallestP))")
    }
    if largestRatio > project.largestRatio {
      lines.append(
        "the spec's own `segments.largest_ratio` is \(NumberText.exact(largestRatio)), and that of holdout.yaml "
          + "\(NumberText.exact(project.largestRatio))")
    }
    return lines
  }
}

extension Gates.Origin {
  fileprivate var owner: String { self == .project ? "holdout.yaml" : "the standard" }
}
