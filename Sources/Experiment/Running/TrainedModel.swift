internal import Diagnostics
package import Learning
package import Panel
package import Spec

/// A model with everything it needs to read rows: features, their encodings and category levels.
package struct TrainedModel {
  package let predictor: any Predictor
  let features: [FeatureSpec]
  package let encodings: [ColumnEncoding]
  /// The levels learned on the train rows, by category feature.
  package let levels: [String: CategoryLevels]
  /// nil when no sample was asked for.
  package let sample: SampleUse?
  /// nil when the spec gives the number of trees, or the learner grows none.
  package let earlyStop: EarlyStop?

  /// Learns levels, and trains the spec's learner on the train blocks.
  /// - Parameter trees: the number of trees to grow; nil: the number in the spec.
  /// - Throws: `FindingsError` when the spec or the data are at fault, otherwise `LearningError`.
  package init(
    _ spec: ExperimentSpec, train: [PanelBlock], trees: Int? = nil, texts: PanelTexts,
    library: LightGBMLibrary, settings: RunSettings
  ) throws {
    try Self.check(spec, train: train)
    let rows: EncodedRows
    switch spec.model.learner {
    case .lightgbm:
      let grown = try GrownModel(
        spec, train: train, trees: trees, texts: texts, library: library, settings: settings)
      predictor = grown.booster
      earlyStop = grown.earlyStop
      rows = grown.rows
    case .logistic(let logistic):
      rows = try EncodedRows(spec, train: train, texts: texts, settings: settings)
      predictor = try rows.regression(
        spec, LogisticSettings(penalty: logistic.penalty, knots: logistic.knots), texts: texts,
        settings: settings)
      earlyStop = nil
    }
    features = spec.features
    encodings = rows.encodings
    levels = rows.levels
    sample = rows.sample
  }

  /// The model as a logistic regression; nil if the learner grows trees.
  var regression: LogisticRegression? { predictor as? LogisticRegression }

  /// The margins of some cutoffs' rows, in row order.
  package func margins(_ blocks: [PanelBlock], threads: Int) throws(LearningError) -> [Double] {
    guard blocks.contains(where: { $0.rowCount > 0 }) else { return [] }
    return try predictor.predictMargins(
      blocks: blocks.map(\.features), encodings: encodings, threads: threads)
  }

  /// Rejects train rows that nothing can be learned from.
  private static func check(_ spec: ExperimentSpec, train: [PanelBlock]) throws {
    let rows = train.reduce(0) { $0 + $1.rowCount }
    let positives = train.reduce(0) { $0 + $1.labels.reduce(0) { $0 + Int($1) } }
    if rows == 0 { throw FindingsError(.emptyCohort(spec)) }
    if positives == 0 { throw FindingsError(.noPositives(spec, rows: rows)) }
    if positives == rows { throw FindingsError(.onlyPositives(spec, rows: rows)) }
  }
}

/// LightGBM's trees, with the rows that they were grown on.
private struct GrownModel {
  let booster: Booster
  let earlyStop: EarlyStop?
  let rows: EncodedRows

  init(
    _ spec: ExperimentSpec, train: [PanelBlock], trees: Int?, texts: PanelTexts,
    library: LightGBMLibrary, settings: RunSettings
  ) throws {
    var configuration = LearnerConfiguration(spec.model, features: spec.features, library)
    let stopping = trees == nil ? spec.model.earlyStopping : nil
    earlyStop = try stopping.map { [configuration] stopping in
      try EarlyStop(
        stopping, spec, train: train, configuration: configuration, texts: texts,
        library: library, settings: settings)
    }
    let trees = trees ?? earlyStop?.search.trees ?? configuration.iterations
    configuration.iterations = trees
    let rows = try LearnerRows(
      spec, train: train, configuration: configuration, texts: texts, library: library,
      settings: settings)
    booster = try spec.model.train { [configuration] () throws(LearningError) in
      try Booster.train(
        on: rows.dataset, configuration: configuration, threads: settings.threads
      ) { done in
        settings.progress(StepProgress(.stage(.training), done: done, of: trees))
        return true
      }
    }
    self.rows = rows.encoded
  }
}

extension ModelSpec {
  /// What grows the trees for a configuration.
  /// - Throws: `FindingsError` if the spec asks for the panel trainer and it cannot.
  func trainer(
    of configuration: LearnerConfiguration, _ library: LightGBMLibrary
  ) throws(FindingsError) -> Learning.Trainer {
    switch trainer.value {
    case .library: return .library
    case .auto: return configuration.trainer(with: library)
    case .panel:
      if let need = configuration.libraryNeed(with: library) {
        throw FindingsError(.needsLibrary(need, self, library))
      }
      return .panel
    }
  }

