public import Diagnostics

extension Explanation {
  /// Every finding about runs, each declared in the file that raises it.
  public static let experiment: [Explanation] = [
    cacheFindings, projectFindings, dataFingerprintFindings, runFilesFindings, storedRunFindings,
    runFindings, raceTrialFindings, snapshotFindings, snapshotWriterFindings, segmentLevelsFindings,
    tuneFindings,
  ].flatMap(\.self)
}
