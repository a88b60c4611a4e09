internal import Diagnostics
internal import Evaluation
internal import Learning
internal import OrderedCollections
internal import Panel
package import Runs
package import Spec

/// The spec under audit with its panel and its model, made once for all checks.
package struct AuditSubject {
  let spec: ExperimentSpec
  let project: Project
  let builder: PanelBuilder
  /// The rows of the sources, which are read once.
  let copies: SourceCopies?
  let library: LightGBMLibrary
  let threads: Int
  /// The keys of entities, by entity number.
  let keys: [String]
  let train: [PanelBlock]
  let calibrate: [PanelBlock]
  let test: [PanelBlock]
  /// The cohort on the last day of the data, then an eighth and a quarter of the horizon before.
  /// Their outcomes are open, so they have no labels.
  let end: [PanelBlock]
  private let presences = Presences()
  /// The spec's own model, evaluated on its own test rows.
  let own: AuditTrial

  /// - Parameter run: the run whose data must match; nil: any data.
  /// - Throws: `FindingsError` when the spec or its data are at fault.
  package init(
    _ spec: ExperimentSpec, of run: RunRecord?, project: Project, threads: Int,
    progress: @escaping ProgressHandler = { _ in }
  ) throws {
    library = try NativeLibraries.learner()
    try ExperimentRunner.parameterFindings(spec.model, features: spec.features)
      .throwIfErrors()
    copies = SourceCopies(project: project.spec, projectFolder: project.folder)
    builder = try PanelBuilder(
      spec, project: project.spec, projectFolder: project.folder,
      engine: try NativeLibraries.engine(threads: threads), copies: copies)
    try builder.checkStability(
      project: project.spec, projectFolder: project.folder,
      engine: try NativeLibraries.engine(threads: threads))
    if let run {
      try DataFingerprint.all(
        spec, project: project, contentHashes: builder.contentHashes
      ).check(against: run)
    }
    let cutoffs = builder.timeline.cutoffs.filter(\.role.hasRows)
    let blocks = try builder.blocks(cutoffs, threads: threads) {
      progress(StepProgress(.auditPreparation, done: $0, of: cutoffs.count))
    }
    train = blocks.filter { $0.cutoff.role == .train }
    calibrate = blocks.filter { $0.cutoff.role == .calibrate }
    test = blocks.filter { $0.cutoff.role == .test }
    end = try builder.blocks(Self.endCutoffs(spec, builder), threads: threads)
    keys = try builder.keys()
    own = try AuditTrial(
      spec, train: train, test: test, builder: builder, library: library, threads: threads)
    self.spec = spec
    self.project = project
    self.threads = threads
  }

  /// All train, calibrate and test rows.
  var blocks: [PanelBlock] { train + calibrate + test }

  /// The last day on which all sources are complete, then an eighth and a quarter of the horizon
  /// before.
  private static func endCutoffs(_ spec: ExperimentSpec, _ builder: PanelBuilder) -> [Cutoff] {
    let through = builder.timeline.dataThrough
    let last = spec.sources.values.compactMap { $0.dataThrough?.value }.min().map {
      min($0, through)
    }
    let windows = LabelWindow(spec.label, arithmetic: spec.cutoffs.monthArithmetic)
    let day = last ?? through
    let horizon = windows.end(day).days - day.days
    var seen: Set<Int> = []
    return [0, horizon / 8, horizon / 4].filter { seen.insert($0).inserted }.map { back in
      let date = CalendarDate(days: day.days - back)
      return Cutoff(date: date, role: .immature, windowEnd: windows.end(date))
    }
  }

  /// The number of codes of a category feature; nil for numbers.
  func levelCount(ofFeature index: Int) -> Int? {
    spec.features[index].expression.isCategory ? builder.levels(ofFeature: index).count : nil
  }

  /// Which rows and values each source with at most one row per entity has for the rows of a block.
  func presence(of block: PanelBlock) throws -> [SourcePresence] {
    if let known = presences.known[block.cutoff.date] { return known }
    let found = try builder.presence(of: block)
    presences.known[block.cutoff.date] = found
    return found
  }

  /// The columns that a feature reads, as `source.column`, sorted by name.
  /// - Parameter foreignKeys: whether to include the columns through which entities find the rows of
  ///   a source in `references`.
  func columns(ofFeature name: String, foreignKeys: Bool = true) -> [String] {
    builder.columns(ofFeature: name, foreignKeys: foreignKeys).map { "\($0)" }
  }

  /// The distinct entities with a positive row among some blocks.
  static func buyers(_ blocks: [PanelBlock]) -> Set<Int32> { buyers(blocks, \.entities) }

  /// The distinct clusters with a positive row among some blocks; without `evaluation.cluster`, the
  /// entities.
  static func buyingClusters(_ blocks: [PanelBlock]) -> Set<Int32> { buyers(blocks, \.clusters) }

  private static func buyers(
    _ blocks: [PanelBlock], _ unit: KeyPath<PanelBlock, [Int32]>
  ) -> Set<Int32> {
    var buyers: Set<Int32> = []
    for block in blocks {
      for (entity, label) in zip(block[keyPath: unit], block.labels) where label == 1 {
        buyers.insert(entity)
      }
    }
    return buyers
  }
}

