/// Holm's step-down correction of several p-values (1979).
struct Holm {
  /// The level that each p-value is judged at.
  private(set) var alphas: [Double]
  /// Whether each is rejected; an absent p-value is not.
  private(set) var rejects: [Bool]

  init(_ pValues: [Double?], alpha: Double) {
    alphas = pValues.map { _ in alpha }
    rejects = pValues.map { _ in false }
    let order = pValues.indices.filter { pValues[$0] != nil }
      .sorted { (pValues[$0] ?? 1, $0) < (pValues[$1] ?? 1, $1) }
    var level = 0.0
    var isOpen = true
    for (rank, index) in order.enumerated() {
      // After the first that is not rejected the level stays: nothing later may be rejected.
      if isOpen { level = alpha / Double(order.count - rank) }
      alphas[index] = level
      isOpen = isOpen && (pValues[index] ?? 1) <= level
      rejects[index] = isOpen
    }
  }
}
