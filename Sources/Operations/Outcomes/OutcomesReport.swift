public import Diagnostics
public import Evaluation
public import Spec

/// The outcomes of a model's published lists.
public struct OutcomesReport: Sendable {
  /// A list whose label window has ended.
  public struct List: Sendable {
    public let cutoff: CalendarDate
    /// The label window's last day.
    public let windowEnd: CalendarDate
    /// The runs whose models scored it.
    public let runIds: [String]
    public let figures: OutcomeMeasurement.Part
    /// Published rows whose key is no longer in the data; no figure includes them.
    public let unmatched: Int
    /// Published rows of accounts that are not in the cohort by today's data.
    public let departed: Int
    /// The number of those accounts' rows with a win in the label window.
    public let departedWins: Int
    /// Published rows of accounts for which a conditional label has no value; no figure includes them.
    /// Nil if the label is not conditional.
    public let excluded: Int?

    package init(
      cutoff: CalendarDate, windowEnd: CalendarDate, runIds: [String],
      figures: OutcomeMeasurement.Part, unmatched: Int = 0, departed: Int = 0,
      departedWins: Int = 0, excluded: Int? = nil
    ) {
      (self.cutoff, self.windowEnd, self.runIds) = (cutoff, windowEnd, runIds)
      (self.figures, self.unmatched) = (figures, unmatched)
      (self.departed, self.departedWins) = (departed, departedWins)
      self.excluded = excluded
    }
  }

  /// A list whose label window has not ended.
  public struct Pending: Sendable {
    public let cutoff: CalendarDate
    /// The day that the data must reach.
    public let matures: CalendarDate
    public let runIds: [String]
    public let rows: Int
    /// nil if it was not asked for, or is not known.
    public let soFar: SoFar?
  }

  /// The purchases of a list whose window is open.
  public struct SoFar: Sendable, Equatable {
    /// The last day whose purchases are settled.
    public let through: CalendarDate
    public let observed: Int
    /// Those that the published scores expect by then.
    public let expected: Double
  }

  /// A list whose model was trained on events after the list's own cutoff, which is typical of a
  /// list made for a day long past. It is no evidence, and no figure includes it.
  public struct Hindsight: Sendable {
    public let cutoff: CalendarDate
    public let runIds: [String]
    public let rows: Int
    /// The last day whose events the model was trained on.
    public let learnedThrough: String
  }

  /// The published rows by the levels of one column.
  public struct Grouping: Sendable {
    public struct Level: Sendable {
      public let name: String
      public let figures: OutcomeMeasurement.Part
    }

    public let column: String
    /// By decreasing number of rows, then by name.
    public let levels: [Level]
  }

  public let name: String
  /// Where the lists were read from.
  public let place: String
  /// The definition of a win: `customers.first_licence within 3 months`.
  public let question: String
  /// What people call a positive entity.
  public let noun: PositiveNoun
  public let dataThrough: CalendarDate
  public let options: OutcomeOptions
  public let pooled: OutcomeMeasurement.Part
  /// Oldest first.
  public let lists: [List]
  public let pending: [Pending]
  public let hindsight: [Hindsight]
  /// By tenth of the list, best first.
  public let tenths: [OutcomeFigures]
  public let groupings: [Grouping]
  /// What the work on the lists caused; nil if no mature list has a hold-back.
  public let holdBack: HoldBackMeasurement?
  /// The spec that has changed since the promotion, so that the promoted one is used; nil if none
  /// has.
  public let changedSpec: String?
  /// The columns to group by that the lists do not have.
  public let missingGroups: [String]
  /// The last day that the user has asked for, if the spec allows less of the label's source.
  public let askedThrough: CalendarDate?
  /// Warnings from the measurement.
  public let findings: [Finding]

  package init(
    name: String, place: String, question: String, noun: PositiveNoun, dataThrough: CalendarDate,
    options: OutcomeOptions, pooled: OutcomeMeasurement.Part, lists: [List],
    pending: [Pending] = [], hindsight: [Hindsight] = [], tenths: [OutcomeFigures] = [],
    groupings: [Grouping] = [], holdBack: HoldBackMeasurement? = nil,
    changedSpec: String? = nil, missingGroups: [String] = [], askedThrough: CalendarDate? = nil,
    findings: [Finding] = []
  ) {
    (self.name, self.place, self.question, self.noun) = (name, place, question, noun)
    (self.dataThrough, self.options, self.pooled) = (dataThrough, options, pooled)
    (self.lists, self.pending, self.hindsight) = (lists, pending, hindsight)
    (self.tenths, self.groupings) = (tenths, groupings)
    self.holdBack = holdBack
    self.changedSpec = changedSpec
    (self.missingGroups, self.askedThrough) = (missingGroups, askedThrough)
    self.findings = findings
  }

