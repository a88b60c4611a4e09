internal import Columns
internal import Foundation

/// The steps from rows to a logistic regression: bins, target encodings, the choice of the penalty
/// out of fold, and the last fit on all rows.
struct LogisticFit: Sendable {
  /// The largest number of rows that the penalty is chosen on.
  static let searchLimit = 30_000
  /// The largest number of codes of a category; the bins of its codes and folds are 16-bit numbers.
  static let codeLimit = 8_000
  /// The penalties to try, from the largest: factors of about three, as a finer grid changes the
  /// loss by less than chance.
  static let penalties: [Double] = [3_000, 1_000, 300, 100, 30, 10, 3, 1]

  let names: [String]
  let terms: [LogisticTerm]
  /// By feature; nil for a number.
  private let encodings: [TargetEncoding?]
  /// The mean and the standard deviation of each column, by feature.
  private let scales: [[(mean: Double, deviation: Double)]]
  private let foldCount: Int
  private let settings: LogisticSettings
  private let rows: BinnedRows
  /// The rows that the penalty is chosen on, fold by fold.
  private let search: BinnedRows
  private let threads: Int

  init(
    _ input: LogisticRows, names: [String], settings: LogisticSettings, limit: Int, threads: Int
  ) throws(LearningError) {
    guard settings.isSound else {
      throw LearningError(.invalidInput, "the penalty or the number of knots is out of range")
    }
    let converter = try RowMajorConverter(blocks: input.blocks, encodings: input.encodings)
    guard names.count == converter.columnCount else {
      throw LearningError(.invalidInput, "names and columns do not match")
    }
    self.names = names
    self.settings = settings
    self.threads = threads
    foldCount = input.foldCount
    let used = input.sample(max(limit, 2))
    let own: LogisticRows =
      used.indices.count == input.labels.count
      ? input
      : try LogisticRows(
        blocks: input.rows(used.indices), encodings: input.encodings,
        labels: used.indices.map { input.labels[$0] }, folds: used.indices.map { input.folds[$0] },
        foldCount: input.foldCount, draws: used.indices.map { input.draws[$0] })
    let ownRows = try RowMajorConverter(blocks: own.blocks, encodings: own.encodings)
    let sample = own.sample(Self.searchLimit)
    terms = Self.terms(
      ownRows, own, sample, knots: settings.knots,
      weights: (
        sample.weights.positive * input.weights.positive,
        sample.weights.negative * input.weights.negative
      ), threads: threads)
    let (terms, foldCount) = (terms, foldCount)
    rows = BinnedRows(
      bins: Parallel.map(terms.count, threads: threads, state: { _ in () }) { _, feature in
        terms[feature].bins(of: feature, in: ownRows, folds: (own.folds, foldCount))
      },
      labels: own.labels, folds: own.folds,
      weights: (
        used.weights.positive * input.weights.positive,
        used.weights.negative * input.weights.negative
      ))
    // By fold, then by draw: an order that the rows themselves decide.
    let order = sample.indices.sorted {
      (own.folds[$0], own.draws[$0], own.labels[$0]) < (
        own.folds[$1], own.draws[$1], own.labels[$1]
      )
    }
    search = rows.rows(
      order,
      weights: (
        sample.weights.positive * rows.weights.positive,
        sample.weights.negative * rows.weights.negative
      ), threads: threads)
    let rows = rows
    let counts = Parallel.map(terms.count, threads: threads, state: { _ in () }) { _, feature in
      BinWeights(rows, feature: feature, count: terms[feature].rowBins(foldCount))
    }
    encodings = terms.indices.map { feature in
      guard case .category = terms[feature] else { return nil }
      return TargetEncoding(
        foldCount: foldCount, positives: counts[feature].positives,
        negatives: counts[feature].negatives)
    }
    scales = zip(terms.indices, Self.columns(terms, encodings, foldCount, without: nil)).map {
      feature, columns in
      columns.map { counts[feature].scale(of: $0) }
    }
  }

  private static func terms(
    _ rows: RowMajorConverter, _ input: LogisticRows, _ sample: LogisticSample, knots: Int,
    weights: (positive: Double, negative: Double), threads: Int
  ) -> [LogisticTerm] {
    let indices = sample.indices.map { Int32($0) }
    let labels = sample.indices.map { input.labels[$0] }
    return Parallel.map(rows.columnCount, threads: threads, state: { _ in () }) { _, column in
      switch rows.encodings[column] {
      case .number:
        .number(
          NumberBins(
            values: rows.gather(column: column, rows: indices), labels: labels,
            weights: weights, knots: knots))
      case .category(let codes, let missing, let unseen):
        .category(
          codes: min(
            codeLimit, Int(max(codes.max() ?? 0, missing, unseen, 0)) + 1))
      }
    }
  }

