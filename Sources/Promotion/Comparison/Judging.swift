public import Diagnostics
internal import Evaluation
public import Spec

/// The metric and smallest effect that decide a comparison if the user names none: those that the
/// runs' gates compare by.
///
/// A candidate's own gates come first, so that a comparison with the champion agrees with `holdout
/// gate`; then the base's, then those of holdout.yaml, then the default. If candidates differ,
/// holdout.yaml decides.
public struct Judging: Sendable, Equatable {
  /// What a reader must know about the choice.
  public enum Note: Sendable, Equatable {
    /// The gates of the candidates do not agree, so they do not decide.
    case gatesDiffer([Side])
    /// The gates that decide, and their smallest effect unless the user has named one.
    case decides(metric: String, smallestEffect: Double?, Origin)
    /// The gates of the specs of a list do not agree.
    case metricsDiffer([String])
    /// The gates that a list is sorted by.
    case sorted(metric: String, Origin)
  }

  /// What the gates of one candidate compare by.
  public struct Side: Sendable, Equatable {
    public let reference: String
    public let metric: String
    public let smallestEffect: Double
  }

  /// Whose gates decide.
  public enum Origin: Sendable, Equatable {
    case run(reference: String)
    /// The specs of all runs of a list.
    case specs
    /// holdout.yaml.
    case project
  }

  public let metric: String
  /// In the metric's unit; nil for a metric without a usual one if the gates set none.
  public let smallestEffect: Double?
  /// Where these come from, unless from the user or the defaults.
  public let notes: [Note]

  /// For a comparison.
  /// - Parameters:
  ///   - metric: the user's choice; nil if there is none.
  ///   - smallestEffect: likewise.
  ///   - project: the gates of holdout.yaml.
  /// - Throws: `FindingsError` if the spec of a run cannot be read.
  public init(
    metric: String?, smallestEffect: Double?, base: ComparedRun, candidates: [ComparedRun],
    project: GatesSpec?
  ) throws(FindingsError) {
    let common = Choice(ofProject: project)
    let second = try Choice(base)
    var own: [Choice] = []
    for candidate in candidates { own.append(try Choice(candidate) ?? second ?? common) }
    let isAgreed = own.allSatisfy { $0.isSame(as: own[0]) }
    let choice = isAgreed ? own[0] : common
    let isChosen = metric == nil || metric == choice.comparison.metric
    self.metric = metric ?? choice.comparison.metric
    self.smallestEffect =
      smallestEffect
      ?? (isChosen
        ? choice.comparison.smallestEffect : ComparisonOptions.usualEffects[self.metric])
    // The gates do not override what the user has said.
    guard metric == nil || (isChosen && smallestEffect == nil) else {
      notes = []
      return
    }
    var notes: [Note] = []
    if !isAgreed {
      notes.append(
        .gatesDiffer(
          zip(candidates, own).map {
            Side(
              reference: $0.reference, metric: $1.comparison.metric,
              smallestEffect: $1.comparison.smallestEffect)
          }))
    }
    if let origin = choice.origin {
      notes.append(
        .decides(
          metric: self.metric,
          smallestEffect: smallestEffect == nil ? choice.comparison.smallestEffect : nil, origin))
    }
    self.notes = notes
  }

  /// For a list of runs without a base.
  /// - Parameters: as for a comparison.
  /// - Throws: as for a comparison.
  public init(
    metric: String?, runs: [ComparedRun], project: GatesSpec?
  ) throws(FindingsError) {
    let common = Choice(ofProject: project)
    if let metric {
      self.metric = metric
      smallestEffect = ComparisonOptions.usualEffects[metric]
      notes = []
      return
    }
    var own: [Choice] = []
    for run in runs { own.append(try Choice(run) ?? common) }
    let metrics = Set(own.map(\.comparison.metric))
    let choice = metrics.count == 1 ? own[0] : common
    self.metric = choice.comparison.metric
    smallestEffect = choice.comparison.smallestEffect
    var notes: [Note] = []
    if metrics.count > 1 { notes.append(.metricsDiffer(metrics.sorted())) }
    if let origin = choice.origin {
      let isOfSpecs =
        metrics.count == 1 && runs.count > 1 && own.contains { $0.origin != common.origin }
      notes.append(.sorted(metric: self.metric, isOfSpecs ? .specs : origin))
    }
    self.notes = notes
  }

  /// The metric and effect that one set of gates compares by.
  private struct Choice {
    let comparison: Gates.Comparison
    /// Whose gates these are; nil for the defaults.
    let origin: Origin?

    /// nil if the run's spec sets none.
    init?(_ run: ComparedRun) throws(FindingsError) {
      guard let written = try run.gates()?.comparison else { return nil }
      comparison = Gates.Comparison(written)
      origin = .run(reference: run.reference)
    }

    init(ofProject project: GatesSpec?) {
      comparison = project?.comparison.map(Gates.Comparison.init) ?? Gates.default
      origin = project?.comparison == nil ? nil : .project
    }

    /// Whether both choose the same metric and effect, whatever margin they allow.
    func isSame(as other: Choice) -> Bool {
      comparison.metric == other.comparison.metric
        && comparison.smallestEffect == other.comparison.smallestEffect
    }
  }
}
