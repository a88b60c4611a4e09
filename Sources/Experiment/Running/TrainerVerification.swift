public import Diagnostics
public import Learning
internal import Panel
public import Runs
public import Spec

/// Trains a spec's model with both trainers, and compares their trees.
public struct TrainerVerification: Sendable {
  public let project: Project
  public let threads: Int
  /// Called as work advances, from any thread.
  public let progress: ProgressHandler

  public init(
    project: Project, threads: Int, progress: @escaping ProgressHandler = { _ in }
  ) {
    self.project = project
    self.threads = threads
    self.progress = progress
  }

  /// Trains on the train rows of the newest fold. Writes nothing, and reads nothing from the cache.
  /// - Throws: `FindingsError` when the spec cannot be run.
  public func report(_ spec: ExperimentSpec) throws -> TrainerReport {
    try spec.model.checkGrowsTrees(for: .comparingTrainers)
    let library = try NativeLibraries.learner()
    try ExperimentRunner.parameterFindings(spec.model, features: spec.features).throwIfErrors()
    let configuration = LearnerConfiguration(spec.model, features: spec.features, library)
    progress(StepProgress(.stage(.sources)))
    let builder = try PanelBuilder(
      spec, project: project.spec, projectFolder: project.folder,
      engine: try NativeLibraries.engine(threads: threads))
    let cutoffs = builder.timeline[.train]
    let train = try builder.blocks(cutoffs, threads: threads) {
      progress(StepProgress(.stage(.panel), done: $0, of: cutoffs.count))
    }
    let rows = train.reduce(0) { $0 + $1.rowCount }
    func report(_ outcome: TrainerReport.Outcome) -> TrainerReport {
      TrainerReport(
        name: spec.name.value, rows: rows, features: spec.features.count, outcome: outcome,
        findings: builder.findings)
    }
    if let need = configuration.libraryNeed(with: library) {
      return report(.unsupported(need))
    }
    let texts = try PanelTexts(builder)
    func text(_ trainer: ModelSpec.Trainer) throws -> (model: String, seconds: Double) {
      var spec = spec
      spec.model.trainer.value = trainer
      let start = ContinuousClock.now
      let model = try TrainedModel(
        spec, train: train, texts: texts, library: library,
        settings: RunSettings(threads: threads, progress: progress))
      return (model.predictor.modelText, (ContinuousClock.now - start) / .seconds(1))
    }
    let (ofLibrary, ofPanel) = (try text(.library), try text(.panel))
    return report(
      .compared(
        try TreeComparison(ofLibrary.model, ofPanel.model),
        seconds: (ofLibrary.seconds, ofPanel.seconds)))
  }
}

/// What training a spec's model with both trainers showed.
public struct TrainerReport: Sendable {
  public enum Outcome: Sendable {
    /// Only the library supports a parameter of the spec.
    case unsupported(LibraryNeed)
    /// The library's trees with those of the panel trainer, and the seconds of wall time that each
    /// took, binning included.
    case compared(TreeComparison, seconds: (library: Double, panel: Double))
  }

  public let name: String
  /// The number of train rows, and of features.
  public let rows: Int
  public let features: Int
  public let outcome: Outcome
  /// Warnings from reading the sources.
  public let findings: [Finding]

  /// Whether both grow the same trees; splits count, not the last digits of leaves.
  public var isSame: Bool {
    switch outcome {
    case .unsupported: false
    case .compared(let trees, _):
      trees.trees == trees.otherTrees && trees.sameSplits == trees.trees
    }
  }
}
