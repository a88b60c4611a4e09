internal import Diagnostics
internal import Evaluation
public import Operations
internal import Spec

/// What a monitor found, for programs.
public struct MonitorDocument: Encodable, Sendable {
  struct Alarm: Encodable, Sendable {
    /// Such as `H681`; `holdout explain` knows it.
    let id: String
    let message: String
  }

  struct InputAlarm: Encodable, Sendable {
    let week: String
    /// The week that it was compared with.
    let since: String
    let feature: String
    /// `moved`, `missing`, or `unseen`.
    let measure: String
    /// The share of rows, what is usual, and the deviations between them.
    let share: Double
    let usual: Double
    let z: Double
    let rows: Int
  }

  struct Feature: Encodable, Sendable {
    let feature: String
    /// The share of rows that moved since the week before, by week; null for the first.
    let moved: [Double?]
    /// The share from which the last week would have been an alarm.
    let alarmFrom: Double?
    let sinceTraining: Double
    let missing: Double
    let unseen: Double
    let outside: Double
  }

  struct Correction: Encodable, Sendable {
    let feature: String
    /// The week that changed most, and the share of its rows that did.
    let week: String
    let share: Double
  }

  struct Inputs: Encodable, Sendable {
    /// The number of weeks whose features were stored when their lists were made.
    let storedWeeks: Int
    /// Features whose history was corrected since, largest share first.
    let corrections: [Correction]
    let testedFrom: String?
    let ignored: [String]
    let alarms: [InputAlarm]
    let features: [Feature]
  }

  struct Group: Encodable, Sendable {
    let column: String
    let group: String
    let rows: Int
    let rowsBefore: Int
    let expected: Double
    let expectedBefore: Double
    let mix: Double
    let rate: Double
  }

  struct Overlap: Encodable, Sendable {
    let rows: Int
    let share: Double
  }

  struct List: Encodable, Sendable {
    let expected: Double?
    let expectedBefore: Double?
    let moved: Double?
    let entered: Double?
    let left: Double?
    let groups: [Group]
    let overlaps: [Overlap]
  }

  struct Week: Encodable, Sendable {
    let list: String
    let until: String
    let observed: Int
    let expected: Double
    /// Natural logarithms of the evidence.
    let logEvidenceFewer: Double
    let logEvidenceMore: Double
    let runIds: [String]
    let isPublished: Bool
  }

  struct Diagnosis: Encodable, Sendable {
    let rows: Int
    let observed: Int
    let expected: Double
    let levelP: Double
    let slope: Double?
    let slopeP: Double?
    /// By column.
    let groupsP: [String: Double]
    let verdict: String
  }

  struct Outcome: Encodable, Sendable {
    /// `down` or `up`; absent without an alarm.
    let alarm: String?
    let alarmSince: String?
    let tolerance: Double
    /// The evidence from which there is an alarm.
    let threshold: Double
    let weekly: Double
    /// The median weeks to notice that half of the events are missing; absent beyond three years.
    let weeksToNoticeHalf: Int?
    /// By calendar month, January first.
    let season: [Double]
    let weeks: [Week]
    let diagnosis: Diagnosis?
  }

  struct Estimate: Encodable, Sendable {
    let rows: Int
    let expected: Double
    let low: Int
    let high: Int
    let lift: Double?

    init(_ part: MonitorReport.Estimate.Part) {
      rows = part.rows
      expected = part.wins.expected
      low = part.wins.interval.lowerBound
      high = part.wins.interval.upperBound
      lift = part.lift
    }
  }

  let name: String
  let runId: String
  let question: String
  let dataThrough: String
  let weeks: [String]
  /// The layers with an alarm of the last week: `inputs`, `list`, `outcome`.
  let alarmedLayers: [String]
  /// The names by which these alarms can be acknowledged.
  let alarmNames: [String]
  let alarms: [Alarm]
  let inputs: Inputs
  let list: List
  /// Absent if purchases cannot be compared yet.
  let outcome: Outcome?
  /// All rows, then the top; absent if nothing can be said.
  let estimate: [Estimate]?

