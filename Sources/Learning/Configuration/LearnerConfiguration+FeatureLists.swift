extension LearnerConfiguration {
  /// Parameters that hold one value per feature.
  private static let perFeature = [
    "monotone_constraints", "feature_contri", "max_bin_by_feature", "cegb_penalty_feature_lazy",
    "cegb_penalty_feature_coupled",
  ]

  /// Checks the parameters that go by feature: LightGBM reads past their end where they are too
  /// short, and ends the process where a category is to be monotone.
  ///
  /// - Throws: `invalidParameter`.
  func checkFeatureLists(
    featureCount: Int, categories: Set<Int>, library: LightGBMLibrary
  ) throws(LearningError) {
    for parameter in parameters {
      guard let name = library.canonicalName(of: parameter.name) else { continue }
      if name == "interaction_constraints" {
        let numbers = parameter.text.split { !$0.isNumber }
        guard numbers.allSatisfy({ Int($0).map { $0 < featureCount } == true }) else {
          throw LearningError(
            .invalidParameter, "`\(parameter.name)` names a feature that is not there")
        }
      }
      guard Self.perFeature.contains(name) else { continue }
      let values = parameter.text.split(separator: ",", omittingEmptySubsequences: false)
      guard values.count == featureCount, values.allSatisfy({ Double($0)?.isFinite == true })
      else {
        throw LearningError(
          .invalidParameter,
          "`\(parameter.name)` needs one number for each of the \(featureCount) features")
      }
      if name == "monotone_constraints",
        let index = categories.sorted().first(where: { Double(values[$0]) != 0 })
      {
        throw LearningError(
          .invalidParameter,
          "`\(parameter.name)` must be 0 for feature \(index), which holds categories")
      }
    }
  }
}
