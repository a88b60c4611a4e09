internal import Diagnostics
internal import Learning
internal import Panel
internal import Spec

/// The spec under audit with its panel and its model, made once for all checks.
struct AuditSubject {
  let spec: ExperimentSpec
  let project: Project
  let builder: PanelBuilder
  let library: LightGBMLibrary
  let threads: Int
  /// The keys of entities by number.
  let keys: [String]
  let train: [PanelBlock]
  let calibrate: [PanelBlock]
  let test: [PanelBlock]
  /// The spec's own model, judged on its own test rows.
  let own: AuditTrial

  /// - Parameter run: the run whose data they have to be; nil: any.
  /// - Throws: `FindingsError` for what the spec or its data are to blame for.
  init(
    _ spec: ExperimentSpec, of run: RunRecord?, project: Project, threads: Int,
    progress: @escaping @Sendable (Int, Int) -> Void
  ) throws {
    library = try NativeLibraries.learner()
    try ExperimentRunner.parameterFindings(spec.model, features: spec.features)
      .throwIfErrors()
    builder = try PanelBuilder(
      spec, project: project.spec, projectFolder: project.folder,
      engine: try NativeLibraries.engine(threads: threads))
    try builder.checkStability(
      project: project.spec, projectFolder: project.folder,
      engine: try NativeLibraries.engine(threads: threads))
    if let run {
      try DataFingerprint.all(
        spec, project: project, contentHashes: builder.contentHashes
      ).check(against: run)
    }
    let cutoffs = builder.timeline.cutoffs.filter(\.role.hasRows)
    let blocks = try builder.blocks(cutoffs, threads: threads) { progress($0, cutoffs.count) }
    train = blocks.filter { $0.cutoff.role == .train }
    calibrate = blocks.filter { $0.cutoff.role == .calibrate }
    test = blocks.filter { $0.cutoff.role == .test }
    keys = try builder.keys()
    own = try AuditTrial(
      spec, train: train, test: test, builder: builder, library: library, threads: threads)
    self.spec = spec
    self.project = project
    self.threads = threads
  }

  /// All rows that are learned from, calibrated with or judged on.
  var blocks: [PanelBlock] { train + calibrate + test }

  /// The distinct entities with a positive row among some blocks.
  static func buyers(_ blocks: [PanelBlock]) -> Set<Int32> {
    var buyers: Set<Int32> = []
    for block in blocks {
      for (entity, label) in zip(block.entities, block.labels) where label == 1 {
        buyers.insert(entity)
      }
    }
    return buyers
  }
}
