internal import Diagnostics
internal import Evaluation
internal import Experiment
internal import Files
internal import Foundation
internal import Runs
internal import Spec

/// Compares runs on the rows that all of them have scored.
struct Pairing {
  let project: Project
  let threads: Int
  let progress: ProgressHandler
  let options: ComparisonOptions
  let evaluation: EvaluationOptions
  let overlap: ComparisonOverlap

  /// - Parameter differences: how each candidate's question differs from the base's.
  func compare(
    base: ComparedRun, candidates: [ComparedRun], differences: [[QuestionDifference]]
  ) throws -> (rows: JudgedRows, candidates: [CandidateReport]) {
    let runs = [base] + candidates
    let isRankingOnly = differences.map { $0.contains(where: \.isOfLabel) }
    for (candidate, isRankingOnly) in zip(candidates, isRankingOnly)
    where isRankingOnly && !EvaluationOptions.isOfRanking(options.metric) {
      throw FindingsError(.metricOfAnotherLabel(options.metric, candidate))
    }
    let tables = try PredictionTables(threads: threads)
    let fresh = try load(runs, differences: differences, into: tables)
    let counts = try tables.counts(of: Array(runs.indices))
    guard counts.shared > 0 else { throw FindingsError(.nothingShared(runs, counts)) }
    guard overlap == .compared || counts.isSame else {
      throw FindingsError(.otherRows(runs, counts, overlap))
    }
    let shared = try tables.shared(count: counts.shared)
    let rows = runs.indices.map(shared.rows)
    if overlap != .compared {
      for (number, candidate) in candidates.enumerated() {
        let count = shared.differingLabels(of: number + 1)
        if count > 0 {
          throw FindingsError(.otherLabels(base, candidate, count, of: shared.count, overlap))
        }
      }
    }
    progress(StepProgress(.resampling))
    let paired = comparePaired(
      base: rows[0], candidates: Array(rows.dropFirst()), evaluation: evaluation, options: options)
    let judged = JudgedRows(
      cutoffs: shared.dates, rows: shared.count, entities: rows[0].distinctEntities,
      positives: rows[0].label.reduce(0) { $0 + Int($1) },
      positiveEntities: rows[0].positiveEntities,
      clusters: rows[0].isClustered ? rows[0].distinctClusters : nil)
    let clusterings = try Self.clusterRemarks(runs)
    let reports = candidates.enumerated().map { number, candidate in
      var remarks = base.remarks + candidate.remarks
      remarks += Self.dataRemarks(base, candidate)
      remarks += clusterings
      remarks += [0, number + 1].filter(fresh.contains).map {
        .scoredAgain(reference: runs[$0].reference)
      }
      if overlap == .compared {
        remarks += overlapRemarks(
          number + 1, runs: runs, counts: counts, shared: shared, differences[number])
      }
      if judged.positiveEntities < evaluation.minimumPositives {
        remarks.append(
          .insufficientEvidence(
            positiveEntities: judged.positiveEntities, needed: evaluation.minimumPositives,
            noun: .common(runs.compactMap { $0.run?.record.nouns })))
      }
      return CandidateReport(
        run: candidate, paired: paired[number],
        unpairedReason: paired[number] == nil
          ? .undefined(metric: options.metric) : nil,
        unpaired: nil, remarks: remarks, isRankingOnly: isRankingOnly[number],
        importance: ImportanceChange.all(base: base.importance, candidate: candidate.importance),
        lists: ListOverlap.all(
          base: rows[0], candidate: rows[number + 1], lists: evaluation.topLists))
    }
    return (judged, reports)
  }

  // MARK: - Predictions

  /// Loads every side's predictions and returns which of them were scored again.
  private func load(
    _ runs: [ComparedRun], differences: [[QuestionDifference]], into tables: PredictionTables
  ) throws -> Set<Int> {
    var fresh: Set<Int> = []
    // A run with rows of its own decides where the others are scored.
    let leader = runs.firstIndex { !$0.canBeScoredAfresh }
    for (side, compared) in runs.enumerated() {
      guard let run = compared.run else { continue }
      progress(StepProgress(.predictions))
      if let path = try storedPredictions(compared, run) {
        try tables.add(path)
      } else {
        // A model is scored on rows of the question it was trained for; it has no rows of another
        // one.
        let (base, other) = side == 0 ? (0, max(leader ?? 1, 1)) : (0, side)
        guard differences[other - 1].isEmpty else {
          throw FindingsError(
            .otherQuestion(runs[base], runs[other], differences[other - 1], overlap))
        }
        try scoreAfresh(compared, like: runs[leader ?? side], add: tables.add)
        fresh.insert(side)
      }
    }
    // A model older than the rows has predictions for other rows; newer data change rows, too.
    guard let leader, overlap != .compared else { return fresh }
    for (side, compared) in runs.enumerated()
    where compared.canBeScoredAfresh && !fresh.contains(side) {
      guard try !tables.counts(of: [leader, side]).isSame else { continue }
      try scoreAfresh(compared, like: runs[leader]) { try tables.replace(side, with: $0) }
      fresh.insert(side)
    }
    return fresh
  }

