public import Diagnostics

extension Explanation {
  /// Every finding about stored runs, each declared in the file that raises it.
  public static let runs: [Explanation] = [
    projectFindings, dataFingerprintFindings, runFilesFindings, storedRunFindings, resultsFindings,
  ].flatMap(\.self)
}
