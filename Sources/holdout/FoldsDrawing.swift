import Diagnostics
import Panel
import Spec

/// All folds of an experiment, a line each: counts, and the roles of the cutoffs from the first of any
/// fold to the last.
struct FoldsDrawing {
  let folds: [Timeline]
  /// By day.
  let counts: [CalendarDate: CutoffCounts]

  private static let width = 48

  var text: String { ([heading, columns] + folds.enumerated().map(line)).joined(separator: "\n") }

  private var heading: String {
    "\(folds.count) folds, newest first (t train, c calibrate, ● test, · embargoed)"
  }

  private var columns: String {
    TimelineDrawing.padded("fold", 6) + TimelineDrawing.padded("test cutoffs", 26)
      + [("train rows", 11), ("positives", 11), ("buyers", 8)].map(TimelineDrawing.aligned).joined()
      + TimelineDrawing.aligned("test rows", 12)
      + [("positives", 11), ("buyers", 8)].map(TimelineDrawing.aligned).joined()
  }

  private func line(_ index: Int, _ fold: Timeline) -> String {
    let test = fold[.test]
    let reach = test.first.map { "\($0.date) to \(test.last?.date ?? $0.date)" } ?? ""
    func cells(_ role: Role, _ width: Int) -> String {
      let own = fold[role].compactMap { counts[$0.date] }
      let numbers = [
        (own.reduce(0) { $0 + $1.rows }, width), (own.reduce(0) { $0 + $1.positives }, 11),
        (Set(own.flatMap(\.buyers)).count, 8),
      ]
      return numbers.map { TimelineDrawing.aligned($0.grouped, $1) }.joined()
    }
    return TimelineDrawing.padded("\(index + 1)", 6) + TimelineDrawing.padded(reach, 26)
      + cells(.train, 11) + cells(.test, 12) + "  " + strip(fold)
  }

  /// The days of all folds, oldest first.
  private var days: [CalendarDate] { Set(folds.flatMap(\.split).map(\.date)).sorted() }

  /// A sign per day; where there are more days than room, the last of those that share a place.
  private func strip(_ fold: Timeline) -> String {
    let days = days
    let width = min(days.count, Self.width)
    let roles = Dictionary(
      fold.split.map { ($0.date, $0.role) }, uniquingKeysWith: { first, _ in first })
    var signs = [Character](repeating: " ", count: width)
    for (index, day) in days.enumerated() {
      if let role = roles[day] { signs[index * width / days.count] = Self.sign(role) }
    }
    return String(signs)
  }

  private static func sign(_ role: Role) -> Character {
    switch role {
    case .train: "t"
    case .calibrate: "c"
    case .test: "●"
    case .embargoed: "·"
    case .unused, .immature: " "
    }
  }
}
