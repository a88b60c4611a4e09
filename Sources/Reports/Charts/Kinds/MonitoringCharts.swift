package import Diagnostics
package import Spec

/// The drift of features: a line per feature over the weeks, on a scale of its own.
package struct DriftChart: ChartKind {
  package struct Feature: Sendable {
    package var name: String
    /// The distance of each week from the training rows.
    package var distances: [Double]
    /// The distance above which a week is unusual; not finite if there is none.
    package var threshold: Double
    /// The indices of the weeks with an alarm.
    package var alarms: [Int]

    package init(
      _ name: String, _ distances: [Double], threshold: Double = .nan, alarms: [Int] = []
    ) {
      (self.name, self.distances) = (name, distances)
      (self.threshold, self.alarms) = (threshold, alarms)
    }
  }

  package var title = "Drift of features"
  /// In the order to show them: those with alarms first.
  package var features: [Feature]

  package init(features: [Feature]) { self.features = features }

  package var chart: Chart {
    let alarms = features.count { !$0.alarms.isEmpty }
    let (line, alarm) = (
      Series("distance of the week"), Series("alarm", .second, shape: .diamond)
    )
    return Chart(
      title: title,
      description: "\(features.count.of("feature")), \(alarms.grouped) with an alarm.",
      legend: [
        LegendEntry(line, .line), LegendEntry(alarm, .marker),
        LegendEntry(.reference("threshold"), .line),
      ],
      columns: 3,
      plots: features.map { feature in
        let weeks = feature.distances.indices
        let count = feature.alarms.count
        return Plot(
          feature.name + (count > 0 ? ": \(count.of("alarm"))" : ""),
          x: Axis(.linear(0, Double(max(weeks.count - 1, 1))), isHidden: true),
          y: Axis(
            .linear(covering: feature.distances + [0, feature.threshold]), isHidden: true),
          height: 30,
          marks: [
            .rule(feature.threshold, .horizontal, "", .reference("threshold")),
            .line(weeks.map { .init(Double($0), feature.distances[$0]) }, line.unnamed),
            .points(
              feature.alarms.filter(weeks.contains).map { week in
                .init(
                  Double(week), feature.distances[week],
                  "alarm in week \(week + 1): \(feature.distances[week].cell)")
              }, alarm),
          ])
      })
  }

  package var numbers: Table {
    Table(
      [
        .text("feature"), .number("last week"), .number("greatest"), .number("threshold"),
        .number("alarms"), .text("weeks with an alarm"),
      ],
      rows: features.map { feature in
        [
          feature.name, (feature.distances.last ?? .nan).cell,
          (feature.distances.filter(\.isFinite).max() ?? .nan).cell, feature.threshold.cell,
          "\(feature.alarms.count)", feature.alarms.map { "\($0 + 1)" }.joined(separator: ", "),
        ]
      })
  }
}

/// The share of the final wins that are known some days after the cutoff, by band of scores.
package struct MaturationChart: ChartKind {
  package var title = "Wins known by days since the cutoff"
  package var curves: [Curve]
  /// The days of the label window.
  package var horizon: Double?

  package init(curves: [Curve], horizon: Double? = nil) {
    (self.curves, self.horizon) = (curves, horizon)
  }

  package var chart: Chart {
    var marks: [Mark] = []
    for (curve, series) in zip(curves, curves.series) { marks += curve.marks(series) }
    if let horizon { marks.append(.rule(horizon, .vertical, "end of the window", .reference())) }
    let days: [Double] = curves.flatMap { $0.points.map(\.x) } + [0, horizon ?? .nan]
    let words = curves.compactMap { curve in
      curve.points.first { $0.y.value >= 0.5 }.map {
        "Half of the wins of \(curve.name) are known after \($0.x.count) days."
      }
    }
    return Chart(
      title: title,
      description: words.isEmpty ? "\(curves.count.of("curve"))." : words.joined(separator: " "),
      legend: curves.series.legend(.line),
      plots: [
        Plot(
          x: Axis(.linear(covering: days), "days since the cutoff"),
          y: Axis(.linear(0, 1), "share of the final wins", .percent), marks: marks)
      ])
  }

  package var numbers: Table {
    Table(
      [.text("scores"), .number("days"), .number("share of the wins"), .text("interval")],
      rows: curves.rows(x: \.count, y: \.percent))
  }
}

/// Early labels: the wins of each week beside those expected, and the evidence that they differ.
///
/// The evidence is that of an e-detector: if the scores are right, it exceeds a threshold at most
/// once in that many weeks, on average (Shin, Ramdas, and Rinaldo, 2024).
package struct EarlyLabelsChart: ChartKind {
  package struct Week: Sendable {
    package var date: CalendarDate
    package var observed: Double
    /// The wins expected, with the interval in which a calibrated model's would be.
    package var expected: ChartEstimate
    package var evidence: Double

    package init(
      _ date: CalendarDate, observed: Double, expected: ChartEstimate, evidence: Double
    ) {
      (self.date, self.observed) = (date, observed)
      (self.expected, self.evidence) = (expected, evidence)
    }
  }

  package var title = "Early labels"
  package var weeks: [Week]
  package var threshold: Double

  package init(weeks: [Week], threshold: Double) {
    (self.weeks, self.threshold) = (weeks, threshold)
  }

  package var chart: Chart {
    let scale = Scale.date(covering: weeks.map(\.date.days))
    let days = weeks.map { Double($0.date.days) }
    let (observed, expected) = (
      Series("observed wins"), Series("expected wins, with interval", .muted, dash: .dashed)
    )
    let evidence = Series("e-value", .second, dash: .mixed, shape: .square)
    let reached = weeks.first { $0.evidence >= threshold }
    return Chart(
      title: title,
      description: "\(weeks.count.of("week")) of observed and expected wins. The e-value "
        + (reached.map { "exceeds its threshold from \($0.date)." }
          ?? "stays below its threshold."),
      legend: [
        LegendEntry(observed, .line), LegendEntry(expected, .line), LegendEntry(evidence, .line),
      ],
      plots: [
        Plot(
          x: Axis(scale),
          y: Axis(
            .linear(covering: [0] + weeks.flatMap { $0.expected.all + [$0.observed] }), "wins"),
          height: 180,
          marks: [
            .area(
              zip(days, weeks).map { .init($0, $1.expected.low, $1.expected.high) },
              expected.unnamed),
            .line(zip(days, weeks).map { .init($0, $1.expected.value) }, expected),
            .line(zip(days, weeks).map { .init($0, $1.observed) }, observed),
            .points(
              zip(days, weeks).map { day, week in
                .init(
                  day, week.observed,
                  "\(week.date): \(week.observed.count) wins, \(week.expected.words) expected")
              }, observed),
          ]),
        Plot(
          x: Axis(scale),
          y: Axis(.log10(covering: weeks.map(\.evidence) + [1, threshold]), "e-value"),
          height: 110,
          marks: [
            .line(zip(days, weeks).map { .init($0, $1.evidence) }, evidence),
            .points(
              zip(days, weeks).map { day, week in
                .init(day, week.evidence, "\(week.date): e-value \(week.evidence.cell)")
              }, evidence),
            .rule(threshold, .horizontal, "threshold \(threshold.cell)", .reference()),
          ]),
      ])
  }

  package var numbers: Table {
    Table(
      [
        .text("week"), .number("observed wins"), .number("expected"), .text("interval"),
        .number("e-value"),
      ],
      rows: weeks.map { week in
        [
          week.date.description, week.observed.count, week.expected.value.cell,
          week.expected.interval(), week.evidence.cell,
        ]
      })
  }
}
