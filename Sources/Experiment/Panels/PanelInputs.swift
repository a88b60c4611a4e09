internal import Diagnostics
internal import Panel
internal import Spec

/// The inputs that decide each part of an experiment's panel: the keys under which the cache stores
/// them.
struct PanelInputs: Sendable {
  private let cohort: CacheInputs
  private let plan: PanelPlan
  private let base: Base
  /// By index of the features that are read, and of the columns of segments after them.
  /// Combinations are left out.
  private let features: [Int: CacheInputs]
  /// The keys of the entities.
  let keys: CacheInputs
  /// The clusters of the entities; nil if every entity is a cluster of its own.
  let clusters: CacheInputs?

  /// The inputs that all parts share.
  private struct Base: Sendable {
    let inputs: CacheInputs
    let sourceTexts: [String: String]
    /// The identity of each source's rows.
    let contents: [String: String]

    /// - Parameter kind: the kind of part.
    func adding(_ recipe: PanelPlan.Recipe, as part: String, to inputs: CacheInputs) -> CacheInputs
    {
      var inputs = inputs
      for source in recipe.sources { add(source, to: &inputs) }
      inputs.add(part, recipe.sql)
      if !recipe.monthWindows.isEmpty {
        inputs.add("windows in months", recipe.monthWindows.joined(separator: " "))
      }
      return inputs
    }

    func add(_ source: String, to inputs: inout CacheInputs) {
      inputs.add("the rows of source `\(source)`", contents[source] ?? "-")
      inputs.add("how source `\(source)` is read", sourceTexts[source] ?? "-")
    }
  }

  /// A fixed day for the recipes of parts that have the day as a separate input.
  private static let reference = CalendarDate(days: 19_813)

  /// - Parameters:
  ///   - engine: the engine's version.
  ///   - contents: the identity of each source's rows.
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
    clusters = plan.clusters.map {
      base.adding($0, as: "the cluster", to: base.inputs).adding("part", "clusters")
    }
    // The month arithmetic, and everything else that dates are computed with.
    let arithmetic = "\(experiment.spec.cutoffs.monthArithmetic)"
    let cohort = base.adding(plan.cohort(day), as: "the cohort", to: base.inputs)
      .adding("month arithmetic", arithmetic)
    var features: [Int: CacheInputs] = [:]
    for index in 0..<(experiment.spec.features.count + experiment.spec.segmentColumns.count) {
      guard let recipe = plan.feature(index, Self.reference) else { continue }
      features[index] = base.adding(
        recipe, as: "the feature", to: cohort.adding("part", "feature"))
    }
    self.cohort = cohort
    self.plan = plan
    self.base = base
    self.features = features
  }

  /// Adds what selects the rows of a cutoff: its day and, if the label is conditional, the end of its
  /// window, as far as it has been observed.
  private func adding(_ cutoff: Cutoff, to inputs: CacheInputs) -> CacheInputs {
    let inputs = inputs.adding("cutoff", cutoff.date.description)
    guard plan.spec.label.among != nil else { return inputs }
    let end = plan.spec.dataThrough.map { min($0, cutoff.windowEnd) } ?? cutoff.windowEnd
    return inputs.adding("label window", end.description)
  }

  /// The inputs of the entities at a cutoff.
  func entities(_ cutoff: Cutoff) -> CacheInputs {
    adding(cutoff, to: cohort.adding("part", "entities"))
  }

  /// The inputs of the number of entities without a label at a cutoff; nil if the label is not
  /// conditional.
  func excluded(_ cutoff: Cutoff) -> CacheInputs? {
    plan.spec.label.among.map { _ in adding(cutoff, to: cohort.adding("part", "excluded")) }
  }

  /// The inputs of the entities' labels at a cutoff.
  func labels(_ cutoff: Cutoff) -> CacheInputs {
    base.adding(plan.label(cutoff), as: "the label", to: entities(cutoff))
  }

  /// The inputs of a feature's values at a cutoff; nil for combinations.
  func feature(_ index: Int, _ cutoff: Cutoff) -> CacheInputs? {
    features[index].map { adding(cutoff, to: $0) }
  }

  /// The inputs of a feature, whatever the cutoff.
  func feature(_ index: Int) -> CacheInputs? { features[index] }
}