/// What has been read of the sources of some cutoffs, because several checks ask for it.
private final class Presences {
  var known: [CalendarDate: [SourcePresence]] = [:]
}

/// A model trained on some cutoffs and evaluated on others, with the spec's own parameters.
struct AuditTrial {
  /// The confidence level at which a check reports a difference.
  static let level = 0.99
  /// The largest half-width of an interval; a wider one could miss a difference that matters.
  static let widest = 0.15
  /// The fewest buyers needed for a verdict, whatever lower number the spec accepts.
  static let fewest = 20
  /// Resamples of the bootstrap: five draws are beyond each end of a 99 % interval.
  static let resamples = 1000

  let model: TrainedModel
  let rocAUC: Double?
  let averagePrecision: Double?
  let baseRate: Double?
  /// The interval of the ROC AUC over resampled clusters; nil when it is undefined.
  let interval: Interval?
  let evidence: Evidence
  /// What the spec calls a positive entity.
  let noun: PositiveNoun

  /// Trains and evaluates.
  /// - Throws: as `TrainedModel`.
  init(
    _ spec: ExperimentSpec, train: [PanelBlock], test: [PanelBlock], builder: PanelBuilder,
    library: LightGBMLibrary, threads: Int
  ) throws {
    model = try TrainedModel(
      spec, train: train, texts: try PanelTexts(builder),
      library: library,
      settings: RunSettings(threads: threads))
    let margins = try model.margins(test, threads: threads)
    let probabilities = RunEvaluation.probabilities(margins, model)
    let rows = RunEvaluation.rows(
      test, margins: margins, scores: probabilities, uncalibrated: probabilities)
    let groups = ScoreGroups(labels: rows.label, scores: rows.margin)
    rocAUC = groups.areaUnderROC
    averagePrecision = groups.averagePrecision
    baseRate = groups.baseRate
    noun = spec.label.noun
    evidence = Evidence(
      positiveEntities: rows.positiveEntities,
      minimumPositives: max(Self.fewest, spec.evaluation.minimumPositives))
    guard rocAUC != nil else {
      interval = nil
      return
    }
    let draws = bootstrap(
      rows, options: EvaluationOptions(topK: [], topPercent: []),
      bootstrap: BootstrapOptions(
        resamples: Self.resamples, level: Self.level,
        seed: UInt64(bitPattern: Int64(spec.evaluation.seed)), threads: threads))
    interval = draws.pooled["roc_auc"].flatMap { Interval($0, level: Self.level) }
  }

  /// Whether the test rows have too few positive entities; nil when they suffice.
  var tooFew: TooFewPositives? {
    evidence.isSufficient
      ? nil
      : TooFewPositives(
        found: evidence.positiveEntities, needed: evidence.minimumPositives, noun: noun)
  }
}
