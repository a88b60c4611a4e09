internal import Diagnostics
internal import Evaluation
public import Experiment
internal import Foundation
internal import Learning
public import Runs
public import Spec

/// Checks runs against gates.
public struct GateRunner: Sendable {
  public let project: Project
  public let threads: Int
  /// Puts an audit into words, in which it is stored beside its run.
  public let auditDocument: @Sendable (AuditReport) -> AuditDocument
  /// Called as an audit progresses, from any thread.
  public let progress: ProgressHandler

  public init(
    project: Project, threads: Int,
    auditDocument: @escaping @Sendable (AuditReport) -> AuditDocument,
    progress: @escaping ProgressHandler = { _ in }
  ) {
    self.auditDocument = auditDocument
    self.project = project
    self.threads = threads
    self.progress = progress
  }

  /// Checks a run against its gates.
  /// - Parameters:
  ///   - spec: the spec's own gates, which override the project's; nil if it has none.
  ///   - name: the name that the run is, or would be, promoted as.
  ///   - reference: what to compare it with. With `champion`, nothing is compared if the name has
  ///     none.
  /// - Throws: `FindingsError` when it cannot be evaluated: the run is unreadable or was changed,
  ///   it answers another question than the champion, or it cannot be audited.
  public func report(
    on run: StoredRun, gates spec: GatesSpec?, as name: String,
    against reference: String = "champion"
  ) throws -> GateReport {
    try RunProof(threads: threads).check(run)
    let gates = Gates(spec: spec, project: project.spec.gates)
    let experiment = try run.spec()
    let champion = try base(reference, name)
    let comparison = try champion.flatMap { try compare($0, run, gates.comparison.value) }
    var checks = gates.bounds.map { GateCheck(bound: $0, run: run, experiment.evaluation) }
    checks.append(GateCheck(evidenceOf: run, isNeeded: gates.needsEvidence))
    checks.append(GateCheck(caveatsOf: run, areRefused: gates.refusesCaveats))
    checks += gates.betterThan.value.map { baseline in
      GateCheck(
        run: run, betterThan: baseline, by: gates.comparison.value.metric,
        origin: gates.betterThan.origin)
    }
    checks +=
      try gates.segments.map {
        try GateCheck.segments(of: run, experiment.evaluation, $0)
      } ?? []
    checks.append(
      GateCheck(
        run: run, against: champion, as: reference, name, comparison?.candidates.first,
        gates.comparison))
    checks.append(try audit(run, experiment, isNeeded: gates.needsAudit))
    return GateReport(
      run: run, gates: gates, checks: checks, champion: champion, comparison: comparison,
      loosened: gates.loosened + Self.loosened(experiment.evaluation)
        + run.record.accepted.map {
          "what the standard gates refuse is accepted: \($0.words)"
        })
  }

  /// Checks a run against the gates in its own spec.yaml, for use when only the run is available.
  /// - Throws: as `report(on:gates:as:against:)`.
  public func report(
    on run: StoredRun, as name: String, against reference: String = "champion"
  ) throws -> GateReport {
    try report(on: run, gates: try run.spec().gates, as: name, against: reference)
  }

  /// The run to compare with; nil for a name without a champion.
  private func base(_ reference: String, _ name: String) throws(FindingsError) -> ComparedRun? {
    if reference == "champion", try Registry(project: project).champion(of: name) == nil {
      return nil
    }
    return try RunFinder(project: project).run(reference, beside: name)
  }

  /// nil if the run is the champion itself.
  private func compare(
    _ champion: ComparedRun, _ run: StoredRun, _ comparison: Gates.Comparison
  ) throws -> ComparisonReport? {
    if champion.run?.record.runId == run.record.runId { return nil }
    let options = ComparisonOptions(
      metric: comparison.metric, smallestEffect: comparison.smallestEffect)
    return try ComparisonRunner(project: project, threads: threads).compare(
      base: champion, candidates: [ComparedRun(reference: run.record.name, run: run)],
      options: options, overlap: .unheard)
  }

  private func audit(
    _ run: StoredRun, _ experiment: ExperimentSpec, isNeeded: Gates.Setting<Bool>
  ) throws -> GateCheck {
    guard isNeeded.value else {
      return GateCheck(
        name: "audit", outcome: .notApplicable, origin: isNeeded.origin,
        result: .noAudit)
    }
    let runner = AuditRunner(project: project, threads: threads, progress: progress)
    return GateCheck(
      audit: try runner.audit(of: run, experiment, document: auditDocument),
      origin: isNeeded.origin)
  }

