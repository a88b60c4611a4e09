internal import Diagnostics
internal import Evaluation
internal import Learning
internal import Panel
public import Spec

/// One entrant's fit in one round of a race, on train cutoffs before the validation cutoffs.
///
/// As with early stopping, the label windows of the rows it learns from end, with the spec's
/// embargo, by the first validation cutoff.
struct RaceTrial {
  private let fit: SuiteFit
  private let round: HalvingRound
  private let learned: [Cutoff]
  private let judged: [Cutoff]

  init(_ halving: HalvingSpec, _ round: HalvingRound, _ fit: SuiteFit) {
    self.fit = fit
    self.round = round
    let split = Self.split(halving, fit)
    let days = Set(split.fitted.suffix(round.cutoffs))
    let validation = Set(split.validation)
    learned = fit.panel.timeline[.train].filter { days.contains($0.date) }
    judged = fit.panel.timeline[.train].filter { validation.contains($0.date) }
  }

  private static func split(_ halving: HalvingSpec, _ fit: SuiteFit) -> ValidationSplit {
    ValidationSplit(
      validating: halving.validationCutoffs.value, fit.experiment.spec.cutoffs,
      train: fit.panel.timeline[.train])
  }

  /// The rounds of a race.
  /// - Throws: `FindingsError` when entrants would be scored on different rows or have no rows to
  ///   learn from.
  static func rounds(
    _ halving: HalvingSpec, _ entrants: [SuiteFit]
  ) throws -> [HalvingRound] {
    guard let first = entrants.first else { return [] }
    for entrant in entrants {
      try entrant.experiment.spec.model.checkGrowsTrees(for: .halving)
    }
    let library = try NativeLibraries.learner()
    let splits = entrants.map { split(halving, $0) }
    func judged(_ number: Int) -> [String] {
      let days = Set(splits[number].validation)
      return entrants[number].panel.timeline[.train].filter { days.contains($0.date) }
        .map { entrants[number].panel.inputs.labels($0).key }
    }
    if let other = entrants.indices.first(where: { judged($0) != judged(0) }) {
      throw FindingsError(
        .unequalRace(
          halving, first.experiment.spec.name.value, entrants[other].experiment.spec.name.value))
    }
    guard let fewest = splits.map(\.fitted.count).min(), fewest > 0 else {
      throw FindingsError(.nothingToRaceOn(halving, train: first.panel.timeline[.train].count))
    }
    let trees = entrants.map { entrant in
      LearnerConfiguration(
        entrant.experiment.spec.model, features: entrant.experiment.spec.features, library
      ).iterations
    }
    return HalvingRound.rounds(
      halving, members: entrants.count, trees: trees.min() ?? 1, cutoffs: fewest)
  }

  /// The average precision on the race's validation rows. Class weights and calibration do not
  /// change it.
  func score(_ runner: ExperimentRunner, _ settings: RunSettings) throws -> Double {
    try runner.reading(
      fit.panel, of: fit.experiment, settings: settings, refitting: false
    ) { panel in try score(panel, runner, settings) }
  }

  private func score(
    _ panel: ExperimentPanel, _ runner: ExperimentRunner, _ settings: RunSettings
  ) throws -> Double {
    var inputs = runner.cache.inputs("trial").adding("trees", "\(round.trees)")
    for cutoff in learned { inputs.add("learned", panel.fingerprint(of: cutoff)) }
    for cutoff in judged { inputs.add("judged", panel.fingerprint(of: cutoff)) }
    for part in fit.experiment.parts
    where ["model", "sample", "features", "feature_sets"].contains(part.key) {
      inputs.add(part.key, part.text)
    }
    if let known = runner.cache.value(Double.self, inputs) { return known }
    let train = try learned.map(panel.block)
    let test = try judged.map(panel.block)
    let texts = PanelTexts(keys: try panel.keys(), levels: panel.levels)
    let model = try TrainedModel(
      fit.experiment.spec, train: train, trees: round.trees, texts: texts,
      library: try NativeLibraries.learner(), settings: settings)
    let margins = try model.margins(test, threads: settings.threads)
    let groups = ScoreGroups(labels: test.flatMap(\.labels), scores: margins)
    let score = groups.averagePrecision ?? 0
    try runner.cache.keep(value: score, for: inputs)
    return score
  }
}

