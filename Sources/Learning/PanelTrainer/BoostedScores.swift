internal import CPanelTrees
internal import Columns
internal import Foundation

/// The margins of the training rows, and the log loss's derivatives at them.
struct BoostedScores: Sendable {
  private let scores: PlainMemory<Double>
  /// A row's weight, negative for a negative label; 0 in empty slots.
  private let signedWeights: PlainMemory<Float>
  private let sigmoid: Double
  private let scales: (gradient: Double, hessian: Double)
  private let isSmall: Bool
  /// The log odds of the labels, on the scale of margins.
  let average: Double
  /// Whether the labels have both classes.
  let hasBothClasses: Bool

  /// What whole numbers are multiplied with to give derivatives.
  var units: (gradient: Double, hessian: Double) { (1 / scales.gradient, 1 / scales.hessian) }

  init(_ data: PanelDataset, sigmoid: Double) {
    let slots = data.rows.slots
    scores = PlainMemory(zeros: slots.count)
    signedWeights = PlainMemory(zeros: slots.count)
    self.sigmoid = sigmoid
    var (sum, positive, largest) = (0.0, 0.0, 0.0)
    var positives = 0
    for row in 0..<slots.rowCount {
      let weight = data.weights?[row] ?? 1
      let isPositive = data.labels[row] > 0
      sum += Double(weight)
      largest = max(largest, Double(weight))
      if isPositive {
        positive += Double(weight)
        positives += 1
      }
      signedWeights[Int(data.rows.slotOfRow[row])] = isPositive ? weight : -weight
    }
    hasBothClasses = positives > 0 && positives < slots.rowCount
    // |gradient| is at most sigmoid x weight, the second derivative sigmoid^2 x weight / 4. So no
    // sum reaches 2^62.
    func scale(_ bound: Double) -> Double {
      let exponent = 61 - (bound * sum).exponent - 1
      return Double(sign: .plus, exponent: min(max(Int(exponent), -900), 900), significand: 1)
    }
    scales = (scale(sigmoid), scale(sigmoid * sigmoid / 4))
    isSmall =
      sigmoid * largest * scales.gradient < 0x1p50
      && sigmoid * sigmoid / 4 * largest * scales.hessian < 0x1p50
    let epsilon = SplitSearch.epsilon
    let share = max(min(positive / sum, 1 - epsilon), epsilon)
    average = log(share / (1 - share)) / sigmoid
  }

  /// Adds a number to the margins of some rows.
  func add(_ value: Double, to mask: PlainMemory<UInt64>, words: Range<Int>) {
    panel_add(scores.start, mask.start, words.lowerBound, words.upperBound, value)
  }

  /// Computes the prefix sums of a chunk's derivatives.
  func differentiate(chunk: Int, into prefix: PlainMemory<panel_sum>) {
    let first = chunk * Slots.chunk
    panel_gradients(
      scores.start + first, signedWeights.start + first, Slots.chunk, sigmoid, scales.gradient,
      scales.hessian, isSmall ? 1 : 0, prefix.start + first)
  }
}
