import Columns
import Foundation
import Learning
import Randomness

/// A random panel with everything that trainers must agree on, and a random configuration for it.
struct RandomPanel {
  var names: [String] = []
  var encodings: [ColumnEncoding] = []
  var blocks: [FeatureBlock] = []
  var labels: [Float] = []
  var weights: [Float]?
  var entities: [Int32] = []
  var configuration = LearnerConfiguration()

  private struct Draws {
    var random: SplitMix64

    mutating func unit() -> Double { Double(random.next() >> 11) * 0x1p-53 }
    mutating func below(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
    mutating func pick<Value>(_ values: [Value]) -> Value { values[below(values.count)] }
    mutating func normal() -> Double {
      (-2 * log(1 - unit())).squareRoot() * cos(2 * .pi * unit())
    }
  }

  /// What a feature looks like.
  private enum Kind: CaseIterable {
    case constant, allMissing, age, flag, ties, count, category, rare, wide, number
  }

  init(seed: Int) {
    var draws = Draws(random: SplitMix64(seed: UInt64(seed) &* 7919 &+ 13))
    let entityCount = draws.pick([1, 7, 60, 300, 1500])
    let cutoffCount = 1 + draws.below(12)
    let kinds = (0..<1 + draws.below(12)).map { _ in draws.pick(Kind.allCases) }
    let features = kinds.map { kind in
      Self.values(kind, entities: entityCount, cutoffs: cutoffCount, &draws)
    }
    names = kinds.indices.map { "f\($0)" }
    encodings = kinds.map { kind in
      kind == .category
        ? .category(codes: (0..<400).map { Int32($0) }, missing: draws.pick([-1, 0])) : .number
    }
    let (shift, slope) = (draws.pick([-3.0, -1, 0, 8]), draws.pick([0.3, 1, 4]))
    for cutoff in 0..<cutoffCount {
      let present = (0..<entityCount).filter { _ in draws.unit() < 0.9 }
      blocks.append(
        FeatureBlock(
          rowCount: present.count,
          columns: kinds.indices.map { feature in
            let values = present.map { features[feature][cutoff][$0] }
            return kinds[feature] == .category
              ? .int16(values.map { $0.isNaN ? .min : Int16($0) })
              : FeatureColumn.double(values).narrowed
          }))
      for entity in present {
        entities.append(Int32(entity))
        let margin = features.prefix(4).reduce(shift) { sum, feature in
          let value = feature[cutoff][entity]
          return value.isNaN ? sum : sum + slope * sin(value)
        }
        labels.append(draws.unit() < 1 / (1 + exp(-margin)) ? 1 : 0)
      }
    }
    if labels.isEmpty { self = RandomPanel(seed: seed + 1_000_003) }
    configuration = Self.configuration(kinds, &draws)
    weights =
      draws.below(5) == 0
      ? labels.map { _ in Float(0.1 + draws.unit() * 5) }
      : configuration.classWeight.weights(labels: labels)
  }

  /// Returns values by cutoff and entity: most stay as they are from one cutoff to the next.
  private static func values(
    _ kind: Kind, entities: Int, cutoffs: Int, _ draws: inout Draws
  ) -> [[Double]] {
    let levels = draws.pick([2, 3, 4, 5, 30, 300])
    let (missing, change) = (draws.pick([0, 0, 0.05, 0.5]), draws.pick([0, 0.01, 0.2, 1]))
    var state = (0..<entities).map { _ in draws.normal() }
    var level = (0..<entities).map { _ in draws.below(levels) }
    return (0..<cutoffs).map { cutoff in
      (0..<entities).map { entity in
        if draws.unit() < change {
          state[entity] += draws.normal() * 0.3
          level[entity] = draws.below(levels)
        }
        if draws.unit() < missing { return .nan }
        let number = state[entity]
        return switch kind {
        case .constant: 7
        case .allMissing: .nan
        case .age: Double(cutoff + level[entity] * 10)
        case .flag: number > 1.2 ? 1 : 0
        case .ties: (number * 4).rounded()
        case .count: max(0, (number * 3).rounded())
        case .category: Double(level[entity])
        case .rare: number > 2.6 ? number : 0
        case .wide: exp(number * 5)
        case .number: number
        }
      }
    }
  }

