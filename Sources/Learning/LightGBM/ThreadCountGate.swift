internal import Foundation

/// Lets operations run side by side only while they use the same number of OpenMP threads.
///
/// LightGBM keeps its thread count in one variable of the process and sizes buffers by it, so a
/// second operation with another count could make a first one write past its buffers. Whoever
/// asks for another count waits until those before it have left; the order is first come, first
/// served.
// Safety: every mutable property is read and written only while `condition` is locked.
package final class ThreadCountGate: @unchecked Sendable {
  private let condition = NSCondition()
  private var nextTicket = 0
  private var admittedTickets = 0
  private var insideCount = 0
  private var threadCount = 0

  /// Makes a gate of its own; LightGBM is called behind `shared` only.
  package init() {}

  /// The one gate: the variable that it guards is one per process, not per handle.
  package static let shared = ThreadCountGate()

  /// Blocks until an operation with this many threads may run; the first one in calls `change`.
  package func enter(threads: Int, change: () -> Void) {
    condition.lock()
    defer { condition.unlock() }
    let ticket = nextTicket
    nextTicket += 1
    while ticket != admittedTickets || (insideCount > 0 && threadCount != threads) {
      condition.wait()
    }
    admittedTickets += 1
    if insideCount == 0 { change() }
    threadCount = threads
    insideCount += 1
    condition.broadcast()
  }

  /// Ends what `enter` began.
  package func leave() {
    condition.lock()
    defer { condition.unlock() }
    insideCount -= 1
    if insideCount == 0 { condition.broadcast() }
  }
}
