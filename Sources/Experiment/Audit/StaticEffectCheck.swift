internal import Columns
internal import Foundation
internal import OrderedCollections
internal import Diagnostics
internal import Panel
internal import Spec

/// `static_effect`: what a `static` column says about the label must not grow, or fade, toward the
/// end of the data.
///
/// A column that is written when the event happens marks the entities that have had it by the export.
/// At an early cutoff these are many, and most of them are positive only at later cutoffs. At the
/// last mature cutoff those that it marks are nearly all positive in the next label window. So its
/// effect grows from cutoff to cutoff, while that of a value which was known all along stays the
/// same. An effect that fades means that labels of some rows have not arrived yet.
///
/// For each feature that reads only `static` columns, a row's score is the log of its bin's rate of
/// positives, relative to rows of the same cutoff and age. The effect at a cutoff is the slope of the
/// label on the score within strata of cutoff and age, as in a logistic regression after one step
/// from zero (Rao's score test): sum d (y - e) / sum d^2 e (1 - e), with d the score minus its mean
/// in the stratum and e the stratum's rate. The check fails when the slope of these effects over
/// time, weighted by their precision, is more than 4 standard errors above zero and the effect of the
/// last third of the cutoffs at least 1.25 times that of the first third; or more than 5 below zero
/// and at most half. A purchase that is positive at several cutoffs counts once, and so do those of
/// entities that share the row of a source in `references`. Numbers are also scored by how common
/// their exact value is, since a corrected value is seldom a round one.
package struct StaticEffectCheck {
  static let grows = 4.0
  static let fades = 5.0
  static let factor = 1.25
  static let fadedFactor = 0.5
  package static let fewestCutoffs = 6

  func outcome(_ subject: AuditSubject) throws -> AuditOutcome {
    let features = subject.spec.features.enumerated().filter { isStatic($0.element, subject) }
    guard !features.isEmpty else {
      return AuditOutcome(.pass, .staticEffect(.noFeatures), numbers: [("features", 0)])
    }
    guard let strata = EffectStrata(subject, created: try subject.builder.creationDays()) else {
      return AuditOutcome(
        .pass, .staticEffect(.cutoffsFew), numbers: [("features", Double(features.count))])
    }
    let repeats = try Self.repeats(strata, subject)
    let inputs = features.map { index, feature in
      (
        index: index, name: feature.name.value, levelCount: subject.levelCount(ofFeature: index),
        repeats: subject.builder.columns(ofFeature: feature.name.value, foreignKeys: false)
          .compactMap { repeats[$0.source] }.max() ?? strata.repeats
      )
    }
    let trends = Parallel.map(inputs.count, threads: subject.threads) {
      strata.trends(
        feature: inputs[$0].index, levelCount: inputs[$0].levelCount, repeats: inputs[$0].repeats)
    }
    var changed: [(name: String, trend: EffectTrend)] = []
    var largest = 0.0
    for (input, found) in zip(inputs, trends) {
      largest = found.reduce(largest) { max($0, abs($1.deviate)) }
      if let trend = found.filter(\.isSuspicious).max(by: { abs($0.deviate) < abs($1.deviate) }) {
        changed.append((input.name, trend))
      }
    }
    let numbers: [(String, Double)] = [
      ("features", Double(features.count)), ("cutoffs", Double(strata.cutoffCount)),
      ("changed", Double(changed.count)), ("largest_deviate", largest),
    ]
    guard !changed.isEmpty else {
      return AuditOutcome(.pass, .staticEffect(.stable), numbers: numbers)
    }
    let label =
      switch subject.spec.label.event {
      case .date(let column): "\(column.value)"
      case .row(let source, _), .absence(let source, _): source.value
      }
    return AuditOutcome(
      .fail,
      .staticEffect(
        .change(
          growing: changed.filter { $0.trend.deviate > 0 }.map(\.name),
          fading: changed.filter { $0.trend.deviate < 0 }.map(\.name), label: label)),
      numbers: numbers,
      details: changed.map { name, trend in
        .effect(feature: name, columns: subject.columns(ofFeature: name), trend)
      })
  }

  /// For each source in `references`, the number of positive rows that count as one in features that
  /// read it.
  private static func repeats(
    _ strata: EffectStrata, _ subject: AuditSubject
  ) throws -> [String: Double] {
    var repeats: [String: Double] = [:]
    for source in subject.spec.sources.values where source.foreignKey != nil {
      let name = source.name.value
      repeats[name] = strata.repeats(
        groups: try strata.blocks.map { try subject.builder.groups(of: name, $0) })
    }
    return repeats
  }

  /// Whether a feature reads `static` columns only, and is neither the time since one of them nor
  /// computed from other features.
  private func isStatic(_ feature: FeatureSpec, _ subject: AuditSubject) -> Bool {
    let expression = feature.expression
    guard !expression.facts.isTimeSince, expression.aggregate == nil, expression.inputs.isEmpty
    else { return false }
    let columns = subject.builder.columns(ofFeature: feature.name.value)
    return !columns.isEmpty
      && columns.allSatisfy { column in
        guard let source = subject.spec.sources[column.source], case .entity = source.shape
        else { return false }
        return source.columns[column.column]?.columnClass == .static
      }
  }
}

