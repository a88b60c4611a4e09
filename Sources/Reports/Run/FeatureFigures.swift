internal import Diagnostics
internal import Evaluation
internal import Learning
internal import Runs
internal import Spec

// What the model uses, and how.
extension RunFigures {
  var features: [Page.Block] {
    [
      .heading("Features", level: 2), .figure(Figure(importance, caption: importanceCaption)),
      .paragraph(unused),
    ] + (curves.shap.map(shap) ?? [])
  }

  // MARK: - Importance

  /// The features that the model uses, most important first: by permutation where it is known.
  private var importance: ImportanceChart {
    let total = summary.importance.totalGain
    let losses = Dictionary(
      (curves.permutation?.features ?? []).map { ($0.name, $0.importance) },
      uniquingKeysWith: { first, _ in first })
    let used = summary.importance.filter { $0.split > 0 }.map { row in
      ImportanceChart.Feature(
        row.feature, gain: total > 0 ? row.gain / total : .nan,
        permutation: ChartEstimate(
          losses[row.feature]?.increase, losses[row.feature]?.interval))
    }
    let indices = Dictionary(
      (curves.permutation?.features ?? []).enumerated().map { ($1.name, $0) },
      uniquingKeysWith: { first, _ in first })
    return ImportanceChart(
      features: used.enumerated().sorted {
        (indices[$0.element.name] ?? .max, $0.offset) < (
          indices[$1.element.name] ?? .max, $1.offset
        )
      }.map(\.element))
  }

  private var importanceCaption: String {
    let gain =
      summary.penalty == nil
      ? "Gain is a feature's share of what the trees' splits gained on train rows."
      : "Gain is a feature's share of the mean magnitudes of all contributions on train rows."
    guard let study = curves.permutation else { return gain }
    let shuffles = study.features.first?.importance.shuffles ?? 0
    return "\(gain) Beside it, by how much the log loss of "
      + (study.rows < study.allRows ? "\(study.rows.grouped) of \(study.allRows.grouped)" : "the")
      + " test rows rises if the feature's values are shuffled between entities, with "
      + "\(level) intervals over entities and \(shuffles.of("shuffle")). An interval that reaches 0: "
      + "the model may do as well without it. Features that say the same share their importance."
  }

  /// The most features to name in a sentence.
  private static let nameLimit = 40

  private var unused: String {
    let names = summary.importance.filter { $0.split == 0 }.map { "`\($0.feature)`" }
    let others = names.count - Self.nameLimit
    return names.isEmpty
      ? ""
      : "Never used by the model: \(names.prefix(Self.nameLimit).joined(separator: ", "))"
        + (others > 0 ? ", and \(others.grouped) more." : ".")
  }

  // MARK: - SHAP values

  /// The most points of a figure; more would make the page large and say no more.
  private static let pointLimit = 8_000
  private static let beeswarmLimit = 20
  private static let dependenceLimit = 6

  private func shap(_ sample: ShapSample) -> [Page.Block] {
    let features = sample.features.prefix(Self.beeswarmLimit)
    let points = features.reduce(0) { $0 + $1.shap.count }
    // Every second or third row, and so on, of all features alike.
    let stride = max(1, (points + Self.pointLimit - 1) / Self.pointLimit)
    let shown = features.map { $0.keeping(every: stride) }
    guard let first = shown.first else { return [] }
    let rows =
      "\(first.shap.count.grouped) of \(sample.allRows.of("test row"))"
    return [
      .figure(
        Figure(
          BeeswarmChart(features: shown.map(\.beeswarm)),
          caption: "Each point is one of \(rows): right of the line, the feature raises its score. "
            + "Within a line, higher points have higher values of the feature, so a rise to the right "
            + "means that more of it raises the score. The levels of a category are ordered by their "
            + "mean SHAP value. The features are ordered by their mean absolute value over "
            + "\(sample.rows.of("row")).")),
      .figure(
        Figure(
          DependenceChart(features: shown.prefix(Self.dependenceLimit).map(\.dependence)),
          caption: "How the SHAP value of the first features depends on their value, for the same "
            + "rows. The spread at one value comes from other features.")),
    ]
  }
}

extension ShapSample.Feature {
  fileprivate func keeping(every stride: Int) -> ShapSample.Feature {
    guard stride > 1 else { return self }
    let rows = Array(Swift.stride(from: 0, to: shap.count, by: stride))
    return ShapSample.Feature(
      name: name, meanAbsolute: meanAbsolute, levels: levels, values: rows.map { values[$0] },
      shap: rows.map { shap[$0] })
  }

  fileprivate var beeswarm: BeeswarmChart.Feature {
    let ranks = ranks
    return .init(
      name, zip(shap, ranks).map { .init($0, rank: $1) }, meanAbsolute: meanAbsolute)
  }

  /// What a value is ordered by: itself, or the mean SHAP value of its level.
  private var order: [Double?] {
    guard levels != nil else { return values }
    var sums: [Double: (sum: Double, count: Int)] = [:]
    for (value, shap) in zip(values, shap) {
      guard let value else { continue }
      let (sum, count) = sums[value] ?? (0, 0)
      sums[value] = (sum + shap, count + 1)
    }
    return values.map { $0.flatMap { sums[$0] }.map { $0.sum / Double($0.count) } }
  }

  /// The rank of each row's value among the known ones, from 0 to 1; equal values have their mean
  /// rank. A half if all are equal.
  private var ranks: [Double?] {
    let order = order
    let sorted = order.compactMap(\.self).sorted()
    guard sorted.count > 1 else { return order.map { $0.map { _ in 0.5 } } }
    var ranks: [Double: Double] = [:]
    var start = 0
    while start < sorted.count {
      let end = sorted[start...].firstIndex { $0 != sorted[start] } ?? sorted.count
      ranks[sorted[start]] = Double(start + end - 1) / 2 / Double(sorted.count - 1)
      start = end
    }
    return order.map { $0.flatMap { ranks[$0] } }
  }

  /// The most levels of a category that are drawn.
  private static let levelLimit = 12

  /// The levels by falling number of rows; rare ones are one.
  fileprivate var dependence: DependenceChart.Feature {
    guard let levels else {
      return .init(name, zip(values, shap).map { .init($0, $1) })
    }
    var counts = levels.map { _ in 0 }
    let codes = values.map { value in
      value.flatMap { Int(exactly: $0) }.flatMap { levels.indices.contains($0) ? $0 : nil }
    }
    for case .some(let code) in codes { counts[code] += 1 }
    let present = levels.indices.filter { counts[$0] > 0 }.sorted {
      (counts[$1], $0) < (counts[$0], $1)
    }
    let isCut = present.count > Self.levelLimit
    let shown = present.prefix(isCut ? Self.levelLimit - 1 : Self.levelLimit)
    var indices: [Int: Int] = [:]
    for code in present { indices[code] = shown.count }
    for (index, code) in shown.enumerated() { indices[code] = index }
    return .init(
      name,
      levels: shown.map { levels[$0] }
        + (isCut ? ["\((present.count - shown.count).of("other level"))"] : []),
      zip(codes, shap).map { .init($0.flatMap { indices[$0] }.map(Double.init), $1) })
  }
}
