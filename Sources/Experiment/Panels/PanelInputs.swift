internal import Diagnostics
internal import Panel
internal import Spec

/// What decides each part of an experiment's panel: the keys under which the cache keeps them.
struct PanelInputs: Sendable {
  private let cohort: CacheInputs
  private let plan: PanelPlan
  private let base: Base
  /// By the places of the features that are read; sums are not among them.
  private let features: [Int: CacheInputs]
  /// The keys of the entities.
  let keys: CacheInputs

  /// What is the same for all parts.
  private struct Base: Sendable {
    let inputs: CacheInputs
    let sourceTexts: [String: String]
    /// By source, what its rows are.
    let contents: [String: String]

    /// - Parameter kind: what the part is.
    func adding(_ recipe: PanelPlan.Recipe, as part: String, to inputs: CacheInputs) -> CacheInputs
    {
      var inputs = inputs
      for source in recipe.sources { add(source, to: &inputs) }
      inputs.add(part, recipe.sql)
      return inputs
    }

    func add(_ source: String, to inputs: inout CacheInputs) {
      inputs.add("the rows of source `\(source)`", contents[source] ?? "-")
      inputs.add("how source `\(source)` is read", sourceTexts[source] ?? "-")
    }
  }

  /// A day to write recipes of parts for that have the day as an input of its own.
  private static let reference = CalendarDate(days: 19_813)

  /// - Parameters:
  ///   - engine: the engine's version.
  ///   - contents: by source, what its rows are.
  init(
    _ experiment: ResolvedExperiment, plan: PanelPlan, cache: Cache, engine: String,
    contents: [String: String]
  ) {
    let base = Base(
      inputs: cache.inputs("panel").adding("engine", engine), sourceTexts: experiment.sourceTexts,
      contents: contents)
    let day = Cutoff(date: Self.reference, role: .train, windowEnd: Self.reference)
    let entity = experiment.spec.cohort.entity.value
    var keys = base.inputs
    base.add(entity, to: &keys)
    self.keys = keys.adding("part", "keys")
    // Clipped months, and all else that a day is reckoned by.
    let arithmetic = "\(experiment.spec.cutoffs.monthArithmetic)"
    let cohort = base.adding(plan.cohort(day), as: "the cohort", to: base.inputs)
      .adding("month arithmetic", arithmetic)
    var features: [Int: CacheInputs] = [:]
    for index in experiment.spec.features.indices {
      guard let recipe = plan.feature(index, Self.reference) else { continue }
      features[index] = base.adding(
        recipe, as: "the feature", to: cohort.adding("part", "feature"))
    }
    self.cohort = cohort
    self.plan = plan
    self.base = base
    self.features = features
  }

  /// Of the entities at a cutoff.
  func entities(_ cutoff: Cutoff) -> CacheInputs {
    cohort.adding("part", "entities").adding("cutoff", cutoff.date.description)
  }

  /// Of their labels.
  func labels(_ cutoff: Cutoff) -> CacheInputs {
    base.adding(plan.label(cutoff), as: "the label", to: entities(cutoff))
  }

  /// Of a feature's values; nil for sums.
  func feature(_ index: Int, _ cutoff: Cutoff) -> CacheInputs? {
    features[index]?.adding("cutoff", cutoff.date.description)
  }

  /// Of a feature, whatever the cutoff.
  func feature(_ index: Int) -> CacheInputs? { features[index] }
}
