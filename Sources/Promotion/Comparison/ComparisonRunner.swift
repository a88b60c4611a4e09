public import Evaluation
public import Experiment

/// Compares runs.
public struct ComparisonRunner: Sendable {
  public init(project: Project, threads: Int) {}

  public func compare(
    base: ComparedRun, candidates: [ComparedRun], options: ComparisonOptions, overlap: Bool
  ) throws -> ComparisonReport {
    ComparisonReport(
      base: base, options: options,
      candidates: candidates.map {
        CandidateReport(run: $0, paired: nil, unpairedReason: "not there yet", remarks: [])
      })
  }
}
