/// Holm's step-down correction of several p-values (1979).
///
/// The k-th smallest of m p-values is judged at alpha / (m - k + 1); after the first that stays above its
/// level the level falls no further. Whatever the dependence between them, the chance that any true
/// hypothesis is rejected is at most alpha.
package struct Holm {
  /// The level that each p-value is judged at; an absent p-value takes no part.
  package private(set) var alphas: [Double]
  /// The p-values corrected: at most alpha exactly where the p-value is at most its level.
  package private(set) var adjusted: [Double]

  package init(_ pValues: [Double?], alpha: Double) {
    alphas = pValues.map { _ in alpha }
    adjusted = pValues.map { $0 ?? 1 }
    let order = pValues.indices.filter { pValues[$0] != nil }
      .sorted { (adjusted[$0], $0) < (adjusted[$1], $1) }
    var level = 0.0
    var highest = 0.0
    for (rank, index) in order.enumerated() {
      let remaining = Double(order.count - rank)
      // Once one p-value stays above alpha, corrected, all later ones are judged at its level.
      if highest <= alpha { level = alpha / remaining }
      alphas[index] = level
      highest = max(highest, min(1, remaining * adjusted[index]))
      adjusted[index] = highest
    }
  }
}
