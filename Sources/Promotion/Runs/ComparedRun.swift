public import Diagnostics
public import Evaluation
internal import Foundation
public import Learning
public import Runs
public import Spec

/// One side of a comparison: a run in its folder, or the metrics of one from another git revision.
public struct ComparedRun: Sendable {
  /// As the user named it: `solidworks`, a run id, a folder, `champion`, `git:main:solidworks`.
  public let reference: String
  /// The experiment's name.
  public let name: String
  public let metrics: MetricTree
  public let importance: [FeatureImportance]
  /// nil if only metrics and importance are available: from a git revision, or in a fresh checkout.
  public let run: StoredRun?
  /// The promoted model, if this is one; `run` is then in its artifact folder.
  public let promoted: PromotedModel?
  /// What a reader must know about this side.
  public let remarks: [Remark]
  /// The current spec, if the user named the run by it; its gates may have changed since the run.
  public let spec: ExperimentSpec?

  public init(
    reference: String, name: String, metrics: MetricTree, importance: [FeatureImportance],
    run: StoredRun? = nil, promoted: PromotedModel? = nil, remarks: [Remark] = [],
    spec: ExperimentSpec? = nil
  ) {
    self.reference = reference
    self.name = name
    self.metrics = metrics
    self.importance = importance
    self.run = run
    self.promoted = promoted
    self.remarks = remarks
    self.spec = spec
  }

  /// A run in its folder.
  public init(
    reference: String, run: StoredRun, promoted: PromotedModel? = nil, remarks: [Remark] = [],
    spec: ExperimentSpec? = nil
  ) {
    self.init(
      reference: reference, name: run.record.name, metrics: run.metrics,
      importance: run.importance, run: run, promoted: promoted, remarks: remarks, spec: spec)
  }

  /// Why its numbers should not be trusted: what its spec allows itself, and too few buyers.
  public var doubts: [String] { RunDoubts(self).lines }

  /// The gates of its spec: the current ones if the user named it by its spec, otherwise those of
  /// its run.
  /// - Returns: nil if it has none, or only metrics.
  /// - Throws: `FindingsError` when the run's spec cannot be read.
  public func gates() throws(FindingsError) -> GatesSpec? {
    if let spec { return spec.gates }
    return try run?.spec().gates
  }
}

/// Why a run's numbers should not be trusted.
struct RunDoubts {
  /// One line each, the evidence first.
  let lines: [String]
  /// A word or two each, for tables.
  let names: [String]

  init(_ run: ComparedRun) {
    let isSufficient = run.metrics[["evidence", "sufficient"]] != 0
    var lines: [String] = []
    if !isSufficient {
      lines.append(run.run?.record.evidence?.words ?? Self.evidence(run.metrics))
    }
    if let record = run.run?.record {
      lines += record.caveats.map(\.words)
      names =
        (isSufficient ? [] : [Self.insufficient])
        + record.caveats.map(\.name)
    } else {
      let found = Self.caveats(run.metrics)
      lines += found
      names = (isSufficient ? [] : [Self.insufficient]) + found
    }
    self.lines = lines
  }

  private static let insufficient = "insufficient evidence"

  private static func evidence(_ metrics: MetricTree) -> String {
    let buyers = metrics[["test", "pooled", "positive_entities"]].map { "\(Int($0))" } ?? "few"
    let needed = metrics[["evidence", "min_positives"]].map { "\(Int($0))" } ?? "more"
    return "\(insufficient): \(buyers) distinct positive entities in test, \(needed) are needed"
  }

  /// The caveats that the metrics list, without their reasons, which only a run's record has.
  private static func caveats(_ metrics: MetricTree) -> [String] {
    let known: [(String, Caveat.Kind)] = [
      ("look_ahead_columns", .lookAhead), ("immature_cutoffs", .immatureLabels),
      ("overlapping_cutoff_pairs", .overlappingWindows),
      ("calibrated_on_test", .calibratedOnTest), ("without_creation", .noCreation),
      ("labels_end_early", .labelsEndEarly), ("silent_sources", .silentSource),
      ("accepted_audit_checks", .auditCheck), ("conditional_label", .conditionalLabel),
    ]
    return known.filter { (metrics[["caveats", $0.0]] ?? 0) > 0 }.map(\.1.name)
  }
}

/// The numbers behind the charts of a compared run, or why there are none.
public enum ComparedCurves: Sendable {
  case curves(RunCurves)
  /// Only metrics are available: of a git revision, or in a fresh checkout.
  case metricsOnly
  /// An earlier version, which wrote no curves, made the run.
  case earlierVersion
  /// A promoted model, which has only what scoring needs, and whose run is not on this machine.
  case runElsewhere(runId: String)

  /// nil if there are none.
  public var found: RunCurves? { if case .curves(let curves) = self { curves } else { nil } }
}

extension ComparedRun {
  /// Reads the curves that the run wrote: in its folder or, for a promoted model, in the folder of
  /// the run it came from.
  /// - Throws: `FindingsError` if a run's own curves are not what it wrote.
  public func curves(in project: Project) throws(FindingsError) -> ComparedCurves {
    guard let run else { return .metricsOnly }
    let file = RunCurves.file
    guard let hash = run.record.files?[file] else { return .earlierVersion }
    guard canBeScoredAfresh, !FileManager.default.fileExists(atPath: run.path(file)) else {
      return try run.curves().map(ComparedCurves.curves) ?? .earlierVersion
    }
    let id = run.record.runId
    let folder = "\(project.resultsFolder(of: run.record.name))/runs/\(id)"
    // A run with the same id that another machine made may differ in the last bits.
    guard Fingerprint.of(file: "\(folder)/\(file)") == hash else {
      return .runElsewhere(runId: id)
    }
    return try run.curves(in: folder).map(ComparedCurves.curves) ?? .earlierVersion
  }
}
