internal import Randomness

/// A sample of rows in whole clusters, for what takes too long on all rows.
///
/// Half of its rows are of clusters drawn whatever their labels. Up to a quarter are of clusters
/// with a positive row, and up to a quarter of clusters without one. So all rare positives are in
/// it, on which most of the variation of a loss depends. Weights make up for their number: a sampled
/// row counts as many times as its kind of cluster has rows per sampled one (the separate ratio
/// estimate of stratified sampling; Cochran, 1977, section 6.10).
struct ClusterSample: Sendable {
  /// The sampled rows, ascending.
  let rows: [Int]
  /// For each of them, whether its cluster was drawn whatever its labels.
  let isPlain: [Bool]
  /// For each of them, the index of its cluster in `clusters.numbers`.
  let clusterOfRow: [Int32]
  let clusters: SampledClusters

  /// - Parameter limit: the number of rows, which is exceeded only if a cluster is larger than a
  ///   quarter of it.
  init(_ rows: ScoredRows, limit: Int, seed: UInt64) {
    let (numbers, count) = rows.numberedClusters
    var sizes = [Int](repeating: 0, count: count)
    var isPositive = [Bool](repeating: false, count: count)
    for (row, number) in numbers.enumerated() {
      sizes[Int(number)] += 1
      if rows.label[row] == 1 { isPositive[Int(number)] = true }
    }
    var isPlain = [Bool](repeating: rows.count <= limit, count: count)
    if rows.count > limit {
      for cluster in Self.draw(Array(0..<count), sizes, limit: limit / 2, seed: seed) {
        isPlain[cluster] = true
      }
    }
    var isDrawn = isPlain
    for kind in [true, false] where rows.count > limit {
      let clusters = (0..<count).filter { isPositive[$0] == kind }
      for cluster in Self.draw(clusters, sizes, limit: limit / 4, seed: seed) {
        isDrawn[cluster] = true
      }
    }
    let drawn = (0..<count).filter { isDrawn[$0] }
    var indices = [Int32](repeating: -1, count: count)
    for (index, cluster) in drawn.enumerated() { indices[cluster] = Int32(index) }
    self.rows = numbers.indices.filter { isDrawn[Int(numbers[$0])] }
    self.isPlain = self.rows.map { isPlain[Int(numbers[$0])] }
    clusterOfRow = self.rows.map { indices[Int(numbers[$0])] }
    clusters = SampledClusters(
      numbers: drawn, areSampled: isDrawn,
      rows: [true, false].map { kind in
        sizes.indices.map { isPositive[$0] == kind ? Double(sizes[$0]) : 0 }
      })
  }

  /// Draws clusters in random order, at least one, as long as they have at most `limit` rows.
  private static func draw(
    _ clusters: [Int], _ sizes: [Int], limit: Int, seed: UInt64
  ) -> [Int] {
    let order = KeyedSample.indices(max(limit, 1), of: clusters.count, seed: seed) {
      UInt64(clusters[$0])
    }
    var rows = 0
    let drawn = order.prefix { index in
      let isFirst = rows == 0
      rows += sizes[clusters[index]]
      return isFirst || rows <= limit
    }
    return drawn.map { clusters[$0] }
  }
}

/// The clusters of a sample, among all clusters.
struct SampledClusters: Sendable, Equatable {
  /// The numbers of the sampled clusters, ascending.
  let numbers: [Int]
  /// For each kind, with and without a positive row: the number of rows of each cluster of the kind,
  /// sampled or not; 0 for the others.
  private let rows: [[Double]]
  /// The same, only of sampled clusters.
  private let sampledRows: [[Double]]

  init(numbers: [Int], areSampled: [Bool], rows: [[Double]]) {
    self.numbers = numbers
    self.rows = rows
    sampledRows = rows.map { zip($0, areSampled).map { $1 ? $0 : 0 } }
  }

  /// The number of clusters, sampled or not.
  var count: Int { rows[0].count }

  /// Returns the weights of the sampled clusters in a mean over all rows.
  /// - Parameter counts: how often each cluster occurs, sampled or not; once if nil.
  /// - Returns: nil without rows, or if clusters of a kind occur, but no sampled one.
  func weights(_ counts: [Double]? = nil) -> [Double]? {
    let counts = counts ?? [Double](repeating: 1, count: count)
    let all = rows.map { weightedSum($0, counts) }
    let sampled = sampledRows.map { weightedSum($0, counts) }
    let total = all.reduce(0, +)
    guard total > 0, zip(all, sampled).allSatisfy({ $0 == 0 || $1 > 0 }) else { return nil }
    let scales = zip(all, sampled).map { $1 > 0 ? $0 / $1 / total : 0 }
    return numbers.map { counts[$0] * (rows[0][$0] > 0 ? scales[0] : scales[1]) }
  }
}

/// Returns the sum of terms, each times its weight: eight sums side by side, in blocks so that the
/// rounding error does not grow with the number of terms.
func weightedSum(_ terms: [Double], _ weights: [Double]) -> Double {
  let block = 512
  var total = SIMD8<Double>.zero
  var rest = 0.0
  terms.withUnsafeBufferPointer { terms in
    weights.withUnsafeBufferPointer { weights in
      let whole = terms.count & ~7
      for start in stride(from: 0, to: whole, by: block) {
        var part = SIMD8<Double>.zero
        for index in stride(from: start, to: min(start + block, whole), by: 8) {
          var (term, weight) = (SIMD8<Double>.zero, SIMD8<Double>.zero)
          for lane in 0..<8 {
            term[lane] = terms[index + lane]
            weight[lane] = weights[index + lane]
          }
          part += term * weight
        }
        total += part
      }
      for index in whole..<terms.count { rest += terms[index] * weights[index] }
    }
  }
  return total.sum() + rest
}