  /// Trains the learner. A failure becomes a finding.
  func train<Result>(_ work: () throws(LearningError) -> Result) throws(FindingsError) -> Result {
    do throws(LearningError) {
      return try work()
    } catch {
      throw FindingsError(.trainingFailed(self, error))
    }
  }
}

extension Learning.ClassWeight {
  /// The weights that a spec asks for.
  init(_ spec: ModelSpec.ClassWeight) {
    switch spec {
    case .none: self = .none
    case .balanced: self = .balanced
    case .positive(let weight): self = .ratio(weight)
    }
  }
}

extension ModelSpec {
  /// Whether a problem is that a preset's value has no effect in this model, such as a setting of
  /// categories without a category. Nobody wrote it, so nobody needs a warning.
  func isIdlePreset(_ problem: ParameterProblem) -> Bool {
    guard case .ineffective(let name, _, _) = problem, let text = preset.text(of: name) else {
      return false
    }
    return parameters.contains { $0.name.value == name && $0.value.value == text }
  }
}

extension LearnerConfiguration {
  /// Makes the learner's settings from a spec's model section.
  /// - Parameter features: the features to learn from, in column order; nil when they are not known.
  ///   Then the settings can be checked, but no model can be trained.
  init(_ model: ModelSpec, features: [FeatureSpec]?, _ library: LightGBMLibrary) {
    let (iterations, others) = Self.parted(model, library)
    let given = Set(others.compactMap { library.canonicalName(of: $0.name) })
    let constraints = model.constraints.parameters(on: features?.map(\.name.value))
    self.init(
      parameters: others + constraints.filter { !given.contains($0.name) },
      iterations: iterations.last.flatMap { Int($0.text) } ?? 100,
      seed: model.seed, classWeight: Learning.ClassWeight(model.classWeight),
      quantizedGradients: model.quantizedGradients)
  }

  /// Separates the number of trees in a spec's model section, under any of LightGBM's names for it,
  /// from all other parameters.
  static func parted(
    _ model: ModelSpec, _ library: LightGBMLibrary
  ) -> (iterations: [Parameter], others: [Parameter]) {
    let parameters = model.parameters.map { Parameter($0.name.value, $0.value.value) }
    let isCount: (Parameter) -> Bool = {
      library.canonicalName(of: $0.name) == "num_iterations"
    }
    return (parameters.filter(isCount), parameters.filter { !isCount($0) })
  }
}

extension FeatureConstraints {
  /// The constraints as LightGBM reads them: by the columns of features.
  ///
  /// LightGBM never uses a feature that is in no group (`ColSampler::GetByNode` of version 4.7), so
  /// the features that no group names form one more, as in scikit-learn's `interaction_cst`.
  /// - Parameter features: the names of all features, in column order; nil when they are not known.
  ///   Then those that the constraints name take their place.
  func parameters(on features: [String]?) -> [Parameter] {
    let names =
      features ?? monotone.map(\.feature.value) + interactions.flatMap(\.self).map(\.value)
    var parameters: [Parameter] = []
    if !monotone.isEmpty {
      let directions = Dictionary(
        monotone.map { ($0.feature.value, $0.direction) }, uniquingKeysWith: { first, _ in first })
      let numbers = names.map { name in
        switch directions[name] {
        case .increasing: "1"
        case .decreasing: "-1"
        case nil: "0"
        }
      }
      parameters.append(Parameter("monotone_constraints", numbers.joined(separator: ",")))
    }
    if !interactions.isEmpty {
      let columns = Dictionary(
        names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
      var groups = interactions.map { $0.compactMap { columns[$0.value] } }
      let grouped = Set(groups.flatMap(\.self))
      groups.append(names.indices.filter { !grouped.contains($0) })
      let texts = groups.filter { !$0.isEmpty }.map { group in
        "[\(group.map(String.init).joined(separator: ","))]"
      }
      parameters.append(Parameter("interaction_constraints", texts.joined(separator: ",")))
    }
    return parameters
  }
}

extension FeatureShape {
  /// Makes the shape of a spec's features, for parameters with one value per feature.
  init(_ features: [FeatureSpec]) {
    let categories = features.indices.filter { features[$0].expression.isCategory }
    self.init(names: features.map(\.name.value), categories: Set(categories))
  }
}
