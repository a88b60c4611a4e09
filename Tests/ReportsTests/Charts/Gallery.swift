import Diagnostics
import HoldoutTestSupport
import Panel
import Randomness
import Reports
import Spec
import Testing

/// Every kind of chart on made-up data: as it should look, and on data that break careless drawings.
enum Gallery {
  struct Entry: Sendable, CustomTestStringConvertible {
    let name: String
    let kind: any ChartKind
    let caption: String

    init(_ name: String, _ kind: any ChartKind, _ caption: String) {
      (self.name, self.kind, self.caption) = (name, kind, caption)
    }

    var testDescription: String { name }
    var figure: Figure { Figure(kind, caption: caption) }
  }

  static let all = kinds + oddities

  /// docs/charts.html.
  static var page: Page {
    func sections(_ entries: [Entry], level: Int) -> [Page.Block] {
      entries.flatMap { entry -> [Page.Block] in
        [.heading(entry.name, level: level), .figure(entry.figure)]
      }
    }
    return Page(
      [
        .heading("The charts of Holdout's reports", level: 1),
        .paragraph(
          "All data on this page are made up. Every chart is SVG with its numbers in a table; the "
            + "page needs no script and makes no request."),
      ] + sections(kinds, level: 2) + [.heading("Odd cases", level: 2)]
        + sections(oddities, level: 3))
  }

  // MARK: - Data

  /// The last day of a month, counted from January 2022.
  private static func month(_ index: Int) -> CalendarDate {
    let (year, month) = (2022 + index / 12, index % 12 + 1)
    return CalendarDate(
      year: year, month: month, day: CalendarDate.lengthOfMonth(month, year: year))
      ?? CalendarDate(days: 0)
  }

  private static func week(_ index: Int) -> CalendarDate { CalendarDate(days: 20_000 + index * 7) }

  private static func estimate(_ value: Double, _ half: Double) -> ChartEstimate {
    ChartEstimate(value, value - half, value + half)
  }

  /// Numbers that look drawn from a normal distribution, made without a logarithm.
  private static func bell(_ random: inout SplitMix64) -> Double {
    (0..<4).reduce(-2) { sum, _ in sum + random.uniform() } * 1.7
  }

  private static func curve(_ name: String, bend: Double, width: Double) -> Curve {
    Curve(
      name,
      (0...50).map { index in
        let x = Double(index) / 50
        let y = (1 + bend) * x / (x + bend)
        let half = width * x * (1 - x)
        return .init(x, ChartEstimate(y, max(0, y - half), min(1, y + half)))
      })
  }

  static let kinds: [Entry] = [
    Entry("Timeline", timeline, "Each line is a cutoff with its label window."),
    Entry("Metrics", metrics, "Values with 95 % intervals; the baselines have the same rows."),
    Entry(
      "Differences",
      DifferencesChart(
        rows: [
          .init("deep trees", estimate(0.0148, 0.0111)),
          .init("no events", estimate(-0.021, 0.009)),
          .init("more rounds", estimate(0.0011, 0.0042)),
        ], smallestEffect: 0.005),
      "Paired differences in ROC AUC with 95 % intervals."),
    Entry(
      "Gain",
      GainChart(
        curves: [
          curve("model", bend: 0.12, width: 0.22), curve("champion", bend: 0.2, width: 0.2),
        ], capacity: 0.1),
      "The mean over the test cutoffs, with 95 % intervals."),
    Entry(
      "Lift",
      LiftChart(curves: [
        Curve(
          "model",
          [(10, 14.0), (50, 11), (100, 9.2), (200, 7.1), (500, 4.9), (1000, 3.4)].map {
            .init($0, estimate($1, $1 * 0.25))
          })
      ]), "Lift of the first rows of the list."),
    Entry("Precision and recall", precision, "The pooled rows of the test cutoffs."),
    Entry("Reliability", reliability, "Between the dotted ends a calibrated model would be."),
    Entry("Scores by class", ScoresChart(bins: bins), "Each class relative to its highest bin."),
    Entry("Stability", cutoffs, "With 95 % intervals; there are no wins at one cutoff."),
    Entry("Segments", segments(18), "By territory, with 95 % intervals."),
    Entry("Importance", importance(20), "Permuted within each cutoff, by account."),
    Entry("SHAP values", beeswarm, "100 rows of the test cutoffs."),
    Entry("Dependence", dependence, "The same rows."),
    Entry("Sweep", sweep, "By ROC AUC."),
    Entry("Trials", trials, "A search for better parameters."),
    Entry("Importance over members", heatMap, "Shares of the gain."),
    Entry("Bounds", bounds, "A check passes if the entire interval is in the shaded range."),
    Entry("Wins", wins(6), "The wins of each list, and the interval that its scores expected."),
    Entry("Drift", drift(24), "Each feature on its own scale."),
    Entry("Maturation", maturation, "Of past cutoffs, by score."),
    Entry("Early labels", earlyLabels, "By week since the model was promoted."),
  ]

