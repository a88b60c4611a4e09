package import Diagnostics
package import Panel
package import Spec

/// The cutoffs of an experiment with their roles, and the label window of each.
package struct TimelineChart: ChartKind {
  /// A cutoff and the last day of its label window.
  package struct Row: Sendable {
    package var date: CalendarDate
    package var role: Role
    package var windowEnd: CalendarDate

    package init(_ date: CalendarDate, _ role: Role, windowEnd: CalendarDate) {
      (self.date, self.role, self.windowEnd) = (date, role, windowEnd)
    }
  }

  package var title = "Timeline"
  package var rows: [Row]
  package var dataThrough: CalendarDate

  package init(rows: [Row], dataThrough: CalendarDate) {
    (self.rows, self.dataThrough) = (rows, dataThrough)
  }

  package var chart: Chart {
    let days = rows.flatMap { [$0.date.days, $0.windowEnd.days] } + [dataThrough.days]
    let roles = Role.allCases.filter { role in rows.contains { $0.role == role } }
    let counts = roles.map { role in "\(rows.count { $0.role == role }) \(role.rawValue)" }
    let end = Double(dataThrough.days)
    var marks: [Mark] = []
    for role in roles {
      let own = rows.enumerated().filter { $0.element.role == role }
      let series = role.series
      // What has not been observed of a window is dotted.
      let parts = own.map { index, row in
        (Double(index), Double(row.date.days), Double(row.windowEnd.days))
      }
      marks += [
        .segments(parts.map { .init(y: $0, from: $1, to: min($2, max(end, $1))) }, series),
        .segments(
          parts.filter { $2 > end }.map { .init(y: $0, from: max(end, $1), to: $2) },
          Series(series.name, series.color, dash: .dotted)),
        .points(
          own.map { index, row in
            .init(
              Double(row.date.days), Double(index),
              "\(row.date), \(role.rawValue), window to \(row.windowEnd)")
          }, series),
      ]
    }
    marks.append(.rule(end, .vertical, "data through \(dataThrough)", .reference()))
    return Chart(
      title: title,
      description:
        "\(rows.count.of("cutoff")) with their label windows"
        + (counts.isEmpty ? "" : ": \(counts.inWords("and"))") + ". Data through \(dataThrough).",
      legend: roles.map { LegendEntry($0.series, .segment) },
      plots: [
        Plot(
          x: Axis(.date(covering: days)),
          y: Axis(.band(rows.map(\.date.description)), "cutoff"),
          height: max(40, min(Double(rows.count) * 12, 720)), marks: marks)
      ])
  }

  package var numbers: Table {
    Table(
      [.text("cutoff"), .text("role"), .text("label window to"), .text("observed")],
      rows: rows.map { row in
        [
          row.date.description, row.role.rawValue, row.windowEnd.description,
          row.windowEnd <= dataThrough ? "yes" : "no",
        ]
      })
  }
}

extension Role {
  fileprivate var series: Series {
    switch self {
    case .train: Series(rawValue, .first, shape: .circle)
    case .calibrate: Series(rawValue, .second, shape: .square)
    case .test: Series(rawValue, .third, shape: .diamond)
    case .embargoed: Series(rawValue, .muted, dash: .dashed, shape: .ring)
    case .unused: Series(rawValue, .muted, dash: .mixed, shape: .square)
    case .immature: Series(rawValue, .fourth, shape: .triangle)
    }
  }
}