  /// The evaluation settings that are looser than the defaults and on which bounds and evidence
  /// depend.
  private static func loosened(_ evaluation: EvaluationSpec) -> [String] {
    var lines: [String] = []
    if evaluation.level < 0.95 {
      lines.append(
        "the spec's intervals are at \(NumberText.metric(evaluation.level * 100)) %, and 95 % is "
          + "standard: its bounds are easier to meet")
    }
    if evaluation.minimumPositives < 20 {
      lines.append(
        "the spec requires only \(evaluation.minimumPositives) positive entities, and 20 is standard"
      )
    }
    return lines
  }
}

/// Verifies a run: its files are the ones it wrote, and its metrics follow from its predictions.
///
/// The hashes in a run's record detect every accident, but whoever edits a file can edit them too.
/// Evaluating the predictions again detects metrics that were edited together with their hashes.
struct RunProof {
  let threads: Int

  /// The relative tolerance for equal numbers. The same program gives the same bits on one machine;
  /// on another, `exp` and `log` may differ in the last bit.
  private static let tolerance = 1e-9

  /// - Throws: `FindingsError` if the run has no hashes, a file is not the one it wrote, or its
  ///   metrics do not follow from its predictions.
  func check(_ run: StoredRun) throws {
    guard run.hasHashes else { throw FindingsError(.runWithoutHashes(run)) }
    try run.checkFiles()
    let spec = try run.spec().evaluation
    let path = run.path("predictions.parquet")
    let days = run.testCutoffs
    let tables = try PredictionTables(threads: threads)
    try tables.add(path)
    let shared = try tables.shared(count: tables.counts(of: [0]).shared)
    let indices = shared.dates.map { days.firstIndex(of: $0) }
    guard !indices.contains(nil) else {
      throw FindingsError(
        .unreadableRunFile(path, what: "predictions", "they are for other cutoffs than the run"))
    }
    let scale = try Self.calibrator(run).logOddsPerMargin
    let rows = ScoredRows(
      cutoff: shared.cutoff.map { Int32(indices[Int($0)] ?? 0) }, entity: shared.entity,
      cluster: shared.joinedClusters, label: shared.labels[0], margin: shared.margins[0],
      score: shared.scores[0],
      // Matches `RunEvaluation` to the last bit.
      uncalibrated: shared.margins[0].map { 1 / (1 + exp(-(scale * $0))) },
      cutoffCount: days.count)
    let options = EvaluationOptions(spec)
    let metrics = evaluate(rows, options: options)
    let intervals =
      spec.resamples == 0
      ? nil
      : bootstrap(
        rows, options: options,
        bootstrap: BootstrapOptions(spec, threads: threads)
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
      "positive_entities": MetricTree(["test": Double(rows.positiveEntities)]),
    ]).adding(MetricsDocument.clusters(spec, metrics))
    // The part that gates check first.
    let all = Self.differences(run.metrics, measured, at: "")
    let differences =
      all.filter { !$0.hasPrefix("`test.cutoffs.") } + all.filter { $0.hasPrefix("`test.cutoffs.") }
    guard differences.isEmpty else {
      throw FindingsError(.otherMetrics(run, differences))
    }
  }

  /// The run's calibrator, which defines how margins map to the learner's probabilities.
  private static func calibrator(_ run: StoredRun) throws(FindingsError) -> Calibrator {
    let path = run.path("calibrator.json")
    do {
      return try Calibrator(json: Data(contentsOf: URL(fileURLWithPath: path)))
    } catch {
      throw FindingsError(
        .unreadableRunFile(path, what: "a calibrator", StoredRun.reason(error)))
    }
  }

  /// The paths where metrics.json differs. Outside `test` it may have more than was computed here.
  private static func differences(
    _ written: MetricTree?, _ measured: MetricTree, at path: String
  ) -> [String] {
    switch (written, measured) {
    case (.number(let written)?, .number(let number)):
      let isSame = abs(written - number) <= tolerance * max(1, abs(number))
      return isSame ? [] : ["`\(path)` is \(written) and should be \(number)"]
    case (.object(let written)?, .object(let entries)):
      // Segments depend on features, which predictions do not have.
      let known = entries.keys + ["segments"]
      let missing = path.hasPrefix("test") ? Set(written.keys).subtracting(known).sorted() : []
      return missing.map { "`\(path).\($0)` should not be there" }
        + entries.sorted { $0.key < $1.key }.flatMap { name, entry in
          differences(written[name], entry, at: path.isEmpty ? name : "\(path).\(name)")
        }
    default: return ["`\(path)` is missing or has a wrong value"]
    }
  }
}

// Runs that fail verification: H661 and H662.
extension Finding {
  fileprivate static func runWithoutHashes(_ run: StoredRun) -> Finding {
    Finding(
      661, "run `\(run.record.runId)` of `\(run.record.name)` has no hashes of its files",
      notes: ["it is from an earlier version, or its run.json was changed"],
      hints: ["run the spec again: `holdout run`"])
  }

