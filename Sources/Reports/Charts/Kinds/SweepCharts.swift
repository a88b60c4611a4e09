package import Diagnostics

/// The members of a sweep, one line each: what they differ in, and their metrics.
package struct SweepChart: ChartKind {
  package struct Column: Sendable {
    package enum Values: Sendable {
      case numbers([ChartEstimate])
      case texts([String])
    }

    package var name: String
    package var values: Values

    package init(_ name: String, numbers: [ChartEstimate]) {
      (self.name, values) = (name, .numbers(numbers))
    }

    package init(_ name: String, texts: [String]) {
      (self.name, values) = (name, .texts(texts))
    }
  }

  package var title = "Members of the sweep"
  /// In the order to show them, best first.
  package var members: [String]
  package var columns: [Column]

  /// The most members that are drawn.
  package static let limit = 40

  package init(members: [String], columns: [Column]) {
    (self.members, self.columns) = (members, columns)
  }

  private var rest: String? {
    let count = members.count - Self.limit
    return count > 0 ? "\(count.grouped) others not shown" : nil
  }

  package var chart: Chart {
    let names = members.prefix(Self.limit) + [rest].compactMap(\.self)
    let height = max(Double(names.count) * 18, 40)
    let plots = columns.enumerated().map { index, column in
      let y = Axis(.band(Array(names)), isHidden: index > 0)
      switch column.values {
      case .numbers(let estimates):
        let shown = estimates.prefix(Self.limit)
        return Plot(
          column.name, x: Axis(.linear(covering: shown.flatMap(\.all), count: 2)), y: y,
          height: height,
          marks: [
            .whiskers(
              zip(members, shown).enumerated().map { index, pair in
                .init(at: Double(index), pair.1, "\(pair.0): \(column.name) \(pair.1.words)")
              }, .horizontal, Series(column.name))
          ])
      case .texts(let texts):
        return Plot(
          column.name, x: Axis(.linear(0, 1), isHidden: true), y: y, height: height,
          marks: [
            .labels(
              texts.prefix(Self.limit).enumerated().map { index, text in
                .init(0, Double(index), text)
              })
          ])
      }
    }
    let first = members.first.map { " The first is \($0)." }
    return Chart(
      title: title, description: members.count.of("member") + "." + (first ?? ""),
      columns: max(columns.count, 1), plots: plots)
  }

  package var numbers: Table {
    Table(
      [.text("member")]
        + columns.map { column in
          if case .numbers = column.values { .number(column.name) } else { .text(column.name) }
        },
      rows: members.indices.map { row in
        [members[row]]
          + columns.map { column in
            switch column.values {
            case .numbers(let all): row < all.count ? all[row].value.cell : ""
            case .texts(let all): row < all.count ? all[row] : ""
            }
          }
      })
  }
}

/// Numbers of rows and columns as the strength of a color, such as the importance of features over
/// the members of a sweep.
package struct HeatMapChart: ChartKind {
  package var title: String
  package var rows: [String]
  package var columns: [String]
  /// By row and column.
  package var values: [[Double]]
  package var format: TickFormat
  /// What rows and columns are, in the singular.
  package var nouns = (row: "row", column: "column")
  /// The most rows and columns that are drawn, and that are in the table.
  package var rowLimit = 40
  package var columnLimit = 40

  package init(
    title: String, rows: [String], columns: [String], values: [[Double]],
    format: TickFormat = .percent
  ) {
    (self.title, self.rows, self.columns) = (title, rows, columns)
    (self.values, self.format) = (values, format)
  }

  private func text(_ value: Double) -> String {
    format == .percent ? value.percent : value.cell
  }

  private func left(_ names: [String], _ limit: Int, _ noun: String) -> String? {
    let count = names.count - limit
    return count > 0 ? "\(count.of("other \(noun)")) not shown" : nil
  }

  /// What is not shown of the rows and of the columns.
  private var rest: [String] {
    [left(rows, rowLimit, nouns.row), left(columns, columnLimit, nouns.column)]
      .compactMap(\.self)
  }

  package var chart: Chart {
    let (rows, columns) = (rows.prefix(rowLimit), columns.prefix(columnLimit))
    let finite = values.flatMap { $0 }.filter(\.isFinite)
    let (low, high) = (min(finite.min() ?? 0, 0), finite.max() ?? 1)
    let cells = zip(rows, values).enumerated().flatMap { row, pair in
      zip(columns, pair.1).enumerated().map { column, cell in
        Mark.Box(
          x: (Double(column) - 0.48, Double(column) + 0.48),
          y: (Double(row) - 0.46, Double(row) + 0.46),
          strength: high > low ? (cell.1 - low) / (high - low) : cell.1.isFinite ? 1 : .nan,
          label: text(cell.1), tip: "\(pair.0), \(cell.0): \(text(cell.1))")
      }
    }
    let extent = finite.isEmpty ? "" : " from \(text(finite.min() ?? 0)) to \(text(high))"
    return Chart(
      title: title,
      description:
        "\(self.rows.count.of(nouns.row)) by \(self.columns.count.of(nouns.column))\(extent)."
        + rest.map { " \($0)." }.joined(),
      legend: [LegendEntry(Series("stronger color: greater number", .first), .area)],
      plots: [
        Plot(
          x: Axis(.band(Array(columns)), rest.joined(separator: ", "), isAngled: true),
          y: Axis(.band(Array(rows))), height: max(Double(rows.count) * 20, 40),
          marks: [.cells(cells, Series("", .first))])
      ])
  }

  package var numbers: Table {
    Table(
      [.text("")] + columns.prefix(columnLimit).map { .number($0) },
      rows: zip(rows, values).prefix(rowLimit).map { row, values in
        [row] + values.prefix(columnLimit).map(text)
      } + rest.map { [$0] })
  }
}
