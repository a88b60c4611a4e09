internal import Diagnostics
internal import Experiment
internal import Foundation
public import Spec

extension GateRunner {
  /// Holds the latest run of every experiment of a spec file against its gates.
  /// - Parameters:
  ///   - name: what the runs are, or are to be, promoted as; nil: the experiments' own names.
  ///   - reference: as `report(on:gates:as:against:)`.
  /// - Returns: a result per experiment; one for the file where it is no spec.
  /// - Throws: an error that nothing the user wrote is to blame for; findings are part of a result.
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

  /// What the work returns, or the findings that stopped it.
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

// A run that cannot be judged: H623.
extension Finding {
  fileprivate static func metricsOnly(_ name: String, _ path: String) -> Finding {
    Finding(
      623, "of `\(name)` there are committed metrics only, and no run that could be judged",
      hints: ["run it on this machine: `holdout run \(path)`"])
  }
}
