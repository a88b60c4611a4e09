internal import Panel
package import Spec

/// `static_dates`: a date that is known as soon as its row exists (a due date, the end of a
/// contract) reaches beyond the end of the data, and comes to pass. A date that records what happened
/// does not reach beyond it; one that is moved later does not come to pass.
///
/// For the first, it counts the values of each `static` date that are later than the row's own
/// creation, in the days before the end of the data and in as many days after it: one horizon, and at
/// least 90 days. The check fails if at least 20 values lie before the end, and at most one for 50 of
/// them after it. For the second, see `MovedDate`.
struct StaticDatesCheck {
  static let fewest = 20
  static let share = 0.02

  func outcome(_ subject: AuditSubject) throws -> AuditOutcome {
    guard let last = subject.end.first else {
      return AuditOutcome(.inconclusive, .staticDates(.noLastDay))
    }
    let end = last.cutoff
    let days = max(end.windowEnd.days - end.date.days, 90)
    let found = try subject.builder.staticDates(around: end.date, days: days)
    let recorded = found.filter {
      $0.before >= Self.fewest && Double($0.after) <= Self.share * Double($0.before)
    }
    let moved = try subject.builder.staticSpans(of: last).compactMap { MovedDate($0, last) }
    let numbers: [(String, Double)] = [
      ("static_dates", Double(found.count)), ("recorded", Double(recorded.count)),
      ("moved", Double(moved.count)), ("days", Double(days)),
    ]
    let details =
      found.map { AuditDetail.staticDate($0, days: days) } + moved.map(AuditDetail.movedDate)
    guard !recorded.isEmpty || !moved.isEmpty else {
      return AuditOutcome(
        .pass, found.isEmpty ? .staticDates(.none) : .staticDates(.ahead), numbers: numbers,
        details: details)
    }
    return AuditOutcome(
      .fail,
      .staticDates(.late(recorded: recorded.map(\.column), moved: moved.map(\.column))),
      numbers: numbers, details: details)
  }
}

/// A `static` date that is moved later again and again, such as the end of a contract that every
/// renewal extends. At an earlier cutoff it says how long the entity has stayed since.
///
/// Only the cohort on the last day of the data is looked at. The term is the shortest time T for which
/// at most 2 % of the rows that are no older than T have a date more than T after their beginning. If
/// dates are fixed when their rows begin, those of older rows are drawn from the same distribution, and
/// have passed. They are moved if
/// - at most 2 % of the rows that are older than T have passed their date,
/// - at least 98 % of them have it within T after the end of the data: longer contracts of the past
///   end at any time,
/// - there are such rows right above T, at most a tenth older: if terms were shortened, rows whose term
///   has ended have left,
/// - the median time from beginning to date is the same in the younger and in the older half of the term,
///   within a tenth of it: a day that is the same for all rows is no term.
/// Each of these needs 20 distinct clusters.
package struct MovedDate: Sendable {
  package let column: ColumnReference
  /// The term in days.
  package let term: Int
  /// The rows that are older than the term, and those of them that have passed their date.
  package let older: Int
  package let passed: Int

  init?(_ spans: StaticSpans, _ block: PanelBlock) {
    let clusters = block.clusters
    func isEnough(_ rows: [StaticSpans.Row]) -> Bool {
      Set(rows.map { clusters[$0.row] }).count >= StaticDatesCheck.fewest
    }
    func median(_ rows: [StaticSpans.Row]) -> Double {
      let sorted = rows.map(\.span).sorted()
      return Double(sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
    guard let term = Self.term(spans.rows) else { return nil }
    let young = spans.rows.filter { $0.age <= term }
    let halves = [young.filter { $0.age * 2 <= term }, young.filter { $0.age * 2 > term }]
    let old = spans.rows.filter { $0.age > term }
    let tenth = Double(term) / 10
    guard halves.allSatisfy(isEnough), abs(median(halves[0]) - median(halves[1])) <= tenth,
      isEnough(old.filter { Double($0.age - term) <= tenth })
    else { return nil }
    let few = StaticDatesCheck.share * Double(old.count)
    let passed = old.count { $0.span <= $0.age }
    let far = old.count { $0.span - $0.age > term }
    guard Double(passed) <= few, Double(far) <= few else { return nil }
    column = spans.column
    self.term = term
    older = old.count
    self.passed = passed
  }

  /// The shortest time for which at most 2 % of the rows that are no older have a longer span; nil if
  /// there is none.
  private static func term(_ rows: [StaticSpans.Row]) -> Int? {
    let ages = rows.map(\.age).sorted()
    // A row is no older than T and its span is no longer if the larger of both is at most T.
    let both = rows.map { max($0.age, $0.span) }.sorted()
    var (young, within) = (0, 0)
    for term in Set(rows.map(\.span)).sorted() where term > 0 {
      while young < ages.count, ages[young] <= term { young += 1 }
      while within < both.count, both[within] <= term { within += 1 }
      if young >= StaticDatesCheck.fewest,
        Double(young - within) <= StaticDatesCheck.share * Double(young)
      {
        return term
      }
    }
    return nil
  }
}
