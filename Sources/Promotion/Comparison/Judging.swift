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
  public let metric: String
  /// In the metric's unit; nil for a metric without a usual one if the gates set none.
  public let smallestEffect: Double?
  /// Where these come from, unless from the user or the defaults.
  public let notes: [String]

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
    var notes: [String] = []
    if !isAgreed {
      let sides = zip(candidates, own).map { "`\($0.reference)`: \($1.words)" }
      notes.append(
        "the gates of the candidates compare differently (\(sides.joined(separator: ", "))); "
          + "--metric and --smallest-effect choose")
    }
    if let origin = choice.origin {
      let worth =
        smallestEffect == nil
        ? " and the smallest effect is \(choice.comparison.smallestEffect)," : ""
      notes.append("\(self.metric) decides,\(worth) as the gates of \(origin) say")
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
    var notes: [String] = []
    if metrics.count > 1 {
      notes.append(
        "the gates of the specs compare by \(metrics.sorted().inWords("and")); --metric chooses")
    }
    if let origin = choice.origin {
      let names =
        metrics.count == 1 && runs.count > 1 && own.contains { $0.origin != common.origin }
      notes.append("sorted by \(self.metric), as the gates of \(names ? "the specs" : origin) say")
    }
    self.notes = notes
  }

  /// The metric and effect that one set of gates compares by.
  private struct Choice {
    let comparison: Gates.Comparison
    /// Whose gates these are, for people; nil for the defaults.
    let origin: String?

    /// nil if the run's spec sets none.
    init?(_ run: ComparedRun) throws(FindingsError) {
      guard let written = try run.gates()?.comparison else { return nil }
      comparison = Gates.Comparison(written)
      origin = "`\(run.reference)`"
    }

    init(ofProject project: GatesSpec?) {
      comparison = project?.comparison.map(Gates.Comparison.init) ?? Gates.default
      origin = project?.comparison == nil ? nil : "holdout.yaml"
    }

    /// Whether both choose the same metric and effect, whatever margin they allow.
    func isSame(as other: Choice) -> Bool { words == other.words }

    var words: String { "\(comparison.metric) by \(comparison.smallestEffect)" }
  }
}
