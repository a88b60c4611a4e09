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
  let plan = ResamplePlan(rows, lists: options.lists)
  let resampling = EntityResampling(entityCount: plan.entityCount, seed: settings.seed)
  let finished = Mutex([[Double?]](repeating: [], count: settings.resamples))
  let workers = min(settings.threads, settings.resamples)
  DispatchQueue.concurrentPerform(iterations: workers) { worker in
    var measure = ResampleMeasure(plan)
    var weights: [UInt16] = []
    for index in stride(from: worker, to: settings.resamples, by: workers) {
      resampling.draw(index, into: &weights)
      let values = measure.values(weights)
      finished.withLock { $0[index] = values }
    }
  }
  let draws = finished.withLock { $0 }
  func columns(_ names: [String], from first: Int) -> [String: [Double?]] {
    var columns: [String: [Double?]] = [:]
    for (offset, name) in names.enumerated() { columns[name] = draws.map { $0[first + offset] } }
    return columns
  }
  return BootstrapDraws(
    pooled: columns(ResamplePlan.pooledNames, from: 0),
    mean: columns(plan.meanNames, from: ResamplePlan.pooledNames.count))
}
