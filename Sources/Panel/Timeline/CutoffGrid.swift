internal import Diagnostics
internal import OrderedCollections
public import Spec

/// The days of a cadence, counted backward from one of them. Only a list of days has ends.
public struct CutoffGrid: Sendable {
  /// The cadence.
  public let cadence: CutoffsSpec.Cadence
  /// How months are added to the last day of a month.
  public let arithmetic: MonthArithmetic
  /// The cutoff with index 0.
  public let anchor: CalendarDate
  /// The anchor's index in a list of days; 0 for other cadences.
  private let listIndex: Int

  /// Creates a grid with a cutoff on `anchor`; nil if the cadence has none on that day.
  public init?(
    _ cadence: CutoffsSpec.Cadence, through anchor: CalendarDate, arithmetic: MonthArithmetic
  ) {
    guard Self.last(cadence, onOrBefore: anchor) == anchor else { return nil }
    self.cadence = cadence
    self.anchor = anchor
    self.arithmetic = arithmetic
    listIndex = if case .listed(let days) = cadence { days.firstIndex(of: anchor) ?? 0 } else { 0 }
  }

  /// Returns the cutoff `number` steps before the anchor; negative numbers are after it. Nil beyond
  /// the ends of a list.
  public subscript(number: Int) -> CalendarDate? {
    let sign = number < 0 ? 1 : -1
    let steps = abs(number)
    switch cadence {
    case .monthEnd: return Self.monthEnd(anchor, months: sign * steps)
    case .quarterEnd: return Self.monthEnd(anchor, months: sign * steps * 3)
    case .weekly: return CalendarDate(days: anchor.days + sign * steps * 7)
    case .every(let step):
      // Count from the anchor in one step, so that clipping of months does not accumulate.
      return anchor.adding(
        Period(step.count * steps, step.unit), sign: sign, arithmetic: arithmetic)
    case .listed(let days):
      return days.indices.contains(listIndex - number) ? days[listIndex - number] : nil
    }
  }

  /// Returns how many steps before the anchor the last cutoff on or before a day is; 0 for the
  /// anchor itself and days after it. Nil if a list has no such day.
  public func steps(toOnOrBefore day: CalendarDate) -> Int? {
    // Cutoffs get earlier as their indices increase. Double the index until it is far enough, then
    // bisect.
    func isFarEnough(_ number: Int) -> Bool { self[number].map { $0 <= day } ?? true }
    var enough = 1
    while !isFarEnough(enough) { enough *= 2 }
    var (low, high) = (0, enough)
    while low < high {
      let middle = (low + high) / 2
      if isFarEnough(middle) { high = middle } else { low = middle + 1 }
    }
    return self[low] == nil ? nil : low
  }

  /// Returns the last day on or before `day` on which the cadence can have a cutoff; nil if a list
  /// has no such day.
  public static func last(
    _ cadence: CutoffsSpec.Cadence, onOrBefore day: CalendarDate
  ) -> CalendarDate? {
    switch cadence {
    case .monthEnd: monthEnd(onOrBefore: day)
    case .quarterEnd:
      // Quarters end with the third, sixth, ninth and twelfth month.
      monthEnd(
        monthEnd(onOrBefore: day), months: -(monthEnd(onOrBefore: day).civil.month % 3))
    case .weekly(let weekday): CalendarDate(days: day.days - (day.weekday - weekday + 7) % 7)
    case .every: day
    case .listed(let days): days.last { $0 <= day }
    }
  }

  private static func monthEnd(onOrBefore day: CalendarDate) -> CalendarDate {
    day.isLastOfMonth ? day : CalendarDate(days: day.days - day.civil.day)
  }

  /// Returns a month's last day moved by a number of months, to a month's last day.
  private static func monthEnd(_ day: CalendarDate, months: Int) -> CalendarDate {
    day.adding(
      Period(abs(months), .months), sign: months < 0 ? -1 : 1, arithmetic: .endOfMonth)
  }
}

extension CutoffsSpec {
  /// The roles with their cutoffs, in the order in which they are laid out.
  var roles: [(role: Role, wanted: RoleCutoffs)] {
    [(.test, RoleCutoffs(test)), (.calibrate, calibrate), (.train, train)]
  }

  /// The number of cutoffs that the roles need without embargoes; those from a day on are at least 1.
  var fewestCutoffs: Int { roles.reduce(0) { $0 + ($1.wanted.count ?? 1) } }

  /// Returns whether a label window and the embargo after it end by a later cutoff, so that the
  /// labels of the earlier cutoff reveal nothing about the later one.
  public func keepsApart(windowEnd: CalendarDate, from next: CalendarDate) -> Bool {
    switch embargo {
    case .none: true
    case .horizon: windowEnd <= next
    case .extended(let period): windowEnd.adding(period, arithmetic: monthArithmetic) <= next
    }
  }
}

extension ExperimentSpec {
  /// The last day about which the label's sources may be assumed to know everything.
  public var dataThrough: CalendarDate? {
    let days = label.sourceNames.map { sources[$0]?.dataThrough?.value }
    guard !days.contains(nil), let through = days.compactMap(\.self).min() else { return nil }
    return min(through, asOf?.value ?? through)
  }
}
