public import Spec

/// A day with a role, and the label window that opens behind it.
public struct Cutoff: Hashable, Codable, Sendable {
  public let date: CalendarDate
  public let role: Role
  /// The label window is (date, windowEnd].
  public let windowEnd: CalendarDate

  public init(date: CalendarDate, role: Role, windowEnd: CalendarDate) {
    self.date = date
    self.role = role
    self.windowEnd = windowEnd
  }
}
