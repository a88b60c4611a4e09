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

  /// `minimum.roc_auc`, `no_worse_than.champion`, `evidence`, `audit`, `look_ahead` ...
  public let name: String
  public let outcome: Outcome
  /// For people, with the figures in it.
  public let sentence: String
  /// The figures by name.
  public let figures: [String: Double]

  public init(name: String, outcome: Outcome, sentence: String, figures: [String: Double] = [:]) {
    self.name = name
    self.outcome = outcome
    self.sentence = sentence
    self.figures = figures
  }
}
