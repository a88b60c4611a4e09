public import Diagnostics

/// How a champion is monitored. It is not part of a run's identity.
public struct MonitorSpec: Sendable {
  /// The tolerated relative error of the expected events, from 0 to below 1.
  public var tolerance: Double
  /// The features that are not watched.
  public var ignore: [Located<String>]
  /// The categories whose levels are compared; if empty, the capacity's column, or the first one
  /// that rows are ranked within.
  public var groups: [Located<String>]
  /// The mean number of years between two false alarms of the outcome.
  public var yearsBetweenFalseAlarms: Double

  /// Creates the settings.
  public init(
    tolerance: Double = 0.2, ignore: [Located<String>] = [], groups: [Located<String>] = [],
    yearsBetweenFalseAlarms: Double = 4
  ) {
    self.tolerance = tolerance
    self.ignore = ignore
    self.groups = groups
    self.yearsBetweenFalseAlarms = yearsBetweenFalseAlarms
  }
}
