/// What became of a row: selected, or the first rule that kept it off the list.
///
/// The cases stand in the order in which the rules are asked.
public enum AllocationOutcome: UInt8, CaseIterable, Sendable {
  case selected
  /// An exclusion file names it.
  case excluded
  /// Its score is below `minimum_score`.
  case belowMinimumScore
  /// It was selected too short a while ago.
  case coolingDown
  /// Better rows have all the places of its group.
  case groupFull
  /// Its group has as much of the whole list as one group may have.
  case shareFull
  /// Better rows have all the places.
  case listFull
}
