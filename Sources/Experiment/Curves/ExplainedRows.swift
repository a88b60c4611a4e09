internal import Columns
internal import Diagnostics
package import Evaluation
internal import Foundation
package import Learning
package import Panel
internal import Randomness
package import Runs
package import Spec

/// What moves the scores of a fold's test rows.
package struct ExplainedRows {
  private let spec: ExperimentSpec
  private let model: TrainedModel
  private let calibrator: Calibrator
  private let test: [PanelBlock]
  private let rows: ScoredRows
  private let texts: PanelTexts
  private let threads: Int

  /// The most rows that features are shuffled on.
  package static let shuffledRows = 20_000
  /// The shuffles of each feature, and the most resamples of their intervals.
  private static let shuffles = 10
  private static let resamples = 200
  /// The most rows that mean SHAP values are of. LightGBM itself must compute the SHAP values of
  /// larger trees, which takes more than ten times as long per row.
  private static let shapRows = 4_000
  private static let shapRowsOfLargeTrees = 400
  /// The features and rows whose SHAP values are kept.
  private static let shapFeatures = 20
  private static let shownRows = 400
  /// The significant digits of what is kept, enough for a chart ten thousand pixels wide. Values
  /// have more, because a year or a count of six digits should remain what it is.
  private static let shapDigits = 4
  private static let valueDigits = 6
  /// The number of rows at the top of a list, and of reasons without `score`.
  private static let topRows = 20
  private static let reasons = 3

  /// - Parameters:
  ///   - test: the test cutoffs' rows, oldest first.
  ///   - rows: the same rows in the same order, scored by the model and the calibrator.
  ///   - threads: changes no number.
  package init(
    _ spec: ExperimentSpec, _ model: TrainedModel, _ calibrator: Calibrator, test: [PanelBlock],
    rows: ScoredRows, texts: PanelTexts, threads: Int
  ) {
    (self.spec, self.model, self.calibrator) = (spec, model, calibrator)
    (self.test, self.rows, self.texts, self.threads) = (test, rows, texts, threads)
  }

  // MARK: - Permutation importance

  /// What shuffling each feature between entities costs; nil if the model uses no feature, or there
  /// are no rows.
  /// - Parameter limit: the most rows to shuffle on.
  package func permutation(
    _ settings: BootstrapOptions, limit: Int = Self.shuffledRows
  ) throws -> PermutationStudy? {
    let shuffles = EntityShuffles(rows, limit: limit, seed: settings.seed)
    let replaceable = try model.predictor.replaceable(
      blocks: test.map(\.features), encodings: model.encodings, rows: shuffles.rows,
      threads: threads)
    guard !replaceable.features.isEmpty, !shuffles.rows.isEmpty else { return nil }
    let sources = (0..<Self.shuffles).map(shuffles.sources(ofShuffle:))
    let own = shuffles.losses(shuffles.rows.map { rows.score[$0] })
    let base = shuffles.sums(of: own)
    let calibrator = calibrator
    let permuted = Parallel.map(
      replaceable.features.count, threads: threads, state: { _ in }
    ) { _, index in
      let replaced = replaceable.replacing(replaceable.features[index], from: sources)
      let changed = zip(replaced.rows, calibrator.apply(replaced.margins)).map { row, score in
        shuffles.loss(ofRow: Int(row), score: score)
      }
      return PermutedFeature(
        base: base,
        shuffled: sources.indices.map { source in
          shuffles.sums(of: replaced.values(ofSource: source, own: own, changed: changed))
        })
    }
    var draws = settings
    draws.resamples = min(settings.resamples, Self.resamples)
    let importance = permutationImportance(permuted, bootstrap: draws)
    let features = zip(replaceable.features, importance).map {
      PermutationStudy.Feature(name: model.predictor.featureNames[$0], importance: $1)
    }
    return PermutationStudy(
      features: features.sorted {
        ($1.importance.increase, $0.name) < ($0.importance.increase, $1.name)
      }, rows: shuffles.rows.count, allRows: rows.count)
  }

  // MARK: - SHAP values

  /// The SHAP values of a sample; nil if the model uses no feature, or there are no rows.
  package func shap() throws -> ShapSample? {
    let predictor = model.predictor
    let drawn = KeyedSample.indices(
      predictor.explainsFast ? Self.shapRows : Self.shapRowsOfLargeTrees, of: rows.count,
      seed: UInt64(bitPattern: Int64(spec.evaluation.seed))
    ) { row in
      // An entity has one row at a cutoff.
      UInt64(rows.cutoff[row]) << 32 | UInt64(rows.entity[row])
    }
    guard !drawn.isEmpty else { return nil }
    let blocks = self.blocks(of: drawn)
    let contributions = try predictor.contributions(
      blocks: blocks.map(\.features), encodings: model.encodings, threads: threads)
    // The sample in its random order, as rows of the blocks.
    let sample = blocks.flatMap(\.drawn).enumerated().sorted { $0.element < $1.element }
      .map(\.offset)
    let width = contributions.featureCount + 1
    func shap(_ feature: Int, _ row: Int) -> Double {
      predictor.logOddsPerMargin * contributions.values[row * width + feature]
    }
    let means = predictor.featureNames.indices.map { feature in
      var sum = CompensatedSum()
      for row in sample { sum.add(abs(shap(feature, row))) }
      return sum.value / Double(sample.count)
    }
    let strongest = means.indices.filter { means[$0] > 0 }
      .sorted { (means[$1], $0) < (means[$0], $1) }.prefix(Self.shapFeatures)
    guard !strongest.isEmpty else { return nil }
    let shown = sample.prefix(Self.shownRows)
    let features = strongest.map { feature in
      let column = blocks.map { $0.features.columns[feature] }
      let values = column.flatMap { part in (0..<part.count).map(part.value(ofRow:)) }
      let (levels, codes) = levels(of: feature, shown.map { values[$0] })
      return ShapSample.Feature(
        name: predictor.featureNames[feature], meanAbsolute: means[feature], levels: levels,
        values: codes.map { $0?.rounded(digits: Self.valueDigits) },
        shap: shown.map { shap(feature, $0).rounded(digits: Self.shapDigits) })
    }
    return ShapSample(features: features, rows: sample.count, allRows: rows.count)
  }

  /// Rows of a test cutoff, and the place of each in a sample.
  private struct DrawnBlock {
    let features: FeatureBlock
    let drawn: [Int]
  }

  /// The rows of a sample, by cutoff, then as they are.
  private func blocks(of sample: [Int]) -> [DrawnBlock] {
    var drawn = sample.enumerated().sorted { $0.element < $1.element }[...]
    var start = 0
    return test.map { block in
      let end = start + block.rowCount
      let own = drawn.prefix { $0.element < end }
      drawn = drawn.dropFirst(own.count)
      let positions = own.map { $0.element - start }
      start = end
      return DrawnBlock(features: block.features.rows(positions), drawn: own.map(\.offset))
    }
  }

  /// The names of the levels that occur, in the order of their codes, and their indices in place of
  /// the codes; nil and the values themselves if the feature is a number.
  private func levels(
    of feature: Int, _ values: [Double?]
  ) -> (names: [String]?, values: [Double?]) {
    guard spec.features[feature].expression.isCategory else { return (nil, values) }
    let codes = Set(values.compactMap { $0.map { Int($0) } }).sorted()
    let positions = Dictionary(uniqueKeysWithValues: zip(codes, codes.indices))
    return (
      codes.map { texts.levels[feature][$0] },
      values.map { value in value.flatMap { positions[Int($0)] }.map(Double.init) }
    )
  }

  // MARK: - The top of the list

  /// The top of the list of the last test cutoff; nil if it has no rows.
  package func top() throws -> TopRows? {
    guard let block = test.last, block.rowCount > 0 else { return nil }
    let start = rows.count - block.rowCount
    let order = Ranking.first(
      Self.topRows, margins: Array(rows.margin[start...]), entities: block.entities)
    let reasons = try self.reasons(of: block.features.rows(order))
    return TopRows(
      cutoff: block.cutoff.date.description,
      rows: order.enumerated().map { position, row in
        TopRows.Row(
          rank: position + 1, key: texts.keys[Int(block.entities[row])],
          score: rows.score[start + row], label: Int(block.labels[row]),
          reasons: reasons.compactMap { $0[position] })
      })
  }

  /// The reasons of rows, in columns.
  private func reasons(of rows: FeatureBlock) throws -> [[String?]] {
    let names = spec.features.map(\.name.value)
    let levels = spec.features.indices.map { feature in
      spec.features[feature].expression.isCategory ? texts.levels[feature] : nil
    }
    let writer =
      spec.score.map { ReasonWriter(features: names, levels: levels, score: $0) }
      ?? ReasonWriter(features: names, levels: levels, count: Self.reasons)
    guard writer.count > 0 else { return [] }
    let contributions = try model.predictor.contributions(
      blocks: [rows], encodings: model.encodings, threads: threads)
    return writer.columns(contributions, of: rows)
  }
}

extension Double {
  /// The nearest number with so many significant digits.
  package func rounded(digits: Int) -> Double {
    guard self != 0, isFinite else { return self }
    let decimals = digits - 1 - Int(log10(abs(self)).rounded(.down))
    let scale = pow(10, Double(abs(decimals)))
    guard scale.isFinite else { return self }
    return decimals < 0
      ? (self / scale).rounded() * scale : (self * scale).rounded() / scale
  }
}
