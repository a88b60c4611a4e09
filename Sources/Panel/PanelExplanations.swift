public import Diagnostics

extension Explanation {
  /// Every finding about sources, SQL, and time, each declared in the file that raises it.
  public static let panel: [Explanation] = [
    timelineFindings, contractCheckFindings, levelCheckFindings, engineRefusalFindings,
    expressionFindings, syntaxDiagnosisFindings, unknownNameFindings, dataAccessFindings,
    fileFindings, keyCoverageFindings, nestedColumnsFindings, overlappingFilesFindings,
    queryWalkFindings, relationOpenerFindings, sourceFindings, sourceMeaningFindings,
    timeZoneFindings, earlyEventFindings,
  ].flatMap(\.self)
}
