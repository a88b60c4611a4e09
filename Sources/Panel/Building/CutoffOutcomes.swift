/// What became of the entities after a cutoff, without any feature.
public struct CutoffOutcomes: Sendable {
  public let cutoff: Cutoff
  /// The entities that were eligible at the cutoff, ascending.
  public let cohort: [Int32]
  /// Every entity that the event happened to in the label window, ascending.
  ///
  /// It need not be in the cohort: one that was listed once may have left it since, as the data were
  /// corrected, and its purchase is a purchase all the same.
  public let buyers: [Int32]
}
