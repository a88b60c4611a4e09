public import Diagnostics
public import Evaluation
public import Spec

/// What a monitor found: four layers, of which the first and the third can raise an alarm, and the
/// second only about the expected wins.
///
/// - `inputs`: did something break, or move, since last week?
/// - `list`: what did it do to the list?
/// - `outcome`: are the scores still true, as far as purchases so far can tell?
/// - `estimate`: what may be expected of open lists?
public struct MonitorReport: Sendable {
  /// The champion's name.
  public let name: String
  /// The run that is in production.
  public let runId: String
  /// The definition of a win: `customers.first_licence within 3 months`.
  public let question: String
  /// What people call a positive entity.
  public let noun: PositiveNoun
  /// The last fully observed day.
  public let dataThrough: CalendarDate
  /// The days whose cohorts were built, oldest first; the last one is the day that is judged.
  public let weeks: [CalendarDate]
  /// The number of rows of each week.
  public let rows: [Int]
  public let inputs: Inputs
  public let list: List
  public let outcome: Outcome
  /// nil if nothing can be said.
  public let estimate: Estimate?
  /// The acknowledged alarms, oldest first.
  public let acknowledged: [AlarmLedger.Entry]
  /// What a reader must know besides.
  public let notes: [Note]
  /// Warnings from reading the sources and the registry.
  public let findings: [Finding]

  /// A layer that can raise an alarm.
  public enum Layer: String, CaseIterable, Sendable {
    case inputs, list, outcome
  }

  /// The names of the alarms of the judged day, by which they can be acknowledged.
  public var alarmNames: [AlarmName] {
    weeks.last.map { day in alarms.map { AlarmName(layer: $0, day: day) } } ?? []
  }

  /// The layers with an alarm of the judged day.
  public var alarms: [Layer] {
    Layer.allCases.filter { layer in
      switch layer {
      case .inputs: inputs.alarms.contains { $0.week == weeks.last }
      case .list: list.isAlarm
      case .outcome:
        if case .known(let outcome) = outcome { outcome.alarm != nil } else { false }
      }
    }
  }
}

extension MonitorReport {
  /// The features of the cohorts.
  public struct Inputs: Sendable {
    /// A feature that moved more than it ever does.
    public struct Alarm: Sendable {
      /// The first week with the change.
      public let week: CalendarDate
      /// The week that it was compared with.
      public let since: CalendarDate
      public let feature: String
      public let measure: InputSeries.Measure
      public let jump: JumpRule.Jump
      /// The least number of rows that must have changed.
      public let rows: Int
      /// The accounts of both weeks that went from one level to another, largest first; empty for
      /// numbers.
      public let flows: [Flow]
    }

    /// Accounts that went from one level to another.
    public struct Flow: Sendable {
      public let from: Level
      public let to: Level
      public let accounts: Int
    }

    /// A level of a category.
    public enum Level: Sendable, Equatable {
      case missing, other, unseen
      case kept(String)
    }

    /// One feature over the weeks.
    public struct Feature: Sendable {
      public let name: String
      public let isCategory: Bool
      /// The share of rows that moved since the week before, for each week; nil for the first.
      public let moved: [Double?]
      /// The share from which the judged week would have been an alarm; nil with too few weeks.
      public let threshold: Double?
      /// The distance of the judged week from the train rows: slow drift, which never alarms.
      public let sinceTrain: FeatureDistance
      /// The share of rows without a value.
      public let missing: Double
      /// The share of rows with a level that no train row had.
      public let unseen: Double
      /// The share of rows outside the range of the train rows.
      public let outside: Double
    }

    /// A feature whose history was corrected since a list was made.
    public struct Correction: Sendable, Equatable {
      public let feature: String
      /// The week that changed most.
      public let week: CalendarDate
      /// The share of its rows that have another value by today's data.
      public let share: Double
    }

    /// Oldest first, then largest first.
    public let alarms: [Alarm]
    /// In the order of the spec.
    public let features: [Feature]
    /// The first week that could have raised an alarm; nil if none could.
    public let testedFrom: CalendarDate?
    /// The features that are not watched.
    public let ignored: [String]
    /// The number of weeks whose features are those that were stored with their lists. The others
    /// were counted again from the history.
    public let storedWeeks: Int
    /// Largest first.
    public let corrections: [Correction]
  }

  /// The scores of the cohorts.
  public struct List: Sendable {
    /// One group's part in the change of the expected wins.
    public struct Group: Sendable {
      public let name: String
      public let change: ScoreShift.Group
    }

    /// The change by the levels of one category.
    public struct Grouping: Sendable {
      public let column: String
      /// By the size of their change, largest first.
      public let groups: [Group]
    }

    /// The overlap of this week's top rows with last week's.
    public struct Overlap: Sendable {
      /// The number of top rows.
      public let count: Int
      public let share: Double
      /// The least and the greatest overlap of the weeks before; nil if there are none.
      public let usual: ClosedRange<Double>?
    }

    /// The change since the week before; nil if there is only one week.
    public let shift: ScoreShift?
    /// The median and the greatest relative change, as magnitudes, of the weeks before; nil if there
    /// are none.
    public let usual: (median: Double, greatest: Double)?
    public let groupings: [Grouping]
    public let overlaps: [Overlap]

    /// Whether the change of the judged day is known.
    public let isAcknowledged: Bool