  private static func configuration(_ kinds: [Kind], _ draws: inout Draws) -> LearnerConfiguration {
    var parameters: [Parameter] = []
    func maybe(_ name: String, _ texts: [String?], _ draws: inout Draws) {
      if let text = draws.pick(texts) { parameters.append(Parameter(name, text)) }
    }
    maybe("num_leaves", [nil, "2", "7", "63"], &draws)
    maybe("learning_rate", [nil, "0.05", "0.123456789"], &draws)
    maybe("feature_fraction", [nil, "0.3", "0.5", "0.8"], &draws)
    maybe("lambda_l2", [nil, nil, "0.5"], &draws)
    maybe("lambda_l1", [nil, nil, nil, "0.7"], &draws)
    maybe("min_data_in_leaf", [nil, "1", "5", "50"], &draws)
    maybe("min_sum_hessian_in_leaf", [nil, "1", "0.1"], &draws)
    maybe("min_gain_to_split", [nil, nil, "0.2"], &draws)
    maybe("max_bin", [nil, "15", "500"], &draws)
    maybe("max_depth", [nil, nil, "3"], &draws)
    if kinds.contains(.category) {
      maybe("cat_smooth", [nil, "1"], &draws)
      maybe("cat_l2", [nil, "1"], &draws)
      maybe("max_cat_threshold", [nil, "4"], &draws)
      maybe("max_cat_to_onehot", [nil, "8"], &draws)
      maybe("min_data_per_group", [nil, "5"], &draws)
    }
    switch draws.below(6) {
    case 0:
      maybe("bagging_fraction", ["0.4", "0.8"], &draws)
      maybe("bagging_freq", ["1", "3"], &draws)
    case 1:
      parameters += [Parameter("neg_bagging_fraction", "0.5"), Parameter("bagging_freq", "1")]
    default: break
    }
    if draws.below(5) == 0 {
      let signs = kinds.map { $0 == .category ? "0" : String(draws.below(3) - 1) }
      parameters.append(Parameter("monotone_constraints", signs.joined(separator: ",")))
    }
    if draws.below(8) == 0 { parameters.append(Parameter("sigmoid", "0.7")) }
    if draws.below(8) == 0 { parameters.append(Parameter("boost_from_average", "false")) }
    if draws.below(8) == 0 { parameters.append(Parameter("use_missing", "false")) }
    return LearnerConfiguration(
      parameters: parameters, iterations: 1 + draws.below(20), seed: draws.below(1000),
      classWeight: draws.pick([.none, .none, .balanced, .ratio(20)]),
      histogramLayout: draws.pick([.rowWise, .columnWise]))
  }

  /// Trains a model.
  func train(
    _ library: LightGBMLibrary, _ trainer: Trainer, threads: Int, byEntity: Bool = true
  ) throws -> Booster {
    let dataset = try Dataset(
      library: library, blocks: blocks, names: names, encodings: encodings, labels: labels,
      weights: weights, entities: byEntity ? entities : nil, configuration: configuration,
      trainer: trainer, threads: threads)
    return try Booster.train(on: dataset, configuration: configuration, threads: threads)
  }

  /// The same rows in one block and in random order.
  func shuffled(seed: Int) -> RandomPanel {
    var draws = Draws(random: SplitMix64(seed: UInt64(seed)))
    var order = Array(labels.indices)
    for index in order.indices.reversed() { order.swapAt(index, draws.below(index + 1)) }
    let starts = blocks.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.rowCount) }
    let places = blocks.indices.flatMap { block in
      (0..<blocks[block].rowCount).map { (block, $0) }
    }
    var result = self
    result.labels = order.map { labels[$0] }
    result.weights = weights.map { weights in order.map { weights[$0] } }
    result.entities = order.map { entities[$0] }
    let columns = names.indices.map { feature in
      let numbers = blocks.map { $0.columns[feature].numbers }
      let values = order.map { numbers[places[$0].0][places[$0].1] }
      return encodings[feature].isCategory
        ? FeatureColumn.int16(values.map { $0.isNaN ? .min : Int16($0) })
        : FeatureColumn.double(values)
    }
    result.blocks = [FeatureBlock(rowCount: starts[starts.count - 1], columns: columns)]
    return result
  }
}
