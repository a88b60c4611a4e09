public import Diagnostics
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