  public init(_ report: MonitorReport) {
    name = report.name
    runId = report.runId
    question = report.question
    dataThrough = report.dataThrough.description
    weeks = report.weeks.map(\.description)
    alarmedLayers = report.alarms.map(\.rawValue)
    alarmNames = report.alarmNames.map(\.description)
    alarms = report.alarmFindings.map { Alarm(id: $0.id.description, message: $0.message) }
    inputs = Inputs(report.inputs)
    list = List(report.list)
    outcome = if case .known(let outcome) = report.outcome { Outcome(outcome) } else { nil }
    estimate = report.estimate.map { [Estimate($0.cohort), Estimate($0.top)] }
  }
}

extension MonitorDocument.Inputs {
  init(_ inputs: MonitorReport.Inputs) {
    storedWeeks = inputs.storedWeeks
    corrections = inputs.corrections.map {
      MonitorDocument.Correction(
        feature: $0.feature, week: $0.week.description, share: $0.share)
    }
    testedFrom = inputs.testedFrom?.description
    ignored = inputs.ignored
    alarms = inputs.alarms.map { alarm in
      MonitorDocument.InputAlarm(
        week: alarm.week.description, since: alarm.since.description, feature: alarm.feature,
        measure: alarm.measure.rawValue, share: alarm.jump.value, usual: alarm.jump.usual,
        z: alarm.jump.z, rows: alarm.rows)
    }
    features = inputs.features.map { feature in
      MonitorDocument.Feature(
        feature: feature.name, moved: feature.moved, alarmFrom: feature.threshold,
        sinceTraining: feature.sinceTrain.moved, missing: feature.missing, unseen: feature.unseen,
        outside: feature.outside)
    }
  }
}

extension MonitorDocument.List {
  init(_ list: MonitorReport.List) {
    expected = list.shift?.after
    expectedBefore = list.shift?.before
    moved = list.shift?.moved
    entered = list.shift?.entered
    left = list.shift?.left
    groups = list.groupings.flatMap { grouping in
      grouping.groups.map { group in
        MonitorDocument.Group(
          column: grouping.column, group: group.name, rows: group.change.rows.after,
          rowsBefore: group.change.rows.before, expected: group.change.expected.after,
          expectedBefore: group.change.expected.before, mix: group.change.mix,
          rate: group.change.rate)
      }
    }
    overlaps = list.overlaps.map { MonitorDocument.Overlap(rows: $0.count, share: $0.share) }
  }
}

extension MonitorDocument.Outcome {
  init(_ outcome: MonitorReport.KnownOutcome) {
    alarm = outcome.alarm?.rawValue
    alarmSince = outcome.alarmSince?.description
    tolerance = outcome.tolerance
    threshold = outcome.threshold
    weekly = outcome.weekly
    weeksToNoticeHalf = outcome.noticeHalf.medianWeeks
    season = outcome.season.factors
    weeks = outcome.weeks.map { week in
      MonitorDocument.Week(
        list: week.start.description, until: week.end.description, observed: week.observed,
        expected: week.expected, logEvidenceFewer: week.logEvidence.down,
        logEvidenceMore: week.logEvidence.up, runIds: week.runIds, isPublished: week.isPublished)
    }
    diagnosis = outcome.diagnosis.map { diagnosis in
      MonitorDocument.Diagnosis(
        rows: diagnosis.rows, observed: diagnosis.level.observed,
        expected: diagnosis.level.expected, levelP: diagnosis.level.pValue,
        slope: diagnosis.slope?.slope, slopeP: diagnosis.slope?.pValue,
        groupsP: Dictionary(
          diagnosis.groupings.map { ($0.column, $0.test.pValue) },
          uniquingKeysWith: { first, _ in first }),
        verdict: diagnosis.verdict.rawValue)
    }
  }
}
