public import Spec

/// What is done to the rows of every source before they are loaded, to learn whether a panel notices.
///
/// The panel of a day must come out the same whatever the data say of later days. So it is built once
/// more from data in which nothing later is as it was, through everything that reads them: parsing,
/// duplicates, dictionaries, views. What a source promises (`expect`) is not asked of altered rows.
public enum DataAlteration: Hashable, Sendable {
  /// The rows as they are.
  case none
  /// What was not known at the end of this day is replaced by wild values.
  case poisoned(after: CalendarDate)
  /// What was not known at the end of this day is taken away: the data as they would have looked then.
  case cut(after: CalendarDate)
}
