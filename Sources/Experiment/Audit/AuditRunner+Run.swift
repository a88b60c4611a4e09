internal import Diagnostics
internal import Foundation
public import Spec

extension AuditRunner {
  /// The audit of a finished run: the one that is kept in its folder, else made now and kept.
  /// - Parameter spec: the spec that the run is of.
  /// - Throws: as `audit(_:of:)`, and `FindingsError` when it cannot be kept.
  public func audit(of run: StoredRun, _ spec: ExperimentSpec) throws -> AuditDocument {
    let path = run.path(ResultsFolder.auditFile)
    if let kept = FileManager.default.contents(atPath: path),
      let document = try? AuditDocument(json: kept)
    {
      return document
    }
    let document = AuditDocument(try audit(spec, of: run.record))
    do {
      // Written beside and renamed, so that no half audit is ever read.
      try Data(try document.json().utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw FindingsError(.unwritable(run.folder, ResultsFolder.reason(error)))
    }
    return document
  }
}
