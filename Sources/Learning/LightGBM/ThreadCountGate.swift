internal import Foundation

/// Lets operations run side by side only while they use the same number of OpenMP threads.
///
/// LightGBM keeps its thread count in one variable of the process and sizes buffers by it, so a
/// second operation with another count could make a first one write past its buffers. Whoever
/// asks for another count waits until those before it have left; the order is first come, first
/// served. Work that must overlap therefore asks for one count throughout: a lane of a suite trains,
/// bins, and predicts with the same number of threads, and an operation that is the same on any number
/// takes the number that is set.
// Safety: every mutable property is read and written only while `condition` is locked.
package final class ThreadCountGate: @unchecked Sendable {
  private let condition = NSCondition()
  private var nextTicket = 0
  private var admittedTickets = 0
  private var insideCount = 0
  /// The count of the operations inside, or of the last one; 0 before the first.
  private var threadCount = 0

  /// Makes a gate of its own; LightGBM is called behind `shared` only.
  package init() {}

  /// The one gate: the variable that it guards is one per process, not per handle.
  package static let shared = ThreadCountGate()

  /// Blocks until an operation with this many threads may run.
  /// - Parameters:
  ///   - threads: nil for an operation that may run with any count; it waits for no other.
  ///   - change: called with the count by the first one in.
  /// - Returns: the count that holds until `leave`.
  @discardableResult
  package func enter(threads: Int?, change: (Int) -> Void) -> Int {
    condition.lock()
    defer { condition.unlock() }
    let ticket = nextTicket
    nextTicket += 1
    while ticket != admittedTickets
      || (insideCount > 0 && threads != nil && threadCount != threads)
    {
      condition.wait()
    }
    admittedTickets += 1
    let count = threads ?? max(threadCount, 1)
    if insideCount == 0 { change(count) }
    threadCount = count
    insideCount += 1
    condition.broadcast()
    return count
  }

  /// Ends what `enter` began.
  package func leave() {
    condition.lock()
    defer { condition.unlock() }
    insideCount -= 1
    if insideCount == 0 { condition.broadcast() }
  }
}
