internal import Diagnostics
public import Learning
internal import OrderedCollections
public import Panel
public import Spec

/// Writes the reasons of a list's rows: what raised or lowered their margins most.
///
/// ```swift
/// let writer = ReasonWriter(features: names, levels: levels, score: spec.score)
/// let columns = writer.columns(contributions, of: block.features.rows(places))
/// columns[0][row]  // "+ no contact in 210 days [feat_days_since_last_contact=210]"
/// ```
///
/// A row's reasons are its contributions by falling size, equal ones in the order of the features. A
/// contribution of 0 is no reason, nor is one of a hidden feature, however large. Only what is printed
/// becomes text, so that the cost is a look at each contribution.
public struct ReasonWriter: Sendable {
  /// How many reasons a row has at most.
  public let count: Int
  /// In the order of the features.
  private let wordings: [FeatureWording]
  /// The features that are not hidden, ascending.
  private let shown: [Int]

  /// - Parameters:
  ///   - features: the names of the model's features, in its order.
  ///   - levels: for each feature the texts of a category's codes, nil for a number:
  ///     `PanelBuilder.levels(ofFeature:)` once the rows' block has been built.
  public init(features: [String], levels: [[String]?], score: ScoreSpec) {
    self.init(
      features: features, levels: levels, count: score.reasons, sentences: { score.sentences[$0] },
      hidden: score.hidden.map(\.value))
  }

  /// - Parameter hidden: names, or patterns with `*`.
  public init(
    features: [String], levels: [[String]?], count: Int,
    sentences: (String) -> ReasonSentences? = { _ in nil }, hidden: [String] = []
  ) {
    precondition(features.count == levels.count, "levels are needed per feature")
    let patterns = hidden.map(NamePattern.init)
    self.count = count
    wordings = zip(features, levels).map { name, levels in
      FeatureWording(name: name, levels: levels, sentences: sentences(name))
    }
    shown = features.indices.filter { feature in
      !patterns.contains { $0.matches(features[feature]) }
    }
  }

  /// The reasons of each row: `count` columns, strongest first; nil where a row has fewer.
  /// - Parameter values: the same rows in the same order.
  public func columns(_ contributions: Contributions, of values: FeatureBlock) -> [[String?]] {
    precondition(contributions.featureCount == wordings.count, "features of another model")
    return columns(contributions.values, of: values)
  }

  /// - Parameter contributions: laid out as `Contributions.values`.
  public func columns(_ contributions: [Double], of values: FeatureBlock) -> [[String?]] {
    let width = wordings.count + 1
    precondition(
      values.columns.count == wordings.count && contributions.count == values.rowCount * width,
      "contributions of other rows")
    var columns = [[String?]](
      repeating: [String?](repeating: nil, count: values.rowCount), count: count)
    var strongest: [Int] = []
    strongest.reserveCapacity(count + 1)
    for row in 0..<values.rowCount {
      select(contributions, from: row * width, into: &strongest)
      for (place, feature) in strongest.enumerated() {
        columns[place][row] = wordings[feature].text(
          contribution: contributions[row * width + feature],
          value: values.columns[feature].value(ofRow: row))
      }
    }
    return columns
  }

  /// The features of the row's largest contributions, largest first.
  private func select(_ contributions: [Double], from start: Int, into strongest: inout [Int]) {
    strongest.removeAll(keepingCapacity: true)
    func size(_ feature: Int) -> Double { abs(contributions[start + feature]) }
    for feature in shown where size(feature) > 0 {
      var place = strongest.count
      // Stops at an equal one, so that the earlier feature stays before the later.
      while place > 0, size(strongest[place - 1]) < size(feature) { place -= 1 }
      guard place < count else { continue }
      strongest.insert(feature, at: place)
      if strongest.count > count { strongest.removeLast() }
    }
  }
}
