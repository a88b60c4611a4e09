internal import Diagnostics

/// The questions that runs answer, and how the candidates' differ from the base's.
struct ComparedQuestions {
  /// Per candidate.
  let differences: [[RunQuestion.Difference]]

  /// - Throws: `FindingsError` where they differ and that is not asked for, or cannot be bridged.
  init(
    base: ComparedRun, candidates: [ComparedRun], overlap: ComparisonOverlap
  ) throws(FindingsError) {
    let question = try RunQuestion(base)
    var differences: [[RunQuestion.Difference]] = []
    var findings: [Finding] = []
    for candidate in candidates {
      var own = try RunQuestion(candidate).differences(from: question)
      // A model that can be scored at any cutoff has no test cutoffs of its own.
      if base.canBeScoredAfresh != candidate.canBeScoredAfresh {
        own.removeAll { $0.name == RunQuestion.testCutoffs }
      }
      let isBridged = overlap == .compared && base.run != nil && candidate.run != nil
      if !own.isEmpty, !isBridged { findings.append(.otherQuestion(base, candidate, own, overlap)) }
      differences.append(own)
    }
    try findings.throwIfErrors()
    self.differences = differences
  }
}

extension ComparedRun {
  /// Whether its model is scored where it has no predictions: what is promoted, and an artifact.
  var canBeScoredAfresh: Bool { run.map { promoted != nil || !$0.hasPredictions } ?? false }
}
