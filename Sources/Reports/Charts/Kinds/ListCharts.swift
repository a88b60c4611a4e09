package import Diagnostics

/// The share of the positives that the top of the list captures, by its share of the list.
///
/// A curve is a mean over cutoffs, because nobody calls from the lists of two dates at once.
package struct GainChart: ChartKind {
  package var title = "Gain"
  package var curves: [Curve]
  /// The share of the list that can be worked on.
  package var capacity: Double?
  /// What the positives are called, such as `buyers`.
  package var noun: String

  package init(curves: [Curve], capacity: Double? = nil, noun: String = "positives") {
    (self.curves, self.capacity, self.noun) = (curves, capacity, noun)
  }

  package var chart: Chart {
    let capacity = capacity.flatMap(\.known)
    let random = Series.reference("at random")
    var marks: [Mark] = [.line([.init(0, 0), .init(1, 1)], random)]
    for (curve, series) in zip(curves, curves.series) { marks += curve.marks(series) }
    if let capacity { marks.append(.rule(capacity, .vertical, "capacity", .reference())) }
    let words = curves.compactMap { curve in
      curve.point(upTo: capacity ?? 0.1).map { point in
        "The first \(point.x.percent) of the list of \(curve.name) have \(point.y.value.percent) of "
          + "the \(noun)."
      }
    }
    return Chart(
      title: title, description: words.joined(separator: " "),
      legend: (curves.series + [random]).legend(.line),
      plots: [
        Plot(
          x: Axis(.linear(0, 1), "share of the list", .percent),
          y: Axis(.linear(0, 1), "share of the \(noun) captured", .percent), height: 320,
          marks: marks)
      ])
  }

  package var numbers: Table {
    Table(
      [.text("curve"), .number("share of the list"), .number("captured"), .text("interval")],
      rows: curves.rows(x: \.percent, y: \.percent))
  }
}

/// Lift by the length of the list.
package struct LiftChart: ChartKind {
  /// How lengths are given.
  package enum Length: Sendable {
    /// As shares of all rows.
    case share
    case rows

    fileprivate var name: String { self == .share ? "share of the list" : "rows on the list" }
    fileprivate var format: TickFormat { self == .share ? .percent : .plain }

    fileprivate func text(_ length: Double) -> String {
      self == .share ? length.percent : length.count
    }

    /// A list of this length, in a sentence.
    fileprivate func words(_ length: Double) -> String {
      self == .share ? "\(length.percent) of the list" : "\(length.count) rows"
    }
  }

  package var title = "Lift by the length of the list"
  package var curves: [Curve]
  package var length: Length

  package init(curves: [Curve], length: Length = .share) {
    (self.curves, self.length) = (curves, length)
  }

  package var chart: Chart {
    let random = Series.reference("random list")
    var marks: [Mark] = [.rule(1, .horizontal, "", random)]
    for (curve, series) in zip(curves, curves.series) {
      marks += [
        .line(curve.points.map { .init($0.x, $0.y.value) }, series),
        .whiskers(
          curve.points.map {
            .init(at: $0.x, $0.y, "\(curve.name), \(length.words($0.x)): \($0.y.words)")
          }, .vertical, series),
      ]
    }
    let words = curves.compactMap { curve in
      curve.points.first.map {
        "\(curve.name): lift \($0.y.words) at \(length.words($0.x))."
      }
    }
    return Chart(
      title: title, description: words.joined(separator: " "),
      legend: curves.series.map { LegendEntry($0, .marker) } + [LegendEntry(random, .line)],
      plots: [
        Plot(
          x: Axis(
            .log10(covering: curves.flatMap { $0.points.map(\.x) }), length.name, length.format),
          // Short lists have lifts many times those of long ones, and wide intervals.
          y: Axis(.log10(covering: curves.flatMap(\.values) + [1]), "lift"), marks: marks)
      ])
  }

  package var numbers: Table {
    Table(
      [.text("curve"), .number(length.name), .number("lift"), .text("interval")],
      rows: curves.rows(x: length.text, y: \.cell))
  }
}

/// Precision by recall, with the base rate, which a random list has. A curve is a step function: up to
/// the recall of a point, from that of the point before it, the precision is that of the point.
package struct PrecisionRecallChart: ChartKind {
  package var title = "Precision and recall"
  package var curves: [Curve]
  package var baseRate: Double

  package init(curves: [Curve], baseRate: Double) {
    (self.curves, self.baseRate) = (curves, baseRate)
  }

  package var chart: Chart {
    var marks: [Mark] = []
    for (curve, series) in zip(curves, curves.series) {
      let starts = [0] + curve.points.map(\.x)
      let steps = zip(starts, curve.points).map { Mark.Point($0, $1.y.value) }
      let end = curve.points.last.map { [Mark.Point($0.x, $0.y.value)] } ?? []
      marks += [
        .area(curve.points.map { .init($0.x, $0.y.low, $0.y.high) }, series.unnamed),
        .step(steps + end, series),
      ]
    }
    marks.append(
      .rule(baseRate, .horizontal, "base rate \(baseRate.percent)", .reference()))
    let words = curves.compactMap { curve in
      curve.point(upTo: 0.1).map { point in
        "At a recall of \(point.x.percent), \(curve.name) has a precision of "
          + "\(point.y.value.percent)."
      }
    }
    return Chart(
      title: title,
      description: (words + ["The base rate is \(baseRate.percent)."]).joined(separator: " "),
      legend: curves.series.legend(.line),
      plots: [
        Plot(
          x: Axis(.linear(0, 1), "recall", .percent),
          y: Axis(precision, "precision", .percent),
          marks: marks)
      ])
  }

  /// Of rare positives, the first few rows have a precision many times that of all others.
  private var precision: Scale {
    let values = curves.flatMap(\.values) + [0, baseRate]
    return baseRate < 0.1 ? .squareRoot(covering: values) : .linear(covering: values)
  }

  package var numbers: Table {
    Table(
      [.text("curve"), .number("recall"), .number("precision"), .text("interval")],
      rows: curves.rows(x: \.percent, y: \.percent))
  }
}
