public import Diagnostics

/// How the combinations of a sweep are thinned out before they are run.
public struct HalvingSpec: Sendable {
  /// One of so many goes on to the next round.
  public var factor: Int
  /// Trees of a trial of the first round.
  public var trees: Int
  /// Cutoffs that a trial of the first round learns from.
  public var cutoffs: Int
  /// How many of the last train cutoffs the rounds are judged on.
  public var watched: Located<Int>
}

extension HalvingSpec {
  /// nil where there is none, or it is malformed.
  init?(_ fields: Fields?) {
    guard let fields, let factor = fields.integer("factor"), let trees = fields.integer("trees"),
      let cutoffs = fields.integer("cutoffs"), let watched = fields.integer("watched")
    else { return nil }
    self.init(
      factor: factor.value, trees: trees.value, cutoffs: cutoffs.value, watched: watched)
  }
}
