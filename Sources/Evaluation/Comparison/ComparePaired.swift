/// Compares candidates with a base on the same rows.
///
/// All sides hold the same rows: equal cutoffs, entities and labels, in the same order. Entities are
/// resampled with all their rows, the same draws for every side, so that what the sides share cancels
/// out of the differences. Several candidates are corrected for by Holm's method (1979): the k-th
/// smallest of m p-values is judged at (1 - level) / (m - k + 1), and after the first that fails no
/// later one can be better or worse.
/// - Returns: one comparison per candidate, in their order; nil where the decisive metric is undefined
///   on either side.
public func comparePaired(
  base: ScoredRows, candidates: [ScoredRows], evaluation: EvaluationOptions = EvaluationOptions(),
  options: ComparisonOptions = ComparisonOptions()
) -> [PairedComparison?] {
  precondition(
    candidates.allSatisfy {
      $0.cutoff == base.cutoff && $0.entity == base.entity && $0.label == base.label
    }, "only the same rows can be compared in pairs")
  let measured = ([base] + candidates).map { MeasuredRows($0, evaluation, options) }
  let drafts = measured.dropFirst().map {
    DifferenceDraft(base: measured[0], candidate: $0, options)
  }
  let levels = Holm(
    drafts.map { $0?.pValue }, alpha: 1 - options.bootstrap.level)
  return drafts.enumerated().map { number, draft in
    draft?.comparison(alpha: levels.alphas[number], isDistinct: levels.rejects[number], options)
  }
}
