internal import Evaluation
public import Operations
internal import Spec

/// Outcomes of published lists, for programs.
public struct OutcomesDocument: Encodable, Sendable {
  struct Ends: Encodable, Sendable {
    let low: Double
    let high: Double
  }

  struct Figures: Encodable, Sendable {
    /// By name; undefined values are absent.
    let values: [String: Double]
    /// The range of likely wins if the scores are right.
    let expected: Ends
    let asExpected: Bool
    let intervals: [String: Ends]
    let sufficientEvidence: Bool

    init(_ figures: OutcomeFigures) {
      values = figures.values
      expected = Ends(
        low: Double(figures.expected.lowerBound), high: Double(figures.expected.upperBound))
      asExpected = figures.isAsExpected
      intervals = figures.intervals.mapValues { Ends(low: $0.lower, high: $0.upper) }
      sufficientEvidence = figures.evidence.isSufficient
    }
  }

  struct Part: Encodable, Sendable {
    let published: Figures
    /// Absent if the lists do not say which rows were within capacity.
    let selected: Figures?

    init(_ part: OutcomeMeasurement.Part) {
      published = Figures(part.published)
      selected = part.selected.map(Figures.init)
    }
  }

  struct List: Encodable, Sendable {
    let cutoff: String
    let windowEnd: String
    let runIds: [String]
    /// The number of rows of accounts that are no longer in the data; no figure includes them.
    let unmatched: Int
    /// The number of rows of accounts that are not in the cohort by today's data, and their wins.
    let departed: Int
    let departedWins: Int
    /// The number of rows of accounts for which a conditional label has no value; absent if the label
    /// is not conditional.
    let excluded: Int?
    let figures: Part
  }

  struct Pending: Encodable, Sendable {
    let cutoff: String
    let matures: String
    let runIds: [String]
    let rows: Int
    /// Absent without `--so-far`, and if it is not known.
    let soFar: SoFar?
  }

  struct SoFar: Encodable, Sendable {
    let through: String
    let wins: Int
    let expected: Double
  }

  struct Hindsight: Encodable, Sendable {
    let cutoff: String
    let runIds: [String]
    let rows: Int
    let learnedThrough: String
  }

  struct Level: Encodable, Sendable {
    let level: String
    let figures: Part
  }

  struct Grouping: Encodable, Sendable {
    let column: String
    let levels: [Level]
  }

  /// What the work on the lists caused.
  struct HoldBack: Encodable, Sendable {
    struct Arm: Encodable, Sendable {
      /// Each account once, with the first list on which it was within the limits.
      let accounts: Int
      let clusters: Int
      let wins: Int
      let expected: Double
      let rate: Double?

      init(_ arm: HoldBackComparison.Arm) {
        (accounts, clusters) = (arm.accounts, arm.clusters)
        (wins, expected, rate) = (arm.wins, arm.expected, arm.rate)
      }
    }

    struct Estimate: Encodable, Sendable {
      /// The wins that the selected accounts would have had if they had been left alone.
      let withoutWork: Double
      let caused: Double
      let interval: Ends
      let designEffect: Double

      init(_ estimate: HoldBackComparison.Estimate) {
        (withoutWork, caused) = (estimate.withoutWork, estimate.caused)
        interval = Ends(low: estimate.lower, high: estimate.upper)
        designEffect = estimate.designEffect
      }
    }

    /// What it takes to see that the work multiplies wins by 1 + `increase`.
    struct Need: Encodable, Sendable {
      let increase: Double
      let share: Double
      let accounts: Int?
      let lists: Int?
      let days: Int?
    }

    /// Absent if the spec no longer holds accounts back.
    let share: Double?
    let selected: Arm
    let heldBack: Arm
    let byExpected: Estimate?
    let byAccount: Estimate?
    /// The accounts in neither arm.
    let leftOut: Int
    /// Held-back accounts that another list selected within their label window.
    let workedOn: Int
    let drawProbability: Double?
    /// The accounts that each list adds.
    let entered: [Int]
    let needs: [Need]

    init(_ held: HoldBackMeasurement) {
      share = held.share
      (selected, heldBack) = (Arm(held.comparison.selected), Arm(held.comparison.heldBack))
      byExpected = held.comparison.byExpected.map(Estimate.init)
      byAccount = held.comparison.byAccount.map(Estimate.init)
      (leftOut, workedOn) = (held.leftOut, held.workedOn)
      (drawProbability, entered) = (held.drawProbability, held.entered)
      needs = held.needs.map {
        Need(
          increase: $0.increase, share: $0.share, accounts: $0.accounts, lists: $0.lists,
          days: $0.days)
      }
    }
  }

  let name: String
  let place: String
  let question: String
  let dataThrough: String
  let level: Double
  let minPositives: Int
  let pooled: Part
  let lists: [List]
  let pending: [Pending]
  /// Lists that no figure includes, because their model was trained on events after them.
  let hindsight: [Hindsight]
  /// Best first.
  let tenths: [Figures]
  let groupings: [Grouping]
  /// Absent if no mature list has a hold-back.
  let holdBack: HoldBack?
  let remarks: [String]

  public init(_ report: OutcomesReport) {
    name = report.name
    place = report.place
    question = report.question
    dataThrough = report.dataThrough.description
    level = report.options.level
    minPositives = report.options.minimumPositives
    pooled = Part(report.pooled)
    lists = report.lists.map {
      List(
        cutoff: $0.cutoff.description, windowEnd: $0.windowEnd.description, runIds: $0.runIds,
        unmatched: $0.unmatched, departed: $0.departed, departedWins: $0.departedWins,
        excluded: $0.excluded, figures: Part($0.figures))
    }
    pending = report.pending.map {
      Pending(
        cutoff: $0.cutoff.description, matures: $0.matures.description, runIds: $0.runIds,
        rows: $0.rows,
        soFar: $0.soFar.map {
          SoFar(through: $0.through.description, wins: $0.observed, expected: $0.expected)
        })
    }
    hindsight = report.hindsight.map {
      Hindsight(
        cutoff: $0.cutoff.description, runIds: $0.runIds, rows: $0.rows,
        learnedThrough: $0.learnedThrough)
    }
    tenths = report.tenths.map(Figures.init)
    groupings = report.groupings.map { grouping in
      Grouping(
        column: grouping.column,
        levels: grouping.levels.map { Level(level: $0.name, figures: Part($0.figures)) })
    }
    holdBack = report.holdBack.map(HoldBack.init)
    remarks = report.remarks
  }
}
