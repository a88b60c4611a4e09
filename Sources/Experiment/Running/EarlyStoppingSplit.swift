internal import Diagnostics
internal import Panel
internal import Spec

/// Which train cutoffs the number of trees is found on.
///
/// The last ones are watched. The first fit learns from those before them whose label windows are over by
/// the first watched cutoff, with the embargo that the spec has between roles: what is watched must be
/// as far from what is learned as test is from train. Calibrate and test cutoffs play no part.
struct EarlyStoppingSplit {
  /// The days that the first fit learns from, and those that it is watched on; both ascending.
  let fitted: [CalendarDate]
  let watched: [CalendarDate]

  /// - Parameter train: train cutoffs, ascending.
  init(_ stopping: ModelSpec.EarlyStopping, _ cutoffs: CutoffsSpec, train: [Cutoff]) {
    watched = train.suffix(stopping.cutoffs.value).map(\.date)
    let first = watched.first
    fitted = train.dropLast(stopping.cutoffs.value).filter { cutoff in
      first.map { cutoffs.keepsApart(windowEnd: cutoff.windowEnd, from: $0) } ?? false
    }.map(\.date)
  }

  /// What is wrong with a spec's early stopping on timelines; at most one finding.
  static func findings(_ spec: ExperimentSpec, _ timelines: [Timeline]) -> [Finding] {
    guard let stopping = spec.model.earlyStopping else { return [] }
    for timeline in timelines {
      let train = timeline[.train]
      let split = EarlyStoppingSplit(stopping, spec.cutoffs, train: train)
      if split.fitted.isEmpty, let first = split.watched.first {
        return [.nothingBeforeWatched(stopping.cutoffs, first: first, train: train.count)]
      }
    }
    return []
  }
}