  /// The values of each feature's columns by bin, before they are standardized.
  /// - Parameter fold: a fold whose labels are not used; nil: every row's own fold only.
  private static func columns(
    _ terms: [LogisticTerm], _ encodings: [TargetEncoding?], _ foldCount: Int, without fold: Int?
  ) -> [[[Double]]] {
    terms.indices.map { feature in
      switch terms[feature] {
      case .number(let bins): return bins.columns
      case .category(let codes):
        guard let encoding = encodings[feature] else { return [] }
        return [
          (0...codes).flatMap { code in
            (0..<foldCount).map { own in
              encoding.logOdds(code: code, without: fold.map { [$0, own] } ?? [own])
            }
          }
        ]
      }
    }
  }

  /// The design in which the labels of a row's own fold, and of `fold`, are not used.
  private func design(without fold: Int?) -> LogisticDesign {
    let columns = Self.columns(terms, encodings, foldCount, without: fold)
    return LogisticDesign(
      terms.indices.map { feature in
        (
          terms[feature].rowBins(foldCount),
          standardized(columns[feature], scales[feature])
        )
      })
  }

  private func standardized(
    _ columns: [[Double]], _ scales: [(mean: Double, deviation: Double)]
  ) -> [[Double]] {
    zip(columns, scales).compactMap { values, scale in
      guard scale.deviation > 0 else { return nil }
      // A missing number has no value in the columns of the spline: it counts as the mean.
      return values.map { $0.isNaN ? 0 : ($0 - scale.mean) / scale.deviation }
    }
  }

  // MARK: - Fitting

  /// The rows of each fold in the search rows.
  private var foldRanges: [Range<Int>] {
    (0..<foldCount).map { fold in
      let first = search.folds.firstIndex { $0 >= fold } ?? search.count
      let end = search.folds.firstIndex { $0 > fold } ?? search.count
      return first..<end
    }
  }

  /// Chooses the penalty and fits.
  func model() -> LogisticRegression {
    let design = design(without: nil)
    let solver = LogisticSolver(
      design: design, rows: search, sample: search, isComplete: true,
      threads: threads)
    let start = Self.start(design, search)
    let first = solver.optimum(
      from: start, penalty: Self.penalties[1], tolerance: 0.5, steps: 6)
    let information = solver.information(first, in: foldRanges)
    let total = information.dropFirst().reduce(information[0], +)
    let trials =
      settings.penalty == nil ? trials(from: first, information.map { total - $0 }) : []
    let best = trials.min { $0.loss < $1.loss }
    let penalty = settings.penalty ?? best?.penalty ?? Self.penalties[0]
    let near = solver.optimum(
      from: best?.parameters ?? first, penalty: penalty, known: total, tolerance: 1e-3, steps: 10)
    let parameters = LogisticSolver(
      design: design, rows: rows, sample: search, isComplete: rows.count == search.count,
      threads: threads
    )
    .optimum(
      from: near, penalty: penalty, known: solver.information(near), tolerance: 1e-8)
    return model(parameters, penalty: penalty, trials: trials)
  }

  private static func start(_ design: LogisticDesign, _ rows: BinnedRows) -> [Double] {
    let positives = Double(rows.labels.reduce(0) { $0 + Int($1) }) * rows.weights.positive
    var parameters = [Double](repeating: 0, count: design.columnCount + 1)
    parameters[0] = log(positives / (rows.totalWeight - positives))
    return parameters
  }

  /// A penalty with its loss on rows of other folds.
  struct Trial: Sendable {
    let penalty: Double
    let loss: Double
    /// The mean over the folds.
    let parameters: [Double]
  }

  /// Tries penalties from the largest until the loss has risen twice.
  private func trials(from start: [Double], _ information: [LogisticInformation]) -> [Trial] {
    let ranges = foldRanges
    // A fold without rows has none to predict; without it there must be both classes.
    let folds = ranges.indices.filter { fold in
      let others = ranges.indices.filter { $0 != fold }.flatMap { search.labels[ranges[$0]] }
      return !ranges[fold].isEmpty && others.contains(1) && others.contains(0)
    }
    let solvers = folds.map { fold in
      LogisticSolver(
        design: design(without: fold), rows: search, sample: search, isComplete: false,
        threads: 1)
    }
    guard !folds.isEmpty else { return [] }
    var current = folds.map { _ in start }
    var trials: [Trial] = []
    for penalty in Self.penalties {
      let starts = current
      let search = search
      let fits = Parallel.map(folds.count, threads: threads, state: { _ in () }) { _, index in
        let fold = folds[index]
        let parameters = solvers[index].optimum(
          from: starts[index], penalty: penalty, known: information[fold],
          ranges: ranges.indices.filter { $0 != fold }.map { ranges[$0] }, tolerance: 0.02,
          steps: 10)
        return (
          parameters,
          solvers[index].design.logLoss(parameters, of: search, in: ranges[fold])
        )
      }
      current = fits.map(\.0)
      let share = 1 / Double(fits.count)
      trials.append(
        Trial(
          penalty: penalty, loss: fits.reduce(0) { $0 + $1.1 } / search.totalWeight,
          parameters: start.indices.map { index in
            current.reduce(0) { $0 + share * $1[index] }
          }))
      let count = trials.count
      if count > 2, trials[count - 1].loss > trials[count - 2].loss,
        trials[count - 2].loss > trials[count - 3].loss
      {
        break
      }
    }
    return trials
  }

