package import Diagnostics

/// How often what the scores predict happens: the rates that isotonic regression finds on the test
/// rows, as a step function of the score, with the band in which a calibrated model's would be
/// (Dimitriadis, Gneiting, and Jordan, 2021).
///
/// Both axes are of log odds, because most scores of rare events are close to 0. A rate of 0 is at
/// the end of the axis.
package struct ReliabilityChart: ChartKind {
  /// A score is the sum of its parts: `score = miscalibration - discrimination + uncertainty`.
  package struct Decomposition: Sendable {
    package var name: String
    package var miscalibration: Double
    package var discrimination: Double
    package var uncertainty: Double
    package var score: Double

    /// - Parameter score: nil: the sum of the parts.
    package init(
      _ name: String, miscalibration: Double, discrimination: Double, uncertainty: Double,
      score: Double? = nil
    ) {
      self.name = name
      self.miscalibration = miscalibration
      self.discrimination = discrimination
      self.uncertainty = uncertainty
      self.score = score ?? miscalibration - discrimination + uncertainty
    }
  }

  /// The rate from a score up to the next one.
  package struct Step: Sendable {
    package var score: Double
    package var rate: Double

    package init(_ score: Double, _ rate: Double) { (self.score, self.rate) = (score, rate) }
  }

  /// The rates that a calibrated model may have at a score.
  package struct Band: Sendable {
    package var score: Double
    package var low: Double
    package var high: Double

    package init(_ score: Double, _ low: Double, _ high: Double) {
      (self.score, self.low, self.high) = (score, low, high)
    }
  }

  package var title = "Reliability"
  /// By ascending score; the last one ends the step before it.
  package var steps: [Step]
  package var band: [Band]
  /// The level of the band.
  package var level: Double
  package var bins: [ScoreBin]
  package var decompositions: [Decomposition]

  package init(
    steps: [Step], band: [Band] = [], level: Double = 0.9, bins: [ScoreBin] = [],
    decompositions: [Decomposition] = []
  ) {
    (self.steps, self.band, self.level) = (steps, band, level)
    (self.bins, self.decompositions) = (bins, decompositions)
  }

  package var chart: Chart {
    let rate = Series("observed rate")
    let expected = Series(
      "\(NumberText.level(level)) band of a calibrated model", .muted, dash: .dotted)
    let perfect = Series.reference("calibrated")
    let scale = Scale.logit(
      covering: steps.flatMap { [$0.score, $0.rate] } + band.map(\.score)
        + bins.flatMap { [$0.low, $0.high] })
    let diagram = Plot(
      x: Axis(scale, "score", .percent), y: Axis(scale, "observed rate", .percent), height: 320,
      marks: [
        .area(band.map { .init($0.score, $0.low, $0.high) }, expected),
        .line([.init(scale.low, scale.low), .init(scale.high, scale.high)], perfect),
        .step(steps.map { .init($0.score, $0.rate) }, rate),
      ])
    let histogram = bins.isEmpty ? [] : [bins.plot(scale, height: 80)]
    return Chart(
      title: title,
      description: (["Observed rate by score, a step function."]
        + decompositions.map { "\($0.words)." }).joined(separator: " "),
      legend: [
        LegendEntry(rate, .line), LegendEntry(perfect, .line), LegendEntry(expected, .area),
      ] + (bins.isEmpty ? [] : ScoreBin.legend),
      plots: [diagram] + histogram + decompositions.map(\.plot))
  }

  package var numbers: Table {
    let parts = decompositions.map { part in
      [
        part.name, part.score.cell, part.miscalibration.cell, part.discrimination.cell,
        part.uncertainty.cell,
      ]
    }
    let curve = Curve("", steps.map { .init($0.score, ChartEstimate($0.rate)) })
    let rates = curve.sample.map { ["rate from score \($0.x.cell)", $0.y.value.cell] }
    return Table(
      [
        .text("score"), .number("value"), .number("miscalibration (MCB)"),
        .number("discrimination (DSC)"), .number("uncertainty (UNC)"),
      ], rows: parts + rates.map { $0 + ["", "", ""] }, rule: parts.count)
  }
}

