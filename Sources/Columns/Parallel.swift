internal import Dispatch
internal import Synchronization

/// Distributes work over threads for the duration of one call.
package enum Parallel {
  /// Calls `body` once for each index below `count`, on at most `threads` threads, and returns when
  /// all calls have finished. The order is unspecified, so each call must write only where no other
  /// does. Each index below `threads` gets a thread of its own.
  package static func forEach(_ count: Int, threads: Int, _ body: @Sendable (Int) -> Void) {
    let workers = min(threads, count)
    guard workers > 1 else {
      for index in 0..<count { body(index) }
      return
    }
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
      for index in stride(from: worker, to: count, by: workers) { body(index) }
    }
  }

  /// Returns the results of `body` for each index below `count`, in the order of the indices.
  package static func map<Result: Sendable>(
    _ count: Int, threads: Int, _ body: @Sendable (Int) -> Result
  ) -> [Result] {
    var results = [Result?](repeating: nil, count: count)
    results.withUnsafeMutableBufferPointer { results in
      // Safety: each call writes to its own element, and `forEach` returns before the buffer ends.
      nonisolated(unsafe) let results = results
      forEach(count, threads: threads) { results[$0] = body($0) }
    }
    return results.compactMap(\.self)
  }

  /// Returns the results of `body` for each index below `count`, in the order of the indices. Each
  /// thread makes one state and takes the next free index, so that calls of unequal length keep
  /// all threads busy.
  package static func map<State, Result: Sendable>(
    _ count: Int, threads: Int, state: @Sendable (_ thread: Int) -> State,
    _ body: @Sendable (inout State, Int) -> Result
  ) -> [Result] {
    let workers = max(1, min(threads, count))
    let next = Atomic(0)
    var results = [Result?](repeating: nil, count: count)
    results.withUnsafeMutableBufferPointer { results in
      // Safety: an index is taken once, and `forEach` returns before the buffer ends.
      nonisolated(unsafe) let results = results
      forEach(workers, threads: workers) { worker in
        var state = state(worker)
        while true {
          let index = next.add(1, ordering: .relaxed).oldValue
          guard index < count else { return }
          results[index] = body(&state, index)
        }
      }
    }
    return results.compactMap(\.self)
  }
}
