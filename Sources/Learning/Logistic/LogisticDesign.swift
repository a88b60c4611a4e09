internal import Columns
internal import Foundation

/// Rows in bins, with everything that the gradient of a logistic regression needs.
struct BinnedRows: Sendable {
  /// By feature, then row.
  var bins: [[UInt16]]
  /// 1 is positive.
  var labels: [UInt8]
  /// Of rows of one cluster, the same.
  var folds: [UInt8]
  /// The weight of each positive and of each negative.
  var weights: (positive: Double, negative: Double)

  var count: Int { labels.count }

  /// The weight of all rows.
  var totalWeight: Double {
    let positives = labels.reduce(0) { $0 + Int($1) }
    return Double(positives) * weights.positive
      + Double(labels.count - positives) * weights.negative
  }

  /// The rows at some indices, in their order.
  func rows(
    _ indices: [Int], weights: (positive: Double, negative: Double), threads: Int
  ) -> BinnedRows {
    BinnedRows(
      bins: Parallel.map(bins.count, threads: threads) { feature in
        bins[feature].withUnsafeBufferPointer { bins in indices.map { bins[$0] } }
      },
      labels: indices.map { labels[$0] }, folds: indices.map { folds[$0] }, weights: weights)
  }
}

/// The tables that turn bins into columns of the design matrix, which is never stored: a feature's
/// part of a margin is looked up by bin, and its part of a gradient is a sum of residuals by bin.
struct LogisticDesign: Sendable {
  /// One feature's columns.
  struct Table: Sendable {
    /// The index of the first column.
    let firstColumn: Int
    /// The number of columns; 0 if the feature is constant.
    let width: Int
    /// By bin, then column.
    let values: [Double]
    let binCount: Int
    /// The index of the feature's first bin among the bins of all features.
    let firstBin: Int
  }

  let tables: [Table]
  /// The number of columns; the intercept is not one of them.
  let columnCount: Int
  let binCount: Int

  /// - Parameter tables: for each feature the number of bins and the columns, each with one value
  ///   per bin.
  init(_ features: [(bins: Int, columns: [[Double]])]) {
    var (column, bin) = (0, 0)
    var tables: [Table] = []
    for feature in features {
      let width = feature.columns.count
      var values = [Double](repeating: 0, count: feature.bins * width)
      for (index, part) in feature.columns.enumerated() {
        for bin in 0..<feature.bins { values[bin * width + index] = part[bin] }
      }
      tables.append(
        Table(
          firstColumn: column, width: width, values: values, binCount: feature.bins,
          firstBin: bin))
      column += width
      bin += feature.bins
    }
    self.tables = tables
    columnCount = column
    binCount = bin
  }

  /// The part of the margin of each bin.
  func contributions(_ coefficients: ArraySlice<Double>) -> [Double] {
    var result = [Double](repeating: 0, count: binCount)
    let base = coefficients.startIndex
    for table in tables where table.width > 0 {
      for bin in 0..<table.binCount {
        var sum = 0.0
        for column in 0..<table.width {
          sum +=
            table.values[bin * table.width + column]
            * coefficients[base + table.firstColumn + column]
        }
        result[table.firstBin + bin] = sum
      }
    }
    return result
  }
}

/// Sums over rows as whole numbers of a small unit. Whole numbers have the same sum in any order, so
/// neither the order of the rows nor the number of threads changes a bit of a result.
struct UnitSum: Sendable {
  /// How many units are 1.
  let scale: Double

  /// - Parameter bound: the largest possible magnitude of the sum.
  init(bound: Double) {
    scale = scalbn(1, 60 - Int(log2(max(bound, 1)).rounded(.up)))
  }

  /// A number that is not finite counts as 0.
  @inline(__always)
  func units(_ value: Double) -> Int64 {
    value.isFinite ? Int64((value * scale).rounded(.toNearestOrEven)) : 0
  }

  func value(_ units: Int64) -> Double { Double(units) / scale }
}

extension LogisticDesign {
  private static let chunkSize = 1024

