internal import Diagnostics

extension ExperimentSpec {
  /// The same recipe with no cutoff held out for a test: what a model that scores is fitted by, on
  /// everything mature.
  ///
  /// The timeline is then built backwards from calibration or, where nothing is set aside for that, from
  /// training. A calibrator that the recipe fits on the test cutoffs keeps their number of cutoffs.
  public var withoutTest: ExperimentSpec {
    var spec = self
    switch (calibration.method.value, calibration.fit.value) {
    case (.none, _), (_, .crossFit): spec.cutoffs.calibrate.value = 0
    case (_, .test):
      spec.cutoffs.calibrate.value = cutoffs.test.value
      spec.calibration.fit.value = .calibrate
    case (_, .calibrate): break
    }
    spec.cutoffs.test.value = 0
    // Older folds show how a recipe does over time; they fit nothing that scores.
    spec.cutoffs.folds.value = 1
    return spec
  }
}
