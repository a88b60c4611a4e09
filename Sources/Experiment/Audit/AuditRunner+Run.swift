public import Diagnostics
internal import Foundation
public import Spec

extension AuditRunner {
  /// The audit of a finished run: the one that is kept in its folder, else made now and kept.
  /// - Throws: as `audit(_:of:)`, and `FindingsError` when it cannot be kept.
  public func audit(of run: StoredRun) throws -> AuditDocument {
    let path = run.path(ResultsFolder.auditFile)
    if let kept = FileManager.default.contents(atPath: path),
      let document = try? AuditDocument(json: kept)
    {
      return document
    }
    let document = AuditDocument(try audit(try run.spec(), of: run.record))
    do {
      // Written beside and renamed, so that no half audit is ever read.
      try Data(try document.json().utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw FindingsError(.unwritable(run.folder, ResultsFolder.reason(error)))
    }
    return document
  }
}

extension StoredRun {
  /// The experiment that the run is of, as it was resolved.
  /// - Throws: `FindingsError` when its spec.yaml cannot be read.
  public func spec() throws(FindingsError) -> ExperimentSpec {
    let file = SpecLoader.load(path: path("spec.yaml"))
    guard let spec = file.spec else { throw FindingsError(file.findings) }
    return spec
  }
}
