package import Evaluation
package import Spec

/// What a search is asked for.
public struct TuneRequest: Sendable {
  /// The number of trials, those of earlier calls included.
  public var trials: Int
  /// The parameters to vary; empty for the space for rare events.
  public var over: [TuneParameter]
  public var judge: TuneJudge
  public var seed: Int
  /// The share of the negatives that trials use; nil: the spec's sample or, without one, enough for
  /// about 60,000 rows.
  public var negatives: Double?

  public init(
    trials: Int, over: [TuneParameter] = [], judge: TuneJudge = .account, seed: Int = 42,
    negatives: Double? = nil
  ) {
    self.trials = trials
    self.over = over
    self.judge = judge
    self.seed = seed
    self.negatives = negatives
  }
}

/// The outcome of a search for better parameters.
public struct TuneReport: Sendable {
  /// A trial among the best, compared with the base in two ways.
  package struct Finalist: Sendable {
    package let number: Int
    /// The loss minus that of the base, by the judge, with an interval.
    package let difference: Interval
    /// The log loss of the newest fold over time; nil if there is none.
    package let timeLoss: Double?
    /// That loss minus that of the base.
    package let timeDifference: Interval?
  }

  /// A number with the ends of its interval.
  package struct Interval: Sendable, Equatable {
    package let value: Double
    package let lower: Double
    package let upper: Double
  }

  /// Why there are no more trials.
  package enum Stop: Sendable, Equatable {
    /// All that were asked for are made.
    case asked
    /// The expected improvement of the next trial is too small compared with the standard error of
    /// a good trial's difference: more trials would only fit the judge.
    case exhausted(improvement: Double, noise: Double)
  }

  /// The rows that trials learn from and are judged by.
  package struct Rows: Sendable, Equatable {
    package let count: Int
    package let clusters: Int
    package let positiveClusters: Int
    /// The share of the train rows that is used.
    package let share: Double
    package let cutoffs: Int
  }

  /// The name of the experiment.
  public let name: String
  /// The name of the search, derived from all that decides its trials.
  public let id: String
  /// The folder with its journal.
  public let folder: String
  package let judge: TuneJudge
  package let seed: Int
  package let space: TuneSpace
  package let rows: Rows
  /// All trials, in order of number; the first is the base.
  public let trials: [TuneTrial]
  /// How many of them were made in this call.
  package let made: Int
  package let stop: Stop
  /// The trial with the smallest loss.
  package let best: Int
  /// The trials that cannot be told apart from it, the plainest first.
  package let alike: [Int]
  /// Trials that were not taken, because they are worse than the base in the newest fold over time.
  package let refused: [Int]
  /// The trial that was taken, whether or not it is worth a change of the spec; nil if all were
  /// refused.
  package let chosen: Int?
  /// Whether the lead of the trial that was taken is more than luck.
  public let isWorthIt: Bool
  package let optimism: WinnerOptimism
  /// The base's loss minus that of the trial that was taken, with its standard error.
  package let chosenLead: PairedLoss?
  package let finalists: [Finalist]
  /// The last cutoffs that judge the newest fold over time; empty if there is none.
  package let timeCutoffs: [CalendarDate]
  /// The share of the variation that each parameter explains; empty with too few trials.
  package let importance: [Double]
  /// The tuned parameters of the trial that was taken that are at an end of their ranges.
  package let edges: [String]
  /// The coverage of the intervals of differences.
  package let level: Double
  /// The parameters to write, by the names that the spec uses; nil if the spec stays as it is.
  public let settings: Settings?

  /// What is written in the tuned spec.
  public struct Settings: Sendable, Equatable {
    public struct Parameter: Sendable, Equatable {
      /// The name as the spec writes it.
      public let name: String
      public let text: String
    }

    /// In the order of the space.
    public let parameters: [Parameter]
    /// Whether class weights are turned off.
    public let isWithoutClassWeight: Bool
    /// The trial.
    public let number: Int
  }
}
