import Diagnostics
import HoldoutTestSupport
import Panel
import Spec
import Testing

/// What a timeline is made from.
struct TimelinePlan {
  var cadence: CutoffsSpec.Cadence = .monthEnd
  var train: Int
  var calibrate: Int
  var test: Int
  var embargo: CutoffsSpec.Embargo = .horizon
  var horizon: String
  var labelDelay = "0 days"
  var arithmetic: MonthArithmetic = .endOfMonth
  var dataThrough: String
  var observedFrom: String?
  /// The last test cutoff; nil: the last mature one.
  var last: String?
  var folds = 1
  var step: String?
  /// The grids of train and calibrate; nil: that of all roles.
  var trainCadence: CutoffsSpec.Cadence?
  var calibrateCadence: CutoffsSpec.Cadence?
  /// The day from which on every cutoff is for train; nil: as many as `train` says.
  var trainFrom: String?

  /// A spec whose cutoffs and label are then replaced.
  private static let template = Bench.load(
    """
    version: 1
    name: template
    data_through: 2025-09-18
    sources:
      customers: {parquet: customers.parquet, key: id, created: created, columns: {
        created: {type: date, class: event}, bought: {type: date, class: event}}}
    feature_sets: {all: [age: {days_since: customers.created}]}
    cutoffs: {every: month_end, train: 1, calibrate: 0, test: 1}
    cohort: {entity: customers}
    label: {event: customers.bought, horizon: 1 day}
    calibration: {method: none}
    features: [all]
    """
  ).spec

  private func day(_ text: String) throws -> CalendarDate { try #require(CalendarDate(text)) }

  /// The period that a text names; the plans of tests name no others.
  static func period(_ text: String) throws -> Period { try #require(Period(text)) }

  var spec: ExperimentSpec {
    get throws {
      var spec = try #require(Self.template)
      spec.cutoffs.cadence = cadence
      spec.cutoffs.train.extent = try trainFrom.map { .from(try day($0)) } ?? .count(train)
      spec.cutoffs.train.cadence = trainCadence
      spec.cutoffs.calibrate.extent = .count(calibrate)
      spec.cutoffs.calibrate.cadence = calibrateCadence
      spec.cutoffs.test.value = test
      spec.cutoffs.embargo = embargo
      spec.cutoffs.monthArithmetic = arithmetic
      spec.cutoffs.folds.value = folds
      if let step {
        spec.cutoffs.step = Located(try Self.period(step), at: spec.cutoffs.span)
      }
      if let last { spec.cutoffs.last = .date(Located(try day(last), at: spec.cutoffs.span)) }
      spec.label.horizon.value = try Self.period(horizon)
      spec.label.labelDelay = try Self.period(labelDelay)
      return spec
    }
  }

  func timeline() throws -> Timeline {
    let spec = try spec
    return try Timeline(
      spec.cutoffs, label: spec.label, dataThrough: try day(dataThrough),
      observedFrom: try observedFrom.map(day))
  }

  func origin() throws -> RollingOrigin {
    let spec = try spec
    return try RollingOrigin(
      spec.cutoffs, label: spec.label, dataThrough: try day(dataThrough),
      observedFrom: try observedFrom.map(day))
  }

  /// Why there are no folds; nil when there are.
  var foldProblem: Timeline.Problem? {
    do {
      _ = try origin()
      return nil
    } catch { return error as? Timeline.Problem }
  }

  /// Why there is no timeline; nil when there is one.
  var problem: Timeline.Problem? {
    do {
      _ = try timeline()
      return nil
    } catch { return error as? Timeline.Problem }
  }
}
