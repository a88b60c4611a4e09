internal import Learning
internal import Synchronization

/// The rows that were binned last, for models that learn from the same with other parameters.
///
/// Used by one thread at a time.
public final class BinnedDatasets: Sendable {
  private struct Last: @unchecked Sendable {
    // Safety: one lane has it, and trains one model at a time.
    let dataset: Dataset
    let key: String
  }

  private let last = Mutex<Last?>(nil)

  init() {}

  /// The dataset of a key, made where it is not the last.
  func dataset(
    _ key: String?, _ make: () throws(LearningError) -> Dataset
  ) throws(LearningError) -> Dataset {
    if let last = last.withLock({ $0 }), last.key == key { return last.dataset }
    // The old one goes before the new one comes, so that there is never room needed for both.
    clear()
    let dataset = try make()
    if let key { last.withLock { $0 = Last(dataset: dataset, key: key) } }
    return dataset
  }

  var isFilled: Bool { last.withLock { $0 != nil } }

  func clear() { last.withLock { $0 = nil } }
}