/// How the effect of a feature changes over the cutoffs.
package struct EffectTrend: Sendable {
  /// The effect in the first and the last third of the cutoffs.
  package let first: Double
  package let last: Double
  /// The slope over time in standard errors.
  package let deviate: Double

  var isSuspicious: Bool {
    (deviate > StaticEffectCheck.grows && last >= StaticEffectCheck.factor * max(first, 0))
      || (deviate < -StaticEffectCheck.fades && last <= StaticEffectCheck.fadedFactor * first)
  }
}

/// The mature rows divided into strata of cutoff and age, with each stratum's rate of positives.
private struct EffectStrata: Sendable {
  private static let ageBands = 4

  let blocks: [PanelBlock]
  /// The stratum of each row, by block.
  private let strata: [[Int32]]
  private let rates: [Double]
  private let sizes: [Double]
  /// Positive rows per positive cluster, at least 1; without `evaluation.cluster`, per entity.
  let repeats: Double

  /// nil with too few cutoffs.
  init?(_ subject: AuditSubject, created: [Int?]) {
    let through = subject.builder.timeline.dataThrough
    blocks = subject.blocks.filter { block in
      block.cutoff.windowEnd <= through && block.labels.contains(1) && block.labels.contains(0)
    }.sorted { $0.cutoff.date < $1.cutoff.date }
    guard blocks.count >= StaticEffectCheck.fewestCutoffs else { return nil }
    func age(_ block: PanelBlock, _ row: Int) -> Int {
      created[Int(block.entities[row])].map { block.cutoff.date.days - $0 } ?? 0
    }
    let ages = blocks.flatMap { block in (0..<block.rowCount).map { age(block, $0) } }.sorted()
    let edges = (1..<Self.ageBands).map { ages[ages.count * $0 / Self.ageBands] }
    var strata: [[Int32]] = []
    var sizes = [Double](repeating: 0, count: blocks.count * Self.ageBands)
    var positives = sizes
    var buyers: Set<Int32> = []
    var positiveRows = 0
    for (index, block) in blocks.enumerated() {
      let clusters = block.clusters
      strata.append(
        (0..<block.rowCount).map { row in
          let own = age(block, row)
          let stratum = index * Self.ageBands + edges.count { own >= $0 }
          sizes[stratum] += 1
          if block.labels[row] == 1 {
            positives[stratum] += 1
            positiveRows += 1
            buyers.insert(clusters[row])
          }
          return Int32(stratum)
        })
    }
    self.strata = strata
    self.sizes = sizes
    rates = zip(positives, sizes).map { $1 == 0 ? 0 : $0 / $1 }
    repeats = max(1, Double(positiveRows) / Double(max(buyers.count, 1)))
  }

  var cutoffCount: Int { blocks.count }

  /// The number of positive rows that count as one if those of a group are copies of each other: the
  /// sum of the groups' squared sizes, divided by the sum of their sizes (Kish, Survey Sampling,
  /// 1965, for an intraclass correlation of 1).
  /// - Parameter groups: the group of each row, by block; negative for an entity by itself.
  func repeats(groups: [[Int32]]) -> Double {
    var sizes: [Int32: Double] = [:]
    for (block, groups) in zip(blocks, groups) {
      for (row, group) in groups.enumerated() where block.labels[row] == 1 {
        // Entities by themselves get numbers that no group has.
        sizes[group >= 0 ? group : -1 - block.entities[row], default: 0] += 1
      }
    }
    let total = sizes.values.reduce(0, +)
    // Whole numbers have the same sum in any order.
    return max(repeats, sizes.values.reduce(0) { $0 + $1 * $1 } / max(total, 1))
  }

