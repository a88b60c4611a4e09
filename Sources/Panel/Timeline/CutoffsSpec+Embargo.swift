public import Spec

extension CutoffsSpec {
  /// Whether a label window, and the embargo behind it, end by a later cutoff, so that what is learned
  /// from the one tells nothing of the other.
  public func keepsApart(windowEnd: CalendarDate, from next: CalendarDate) -> Bool {
    switch embargo {
    case .none: true
    case .horizon: windowEnd <= next
    case .extended(let period): windowEnd.adding(period, arithmetic: monthArithmetic) <= next
    }
  }
}