  // MARK: - Kinds

  private static let timeline: TimelineChart = {
    let roles =
      Array(repeating: Role.train, count: 24) + Array(repeating: .embargoed, count: 5)
      + Array(repeating: .calibrate, count: 3) + Array(repeating: .embargoed, count: 5)
      + Array(repeating: .test, count: 3) + Array(repeating: .immature, count: 5)
    return TimelineChart(
      rows: roles.enumerated().map { .init(month($0), $1, windowEnd: month($0 + 6)) },
      dataThrough: month(45))
  }()

  private static let metrics = MetricsChart(
    entries: ["model", "one feature", "prior", "champion"],
    metrics: [
      .init(
        "roc_auc",
        [estimate(0.8096, 0.039), estimate(0.7721, 0.041), .init(0.5), estimate(0.801, 0.04)]),
      .init(
        "pr_auc",
        [
          estimate(0.062, 0.021), estimate(0.041, 0.014), estimate(0.0077, 0.0011),
          estimate(0.057, 0.02),
        ]),
      .init(
        "log_loss",
        [
          estimate(0.0404, 0.005), estimate(0.0421, 0.005), estimate(0.0451, 0.006),
          estimate(0.0408, 0.005),
        ]),
      .init(
        "observed_over_expected", [estimate(1.04, 0.14), .init(.nan), .init(1), estimate(1.3, 0.2)]
      ),
    ])

  private static let precision = PrecisionRecallChart(
    curves: [
      Curve(
        "model",
        (1...40).map { index in
          let recall = Double(index) / 40
          return .init(recall, estimate(0.0077 + 0.25 * (1 - recall) * (1 - recall), 0.004))
        })
    ], baseRate: 0.0077)

  private static let bins: [ScoreBin] = (0..<14).map { index in
    // Each bin is 1.6 times as wide as the bin below.
    let low = 0.0005 * (0..<index).reduce(1.0) { product, _ in product * 1.6 }
    let (high, center) = (low * 1.6, Double(index - 4))
    return ScoreBin(
      low, min(high, 0.5), negatives: 9_000 / (1 + center * center),
      positives: 40 / (1 + (center - 4) * (center - 4)))
  }

