internal import Diagnostics
internal import Spec
internal import Synchronization

/// What is known of a panel's sources once they have been loaded and checked.
struct PanelFacts: Codable, Sendable {
  /// The first day from which on every source can say something.
  let observedFrom: CalendarDate?
  /// By source, for those that are not files.
  let contentHashes: [String: String]
}

/// The loads of this process, so that experiments with the same panel share one. What it warned of is told
/// of each of them, at its place in the first.
final class PanelMemory: Sendable {
  struct Load: Sendable {
    let facts: PanelFacts
    let findings: [Finding]
  }

  private let loads = Mutex([String: Load]())

  subscript(_ inputs: CacheInputs) -> Load? {
    get { loads.withLock { $0[inputs.key] } }
    set { loads.withLock { $0[inputs.key] = newValue } }
  }
}
