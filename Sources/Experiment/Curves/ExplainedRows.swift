internal import Evaluation
internal import Panel
internal import Spec

/// What moves the scores of a fold's test rows.
struct ExplainedRows {
  private let spec: ExperimentSpec
  private let fold: FoldRun
  private let rows: ScoredRows
  private let texts: PanelTexts
  private let threads: Int

  /// - Parameters:
  ///   - rows: the fold's test rows.
  ///   - threads: changes no number.
  init(
    _ spec: ExperimentSpec, _ fold: FoldRun, _ rows: ScoredRows, texts: PanelTexts, threads: Int
  ) {
    (self.spec, self.fold, self.rows) = (spec, fold, rows)
    (self.texts, self.threads) = (texts, threads)
  }

  /// What shuffling each feature between entities costs; nil if the model uses no feature.
  func permutation(_ settings: BootstrapOptions) throws -> PermutationStudy? { nil }

  /// The SHAP values of a sample; nil if the model uses no feature.
  func shap() throws -> ShapSample? { nil }

  /// The top of the list of the last test cutoff; nil if it has no rows.
  func top() throws -> TopRows? { nil }
}
