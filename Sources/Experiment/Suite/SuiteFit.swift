internal import Spec

/// An experiment whose panel is there and whose model is to be fitted.
struct SuiteFit: Sendable {
  let place: Int
  let experiment: ResolvedExperiment
  let panel: ExperimentPanel
  let clock: StageClock
  /// Stands for the rows that are learned from: fits of one group may share their bins.
  let group: String
  /// What the fit takes in memory, in bytes, roughly.
  let bytes: Int
  /// Whether trees are grown on one thread, however many there are.
  let growsOnOneThread: Bool

  init(
    place: Int, experiment: ResolvedExperiment, panel: ExperimentPanel, clock: StageClock
  ) {
    self.place = place
    self.experiment = experiment
    self.panel = panel
    self.clock = clock
    group = panel.fingerprint
    let size = panel.size
    // A bin, and its neighbours in a bundle, a byte; gradient, hessian, label, weight and score.
    let perRow = panel.spec.features.count + 4 * 4 + 8
    bytes = size.bytes + size.rows * perRow
    growsOnOneThread = experiment.spec.model.quantizedGradients
  }
}
