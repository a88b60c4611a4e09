public import Diagnostics
public import Evaluation
public import Spec

/// What became of a model's published lists.
public struct OutcomesReport: Sendable {
  /// A list whose label window is over.
  public struct List: Sendable {
    public let cutoff: CalendarDate
    /// The label window's last day.
    public let windowEnd: CalendarDate
    /// The runs whose model scored it.
    public let runIds: [String]
    public let figures: OutcomeMeasurement.Part
    /// Published rows whose key is no account of the data any more; they are in no figure.
    public let unmatched: Int
    /// Published rows of accounts that today's data would not have had in the cohort.
    public let departed: Int
    /// Those of them who bought in the label window.
    public let departedWins: Int
  }

  /// A list whose label window is not over.
  public struct Pending: Sendable {
    public let cutoff: CalendarDate
    /// The day that the data have to reach.
    public let matures: CalendarDate
    public let runIds: [String]
    public let rows: Int
  }

  /// A list of a model that had learned from what happened after the list's own cutoff, as a list that is
  /// made of a day long past mostly is. It is no evidence, and no figure has it.
  public struct Hindsight: Sendable {
    public let cutoff: CalendarDate
    public let runIds: [String]
    public let rows: Int
    /// The last day of which the model has learned what happened.
    public let learnedThrough: String
  }

  /// The published rows by the levels of a column.
  public struct Grouping: Sendable {
    public struct Level: Sendable {
      public let name: String
      public let figures: OutcomeMeasurement.Part
    }

    public let column: String
    /// Those with most rows first, then by name.
    public let levels: [Level]
  }

  public let name: String
  /// Where the lists were read.
  public let place: String
  /// What a win is: `customers.first_licence within 3 months`.
  public let question: String
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
  /// What is to be known beside the numbers, a sentence each.
  public let remarks: [String]
  /// Warnings that came up on the way.
  public let findings: [Finding]

  /// Whether all wins together are as many as the published scores make likely.
  public var isAsExpected: Bool { pooled.published.isAsExpected }
}

/// One published list whose label window is over: its rows with what became of them, and the accounts
/// that they were chosen from.
public struct OutcomeList: Sendable {
  /// The numbers of everybody who could have been listed, ascending: the cohort, and those on the list.
  public let population: [Int32]
  /// Those of the population who bought in the label window, ascending.
  public let buyers: [Int32]
  /// Each row's entity, in the order of the list; each is in the population, and stands here once.
  public let entities: [Int32]
  /// Each row's score as it was published.
  public let scores: [Double]
  /// Whether each row was within capacity; nil where the list does not say.
  public let selected: [Bool]?
  /// Each row's level in each grouping, as a number from 0 on; below 0 for none.
  public let groups: [[Int32]]

  /// Takes the columns as they are.
  /// - Precondition: columns of rows have one value per row.
  public init(
    population: [Int32], buyers: [Int32], entities: [Int32], scores: [Double],
    selected: [Bool]? = nil, groups: [[Int32]] = []
  ) {
    precondition(scores.count == entities.count, "one score is needed per row")
    precondition(selected.map { $0.count == entities.count } ?? true, "a row's flag is missing")
    precondition(groups.allSatisfy { $0.count == entities.count }, "a row's group is missing")
    self.population = population
    self.buyers = buyers
    self.entities = entities
    self.scores = scores
    self.selected = selected
    self.groups = groups
  }

  /// Each row's tenth of the list, from 0 on; tenths differ by one row at most.
  var tenths: [Int32] {
    entities.indices.map { Int32($0 * 10 / max(entities.count, 1)) }
  }
}

/// What became of some rows of published lists, beside what their scores had promised.
public struct OutcomeFigures: Sendable, Equatable {
  /// By name; what is undefined is absent:
  /// - `rows`, `accounts`, `wins`, `positive_entities` of the rows; an account that stands in several lists
  ///   is a row, and may be a win, in each
  /// - `expected_wins`: the sum of the scores; `observed_over_expected`
  /// - `precision`: wins per row; `base_rate`: wins per account in the cohorts of these lists; `lift`:
  ///   the one over the other
  /// - `capture`: the share of the wins in these cohorts that the rows hold
  /// - `brier`, `brier_skill`, `ece`, `calibration_intercept`, `calibration_slope` of the scores
  public let values: MetricValues
  /// The wins that are likely if the scores are right.
  public let expected: ClosedRange<Int>
  /// Bootstrap intervals of some of the values, by account.
  public let intervals: [String: Interval]
  /// Whether there are enough buyers to believe a rate.
  public let evidence: Evidence

  public var rows: Int { Int(values["rows"] ?? 0) }
  public var wins: Int { Int(values["wins"] ?? 0) }

  /// Whether the wins are as many as the scores make likely.
  public var isAsExpected: Bool { expected.contains(wins) }
}

/// How outcomes are measured.
public struct OutcomeOptions: Sendable {
  /// nil: no bootstrap intervals.
  public var bootstrap: BootstrapOptions?
  /// The coverage of intervals, of the bootstrap's and of those of expected wins.
  public var level: Double
  /// How many distinct buyers rows need before their rates count as evidence.
  public var minimumPositives: Int

  public init(bootstrap: BootstrapOptions?, level: Double = 0.95, minimumPositives: Int = 20) {
    self.bootstrap = bootstrap
    self.level = level
    self.minimumPositives = minimumPositives
  }
}
