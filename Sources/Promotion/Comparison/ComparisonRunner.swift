internal import Diagnostics
public import Evaluation
public import Experiment
public import Runs
internal import Spec

/// Compares runs with a base, paired if their predictions allow it.
public struct ComparisonRunner: Sendable {
  public let project: Project
  public let threads: Int
  /// Called with the current step, from the thread that compares.
  public let progress: ProgressHandler

  public init(
    project: Project, threads: Int, progress: @escaping ProgressHandler = { _ in }
  ) {
    self.project = project
    self.threads = threads
    self.progress = progress
  }

  /// Compares candidates with a base.
  ///
  /// Runs with predictions are compared in pairs, on the rows that all of them have scored. For
  /// other runs, only the metrics are compared. A model is scored again if it has no predictions
  /// for these rows, or if it has been promoted and is older than they are.
  /// - Parameters:
  ///   - overlap: what to do with runs that answer different questions.
  ///   - notes: what the report says about the comparison as a whole.
  /// - Throws: `FindingsError` when the runs cannot be compared.
  public func compare(
    base: ComparedRun, candidates: [ComparedRun], options: ComparisonOptions = ComparisonOptions(),
    overlap: ComparisonOverlap = .refused, notes: [Judging.Note] = []
  ) throws -> ComparisonReport {
    let questions = try ComparedQuestions(base: base, candidates: candidates, overlap: overlap)
    let evaluation = try Self.evaluation(of: [base] + candidates)
    let known = ComparisonOptions.decisiveMetrics(evaluation)
    guard known.contains(options.metric) else {
      throw FindingsError(.unknownMetric(options.metric, known: known))
    }
    var options = options
    options.bootstrap.threads = threads
    // Without the base's predictions nothing can be paired.
    let paired = candidates.indices.filter { base.run != nil && candidates[$0].run != nil }
    var reports = candidates.map { candidate in
      Self.unpaired(base, candidate, options: options, candidateCount: candidates.count)
    }
    var rows: JudgedRows?
    if !paired.isEmpty {
      let pairing = Pairing(
        project: project, threads: threads, progress: progress, options: options,
        evaluation: evaluation, overlap: overlap)
      let outcome = try pairing.compare(
        base: base, candidates: paired.map { candidates[$0] },
        differences: paired.map { questions.differences[$0] })
      rows = outcome.rows
      for (index, report) in zip(paired, outcome.candidates) { reports[index] = report }
    }
    for index in paired {
      guard let run = base.run, let other = candidates[index].run else { continue }
      reports[index].specDifferences = try SpecDifferences(base: run, candidate: other)
    }
    return ComparisonReport(
      base: base, options: options, rows: rows, candidates: reports, notes: notes)
  }

  /// The lists to compare: those of the base, or of the first run whose spec is available.
  private static func evaluation(of runs: [ComparedRun]) throws -> EvaluationOptions {
    guard let run = runs.lazy.compactMap(\.run).first else {
      // If there are only metrics, their names say which lists there are.
      return EvaluationOptions(listsOf: SideMetrics(runs[0].metrics).values.keys.sorted())
    }
    return EvaluationOptions(try run.spec().evaluation)
  }

  private static func unpaired(
    _ base: ComparedRun, _ candidate: ComparedRun, options: ComparisonOptions, candidateCount: Int
  ) -> CandidateReport {
    let side = base.run == nil ? base : candidate
    return CandidateReport(
      run: candidate, paired: nil,
      unpairedReason: .metricsOnly(reference: side.reference),
      unpaired: UnpairedComparison(
        base: base.metrics, candidate: candidate.metrics, options: options,
        candidateCount: candidateCount),
      remarks: base.remarks + candidate.remarks, isRankingOnly: false,
      importance: ImportanceChange.all(base: base.importance, candidate: candidate.importance),
      lists: [])
  }
}

extension EvaluationOptions {
  /// The lists that metrics of these names refer to.
  fileprivate init(listsOf metrics: [String]) {
    let ends = metrics.filter { $0.hasPrefix("lift_at_") }.map { $0.dropFirst("lift_at_".count) }
    self.init(
      topK: ends.compactMap { Int($0) }.filter { $0 > 0 },
      topPercent: ends.filter { $0.hasSuffix("_percent") }
        .compactMap { Double($0.dropLast("_percent".count)) }.filter { $0 > 0 && $0 <= 100 })
  }
}

/// The questions that runs answer, and how the candidates' questions differ from the base's.
struct ComparedQuestions {
  /// One per candidate.
  let differences: [[QuestionDifference]]

  /// - Throws: `FindingsError` if the questions differ and the user did not ask for that, or if the
  ///   difference cannot be bridged.
  init(
    base: ComparedRun, candidates: [ComparedRun], overlap: ComparisonOverlap
  ) throws(FindingsError) {
    let question = try RunQuestion(base)
    var differences: [[QuestionDifference]] = []
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
  /// Whether its model can be scored where it has no predictions: true for promoted models and
  /// artifacts.
  var canBeScoredAfresh: Bool { run.map { promoted != nil || !$0.hasPredictions } ?? false }
}