// H524 and H525.
extension Finding {
  static func unequalRace(_ halving: HalvingSpec, _ first: String, _ other: String) -> Finding {
    Finding(
      524, "`\(first)` and `\(other)` would be evaluated on different rows",
      at: halving.validationCutoffs.span,
      label: "the rounds of `halving` compare combinations on the same rows",
      notes: ["they differ in cohort, label or cutoffs"],
      hints: ["sweep only keys of features and model, or remove `halving`"])
  }

  static func nothingToRaceOn(_ halving: HalvingSpec, train: Int) -> Finding {
    let validation = halving.validationCutoffs.value
    return Finding(
      525, "with \(validation) of \(train) train cutoffs for validation, none is left to train on",
      at: halving.validationCutoffs.span, label: "their label windows exclude too many cutoffs",
      hints: ["validate on fewer cutoffs, or raise `cutoffs.train`"])
  }
}

/// One round of successive halving (Jamieson and Talwalkar, 2016): the budget of each trial, and
/// how many trials advance.
struct HalvingRound: Equatable, Sendable {
  /// The round's number, from 1.
  let number: Int
  /// The number of trials.
  let entrants: Int
  let trees: Int
  /// How many cutoffs a trial learns from, the latest ones available.
  let cutoffs: Int
  let survivors: Int

  /// The rounds of a sweep. The survivors of the last round are run.
  ///
  /// No round gives a trial as much as its own run would get, because the run itself does that
  /// work.
  /// - Parameters:
  ///   - trees: the fewest trees that any of the experiments asks for.
  ///   - cutoffs: the number of train cutoffs available to learn from.
  static func rounds(
    _ spec: HalvingSpec, members: Int, trees: Int, cutoffs: Int
  ) -> [HalvingRound] {
    var rounds: [HalvingRound] = []
    var (entrants, ownTrees, ownCutoffs) = (members, spec.trees, spec.cutoffs)
    while entrants > 1, ownTrees < trees || ownCutoffs < cutoffs {
      let survivors = (entrants + spec.factor - 1) / spec.factor
      rounds.append(
        HalvingRound(
          number: rounds.count + 1, entrants: entrants, trees: min(ownTrees, trees),
          cutoffs: min(ownCutoffs, cutoffs), survivors: survivors))
      entrants = survivors
      // Capped so that no product overflows.
      ownTrees = min(ownTrees, trees) * spec.factor
      ownCutoffs = min(ownCutoffs, cutoffs) * spec.factor
    }
    return rounds
  }
}

/// Experiments of which only the best are run, after rounds of trials.
public struct Race: Sendable {
  /// Their indices in the suite.
  public let indices: Range<Int>
  public let halving: HalvingSpec

  public init(indices: Range<Int>, halving: HalvingSpec) {
    self.indices = indices
    self.halving = halving
  }
}

/// An experiment that lost its race.
public struct DroppedEntrant: Sendable {
  public let name: String
  /// The round in which it lost, from 1, and the number of rounds.
  public let round: Int
  public let rounds: Int
  /// Measured on the race's validation rows.
  public let averagePrecision: Double
  /// How many entrants advanced, and out of how many.
  public let survivors: Int
  public let entrants: Int
}

extension Explanation {
  static let raceTrialFindings: [Explanation] = [
    Explanation(
      524, "halving on different rows",
      cause: """
        `halving` compares the combinations of a sweep on the last train cutoffs. These differ in \
        cohort, label, or cutoffs, so their results would be for different rows.
        """,
      example: .spec(
        """
        cutoffs: {train: 6}
        sweep:
          label.horizon: [1 month, 2 months]
          halving: {trees: 2, cutoffs: 1, validation_cutoffs: «1»}
        """, Example.run),
      fix: """
        Sweep only keys of features and model, or remove `halving`.
        """),
    Explanation(
      525, "halving without rows to train on",
      cause: """
        The last train cutoffs are held out to compare the combinations of a sweep. No other train \
        cutoff has a label window that ends, with the embargo, before the first of them.
        """,
      example: .spec(
        """
        sweep:
          model.params.num_leaves: [3, 7]
          halving: {trees: 2, cutoffs: 1, validation_cutoffs: «4»}
        """, Example.run),
      fix: """
        Validate on fewer cutoffs, or raise `cutoffs.train`.
        """),
  ]
}