  /// The trends of a feature's values and, for numbers, of how common they are.
  /// - Parameter repeats: the number of positive rows that count as one.
  func trends(feature index: Int, levelCount: Int?, repeats: Double) -> [EffectTrend] {
    let binning = FeatureBins(blocks, feature: index, levelCount: levelCount)
    let values = trend(blocks.map(binning.bins), count: binning.count, repeats: repeats)
    guard levelCount == nil else { return [values].compactMap(\.self) }
    let columns = blocks.map { $0.features.columns[index] }
    let common = CommonValueBins(columns).flatMap {
      trend(columns.map($0.bins), count: $0.count, repeats: repeats)
    }
    return [values, common].compactMap(\.self)
  }

  /// nil if the feature says nothing about the label.
  private func trend(_ bins: [[Int32]], count: Int, repeats: Double) -> EffectTrend? {
    var observed = [Double](repeating: 0, count: count)
    var expected = observed
    for (index, block) in blocks.enumerated() {
      for (row, bin) in bins[index].enumerated() {
        expected[Int(bin)] += rates[Int(strata[index][row])]
        if block.labels[row] == 1 { observed[Int(bin)] += 1 }
      }
    }
    // Five positives of average rate are added to each bin, so that a rare one scores about zero.
    let scores = zip(observed, expected).map { log(($0 + 5) / ($1 + 5)) }
    var means = [Double](repeating: 0, count: sizes.count)
    for index in blocks.indices {
      for (row, bin) in bins[index].enumerated() {
        means[Int(strata[index][row])] += scores[Int(bin)]
      }
    }
    for stratum in means.indices where sizes[stratum] > 0 { means[stratum] /= sizes[stratum] }
    var effects: [(day: Double, effect: Double, information: Double)] = []
    for (index, block) in blocks.enumerated() {
      var (sum, information) = (0.0, 0.0)
      for (row, bin) in bins[index].enumerated() {
        let stratum = Int(strata[index][row])
        let score = scores[Int(bin)] - means[stratum]
        let rate = rates[stratum]
        sum += score * ((block.labels[row] == 1 ? 1 : 0) - rate)
        information += score * score * rate * (1 - rate)
      }
      if information > 0 {
        effects.append((Double(block.cutoff.date.days), sum / information, information))
      }
    }
    guard effects.count >= StaticEffectCheck.fewestCutoffs else { return nil }
    func mean(_ part: some Collection<(day: Double, effect: Double, information: Double)>) -> Double
    {
      part.reduce(0) { $0 + $1.effect * $1.information } / part.reduce(0) { $0 + $1.information }
    }
    let total = effects.reduce(0) { $0 + $1.information }
    let center = effects.reduce(0) { $0 + $1.day * $1.information } / total
    let spread = effects.reduce(0) { $0 + ($1.day - center) * ($1.day - center) * $1.information }
    let slope = effects.reduce(0) { $0 + ($1.day - center) * $1.effect * $1.information } / spread
    let third = effects.count / 3
    return EffectTrend(
      first: mean(effects.prefix(third)), last: mean(effects.suffix(third)),
      deviate: slope * (spread / repeats).squareRoot())
  }
}

/// The bins of a numeric feature by how common its exact value is: missing, then below 0.2 %, 1 % and
/// 5 % of the rows, and more.
private struct CommonValueBins: Sendable {
  private static let limits = [0.002, 0.01, 0.05]
  private let bins: [Double: Int32]

  /// nil if there are fewer than 20 values: then they are bins by themselves.
  init?(_ columns: [FeatureColumn]) {
    let counts = FeatureColumn.valueCounts(columns)
    guard counts.count >= 20 else { return nil }
    let total = Double(counts.values.reduce(0, +))
    bins = counts.mapValues { count in
      Int32(1 + Self.limits.count { Double(count) / total >= $0 })
    }
  }

  var count: Int { Self.limits.count + 2 }

  func bins(_ column: FeatureColumn) -> [Int32] {
    var found: [Int32] = []
    found.reserveCapacity(column.count)
    column.forEachNumber { found.append($0.isNaN ? 0 : bins[$0] ?? 1) }
    return found
  }
}