  /// Whether the total number of wins is within the range expected from the published scores.
  public var isAsExpected: Bool { pooled.published.isAsExpected }
}

/// A published list whose label window has ended: its rows with their outcomes, and the accounts
/// that they were chosen from.
public struct OutcomeList: Sendable {
  /// The numbers of all accounts that could have been listed, ascending: the cohort and the list's
  /// own.
  public let population: [Int32]
  /// The members of the population who bought in the label window, ascending.
  public let buyers: [Int32]
  /// Each row's entity, in the order of the list; distinct members of the population.
  public let entities: [Int32]
  /// Each row's published score.
  public let scores: [Double]
  /// Whether each row was within capacity; nil if the list does not say.
  public let selected: [Bool]?
  /// Each row's part in the comparison of a hold-back; nil if the list has none.
  public let marks: [HoldBackMark?]?
  /// Each row's level in each grouping, counted from 0; negative for none.
  public let groups: [[Int32]]

  /// Stores the columns unchanged.
  /// - Precondition: columns of rows have one value per row.
  public init(
    population: [Int32], buyers: [Int32], entities: [Int32], scores: [Double],
    selected: [Bool]? = nil, marks: [HoldBackMark?]? = nil, groups: [[Int32]] = []
  ) {
    precondition(scores.count == entities.count, "one score is needed per row")
    precondition(selected.map { $0.count == entities.count } ?? true, "a row's flag is missing")
    precondition(marks.map { $0.count == entities.count } ?? true, "a row's mark is missing")
    precondition(groups.allSatisfy { $0.count == entities.count }, "a row's group is missing")
    self.population = population
    self.buyers = buyers
    self.entities = entities
    self.scores = scores
    self.selected = selected
    self.marks = marks
    self.groups = groups
  }

  /// Each row's tenth of the list, from 0; the sizes of tenths differ by at most one row.
  var tenths: [Int32] {
    entities.indices.map { Int32($0 * 10 / max(entities.count, 1)) }
  }
}

/// The outcomes of some rows of published lists, compared with their scores.
public struct OutcomeFigures: Sendable, Equatable {
  /// By name; undefined values are absent:
  /// - `rows`, `accounts`, `wins`, `positive_entities` of the rows; an account in several lists is
  ///   a row, and may be a win, in each; with clusters, `positive_entities` counts clusters
  /// - `expected_wins`: the sum of the scores; `observed_over_expected`
  /// - `precision`: wins per row; `base_rate`: wins per account in the cohorts of these lists;
  ///   `lift`: precision / base rate
  /// - `capture`: the share of these cohorts' wins that are among the rows
  /// - `brier`, `brier_skill`, `ece`, `calibration_intercept`, `calibration_slope` of the scores
  public let values: MetricValues
  /// The range of likely wins if the scores are right.
  public let expected: ClosedRange<Int>
  /// Bootstrap intervals of some of the values, by account or cluster.
  public let intervals: [String: Interval]
  /// Whether there are enough buyers to trust a rate.
  public let evidence: Evidence

  public var rows: Int { Int(values["rows"] ?? 0) }
  public var wins: Int { Int(values["wins"] ?? 0) }

  /// Whether the number of wins is within the range expected from the scores.
  public var isAsExpected: Bool { expected.contains(wins) }
}

/// How outcomes are measured.
public struct OutcomeOptions: Sendable {
  /// nil for no bootstrap intervals.
  public var bootstrap: BootstrapOptions?
  /// The coverage of the bootstrap intervals and of the intervals of expected wins.
  public var level: Double
  /// The number of distinct positive entities that rows need before their rates count as evidence.
  public var minimumPositives: Int

  public init(bootstrap: BootstrapOptions?, level: Double = 0.95, minimumPositives: Int = 20) {
    self.bootstrap = bootstrap
    self.level = level
    self.minimumPositives = minimumPositives
  }
}
