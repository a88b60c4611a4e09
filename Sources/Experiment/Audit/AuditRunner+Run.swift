internal import Diagnostics
internal import Files
internal import Foundation
public import Spec

extension AuditRunner {
  /// The audit of a finished run: the one that is kept in its folder, else made now and kept. One that was
  /// changed, or is of another run, is made again.
  /// - Parameter spec: the spec that the run is of.
  /// - Throws: as `audit(_:of:)`, and `FindingsError` when it cannot be kept.
  public func audit(of run: StoredRun, _ spec: ExperimentSpec) throws -> AuditDocument {
    let path = run.path(ResultsFolder.auditFile)
    if let kept = try? Files.read(path), Seal(kept) == .intact,
      let document = try? AuditDocument(json: kept), document.runId == run.record.runId
    {
      return document
    }
    var document = AuditDocument(try audit(spec, of: run.record))
    document.runId = run.record.runId
    do {
      try ResultsFolder.putAudit(document.sealedJSON(), of: run)
    } catch {
      throw FindingsError(.unwritable(run.folder, ResultsFolder.reason(error)))
    }
    return document
  }
}
