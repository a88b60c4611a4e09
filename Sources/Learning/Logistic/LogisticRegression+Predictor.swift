public import Columns

extension LogisticRegression: Predictor {
  /// 1: a margin is a log odds.
  public var logOddsPerMargin: Double { 1 }

  /// Contributions are read off.
  public var explainsFast: Bool { true }

  /// Returns the importance of each feature, in column order: as `gain` the mean magnitude of its
  /// contributions to the training rows, and as `split` the number of its coefficients.
  public func featureImportance() -> [FeatureImportance] {
    features.map { feature in
      FeatureImportance(
        feature: feature.name, gain: feature.meanAbsolute, split: feature.coefficients.count)
    }
  }

  /// Prepares rows whose features will take the values of other rows.
  /// - Throws: `invalidInput` if columns and model do not match.
  public func replaceable(
    blocks: [FeatureBlock], encodings: [ColumnEncoding], rows: [Int], threads: Int
  ) throws(LearningError) -> any ReplaceableFeatures {
    let bins = try bins(blocks, encodings, threads: threads)
    var margins = [Double](repeating: intercept, count: rows.count)
    var parts: [[Double]] = []
    for (feature, bins) in zip(features, bins) {
      let part = rows.map { feature.values[Int(bins[$0])] }
      for row in rows.indices { margins[row] += part[row] }
      parts.append(part)
    }
    return ReplacedTerms(
      features: features.indices.filter { features[$0].meanAbsolute > 0 }, margins: margins,
      parts: parts)
  }
}

/// The terms of rows, one of which can be that of another row.
private struct ReplacedTerms: ReplaceableFeatures {
  let features: [Int]
  let margins: [Double]
  /// By feature, then row.
  let parts: [[Double]]

  /// A margin is the row's own, plus the other row's term minus its own. If the terms are equal, not
  /// a bit of the margin changes.
  func replacing(_ feature: Int, from sources: [[Int32]]) -> ReplacedMargins {
    precondition(sources.allSatisfy { $0.count == margins.count }, "one source is needed per row")
    var indices = [Int32](repeating: -1, count: margins.count * sources.count)
    var (changed, rows): ([Double], [Int32]) = ([], [])
    guard features.contains(feature) else {
      return ReplacedMargins(margins: [], rows: [], sourceCount: sources.count, indices: indices)
    }
    let part = parts[feature]
    for row in margins.indices {
      for (number, list) in sources.enumerated() {
        let other = part[Int(list[row])]
        guard other != part[row] else { continue }
        indices[row * sources.count + number] = Int32(changed.count)
        changed.append(margins[row] + (other - part[row]))
        rows.append(Int32(row))
      }
    }
    return ReplacedMargins(
      margins: changed, rows: rows, sourceCount: sources.count, indices: indices)
  }
}
