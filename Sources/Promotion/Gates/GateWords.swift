internal import Experiment

/// Numbers and hints as the sentences of gates write them.
enum GateWords {
  /// A metric's value with its interval: `0.8096 (0.7670 to 0.8463)`.
  static func estimate(_ value: Double, _ lower: Double, _ upper: Double) -> String {
    "\(number(value)) (\(number(lower)) to \(number(upper)))"
  }

  /// The same of a difference: `+0.0062 (-0.0011 to +0.0130)`.
  static func difference(_ value: Double, _ lower: Double, _ upper: Double) -> String {
    "\(ComparisonWords.signed(value)) (\(ComparisonWords.ends(lower, upper)))"
  }

  static func number(_ value: Double) -> String { RunSummary.number(value) }

  /// What it would take to tell.
  static func hint(_ estimate: BoundedEstimate, buyers: Double?) -> String {
    guard let buyers, buyers > 0, estimate.buyersFactor <= 100 else {
      return "too close to tell, even with a hundred times the buyers"
    }
    let needed = (buyers * estimate.buyersFactor).rounded(.up)
    return "\(number(needed)) buyers in test may tell, where there are \(number(buyers))"
  }
}
