internal import Diagnostics
internal import Panel
internal import Spec

/// Which train cutoffs something is tried on before a fit on all of them: a number of trees, or one
/// experiment against others.
///
/// The last ones are watched. The trial learns from those before them whose label windows are over by
/// the first watched cutoff, with the embargo that the spec has between roles: what is watched must be
/// as far from what is learned as test is from train. Calibrate and test cutoffs play no part.
struct WatchedSplit {
  /// The days that the trial learns from, and those that it is watched on; both ascending.
  let fitted: [CalendarDate]
  let watched: [CalendarDate]

  /// - Parameters:
  ///   - count: how many of the last ones are watched.
  ///   - train: train cutoffs, ascending.
  init(watching count: Int, _ cutoffs: CutoffsSpec, train: [Cutoff]) {
    watched = train.suffix(count).map(\.date)
    let first = watched.first
    fitted = train.dropLast(count).filter { cutoff in
      first.map { cutoffs.keepsApart(windowEnd: cutoff.windowEnd, from: $0) } ?? false
    }.map(\.date)
  }

  /// What is wrong with a spec's early stopping on timelines; at most one finding.
  static func findings(_ spec: ExperimentSpec, _ timelines: [Timeline]) -> [Finding] {
    guard let stopping = spec.model.earlyStopping else { return [] }
    for timeline in timelines {
      let train = timeline[.train]
      let split = WatchedSplit(watching: stopping.cutoffs.value, spec.cutoffs, train: train)
      if split.fitted.isEmpty, let first = split.watched.first {
        return [.nothingBeforeWatched(stopping.cutoffs, first: first, train: train.count)]
      }
    }
    return []
  }
}
