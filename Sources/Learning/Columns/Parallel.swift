internal import Dispatch

/// Distributes work over threads for the duration of one call.
enum Parallel {
  /// Calls `body` once for each index below `count`, on at most `threads` threads, and returns when
  /// all calls have finished. The order is unspecified, so each call must write only where no other
  /// does.
  static func forEach(_ count: Int, threads: Int, _ body: @Sendable (Int) -> Void) {
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
  static func map<Result: Sendable>(
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
}
