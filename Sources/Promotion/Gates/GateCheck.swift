/// One condition of a gate, and whether a run meets it.
public struct GateCheck: Sendable, Codable, Equatable {
  public enum Outcome: String, Sendable, Codable, CaseIterable {
    case pass
    case fail
    /// The data do not tell.
    case inconclusive
    /// There is nothing to compare with.
    case notApplicable = "not applicable"
  }

  /// `minimum.roc_auc`, `better_than.prior`, `no_worse_than.champion`, `evidence`, `caveats`, `audit` ...
  public let name: String
  public let outcome: Outcome
  /// Where the condition was written.
  public let origin: Gates.Origin
  /// For people, with the figures in it.
  public let sentence: String
  /// The figures by name.
  public let figures: [String: Double]

  public init(
    name: String, outcome: Outcome, origin: Gates.Origin, sentence: String,
    figures: [String: Double] = [:]
  ) {
    self.name = name
    self.outcome = outcome
    self.origin = origin
    self.sentence = sentence
    self.figures = figures
  }
}
