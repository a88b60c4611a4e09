internal import Learning
internal import Synchronization

/// The most recently binned rows, for models that learn from the same rows with other parameters.
///
/// Used by one thread at a time.
public final class BinnedDatasets: Sendable {
  private struct Last: @unchecked Sendable {
    // Safety: one lane owns it and trains one model at a time.
    let dataset: Dataset
    let key: String
  }

  private let last = Mutex<Last?>(nil)

  init() {}

  /// Returns the dataset of a key, and makes it unless it is the most recent one.
  func dataset(
    _ key: String?, _ make: () throws(LearningError) -> Dataset
  ) throws(LearningError) -> Dataset {
    if let last = last.withLock({ $0 }), last.key == key { return last.dataset }
    // Free the old dataset before making the new one, so that memory never holds both.
    clear()
    let dataset = try make()
    if let key { last.withLock { $0 = Last(dataset: dataset, key: key) } }
    return dataset
  }

  var isFilled: Bool { last.withLock { $0 != nil } }

  func clear() { last.withLock { $0 = nil } }
}
