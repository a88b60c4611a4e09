internal import Diagnostics
internal import Evaluation
package import Learning
package import Panel
package import Spec

/// The number of trees that early stopping chose, and how.
package struct EarlyStop {
  package let search: TreeSearch
  /// The largest number of trees allowed.
  package let limit: Int
  package let split: ValidationSplit

  /// Fits on the earlier train cutoffs and validates on the last ones.
  /// - Throws: `FindingsError` when the spec or the data are at fault, otherwise `LearningError`.
  init(
    _ stopping: ModelSpec.EarlyStopping, _ spec: ExperimentSpec, train: [PanelBlock],
    configuration: LearnerConfiguration, texts: PanelTexts, library: LightGBMLibrary,
    settings: RunSettings
  ) throws {
    let split = ValidationSplit(
      validating: stopping.validationCutoffs.value, spec.cutoffs, train: train.map(\.cutoff))
    // A run checks this beforehand, but an audit fits on fewer cutoffs than the spec has.
    if split.fitted.isEmpty, let first = split.validation.first {
      throw FindingsError(
        .nothingBeforeValidation(stopping.validationCutoffs, first: first, train: train.count))
    }
    func blocks(_ days: [CalendarDate]) throws -> [PanelBlock] {
      let blocks = train.filter { days.contains($0.cutoff.date) }
      let rows = blocks.reduce(0) { $0 + $1.rowCount }
      let positives = blocks.reduce(0) { $0 + $1.counts.positives }
      if positives == 0 || positives == rows {
        throw FindingsError(
          .cannotStopEarly(stopping, days: days, rows: rows, positives: positives))
      }
      return blocks
    }
    let (fitted, validation) = (try blocks(split.fitted), try blocks(split.validation))
    // Levels, bins and sample come from the fitted rows alone.
    let rows = try LearnerRows(
      spec, train: fitted, configuration: configuration, texts: texts, library: library,
      settings: settings)
    let labels = validation.flatMap { $0.labels.map(Float.init) }
    let held = try Dataset(
      blocks: validation.map(\.features), encodings: rows.encodings, labels: labels,
      binnedAs: rows.dataset, threads: settings.threads)
    search = try spec.model.train { () throws(LearningError) in
      try TreeSearch(
        on: rows.dataset, validation: held, labels: labels, patience: stopping.rounds,
        configuration: configuration, threads: settings.threads
      ) { trees in
        settings.progress(
          StepProgress(.stage(.searching), done: trees, of: configuration.iterations))
        return true
      }
    }
    limit = configuration.iterations
    self.split = split
  }

  /// The numbers for metrics.json.
  var tree: MetricTree {
    MetricTree([
      "trees": Double(search.trees), "tried": Double(search.tried), "log_loss": search.logLoss,
    ])
  }
}

/// Splits the train cutoffs for a trial before the fit on all of them: to choose a number of trees,
/// or to compare experiments.
///
/// The last cutoffs are for validation. The trial learns from the earlier cutoffs whose label
/// windows end by the first validation cutoff, with the spec's embargo between roles. This keeps
/// validation rows as far from what is learned as test is from train. Calibrate and test cutoffs
/// are not used.
package struct ValidationSplit {
  /// The days that the trial learns from, and the validation days; both ascending.
  package let fitted: [CalendarDate]
  package let validation: [CalendarDate]

  /// - Parameters:
  ///   - count: the number of last cutoffs used for validation.
  ///   - train: train cutoffs, ascending.
  package init(validating count: Int, _ cutoffs: CutoffsSpec, train: [Cutoff]) {
    validation = train.suffix(count).map(\.date)
    let first = validation.first
    fitted = train.dropLast(count).filter { cutoff in
      first.map { cutoffs.keepsApart(windowEnd: cutoff.windowEnd, from: $0) } ?? false
    }.map(\.date)
  }

  /// The findings about a spec's early stopping on timelines; at most one.
  static func findings(_ spec: ExperimentSpec, _ timelines: [Timeline]) -> [Finding] {
    guard let stopping = spec.model.earlyStopping else { return [] }
    for timeline in timelines {
      let train = timeline[.train]
      let split = ValidationSplit(
        validating: stopping.validationCutoffs.value, spec.cutoffs, train: train)
      if split.fitted.isEmpty, let first = split.validation.first {
        return [
          .nothingBeforeValidation(stopping.validationCutoffs, first: first, train: train.count)
        ]
      }
    }
    return []
  }
}
