public import Spec

/// What a reader must know about a run, or about its comparison with another.
public enum Remark: Sendable, Hashable {
  /// Rows of one run.
  public struct Rows: Sendable, Hashable {
    public let count: Int
    public let total: Int
    public let reference: String
  }

  /// What the entities of one run are resampled by.
  public struct Clustering: Sendable, Hashable {
    /// The column; nil if every entity is a cluster of its own.
    public let column: String?
    public let reference: String
  }

  // About one run.

  /// Its record has no hashes of its files, so changes to them cannot be seen.
  case noHashes(reference: String, runId: String)
  /// It is the latest run on this machine, and the metrics in the results folder are not its own.
  case otherResults(reference: String, runId: String)
  /// A warning about a promoted model.
  case warning(String)

  // About a comparison.

  /// The two runs have read different versions of files.
  case differentData(paths: [String])
  /// The runs have different clusters, which are joined.
  case differentClusters([Clustering])
  /// Stored predictions could not be used.
  case scoredAgain(reference: String)
  case differentQuestions([QuestionDifference])
  /// Rows that not all sides have.
  case leftOut([Rows])
  /// Rows whose label in the candidate is not that in the base, which counts.
  case differentLabels(Rows, base: String)
  /// The candidate's probabilities are for another label.
  case rankingOnly(reference: String)
  case insufficientEvidence(positiveEntities: Int, needed: Int, noun: PositiveNoun)
}

/// A part in which the questions of two runs differ.
public struct QuestionDifference: Sendable, Hashable {
  /// `label.horizon`, `cohort.where`, `test cutoffs` ...
  public let name: String
  public let base: String
  public let candidate: String

  /// Whether it changes which rows are positive.
  var isOfLabel: Bool { name.hasPrefix("label.") || name == "month_arithmetic" }
}
