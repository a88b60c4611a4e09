public import Diagnostics

extension Explanation {
  /// Every finding about specs, each declared in the file that raises it.
  public static let spec: [Explanation] = [
    lookAheadFindings, timeFindings, featureInputFindings, compositionFindings, columnsFindings,
    productionFindings, eventConditionFindings,
    referencesFindings, gatesDecoderFindings, specDecoderContractsFindings,
    specDecoderForeignKeysFindings, specDecoderFormsFindings, formFindings, formerKeysFindings,
    environmentTextFindings,
    projectLoaderFindings, specLoaderFindings, specReaderFindings, sweepFindings, clusterFindings,
    constraintFindings, logisticLearnerFindings,
  ].flatMap(\.self)
}
