internal import Diagnostics
public import Spec

/// The label window (cutoff, cutoff + horizon] and the day by which it has been observed.
public struct LabelWindow: Sendable {
  private let horizon: Period
  private let settle: Period
  private let arithmetic: MonthArithmetic

  public init(_ label: LabelSpec, arithmetic: MonthArithmetic) {
    horizon = label.horizon.value
    settle = label.settle
    self.arithmetic = arithmetic
  }

  /// The window's last day.
  public func end(_ cutoff: CalendarDate) -> CalendarDate {
    cutoff.adding(horizon, arithmetic: arithmetic)
  }

  /// The day from which on all of the window's events are in the data.
  public func observed(_ cutoff: CalendarDate) -> CalendarDate {
    end(cutoff).adding(settle, arithmetic: arithmetic)
  }
}