    /// Whether the expected wins changed by more than 5 %, and nobody knows why.
    public var isAlarm: Bool {
      !isAcknowledged && (shift.map { abs($0.relative) >= ScoreShift.alarm } ?? false)
    }
  }

  /// The purchases so far.
  public enum Outcome: Sendable {
    case known(KnownOutcome)
    case unknown(Reason)

    /// Why the scores cannot be compared with purchases yet.
    public enum Reason: Sendable, Equatable {
      /// The label is the absence of an event, which is known only when the window ends.
      case absence
      /// The label is decided only for some accounts, and for which is known only later.
      case conditional
      /// No window has ended whose events show how early they happen.
      case noMatureEvents
      /// Every list was made by a model that has seen what happened after it.
      case noUnseenWeek(learnedThrough: CalendarDate)
      /// No week has ended and settled.
      case noSettledWeek
    }
  }

  /// The purchases so far, beside those expected.
  public struct KnownOutcome: Sendable {
    /// The first days of a list: its purchases until the next list.
    public struct Week: Sendable {
      /// The list's day.
      public let start: CalendarDate
      /// The last day of its purchases: the next list's.
      public let end: CalendarDate
      public let observed: Int
      public let expected: Double
      /// The natural logarithm of the evidence for fewer, and for more, purchases.
      public let logEvidence: (down: Double, up: Double)
      /// The runs whose models scored it.
      public let runIds: [String]
      /// Whether the scores are those that were published; otherwise the champion scored the cohort
      /// again, as of the day.
      public let isPublished: Bool
    }

    /// Selected rows and the others.
    public struct Part: Sendable, Equatable {
      public let observed: Int
      public let expected: Double
    }

    /// Selected rows beside those that nobody worked on.
    public struct Selection: Sendable, Equatable {
      public let selected: Part
      /// All rows that were not selected.
      public let others: Part
      /// Of the others, those that would have been selected and were left alone at random; nil
      /// without a hold-back.
      public let heldBack: Part?
    }

    /// Whether the levels of a category have their share of the purchases.
    public struct Grouping: Sendable {
      public let column: String
      public let names: [String]
      public let test: EarlyLabels.Groups
    }

    /// The tests of what changed, on rows of lists that are 4 to 26 weeks old.
    public struct Diagnosis: Sendable {
      public let lists: ClosedRange<CalendarDate>
      public let rows: Int
      public let level: EarlyLabels.Level
      public let slope: EarlyLabels.Slope?
      /// By category; empty without groups or purchases.
      public let groupings: [Grouping]
      public let verdict: EarlyDiagnosis
    }

    public let weeks: [Week]
    public let maturation: Maturation
    /// The days of the label window.
    public let horizon: Int
    /// Factors by calendar month; `Season.none` if there are fewer than two years.
    public let season: Season
    public let tolerance: Double
    /// The evidence from which there is an alarm: the mean number of weeks to a false one.
    public let threshold: Double
    /// The direction of the alarm; nil if there is none.
    public let alarm: EDetector.Direction?
    /// The first week with the evidence; nil without an alarm.
    public let alarmSince: CalendarDate?
    /// How long half of the purchases could be missing unnoticed.
    public let noticeHalf: NoticeTime
    /// The selected rows of published lists, and the others; nil if no list says which they are.
    public let selection: Selection?
    /// nil if no list is between 4 and 26 weeks old.
    public let diagnosis: Diagnosis?

    /// The mean expected purchases of a week.
    public var weekly: Double {
      let days = weeks.reduce(0) { $0 + $1.end.days - $1.start.days }
      return days > 0 ? weeks.reduce(0) { $0 + $1.expected } / Double(days) * 7 : 0
    }
  }

  /// What the judged day's list may bring.
  public struct Estimate: Sendable {
    /// Some rows from the top.
    public struct Part: Sendable {
      public let rows: Int
      public let wins: WinsForecast
      /// Expected wins per row over those of all rows; nil if none are expected.
      public let lift: Double?
    }

    /// All rows.
    public let cohort: Part
    /// The top rows, as many as the capacity allows, or 100.
    public let top: Part
    /// The number of refits of the calibrator in the intervals; 0 if its error is unknown.
    public let refits: Int
    /// The confidence of the intervals.
    public let level: Double
  }

  /// What a reader must know besides.
  public enum Note: Sendable, Equatable {
    /// Nothing has been published yet: the champion scored the cohorts as of their days.
    case noLists
    /// Lists that do not hold the cohort, as after `--top-k`: the champion scored the cohorts again.
    case partialLists(Int)
    /// Lists that were made with hindsight do not count.
    case hindsight(Int)
    /// Weeks after the first list for which none was published, oldest first.
    case missedWeeks([CalendarDate])
    /// The sources go back fewer weeks than asked for.
    case fewWeeks(Int, asked: Int)
    /// There are too few months before the weeks for a season.
    case noSeason(months: Int)
    /// The last list's purchases are not settled before this day.
    case unsettled(list: CalendarDate, until: CalendarDate)
    /// A column of groups is not a category among the model's features.
    case noGroups(String)
    /// The first lists of other runs than the published list before had, oldest first.
    case promotions([Promotion])

    /// The first list that a run, or several, made.
    public struct Promotion: Sendable, Equatable {
      public let list: CalendarDate
      public let runIds: [String]
    }
  }
}
