internal import Diagnostics
internal import Experiment
internal import Spec

/// The keys in which the resolved specs of two runs differ, not counting their names.
public struct SpecDifferences: Sendable {
  public struct Difference: Sendable, Equatable {
    /// The path, such as `model.params.num_leaves`.
    public let key: String
    /// The value on one line; `-` if there is none.
    public let base: String
    public let candidate: String

    package init(key: String, base: String, candidate: String) {
      self.key = key
      self.base = base
      self.candidate = candidate
    }
  }

  /// In the order of the candidate's spec, followed by the keys that only the base has.
  public let all: [Difference]

  /// - Throws: `FindingsError` if the spec of a run cannot be read.
  init(base: StoredRun, candidate: StoredRun) throws(FindingsError) {
    let (before, after) = (try base.resolved().tree, try candidate.resolved().tree)
    all = after.differences(from: before).map {
      Difference(key: $0.key, base: $0.before, candidate: $0.now)
    }
  }
}
