/// What `holdout explain` says about a finding: what it is, why it comes up, an example, the mend.
///
/// The examples are tests: each is run by the real program, which must report exactly this finding at
/// exactly the marked place. `docs/findings.md` is printed from the same values.
public struct Explanation: Sendable {
  /// The finding.
  public let id: Finding.ID
  /// What is wrong, as a heading: lower case, no full stop.
  public let title: String
  /// Why it comes up and why it is refused, in a few sentences.
  public let cause: String
  /// A piece of YAML, or commands, that the finding is about.
  public let example: Example
  /// What to do, in a sentence or two.
  public let mend: String

  /// Makes an explanation.
  init(_ id: Int, _ title: String, cause: String, example: Example, mend: String) {
    self.id = Finding.ID(id)
    self.title = title
    self.cause = cause
    self.example = example
    self.mend = mend
  }

  /// Every explanation, by number.
  public static let all: [Explanation] =
    [
      yaml, composition, form, references, columns, settings, sweeps, sql, access, data, reading,
      contracts, meaning,
      time,
      folds, learning, runs, gates, registry, mlflow, environment, production, lists,
      scores, sinks, retraining, outcomes,
    ].flatMap(\.self).sorted { $0.id < $1.id }

  /// The explanation of a finding.
  public static func of(_ id: Finding.ID) -> Explanation? { all.first { $0.id == id } }
}
