package import Diagnostics

/// The share of the wins that the top of the list captures, by its share of the list.
///
/// A curve is a mean over cutoffs, because nobody calls from the lists of two dates at once.
package struct GainChart: ChartKind {
  package var title = "Gain"
  package var curves: [Curve]
  /// The share of the list that can be worked on.
  package var capacity: Double?

  package init(curves: [Curve], capacity: Double? = nil) {
    (self.curves, self.capacity) = (curves, capacity)
  }

  package var chart: Chart {
    let capacity = capacity.flatMap(\.known)
    let random = Series.reference("at random")
    var marks: [Mark] = [.line([.init(0, 0), .init(1, 1)], random)]
    for (curve, series) in zip(curves, curves.series) { marks += curve.marks(series) }
    if let capacity { marks.append(.rule(capacity, .vertical, "capacity", .reference())) }
    let share = capacity ?? 0.1
    let words = curves.compactMap { curve in
      curve.value(upTo: share).map {
        "The first \(share.percent) of the list of \(curve.name) have \($0.percent) of the wins."
      }
    }
    return Chart(
      title: title, description: words.joined(separator: " "),
      legend: (curves.series + [random]).legend(.line),
      plots: [
        Plot(
          x: Axis(.linear(0, 1), "share of the list", .percent),
          y: Axis(.linear(0, 1), "share of the wins captured", .percent), height: 320,
          marks: marks)
      ])
  }

  package var numbers: Table {
    Table(
      [.text("curve"), .number("share of the list"), .number("captured"), .text("interval")],
      rows: curves.rows(x: \.percent, y: \.percent))
  }
}

/// Lift by the length of the list, as a share of all rows.
package struct LiftChart: ChartKind {
  package var title = "Lift by the length of the list"
  package var curves: [Curve]

  package init(curves: [Curve]) { self.curves = curves }

  package var chart: Chart {
    var marks: [Mark] = [.rule(1, .horizontal, "average of the list", .reference())]
    for (curve, series) in zip(curves, curves.series) {
      marks += [
        .line(curve.points.map { .init($0.x, $0.y.value) }, series),
        .whiskers(
          curve.points.map {
            .init(at: $0.x, $0.y, "\(curve.name), \($0.x.percent): \($0.y.words)")
          }, .vertical, series),
      ]
    }
    let words = curves.compactMap { curve in
      curve.points.first.map {
        "\(curve.name): lift \($0.y.words) at \($0.x.percent) of the list."
      }
    }
    return Chart(
      title: title, description: words.joined(separator: " "),
      legend: curves.series.legend(.marker),
      plots: [
        Plot(
          x: Axis(
            .log10(covering: curves.flatMap { $0.points.map(\.x) }), "share of the list", .percent),
          y: Axis(.linear(covering: curves.flatMap(\.values) + [0, 1]), "lift"), marks: marks)
      ])
  }

  package var numbers: Table {
    Table(
      [.text("curve"), .number("share of the list"), .number("lift"), .text("interval")],
      rows: curves.rows(x: \.percent, y: \.cell))
  }
}

/// Precision by recall, with the base rate, which a random list has.
package struct PrecisionRecallChart: ChartKind {
  package var title = "Precision and recall"
  package var curves: [Curve]
  package var baseRate: Double

  package init(curves: [Curve], baseRate: Double) {
    (self.curves, self.baseRate) = (curves, baseRate)
  }

  package var chart: Chart {
    var marks: [Mark] = []
    for (curve, series) in zip(curves, curves.series) { marks += curve.marks(series) }
    marks.append(
      .rule(baseRate, .horizontal, "base rate \(baseRate.percent)", .reference()))
    let words = curves.compactMap { curve in
      curve.value(upTo: 0.1).map {
        "At a recall of 10 %, \(curve.name) has a precision of \($0.percent)."
      }
    }
    return Chart(
      title: title,
      description: (words + ["The base rate is \(baseRate.percent)."]).joined(separator: " "),
      legend: curves.series.legend(.line),
      plots: [
        Plot(
          x: Axis(.linear(0, 1), "recall", .percent),
          y: Axis(
            .linear(covering: curves.flatMap(\.values) + [0, baseRate]), "precision", .percent),
          marks: marks)
      ])
  }

  package var numbers: Table {
    Table(
      [.text("curve"), .number("recall"), .number("precision"), .text("interval")],
      rows: curves.rows(x: \.percent, y: \.percent))
  }
}
