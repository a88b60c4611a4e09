import Dispatch
import Synchronization

/// Resamples the entities of the rows with replacement and measures every resample.
///
/// An entity carries all its rows, in all cutoffs, so that rows of one account, which resemble each
/// other, never pass for independent evidence (cluster bootstrap: Davison and Hinkley, 1997, section
/// 3.8; Field and Welsh, 2007). The bins of the calibration error stay those of the full rows.
///
/// The same rows in any order, on any number of threads, give the same draws bit by bit. After a few
/// sorts each resample is a handful of passes over integers.
public func bootstrap(
  _ rows: ScoredRows, options: EvaluationOptions = EvaluationOptions(),
  bootstrap settings: BootstrapOptions = BootstrapOptions()
) -> BootstrapDraws {
  bootstrap([rows], options: options, bootstrap: settings, only: nil)[0]
}

/// As `bootstrap(_:)`, for several models' scores of the same rows: every resample is drawn once and
/// measured on each side. With `only`, the costlier metrics come out undefined unless they are needed for
/// the one that is named.
func bootstrap(
  _ sides: [ScoredRows], options: EvaluationOptions, bootstrap settings: BootstrapOptions,
  only metric: String?
) -> [BootstrapDraws] {
  let plans = sides.map { ResamplePlan($0, lists: options.lists, only: metric) }
  let draws = resample(plans, settings) { measures, weights in
    measures.indices.map { measures[$0].values(weights) }
  }
  return plans.enumerated().map { side, plan in
    func columns(_ names: [String], from first: Int) -> [String: [Double?]] {
      var columns: [String: [Double?]] = [:]
      for (offset, name) in names.enumerated() {
        columns[name] = draws.map { $0[side][first + offset] }
      }
      return columns
    }
    return BootstrapDraws(
      pooled: columns(ResamplePlan.pooledNames, from: 0),
      mean: columns(
        ResamplePlan.meanNames(of: plan.lists), from: ResamplePlan.pooledNames.count))
  }
}

/// Draws the entities of plans of the same rows again and again, and gives every draw's weights to
/// `measure`, with working storage per plan that is its thread's own; the answers are in the order of
/// the resamples.
func resample<Answer: Sendable>(
  _ plans: [ResamplePlan], _ settings: BootstrapOptions,
  _ measure: @Sendable (inout [ResampleMeasure], [UInt16]) -> Answer
) -> [Answer] {
  let resampling = EntityResampling(
    entityCount: plans.first?.entityCount ?? 0, seed: settings.seed)
  precondition(
    plans.allSatisfy { $0.entityCount == resampling.entityCount }, "the entities differ")
  let finished = Mutex([Answer?](repeating: nil, count: settings.resamples))
  let workers = min(settings.threads, settings.resamples)
  DispatchQueue.concurrentPerform(iterations: workers) { worker in
    var measures = plans.map(ResampleMeasure.init)
    var weights: [UInt16] = []
    for index in stride(from: worker, to: settings.resamples, by: workers) {
      resampling.draw(index, into: &weights)
      let answer = measure(&measures, weights)
      finished.withLock { $0[index] = answer }
    }
  }
  return finished.withLock { $0.compactMap(\.self) }
}