  /// The gradient of the log-likelihood by intercept and columns.
  /// - Parameters:
  ///   - parameters: the intercept, then the coefficients.
  ///   - ranges: the rows that count.
  func gradient(
    _ parameters: [Double], of rows: BinnedRows, in ranges: [Range<Int>], threads: Int
  ) -> [Double] {
    let contributions = contributions(parameters[1...])
    let unit = UnitSum(bound: rows.totalWeight)
    let chunks = Self.chunks(ranges)
    let workers = max(1, min(threads, chunks.count))
    let parts = Parallel.map(workers, threads: workers) { worker in
      var sums = [Int64](repeating: 0, count: binCount + 1)
      var residuals = [Double](repeating: 0, count: Self.chunkSize)
      var units = [Int64](repeating: 0, count: Self.chunkSize)
      for chunk in stride(from: worker, to: chunks.count, by: workers) {
        let range = chunks[chunk]
        margins(contributions, parameters[0], of: rows, range, into: &residuals)
        for row in 0..<range.count {
          let isPositive = rows.labels[range.lowerBound + row] == 1
          let probability = 1 / (1 + exp(-residuals[row]))
          let residual =
            isPositive
            ? rows.weights.positive * (1 - probability) : -rows.weights.negative * probability
          units[row] = unit.units(residual)
          sums[binCount] &+= units[row]
        }
        add(units, of: rows, range, to: &sums)
      }
      return sums
    }
    var total = parts[0]
    for part in parts.dropFirst() { for bin in total.indices { total[bin] &+= part[bin] } }
    return gradient(total, unit)
  }

  private func gradient(_ sums: [Int64], _ unit: UnitSum) -> [Double] {
    var gradient = [Double](repeating: 0, count: columnCount + 1)
    gradient[0] = unit.value(sums[binCount])
    for table in tables where table.width > 0 {
      for bin in 0..<table.binCount {
        let sum = unit.value(sums[table.firstBin + bin])
        guard sum != 0 else { continue }
        for column in 0..<table.width {
          gradient[1 + table.firstColumn + column] +=
            sum * table.values[bin * table.width + column]
        }
      }
    }
    return gradient
  }

  /// The negative log-likelihood of rows.
  func logLoss(_ parameters: [Double], of rows: BinnedRows, in range: Range<Int>) -> Double {
    let contributions = contributions(parameters[1...])
    // No loss is above 745, the logarithm of the largest number.
    let unit = UnitSum(bound: rows.totalWeight * 745)
    var sum: Int64 = 0
    var margins = [Double](repeating: 0, count: Self.chunkSize)
    for chunk in Self.chunks([range]) {
      self.margins(contributions, parameters[0], of: rows, chunk, into: &margins)
      for row in 0..<chunk.count {
        let isPositive = rows.labels[chunk.lowerBound + row] == 1
        let margin = isPositive ? -margins[row] : margins[row]
        let loss = min(max(margin, 0) + log1p(exp(-abs(margin))), 745)
        sum &+= unit.units(loss * (isPositive ? rows.weights.positive : rows.weights.negative))
      }
    }
    return unit.value(sum)
  }

  private static func chunks(_ ranges: [Range<Int>]) -> [Range<Int>] {
    ranges.flatMap { range in
      stride(from: range.lowerBound, to: range.upperBound, by: chunkSize).map {
        $0..<min($0 + chunkSize, range.upperBound)
      }
    }
  }

  /// Writes the margins of at most `chunkSize` rows.
  func margins(
    _ contributions: [Double], _ intercept: Double, of rows: BinnedRows, _ range: Range<Int>,
    into margins: inout [Double]
  ) {
    margins.withUnsafeMutableBufferPointer { margins in
      contributions.withUnsafeBufferPointer { contributions in
        for row in 0..<range.count { margins[row] = intercept }
        for (feature, table) in tables.enumerated() where table.width > 0 {
          rows.bins[feature].withUnsafeBufferPointer { bins in
            for row in 0..<range.count {
              margins[row] += contributions[table.firstBin + Int(bins[range.lowerBound + row])]
            }
          }
        }
      }
    }
  }

  /// Adds each row's units to the sum of its bin of every feature.
  private func add(
    _ units: [Int64], of rows: BinnedRows, _ range: Range<Int>, to sums: inout [Int64]
  ) {
    units.withUnsafeBufferPointer { units in
      sums.withUnsafeMutableBufferPointer { sums in
        for (feature, table) in tables.enumerated() where table.width > 0 {
          rows.bins[feature].withUnsafeBufferPointer { bins in
            for row in 0..<range.count {
              sums[table.firstBin + Int(bins[range.lowerBound + row])] &+= units[row]
            }
          }
        }
      }
    }
  }
}
