/// How many rows a cutoff has, and how many of them are positive.
public struct CutoffCounts: Codable, Sendable {
  public let cutoff: Cutoff
  public let rows: Int
  /// The entities of the positive rows; empty for immature cutoffs.
  public let buyers: [Int32]

  public init(cutoff: Cutoff, rows: Int, buyers: [Int32]) {
    self.cutoff = cutoff
    self.rows = rows
    self.buyers = buyers
  }

  public var positives: Int { buyers.count }

  /// The same counts for a cutoff of the same day with another role.
  public func serving(_ cutoff: Cutoff) -> CutoffCounts {
    precondition(cutoff.date == self.cutoff.date, "rows belong to their day")
    return CutoffCounts(cutoff: cutoff, rows: rows, buyers: buyers)
  }
}