extension ReliabilityChart.Decomposition {
  fileprivate var words: String {
    "\(name) \(score.cell) = MCB \(miscalibration.cell) - DSC \(discrimination.cell) + UNC "
      + uncertainty.cell
  }

  /// Bars of the two parts that a model decides, each with its number.
  fileprivate var plot: Plot {
    let parts = [("MCB", miscalibration), ("DSC", discrimination)]
    let scale = Scale.linear(covering: [0] + parts.map(\.1), count: 4)
    return Plot(
      words, x: Axis(scale, isHidden: true),
      y: Axis(.band(["miscalibration (MCB)", "discrimination (DSC)"])), height: 44,
      marks: parts.enumerated().flatMap { index, part -> [Mark] in
        let at = Double(index)
        return [
          .boxes(
            [.init(x: (0, part.1), y: (at - 0.35, at + 0.35), tip: "\(part.0) \(part.1.cell)")],
            Series.number(index, part.0)),
          // Beside the bar, or within the bar where it ends at the right.
          .labels([
            part.1 * 2 > scale.high
              ? .init(0, at, "\u{A0}\(part.1.cell)") : .init(part.1, at, "\u{A0}\(part.1.cell)")
          ]),
        ]
      })
  }
}

/// The rows of each class with a score in a range.
package struct ScoreBin: Sendable {
  package var low: Double
  package var high: Double
  package var negatives: Double
  package var positives: Double

  package init(_ low: Double, _ high: Double, negatives: Double, positives: Double) {
    (self.low, self.high) = (low, high)
    (self.negatives, self.positives) = (negatives, positives)
  }

  fileprivate static let classes = (
    Series("negative rows", .second), Series("positive rows", .third)
  )

  static let legend = [
    LegendEntry(classes.0, .area), LegendEntry(classes.1, .line),
  ]
}

extension [ScoreBin] {
  /// Both classes on an axis of scores, each relative to its highest bin: areas and a line.
  func plot(_ scale: Scale, height: Double) -> Plot {
    let tops = (
      map(\.negatives).filter(\.isFinite).max() ?? 0, map(\.positives).filter(\.isFinite).max() ?? 0
    )
    func share(_ count: Double, _ top: Double) -> Double { top > 0 ? count / top : 0 }
    let negatives = map { bin in
      Mark.Box(
        x: (bin.low, bin.high), y: (0, share(bin.negatives, tops.0)),
        tip: "\(bin.low.percent) to \(bin.high.percent): \(bin.negatives.count) negative, "
          + "\(bin.positives.count) positive")
    }
    let positives = map { Mark.Point($0.low, share($0.positives, tops.1)) }
    let end = last.map { [Mark.Point($0.high, share($0.positives, tops.1)), .init($0.high, 0)] }
    return Plot(
      x: Axis(scale, "score", .percent),
      y: Axis(.linear(0, 1), "share of the highest bin of the class", .percent), height: height,
      marks: [
        .boxes(negatives, ScoreBin.classes.0),
        .step(positives + (end ?? []), ScoreBin.classes.1),
      ])
  }
}

/// The scores of the rows of both classes, on an axis of log odds.
package struct ScoresChart: ChartKind {
  package var title = "Scores by class"
  package var bins: [ScoreBin]

  package init(bins: [ScoreBin]) { self.bins = bins }

  package var chart: Chart {
    let (negatives, positives) = (
      bins.reduce(0) { $0 + ($1.negatives.known ?? 0) },
      bins.reduce(0) { $0 + ($1.positives.known ?? 0) }
    )
    return Chart(
      title: title,
      description:
        "Scores of \(negatives.count) negative and \(positives.count) positive rows, each class "
        + "relative to its highest bin.",
      legend: ScoreBin.legend,
      plots: [bins.plot(.logit(covering: bins.flatMap { [$0.low, $0.high] }), height: 180)])
  }

  package var numbers: Table {
    Table(
      [.text("score"), .number("negative rows"), .number("positive rows")],
      rows: bins.map { bin in
        ["\(bin.low.percent) to \(bin.high.percent)", bin.negatives.count, bin.positives.count]
      })
  }
}
