internal import Diagnostics

/// A chart on a page, with its numbers as a table and a caption that says how to read it.
public struct Figure: Sendable {
  let chart: Chart
  let numbers: Table
  let caption: String

  /// A figure of one kind of chart.
  package init(_ kind: some ChartKind, caption: String = "") {
    (chart, numbers, self.caption) = (kind.chart, kind.numbers, caption)
  }

  var title: String { chart.title }
}
