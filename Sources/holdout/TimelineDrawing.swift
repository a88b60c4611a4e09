import Diagnostics
import Foundation
import Panel
import Spec

/// A timeline as text: a line per cutoff, with its label window drawn to scale.
struct TimelineDrawing {
  let spec: ExperimentSpec
  let timeline: Timeline
  let counts: [CutoffCounts]

  private static let width = 48

  var text: String {
    ([heading, ""] + [columns] + counts.map(line) + ["", axis, ""] + totals + immature).joined(
      separator: "\n")
  }

  private var heading: String {
    "\(spec.name.value): data through \(timeline.dataThrough), labels look "
      + "\(spec.label.horizon.value) ahead (● cutoff, ━ label window, ┄ not observed)"
  }

  private var columns: String {
    Self.padded("cutoff", 12) + Self.padded("role", 11) + Self.padded("label window to", 17)
      + Self.aligned("rows", 10) + Self.aligned("positives", 11) + Self.aligned("share", 9)
  }

  private func line(_ counts: CutoffCounts) -> String {
    let cutoff = counts.cutoff
    let isMature = cutoff.role != .immature
    let share = counts.rows > 0 ? Double(counts.positives) / Double(counts.rows) * 100 : 0
    return Self.padded(cutoff.date.description, 12) + Self.padded(cutoff.role.rawValue, 11)
      + Self.padded(cutoff.windowEnd.description, 17) + Self.aligned(counts.rows.grouped, 10)
      + Self.aligned(isMature ? counts.positives.grouped : "-", 11)
      + Self.aligned(isMature ? String(format: "%.2f %%", share) : "-", 9) + "  " + bar(cutoff)
  }

  private var first: CalendarDate { counts.first?.cutoff.date ?? timeline.dataThrough }
  private var last: CalendarDate {
    max(counts.map(\.cutoff.windowEnd).max() ?? first, timeline.dataThrough)
  }

  /// The place of a day on the drawing's scale.
  private func place(_ day: CalendarDate) -> Int {
    let span = max(last.days - first.days, 1)
    return (day.days - first.days) * (Self.width - 1) / span
  }

  private func bar(_ cutoff: Cutoff) -> String {
    let start = place(cutoff.date)
    let observed = place(min(cutoff.windowEnd, timeline.dataThrough))
    let end = place(cutoff.windowEnd)
    let body = (start...max(end, start)).map { position in
      position == start ? "●" : position <= observed ? "━" : "┄"
    }
    return String(repeating: " ", count: start) + body.joined()
  }

  private var axis: String {
    let margin = String(repeating: " ", count: 72)
    let from = first.description
    let to = last.description
    let gap = String(repeating: " ", count: max(1, Self.width - from.count - to.count))
    return margin + from + gap + to
  }

  private var totals: [String] {
    Role.allCases.compactMap { role in
      let own = counts.filter { $0.cutoff.role == role }
      guard !own.isEmpty else { return nil }
      let rows = own.reduce(0) { $0 + $1.rows }
      let start =
        Self.padded(role.rawValue, 11) + Self.aligned("\(own.count)", 4) + " cutoffs"
        + Self.aligned(rows.grouped, 13) + " rows"
      guard role != .immature else {
        return start
      }
      let positives = own.reduce(0) { $0 + $1.positives }
      let buyers = Set(own.flatMap(\.buyers)).count
      return start + Self.aligned(positives.grouped, 10) + " positives"
        + Self.aligned(buyers.grouped, 9) + " buyers"
    }
  }

  /// Why each immature cutoff is one.
  private var immature: [String] {
    let windows = LabelWindow(spec.label, arithmetic: spec.cutoffs.monthArithmetic)
    return counts.map(\.cutoff).filter { $0.role == .immature }.map { cutoff in
      let settled = windows.observed(cutoff.date)
      let late = settled.days - timeline.dataThrough.days
      return
        "  \(cutoff.date): labels are settled on \(settled), \(late) day\(late == 1 ? "" : "s") "
        + "after the last observed day (\(timeline.dataThrough))"
    }
  }

  static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }

  static func aligned(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(1, width - text.count)) + text
  }
}