  private static let reliability = ReliabilityChart(
    steps: [
      .init(0.0005, 0), .init(0.0012, 0.0011), .init(0.003, 0.0034), .init(0.008, 0.0061),
      .init(0.02, 0.024), .init(0.06, 0.083), .init(0.2, 0.17), .init(0.4, 0.17),
    ],
    band: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4].map {
      .init($0, $0 * 0.6, $0 * 1.5)
    }, bins: bins,
    decompositions: [
      .init(
        "Brier score", miscalibration: 0.000009, discrimination: 0.000147, uncertainty: 0.007631),
      .init("log score", miscalibration: 0.00128, discrimination: 0.00598, uncertainty: 0.04509),
    ])

  private static let cutoffs = CutoffsChart(
    metrics: [("roc_auc", 0.8, 0.05), ("observed_over_expected", 1.0, 0.2)].map {
      name, value, half in
      var random = SplitMix64(seed: 5)
      return .init(
        name,
        (0..<12).map { index in
          let noise = bell(&random) * half / 3
          return .init(
            month(30 + index), index == 7 ? .init(.nan) : estimate(value + noise, half))
        }, pooled: value)
    })

  private static func segments(_ count: Int) -> SegmentsChart {
    var random = SplitMix64(seed: 7)
    let levels = (0..<count).map { index in
      let rows = 12_000 / (index + 2)
      let half = 0.25 + Double(index) * 0.03
      return SegmentsChart.Level(
        "territory \(index + 1)", rows: rows, buyers: rows / 140,
        ratio: estimate(1 + bell(&random) * 0.2, half),
        auc: estimate(0.8 + bell(&random) * 0.02, min(half / 5, 0.19)))
    }
    return SegmentsChart(
      column: "territory", levels: levels, pooledRatio: 1.04, pooledAUC: 0.8096, leastBuyers: 20)
  }

  private static func importance(_ count: Int) -> ImportanceChart {
    ImportanceChart(
      features: (0..<count).map { index in
        let gain = 0.3 / Double((index + 1) * (index + 1)) + 0.01
        return .init(
          "feature_\(index + 1)", gain: gain, permutation: estimate(gain * 0.02, gain * 0.008))
      })
  }

  private static let beeswarm: BeeswarmChart = {
    var random = SplitMix64(seed: 11)
    return BeeswarmChart(
      features: (0..<20).map { index in
        let size = 1.6 / Double(index + 1)
        return .init(
          "feature_\(index + 1)",
          (0..<100).map { _ in
            guard !random.chance(8) else { return .init(-0.2 * size, rank: nil) }
            let rank = random.uniform()
            let direction = index % 3 == 1 ? -1.0 : 1
            return .init(
              size * (direction * (rank - 0.5) * 1.6 + bell(&random) * 0.25), rank: rank)
          })
      })
  }()

  private static let dependence: DependenceChart = {
    var random = SplitMix64(seed: 13)
    let days = (0..<150).map { index -> DependenceChart.Point in
      let value = random.uniform() * 400
      return index % 12 == 0
        ? .init(nil, -0.2) : .init(value, 1.2 - value / 200 + bell(&random) * 0.15)
    }
    let visits = (0..<150).map { _ -> DependenceChart.Point in
      let value = Double(random.below(12))
      return .init(value, value / 12 - 0.4 + bell(&random) * 0.1)
    }
    let industries = (0..<150).map { _ -> DependenceChart.Point in
      let level = random.below(4)
      return .init(Double(level), [0.5, -0.3, 0.1, 0][level] + bell(&random) * 0.1)
    }
    return DependenceChart(features: [
      .init("days_since_visit", days), .init("visits", visits),
      .init("industry", levels: ["machinery", "retail", "medical", "other"], industries),
    ])
  }()

  private static let sweep = SweepChart(
    members: (1...8).map { "solidworks@num_leaves=\($0 * 4)" },
    columns: [
      .init("num_leaves", numbers: (1...8).map { .init(Double($0 * 4)) }),
      .init("boosting", texts: (1...8).map { $0 % 3 == 0 ? "goss" : "gbdt" }),
      .init("roc_auc", numbers: (1...8).map { estimate(0.81 - Double($0) * 0.004, 0.03) }),
      .init("log_loss", numbers: (1...8).map { estimate(0.04 + Double($0) * 0.0004, 0.004) }),
    ])

  private static let trials = TrialsChart(
    losses: (0..<30).map { trial -> Double in
      if trial == 5 { return 0.31 }
      let noise = 0.0004 * Double(trial * 7 % 11)
      return 0.032 + noise / Double(1 + trial / 4)
    }, chosen: 23)

  private static let heatMap = HeatMapChart(
    title: "Importance of features over the members of the sweep",
    rows: (1...10).map { "feature_\($0)" }, columns: (1...8).map { "num_leaves=\($0 * 4)" },
    values: (1...10).map { row in
      (1...8).map { column -> Double in
        if row == 4, column == 3 { return .nan }
        let noise = Double((row * column) % 7)
        return 0.4 / Double(row) + 0.01 * noise
      }
    })

  private static let bounds = BoundsChart(rows: [
    .init("minimum.roc_auc", estimate(0.81, 0.02), limit: 0.75, isMinimum: true, .pass),
    .init("maximum.ece", estimate(0.012, 0.004), limit: 0.01, isMinimum: false, .inconclusive),
    .init("better_than.prior", estimate(-0.01, 0.004), limit: 0, isMinimum: true, .fail),
  ])

  private static func wins(_ count: Int) -> WinsChart {
    WinsChart(
      title: "Wins by list",
      rows: (0..<count).map { index in
        let expected = 40 + Double(index % 7)
        return .init(
          week(index).description, observed: expected + (index == 2 ? 15 : Double(index % 5) - 2),
          expected: estimate(expected, 11))
      })
  }

  private static func drift(_ count: Int) -> DriftChart {
    var random = SplitMix64(seed: 17)
    return DriftChart(
      features: (0..<count).map { index in
        var distances = (0..<26).map { _ in 0.05 + 0.04 * random.uniform() }
        if index < 3 { for week in 20..<26 { distances[week] += 0.02 * Double(week - 18) } }
        if index == 4 { distances[10] = .nan }
        return .init(
          "feature_\(index + 1)", distances, threshold: 0.12,
          alarms: index < 3 ? [23, 24, 25] : [])
      })
  }

  private static let maturation = MaturationChart(
    curves: [("highest tenth", 40.0), ("second tenth", 60), ("others", 80)].map { name, half in
      Curve(
        name,
        (0...26).map { index in
          let days = Double(index * 7)
          let share = days / (days + half) * (182 + half) / 182
          return .init(days, ChartEstimate(share, share * 0.92, min(1, share * 1.08)))
        })
    }, horizon: 182)

  private static let earlyLabels = EarlyLabelsChart(
    weeks: (0..<20).map { index in
      let expected = 4 + Double(index) * 0.5
      return .init(
        week(index), observed: (expected * (index < 9 ? 1 : 0.5)).rounded(),
        expected: estimate(expected, 5),
        evidence: index < 9 ? 1 - Double(index) * 0.05 : 0.6 * Double((index - 8) * (index - 8)))
    }, threshold: 20)

  // MARK: - Odd cases

  /// Names that end an element, an attribute, or a line, change the direction, or are too long.
  static let names = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "]]></title></svg>&amp;",
    "شركة النور 123", "חברת אבג (בע״מ)", "12 עולם; 3 x", "東京支店", "a\u{1B}[31m\u{202E}b\nc",
    String(repeating: "a very long name ", count: 12), "", "👩‍👩‍👧 e\u{301}",
  ]

  static let oddities: [Entry] =
    [
      Entry(
        "Names that end an element, in two directions",
        SegmentsChart(
          column: "name",
          levels: names.enumerated().map { index, name in
            .init(
              name, rows: 100 - index, buyers: index, ratio: estimate(1, 0.3),
              auc: estimate(0.7, 0.1))
          }, pooledRatio: 1), "A name is text wherever it occurs: `<b>` שלום 12."),
      Entry(
        "300 levels", segments(300), "The largest are drawn, with a count of the others."),
      Entry("300 features", importance(300), ""), Entry("300 lists", wins(300), ""),
      Entry(
        "Two runs at one cutoff",
        CutoffsChart(metrics: [
          .init("roc_auc", of: names[0], [.init(month(0), estimate(0.8, 0.1))]),
          .init("roc_auc", of: names[3], [.init(month(0), estimate(0.7, 0.1))]),
        ]), "The runs are beside each other."),
      Entry(
        "One point",
        LiftChart(curves: [Curve("model", [.init(100, estimate(3, 1))])]), ""),
      Entry(
        "Equal values",
        CutoffsChart(metrics: [
          .init("constant", (0..<3).map { .init(month($0), estimate(0.5, 0)) }, pooled: 0.5),
          .init("zero", (0..<3).map { .init(month($0), estimate(0, 0)) }, pooled: 0),
        ]), ""),
      Entry(
        "Gaps",
        GainChart(curves: [
          Curve(
            "model",
            (0...20).map { index in
              let x = Double(index) / 20
              return .init(x, index % 5 == 3 ? .init(.nan) : estimate(x, 0.02))
            }),
          Curve(
            "infinite", [.init(0, .init(0)), .init(0.5, .init(.infinity)), .init(1, .init(1))]),
        ]), "A number that is not known is a gap."),
      Entry(
        "Two cutoffs",
        TimelineChart(
          rows: [
            .init(month(0), .train, windowEnd: month(6)),
            .init(month(6), .test, windowEnd: month(12)),
          ], dataThrough: month(12)), ""),
      Entry(
        "One class",
        ReliabilityChart(
          steps: [.init(0.1, 0), .init(0.9, 0)],
          bins: [
            .init(0, 0.5, negatives: 10, positives: 0), .init(0.5, 1, negatives: 5, positives: 0),
          ],
          decompositions: [
            .init("Brier score", miscalibration: 0, discrimination: 0, uncertainty: 0)
          ]), "A rate of 0 is at the end of the axis."),
      Entry(
        "Values far apart",
        MetricsChart(
          entries: ["small", "large"],
          metrics: [
            .init("tiny", [estimate(1e-9, 1e-10), estimate(3e-9, 1e-10)]),
            .init("huge", [estimate(1e12, 1e9), estimate(4e12, 1e9)]),
            .init("both", [estimate(-1e-6, 1e-7), estimate(1e15, 1)]),
          ]), ""),
    ] + empty.map { Entry("No data: \($0.chart.title)", $0, "") }

  /// Every kind without data.
  private static let empty: [any ChartKind] = [
    TimelineChart(rows: [], dataThrough: month(0)), MetricsChart(entries: [], metrics: []),
    DifferencesChart(rows: []), GainChart(curves: []), LiftChart(curves: []),
    PrecisionRecallChart(curves: [], baseRate: .nan), ReliabilityChart(steps: []),
    ScoresChart(bins: []), CutoffsChart(metrics: []), SegmentsChart(column: "empty", levels: []),
    ImportanceChart(features: []), BeeswarmChart(features: []), DependenceChart(features: []),
    SweepChart(members: [], columns: []), TrialsChart(losses: []),
    HeatMapChart(title: "Heat map", rows: [], columns: [], values: []), BoundsChart(rows: []),
    WinsChart(rows: []),
    DriftChart(features: []), MaturationChart(curves: []),
    EarlyLabelsChart(weeks: [], threshold: 20),
  ]
}
