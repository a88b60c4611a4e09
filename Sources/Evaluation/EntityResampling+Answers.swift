import Dispatch
import Synchronization

extension EntityResampling {
  /// Draws the entities again and again and asks `measure` about the weights of every draw; the answers
  /// are in the order of the resamples, whatever the number of threads.
  /// - Parameter settings: how many, and on how many threads; the seed is this resampling's own.
  public func answers<Answer: Sendable>(
    _ settings: BootstrapOptions, _ measure: @Sendable ([UInt16]) -> Answer
  ) -> [Answer] {
    let finished = Mutex([Answer?](repeating: nil, count: settings.resamples))
    let workers = min(settings.threads, settings.resamples)
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
      var weights: [UInt16] = []
      for index in stride(from: worker, to: settings.resamples, by: workers) {
        draw(index, into: &weights)
        let answer = measure(weights)
        finished.withLock { $0[index] = answer }
      }
    }
    return finished.withLock { $0.compactMap(\.self) }
  }
}
