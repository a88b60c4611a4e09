internal import Diagnostics
internal import Files
internal import Foundation
internal import Panel
public import Runs
public import Spec

/// Runs every check on a spec.
public struct AuditRunner: Sendable {
  public let project: Project
  public let threads: Int
  /// The earlier snapshot with which the data are compared; nil: none, and the check is left out.
  public let earlier: Snapshot?
  /// Called as work advances, from any thread.
  public let progress: ProgressHandler

  public init(
    project: Project, threads: Int, earlier: Snapshot? = nil,
    progress: @escaping ProgressHandler = { _ in }
  ) {
    self.project = project
    self.threads = threads
    self.earlier = earlier
    self.progress = progress
  }

  /// The checks that are made.
  package var checks: [AuditCheck.ID] {
    AuditCheck.ID.allCases.filter { $0 != .snapshot || earlier != nil }
  }

  /// Audits one spec. Writes nothing.
  /// - Parameter run: the run of the spec to audit; nil: none.
  /// - Throws: `FindingsError` when the spec cannot be run at all, so that there is nothing to
  ///   audit, or when the data have changed since the run.
  public func audit(_ spec: ExperimentSpec, of run: RunRecord? = nil) throws -> AuditReport {
    progress(StepProgress(.auditPreparation))
    let start = ContinuousClock.now
    let subject = try AuditSubject(
      spec, of: run, project: project, threads: threads, progress: progress)
    let preparation = Self.seconds(since: start)
    let checks = checks.map { id in
      progress(StepProgress(.check(id)))
      let start = ContinuousClock.now
      let outcome = outcome(of: id, subject)
      return AuditCheck(
        id: id, verdict: outcome.verdict, result: outcome.result,
        numbers: outcome.numbers.filter(\.value.isFinite), details: outcome.details,
        accepted: outcome.verdict == .pass ? nil : spec.accept.reason(for: id),
        seconds: Self.seconds(since: start))
    }
    return AuditReport(
      name: spec.name.value, checks: checks, preparationSeconds: preparation,
      caveats: Caveats(
        spec, folds: subject.builder.folds, lookAhead: subject.builder.lookAhead,
        findings: subject.builder.findings
      ).list, foldCount: subject.builder.folds.count,
      warnings: subject.builder.findings)
  }

  /// The outcome of a check. A check that the data stop is inconclusive.
  package func outcome(of id: AuditCheck.ID, _ subject: AuditSubject) -> AuditOutcome {
    do {
      return switch id {
      case .futurePoison: try FutureCheck(kind: .poison).outcome(subject)
      case .futureDelete: try FutureCheck(kind: .delete).outcome(subject)
      case .labelPermutation: try LabelPermutationCheck().outcome(subject)
      case .shift: try ShiftCheck().outcome(subject)
      case .oneFeatureDominance: try OneFeatureDominanceCheck().outcome(subject)
      case .missingness: try MissingnessCheck().outcome(subject)
      case .endOfData: EndOfDataCheck().outcome(subject)
      case .newestRows: try NewestRowsCheck().outcome(subject)
      case .staticEffect: try StaticEffectCheck().outcome(subject)
      case .staticDates: try StaticDatesCheck().outcome(subject)
      case .beforeCreation: try BeforeCreationCheck().outcome(subject)
      case .knownAtProximity: try KnownAtProximityCheck().outcome(subject)
      case .roleOverlap: RoleOverlapCheck().outcome(subject)
      case .deadFeatures: DeadFeaturesCheck().outcome(subject)
      case .unseenLevels: UnseenLevelsCheck().outcome(subject)
      case .joinCoverage: try JoinCoverageCheck().outcome(subject)
      case .sourceMeaning: SourceMeaningCheck().outcome(subject)
      case .snapshot: try SnapshotCheck(snapshot: earlier).outcome(subject)
      }
    } catch {
      return AuditOutcome(.inconclusive, .incomplete, details: AuditDetail.reasons(error))
    }
  }

  private static func seconds(since start: ContinuousClock.Instant) -> Double {
    let elapsed = (ContinuousClock.now - start).components
    return Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
  }
}

extension AuditRunner {
  /// The audit of a finished run: the one stored in its folder, or else a new one, which is then
  /// stored. An audit that was changed, or belongs to another run, is made again.
  /// - Parameters:
  ///   - spec: the run's spec.
  ///   - document: puts an audit into words.
  /// - Throws: as `audit(_:of:)`, and `FindingsError` when the audit cannot be stored.
  public func audit(
    of run: StoredRun, _ spec: ExperimentSpec, document: (AuditReport) -> AuditDocument
  ) throws -> AuditDocument {
    let path = run.path(ResultsFolder.auditFile)
    if let kept = try? Files.read(path), Seal(kept) == .intact,
      let document = try? AuditDocument(json: kept), document.runId == run.record.runId
    {
      return document
    }
    var document = document(try audit(spec, of: run.record))
    document.runId = run.record.runId
    do {
      try ResultsFolder.putAudit(document.sealedJSON(), of: run)
    } catch {
      throw FindingsError(.unwritable(run.folder, ResultsFolder.reason(error)))
    }
    return document
  }
}

extension AuditDetail {
  /// The reasons that a check stopped, from its findings if it has any.
  static func reasons(_ error: any Error) -> [AuditDetail] {
    guard let error = error as? FindingsError else { return [.failure("\(error)")] }
    return error.findings.filter { $0.severity == .error }.map {
      .finding($0.id, message: $0.message)
    }
  }
}
