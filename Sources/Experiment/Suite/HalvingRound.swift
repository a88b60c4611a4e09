internal import Diagnostics
internal import Spec

/// One round of successive halving (Jamieson and Talwalkar, 2016): how much each trial gets, and how many
/// trials go on.
struct HalvingRound: Equatable, Sendable {
  /// From 1.
  let number: Int
  /// How many are tried.
  let entrants: Int
  let trees: Int
  /// How many cutoffs a trial learns from, the latest there are.
  let cutoffs: Int
  let survivors: Int

  /// The rounds of a sweep; the survivors of the last are run.
  ///
  /// There is no round in which a trial would get what its run gets: that is the run's own business.
  /// - Parameters:
  ///   - trees: the fewest trees that one of the experiments asks for.
  ///   - cutoffs: the train cutoffs that there are to learn from.
  static func rounds(
    _ spec: HalvingSpec, members: Int, trees: Int, cutoffs: Int
  ) -> [HalvingRound] {
    var rounds: [HalvingRound] = []
    var (entrants, ownTrees, ownCutoffs) = (members, spec.trees, spec.cutoffs)
    while entrants > 1, ownTrees < trees || ownCutoffs < cutoffs {
      let survivors = (entrants + spec.factor - 1) / spec.factor
      rounds.append(
        HalvingRound(
          number: rounds.count + 1, entrants: entrants, trees: min(ownTrees, trees),
          cutoffs: min(ownCutoffs, cutoffs), survivors: survivors))
      entrants = survivors
      // Caps, so that no product overflows.
      ownTrees = min(ownTrees, trees) * spec.factor
      ownCutoffs = min(ownCutoffs, cutoffs) * spec.factor
    }
    return rounds
  }
}
