/// What the first rows of a ranking hold, whatever the order of tied rows.
///
/// When the end of the list cuts through a group of ties, which of them are on the list is chance.
/// `hits` is the exact mean over all orders of the ties, the mean of a hypergeometric distribution:
/// positives above + (length - rows above) × share of positives among the tied. The most and the
/// fewest that an order can give stand beside it.
public struct TopList: Sendable, Equatable {
  /// How many rows are on the list.
  public let length: Double
  /// How many positives are on it, on average over the orders of ties.
  public let hits: Double
  /// How many positives the luckiest order of ties puts on it.
  public let mostHits: Double
  /// How many positives the unluckiest order of ties puts on it.
  public let fewestHits: Double
  /// How many rows were ranked.
  public let rows: Double
  /// How many positives were ranked.
  public let positives: Double

  /// The share of positives on a list with so many of them.
  public func precision(_ hits: Double) -> Double { hits / length }

  /// The share of all positives that is on a list with so many of them; nil without positives.
  public func recall(_ hits: Double) -> Double? { positives > 0 ? hits / positives : nil }

  /// How many times more positives the list holds than a random one; nil without positives.
  public func lift(_ hits: Double) -> Double? {
    positives > 0 ? (hits / length) / (positives / rows) : nil
  }

  /// `precision_at_S`, `recall_at_S` and `lift_at_S`; each with `_best` and `_worst` where the
  /// order of ties matters.
  public func values(suffix: String) -> MetricValues {
    var values: MetricValues = [:]
    func set(_ name: String, _ metric: (Double) -> Double?) {
      values["\(name)_at_\(suffix)"] = metric(hits)
      guard mostHits > fewestHits else { return }
      values["\(name)_at_\(suffix)_best"] = metric(mostHits)
      values["\(name)_at_\(suffix)_worst"] = metric(fewestHits)
    }
    set("precision", precision)
    set("recall", recall)
    set("lift", lift)
    return values
  }
}
