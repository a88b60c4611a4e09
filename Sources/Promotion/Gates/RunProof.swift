internal import Diagnostics
internal import Evaluation
internal import Experiment
internal import Foundation
internal import Learning
internal import Spec

/// Shows that a run is what it says: its files are those that it wrote, and its metrics are those of its
/// predictions.
///
/// The hashes in a run's record find every accident; whoever edits a file can edit them too. Measuring the
/// predictions again finds metrics that were edited with their hashes.
struct RunProof {
  let threads: Int

  /// The relative difference up to which two numbers are the same. The same program gives the same bits on
  /// one machine; another machine's `exp` and `log` may differ in the last one.
  private static let tolerance = 1e-9

  /// - Throws: `FindingsError` where the run has no hashes, a file is not the one that it wrote, or its
  ///   metrics are not those of its predictions.
  func check(_ run: StoredRun) throws {
    guard run.hasHashes else { throw FindingsError(.runWithoutHashes(run)) }
    try run.checkFiles()
    let spec = try run.spec().evaluation
    let path = run.path("predictions.parquet")
    let days = run.testCutoffs
    let tables = try PredictionTables(threads: threads)
    try tables.add(path)
    let shared = try tables.shared(count: tables.counts(of: [0]).shared)
    let places = shared.dates.map { days.firstIndex(of: $0) }
    guard !places.contains(nil) else {
      throw FindingsError(
        .unreadableRunFile(path, what: "predictions", "they are of other cutoffs than the run"))
    }
    let scale = try Self.calibrator(run).logOddsPerMargin
    let rows = ScoredRows(
      cutoff: shared.cutoff.map { Int32(places[Int($0)] ?? 0) }, entity: shared.entity,
      label: shared.labels[0], margin: shared.margins[0], score: shared.scores[0],
      // As `RunEvaluation` has it, to the last bit.
      uncalibrated: shared.margins[0].map { 1 / (1 + exp(-(scale * $0))) },
      cutoffCount: days.count)
    let options = EvaluationOptions(spec)
    let metrics = evaluate(rows, options: options)
    let intervals =
      spec.resamples == 0
      ? nil
      : bootstrap(
        rows, options: options,
        bootstrap: BootstrapOptions(
          resamples: spec.resamples, level: spec.level,
          seed: UInt64(bitPattern: Int64(spec.seed)), threads: threads)
      ).intervals(level: spec.level)
    let measured = MetricTree.object([
      "test": .object(
        MetricsDocument.judged(metrics, dates: days, intervals, resamples: spec.resamples)),
      "evidence": MetricTree([
        "sufficient": metrics.evidence.isSufficient ? 1 : 0,
        "min_positives": Double(metrics.evidence.minimumPositives),
      ]),
      "rows": MetricTree(["test": Double(rows.count)]),
      "positives": MetricTree(["test": rows.label.reduce(0) { $0 + Double($1) }]),
      "buyers": MetricTree(["test": Double(rows.distinctBuyers)]),
    ])
    // What gates look at first.
    let all = Self.differences(run.metrics, measured, at: "")
    let differences =
      all.filter { !$0.hasPrefix("`test.cutoffs.") } + all.filter { $0.hasPrefix("`test.cutoffs.") }
    guard differences.isEmpty else {
      throw FindingsError(.otherMetrics(run, differences))
    }
  }

  /// The run's calibrator, which knows what the margins are to the learner's probabilities.
  private static func calibrator(_ run: StoredRun) throws(FindingsError) -> Calibrator {
    let path = run.path("calibrator.json")
    do {
      return try Calibrator(json: Data(contentsOf: URL(fileURLWithPath: path)))
    } catch {
      throw FindingsError(
        .unreadableRunFile(path, what: "a calibrator", StoredRun.reason(error)))
    }
  }

  /// Where metrics.json differs. Beside `test` it may have more than was measured.
  private static func differences(
    _ written: MetricTree?, _ measured: MetricTree, at path: String
  ) -> [String] {
    switch (written, measured) {
    case (.number(let written)?, .number(let number)):
      let isSame = abs(written - number) <= tolerance * max(1, abs(number))
      return isSame ? [] : ["`\(path)` is \(written) and should be \(number)"]
    case (.object(let written)?, .object(let entries)):
      // Segments are of features, which predictions do not have.
      let known = entries.keys + ["segments"]
      let missing = path.hasPrefix("test") ? Set(written.keys).subtracting(known).sorted() : []
      return missing.map { "`\(path).\($0)` should not be there" }
        + entries.sorted { $0.key < $1.key }.flatMap { name, entry in
          differences(written[name], entry, at: path.isEmpty ? name : "\(path).\(name)")
        }
    default: return ["`\(path)` is missing, or is not what it should be"]
    }
  }
}

// Runs that are not what they say: H661 and H662.
extension Finding {
  fileprivate static func runWithoutHashes(_ run: StoredRun) -> Finding {
    Finding(
      661, "run `\(run.record.runId)` of `\(run.record.name)` has no hashes of its files",
      notes: ["it was made by an earlier version, or its run.json was changed"],
      hints: ["run the spec again: `holdout run`"])
  }

  fileprivate static func otherMetrics(_ run: StoredRun, _ differences: [String]) -> Finding {
    Finding(
      662, "`\(run.path("metrics.json"))` is not what the run's predictions give",
      notes: Array(differences.prefix(5))
        + (differences.count > 5 ? ["and \(differences.count - 5) more"] : []),
      hints: ["run the spec again: `holdout run` replaces a run whose files were changed"])
  }
}
