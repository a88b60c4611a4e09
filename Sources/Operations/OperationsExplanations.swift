public import Diagnostics

extension Explanation {
  /// Every finding about lists, retraining, and outcomes. Each is declared in the file that raises
  /// it.
  public static let operations: [Explanation] = [
    alarmCommandFindings, exclusionsFindings, holdBackFindings, monitoringFindings,
    outcomesFindings, profileFindings, retrainingFindings, scoringFindings, sinkFindings,
  ].flatMap(\.self)
}
