public import Diagnostics

extension Explanation {
  /// Every finding about comparison, gates, and the registry. Each is declared in the file that
  /// raises it.
  public static let promotion: [Explanation] = [
    comparisonFindings, mLflowFindings, gateRunnerFindings, registryFindings, runFindings,
  ].flatMap(\.self)
}
