public import Diagnostics

extension Explanation {
  /// Every finding about running a spec, each declared in the file that raises it.
  public static let experiment: [Explanation] = [
    cacheFindings, runFindings, raceTrialFindings, snapshotFindings, snapshotWriterFindings,
    segmentLevelsFindings, tuneFindings,
  ].flatMap(\.self)
}