  fileprivate static func otherMetrics(_ run: StoredRun, _ differences: [String]) -> Finding {
    Finding(
      662, "`\(run.path("metrics.json"))` does not match the run's predictions",
      notes: Array(differences.prefix(5))
        + (differences.count > 5 ? ["and \(differences.count - 5) more"] : []),
      hints: ["run the spec again: `holdout run` replaces a run whose files were changed"])
  }
}

extension GateRunner {
  /// Checks the latest run of every experiment in a spec file against its gates.
  /// - Parameters:
  ///   - name: the name that the runs are, or would be, promoted as; nil for the experiments' own
  ///     names.
  ///   - reference: as in `report(on:gates:as:against:)`.
  /// - Returns: one result per experiment; a single one for the file if it is not a spec.
  /// - Throws: an error that no user input caused; findings are part of a result.
  public func results(
    of file: LoadedSpecFile, as name: String?, against reference: String
  ) throws -> [GateResult] {
    guard !file.findings.hasErrors else {
      let span = file.findings.first { $0.severity == .error }?.span
      return [
        GateResult(
          name: file.path, path: file.path, span: span,
          report: .failure(FindingsError(file.findings)))
      ]
    }
    return try file.members.compactMap { member in
      try member.spec.map { spec in
        GateResult(
          name: spec.name.value, path: file.path, span: spec.gates?.span ?? spec.name.span,
          report: try Self.result {
            try report(on: member, spec, file, as: name, against: reference)
          })
      }
    }
  }

  private func report(
    on member: LoadedSpec, _ spec: ExperimentSpec, _ file: LoadedSpecFile, as name: String?,
    against reference: String
  ) throws -> GateReport {
    let found = try RunFinder(project: project).run(of: member, file.path, as: spec.name.value)
    guard let run = found.run else {
      throw FindingsError(.metricsOnly(spec.name.value, file.path))
    }
    return try report(
      on: run, gates: spec.gates, as: name ?? spec.name.value, against: reference)
  }

  /// The value that the work returns, or the findings that stopped it.
  private static func result(
    _ work: () throws -> GateReport
  ) throws -> Result<GateReport, FindingsError> {
    do {
      return .success(try work())
    } catch let error as FindingsError {
      return .failure(error)
    }
  }
}

// A run that cannot be evaluated: H623.
extension Finding {
  fileprivate static func metricsOnly(_ name: String, _ path: String) -> Finding {
    Finding(
      623, "`\(name)` has only committed metrics, and no run to evaluate",
      hints: ["run it on this machine: `holdout run \(path)`"])
  }
}

extension Explanation {
  static let gateRunnerFindings: [Explanation] = [
    Explanation(
      623, "a gate on metrics without their run",
      cause: """
        `results/NAME/metrics.json` exists, as in a fresh checkout, but the run that wrote it does \
        not: `results/NAME/runs/` is not in git. The run's spec, caveats, and audit are missing, \
        so the metrics cannot be trusted.
        """,
      example: .commands(
        "holdout run spec.yaml && rm -r results/renewals/runs && holdout gate spec.yaml"),
      fix: "Run the spec on this machine with `holdout run`, then gate it."),
    Explanation(
      661, "run without hashes of its files",
      cause: """
        `holdout gate` and `holdout promote` accept only runs whose files can be checked. This run \
        is from a version of Holdout that stored no hashes, or they were removed from its run.json.
        """,
      example: .commands(
        "\(Example.run) && sed -i '/\"record_sha256\"/d; /\"files\" : {/,/},/d' "
          + "results/renewals/runs/2*/run.json && holdout gate spec.yaml"),
      fix: "Run the spec again."),
    Explanation(
      662, "metrics that do not match the predictions",
      cause: """
        `holdout gate` and `holdout promote` recompute the metrics from the test rows of \
        predictions.parquet. The metrics or their intervals differ from metrics.json, although the \
        hashes agree: a file and its hash were changed.
        """,
      example: .commands(
        """
        \(Example.run) && cd results/renewals/runs/2* && \
        sed -i 's/"roc_auc" : 0.*[0-9]/"roc_auc" : 0.99/' metrics.json && \
        m=$(sha256sum < metrics.json | cut -c-64) && \
        sed -i 's/"metrics.json" : .*,/"metrics.json" : "'$m'",/' run.json && \
        s=$(grep -v record_sha256 run.json | sha256sum | cut -c-64) && \
        sed -i 's/record_sha256.*/record_sha256" : "'$s'",/' run.json && \
        cd ../../../.. && holdout gate spec.yaml
        """),
      fix: """
        Run the spec again. If the run came from elsewhere, find out who made it before you \
        promote it.
        """),
  ]
}
