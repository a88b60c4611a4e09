import Foundation
import Learning
import Synchronization
import Testing

struct LearnerThreadCountGateTests {
  private struct Observed {
    var inside: [Int] = []
    var mixed = false
    var most = 0
    var changes = 0
  }

  @Test("Operations with different thread counts never run side by side, those with equal ones do")
  func neverMixed() throws {
    let gate = ThreadCountGate()
    let done = DispatchSemaphore(value: 0)
    for index in 0..<60 {
      let threads = 1 + (index / 6) % 3
      Thread.detachNewThread { [gate] in
        gate.enter(threads: threads) { _ in Self.note { $0.changes += 1 } }
        Self.note { state in
          state.inside.append(threads)
          state.mixed = state.mixed || Set(state.inside).count > 1
          state.most = max(state.most, state.inside.count)
        }
        Thread.sleep(forTimeInterval: 0.002)
        Self.note { $0.inside.removeLast() }
        gate.leave()
        done.signal()
      }
    }
    for _ in 0..<60 { done.wait() }
    let result = Self.state.withLock { $0 }
    #expect(!result.mixed && result.inside.isEmpty)
    #expect(result.changes >= 3 && result.most > 1)
  }

  @Test(
    "An operation for which any thread count will do waits for nobody, and takes the one that is set"
  )
  func anyCount() {
    let gate = ThreadCountGate()
    #expect(gate.enter(threads: nil) { _ in } == 1)
    gate.leave()
    gate.enter(threads: 3) { _ in }
    // Would wait forever for the one above, were it to ask for a count of its own.
    #expect(gate.enter(threads: nil) { _ in } == 3)
    gate.leave()
    gate.leave()
    #expect(gate.enter(threads: nil) { _ in } == 3)
    gate.leave()
  }

  private static let state = Mutex(Observed())

  private static func note(_ change: (inout Observed) -> Void) { state.withLock { change(&$0) } }
}
