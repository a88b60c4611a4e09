internal import Diagnostics
internal import Experiment
internal import Spec

/// The keys by which the resolved specs of two runs differ, their names apart.
public struct SpecDifferences: Sendable {
  public struct Difference: Sendable, Equatable {
    /// The path, `model.params.num_leaves`.
    public let key: String
    /// What stands there, on one line; `-` for nothing.
    public let base: String
    public let candidate: String
  }

  /// In the order of the candidate's spec, then what only the base has.
  public let all: [Difference]

  /// - Throws: `FindingsError` where the spec of a run cannot be read.
  init(base: StoredRun, candidate: StoredRun) throws(FindingsError) {
    let (before, after) = (try base.resolved().tree, try candidate.resolved().tree)
    all = after.differences(from: before).map {
      Difference(key: $0.key, base: $0.before, candidate: $0.now)
    }
  }

  /// The most keys that people are shown.
  static let shownCount = 20

  /// What is shown of them, and how many are not.
  var shown: (differences: [Difference], rest: Int) {
    (
      all.prefix(Self.shownCount).map(\.shortened), max(0, all.count - Self.shownCount)
    )
  }
}

extension SpecDifferences.Difference {
  private static let width = 48

  /// The same with long values shown from a little before the place where they begin to differ.
  fileprivate var shortened: Self {
    guard max(base.count, candidate.count) > Self.width else { return self }
    let same = zip(base, candidate).prefix { $0 == $1 }.count
    let start = max(0, min(same - 12, max(base.count, candidate.count) - Self.width))
    func part(_ text: String) -> String {
      guard text.count > Self.width else { return text }
      let head = start > 0 ? "..." : ""
      let tail = text.count > start + Self.width ? "..." : ""
      return head + text.dropFirst(start).prefix(Self.width) + tail
    }
    return Self(key: key, base: part(base), candidate: part(candidate))
  }
}
