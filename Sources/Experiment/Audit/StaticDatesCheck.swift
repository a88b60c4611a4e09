internal import Diagnostics
internal import Panel
internal import Spec

/// `static_dates`: a date that is known as soon as its row exists (a due date, the end of a
/// contract) reaches beyond the end of the data. A date that records what happened never does.
///
/// Counts the values of each `static` date that are later than the row's own creation, in the days
/// before the end of the data and in as many days after it: one horizon, and at least 90 days. The
/// check fails if at least 20 values lie before the end, and at most one for 50 of them after it.
struct StaticDatesCheck {
  static let fewest = 20
  static let share = 0.02

  func outcome(_ subject: AuditSubject) throws -> AuditOutcome {
    guard let end = subject.end.first?.cutoff else {
      return .inconclusive("The data have no last day.")
    }
    let days = max(end.windowEnd.days - end.date.days, 90)
    let found = try subject.builder.staticDates(around: end.date, days: days)
    let recorded = found.filter {
      $0.before >= Self.fewest && Double($0.after) <= Self.share * Double($0.before)
    }
    let numbers: [(String, Double)] = [
      ("static_dates", Double(found.count)), ("recorded", Double(recorded.count)),
      ("days", Double(days)),
    ]
    let details = found.map {
      "`\($0.column)`: \($0.before.grouped) values in the last \(days) days of the data, "
        + "\($0.after.grouped) in the \(days) days after them"
    }
    guard !recorded.isEmpty else {
      return AuditOutcome(
        verdict: .pass,
        sentence: found.isEmpty
          ? "The spec reads no date of class `static` that can be later than its row."
          : "Dates of class `static` reach beyond the end of the data, or are older than their rows.",
        numbers: numbers, details: details)
    }
    let names = AuditWords.names(recorded.map { "\($0.column)" })
    return AuditOutcome(
      verdict: .fail,
      sentence: "\(names) \(recorded.count == 1 ? "is" : "are") declared `static`, but "
        + "\(recorded.count == 1 ? "its values stop" : "their values stop") at the end of the data: "
        + "the dates record what happened, so their class is `event`.",
      numbers: numbers, details: details)
  }
}