  /// The predictions that a run wrote: in its folder or, for an artifact, in the folder of the run
  /// it came from. For a promoted model they are used only if they match its record.
  /// - Throws: `FindingsError` if a run's own predictions are not what it wrote.
  private func storedPredictions(
    _ compared: ComparedRun, _ run: StoredRun
  ) throws(FindingsError) -> String? {
    if run.hasPredictions { return try run.predictions() }
    let folder = "\(project.resultsFolder(of: run.record.name))/runs/\(run.record.runId)"
    // With the same name and the same model, the predictions must be the same.
    let isSame = ["model.txt", "calibrator.json"].allSatisfy {
      FileManager.default.contentsEqual(atPath: run.path($0), andPath: "\(folder)/\($0)")
    }
    let path = "\(folder)/predictions.parquet"
    guard isSame, FileManager.default.fileExists(atPath: path) else { return nil }
    let expected =
      compared.promoted?.record.predictions ?? run.record.files?["predictions.parquet"]
    return expected == nil || expected == Fingerprint.of(file: path) ? path : nil
  }

  private func scoreAfresh(
    _ compared: ComparedRun, like leader: ComparedRun, add: (String) throws -> Void
  ) throws {
    guard let run = leader.run else { return }
    progress(StepProgress(.rescoring(reference: compared.reference)))
    let temporary = FileManager.default.temporaryDirectory.path
    let scratch: Scratch
    do throws(FileError) {
      scratch = try Scratch.folder(in: temporary)
    } catch {
      throw FindingsError(.unwritable(temporary, error))
    }
    let path = "\(scratch.path)/predictions.parquet"
    let scorer = ArtifactScorer(project: project, threads: threads)
    try scorer.writePredictions(of: compared, like: run, to: path)
    try add(path)
    _ = consume scratch
  }

  // MARK: - Remarks

  /// Which rows are resampled together, where the runs' specs say different things about it.
  private static func clusterRemarks(_ runs: [ComparedRun]) throws(FindingsError) -> [Remark] {
    var sides: [Remark.Clustering] = []
    for run in runs {
      let cluster = try run.run?.spec().evaluation.cluster.map { "\($0.value)" }
      sides.append(Remark.Clustering(column: cluster, reference: run.reference))
    }
    return Set(sides.map(\.column)).count > 1 ? [.differentClusters(sides)] : []
  }

  /// Files that the two runs read in different versions.
  private static func dataRemarks(_ base: ComparedRun, _ candidate: ComparedRun) -> [Remark] {
    guard let own = candidate.run?.record.data, let others = base.run?.record.data else {
      return []
    }
    // Several tables of a database have one path.
    func place(_ print: DataFingerprint) -> [String] {
      print.sha256 == nil ? [print.path, print.source] : [print.path]
    }
    let known = Dictionary(others.map { (place($0), $0.sha256 ?? $0.contentHash) }) { first, _ in
      first
    }
    var changed: [String] = []
    for print in own where !changed.contains(print.path) {
      guard let other = known[place(print)], let content = print.sha256 ?? print.contentHash,
        other != content
      else { continue }
      changed.append(print.path)
    }
    return changed.isEmpty ? [] : [.differentData(paths: changed)]
  }

  private func overlapRemarks(
    _ side: Int, runs: [ComparedRun], counts: PredictionTables.Counts, shared: SharedRows,
    _ differences: [QuestionDifference]
  ) -> [Remark] {
    let left = [0, side].filter { counts.rows[$0] > counts.shared }.map {
      Remark.Rows(
        count: counts.rows[$0] - counts.shared, total: counts.rows[$0],
        reference: runs[$0].reference)
    }
    let labels = Remark.Rows(
      count: shared.differingLabels(of: side), total: shared.count,
      reference: runs[side].reference)
    var remarks: [Remark] = []
    if !differences.isEmpty { remarks.append(.differentQuestions(differences)) }
    if !left.isEmpty { remarks.append(.leftOut(left)) }
    if labels.count > 0 {
      remarks.append(.differentLabels(labels, base: runs[0].reference))
    }
    if differences.contains(where: \.isOfLabel) {
      remarks.append(.rankingOnly(reference: runs[side].reference))
    }
    return remarks
  }
}