  // MARK: - The model

  private func model(
    _ parameters: [Double], penalty: Double, trials: [Trial]
  ) -> LogisticRegression {
    var next = 1
    let features = terms.indices.map { feature -> LogisticRegression.Feature in
      let columns = terms[feature].columns(encodings[feature])
      let kept = standardized(columns, scales[feature])
      let coefficients = Array(parameters[next..<(next + kept.count)])
      next += kept.count
      let values = (0..<terms[feature].binCount).map { bin in
        zip(coefficients, kept).reduce(0) { $0 + $1.0 * $1.1[bin] }
      }
      let weights = BinWeights(
        rows, feature: feature, count: terms[feature].rowBins(foldCount))
      let folds = terms[feature].rowBins(foldCount) / terms[feature].binCount
      let mean = weights.mean(of: values, folds: folds)
      return LogisticRegression.Feature(
        name: names[feature], cuts: terms[feature].cuts, values: values, mean: mean,
        meanAbsolute: weights.mean(of: values.map { abs($0 - mean) }, folds: folds),
        coefficients: coefficients)
    }
    return LogisticRegression(
      intercept: parameters[0], penalty: penalty, features: features,
      trials: trials.map { .init(penalty: $0.penalty, logLoss: $0.loss) })
  }
}

extension LogisticTerm {
  /// The cuts between the bins of a number; nil for a category.
  fileprivate var cuts: [Double]? {
    if case .number(let bins) = self { bins.cuts } else { nil }
  }

  /// The number of bins of training rows: a category has one for each fold.
  func rowBins(_ foldCount: Int) -> Int {
    if case .category = self { binCount * foldCount } else { binCount }
  }

  /// The columns with which new rows are scored.
  func columns(_ encoding: TargetEncoding?) -> [[Double]] {
    switch self {
    case .number(let bins): bins.columns
    case .category(let codes):
      encoding.map { encoding in
        [(0...codes).map { encoding.logOdds(code: $0, without: []) }]
      } ?? []
    }
  }
}

extension NumberBins {
  /// The spline of the ranks and, where values were missing, a flag of those. NaN is the value of
  /// missing ones in the spline's columns.
  var columns: [[Double]] {
    var columns: [[Double]] = []
    if let first = ranks.first, let last = ranks.last, first < last {
      let spline = RestrictedSpline(over: first...last, knots: knots)
      let basis = ranks.map { spline.basis($0) }
      // Of n values, n - 1 columns tell all.
      let count = min(spline.columnCount, ranks.count - 1)
      columns = (0..<count).map { column in basis.map { $0[column] } + [.nan] }
    }
    if hasMissing { columns.append([Double](repeating: 0, count: ranks.count) + [1]) }
    return columns
  }
}

/// The weight of the positives and of the negatives in each bin of one feature.
struct BinWeights: Sendable {
  let positives: [Double]
  let negatives: [Double]

  init(_ rows: BinnedRows, feature: Int, count: Int) {
    var counts = [Int](repeating: 0, count: 2 * count)
    rows.bins[feature].withUnsafeBufferPointer { bins in
      for row in bins.indices { counts[2 * Int(bins[row]) + Int(rows.labels[row])] += 1 }
    }
    positives = (0..<count).map { Double(counts[2 * $0 + 1]) * rows.weights.positive }
    negatives = (0..<count).map { Double(counts[2 * $0]) * rows.weights.negative }
  }

  /// The mean and the standard deviation of a column, whose missing values are left out; a deviation
  /// of 0 if the column is constant.
  func scale(of values: [Double]) -> (mean: Double, deviation: Double) {
    var (total, sum) = (0.0, 0.0)
    for bin in values.indices where !values[bin].isNaN {
      total += positives[bin] + negatives[bin]
      sum += (positives[bin] + negatives[bin]) * values[bin]
    }
    guard total > 0 else { return (0, 0) }
    let mean = sum / total
    var squares = 0.0
    for bin in values.indices where !values[bin].isNaN {
      let distance = values[bin] - mean
      squares += (positives[bin] + negatives[bin]) * distance * distance
    }
    let deviation = (squares / total).squareRoot()
    return (mean, deviation > 1e-9 * max(1, abs(mean)) ? deviation : 0)
  }

  /// The mean of values by bin.
  /// - Parameter folds: how many consecutive bins have the same value.
  func mean(of values: [Double], folds: Int) -> Double {
    var (total, sum) = (0.0, 0.0)
    for bin in positives.indices {
      let weight = positives[bin] + negatives[bin]
      total += weight
      sum += weight * values[bin / folds]
    }
    return total > 0 ? sum / total : 0
  }
}
