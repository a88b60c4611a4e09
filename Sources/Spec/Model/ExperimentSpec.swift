public import Diagnostics
public import OrderedCollections

/// One experiment as declared by a user: composed, decoded and checked without looking at data.
///
/// Every value that a later stage may report has its source position.
public struct ExperimentSpec: Sendable {
  /// The name of the experiment.
  public var name: Located<String>
  /// A description for people.
  public var description: String?
  /// How an instant becomes a day; each source adds how its own timestamps are written.
  public var day = DayClock()
  /// The sources by name, in the order written.
  public var sources: OrderedDictionary<String, SourceSpec>
  /// The last day that may be treated as known, if the spec sets it earlier than the sources'
  /// data_through.
  public var asOf: Located<CalendarDate>?
  /// The `current` columns that the experiment allows itself to read; nil if none.
  public var lookAhead: LookAheadSpec?
  /// The cutoffs and their roles.
  public var cutoffs: CutoffsSpec
  /// The eligible entities.
  public var cohort: CohortSpec
  /// The label.
  public var label: LabelSpec
  /// The chosen features, with windows expanded, in the order of `features`.
  public var features: [FeatureSpec]
  /// The learner and its settings.
  public var model: ModelSpec
  /// The sample of training rows; nil if the learner uses all of them.
  public var sample: SampleSpec?
  /// How margins become probabilities.
  public var calibration: CalibrationSpec
  /// The metrics to compute on the test cutoffs.
  public var evaluation: EvaluationSpec
  /// The list that scoring publishes, if any.
  public var score: ScoreSpec?
  /// The capacity of the list; nil if it is unlimited.
  public var capacity: CapacitySpec?
  /// What happens to a retrained model.
  public var retrain: RetrainSpec
  /// How the champion is monitored.
  public var monitor = MonitorSpec()
  /// The gates; nil if the project's apply.
  public var gates: GatesSpec?
  /// The findings about the data that are accepted.
  public var accept = AcceptSpec()
  /// The features that are defined but not chosen, which SQL of chosen ones may read.
  public var otherFeatures: [FeatureSpec] = []
}

extension ExperimentSpec {
  /// The same recipe without test cutoffs, for fitting a model that scores on all mature cutoffs.
  ///
  /// The timeline is then built backward from the calibration cutoffs or, if there are none, from
  /// the training cutoffs. A calibrator that the recipe fits on the test cutoffs gets as many
  /// calibration cutoffs.
  public var withoutTest: ExperimentSpec {
    var spec = self
    switch (calibration.method.value, calibration.fit.value) {
    case (.none, _), (_, .crossFit): spec.cutoffs.calibrate = cutoffs.noCalibrate
    case (_, .test):
      spec.cutoffs.calibrate = CutoffsSpec.RoleCutoffs(cutoffs.test)
      spec.calibration.fit.value = .calibrate
    case (_, .calibrate): break
    }
    spec.cutoffs.test.value = 0
    // Older folds show how a recipe performs over time; the model that scores does not use them.
    spec.cutoffs.folds.value = 1
    return spec
  }
}

/// The entities that are eligible at a cutoff: those that exist and satisfy every rule.
public struct CohortSpec: Sendable {
  /// The name of the entity source.
  public var entity: Located<String>
  /// The rules, all of which must hold.
  public var rules: [Located<Rule>]
}

/// A condition on an entity at a cutoff. A comparison with null is false, so its `not` is true.
public indirect enum Rule: Sendable {
  case not(Rule)
  case any([Rule])
  case all([Rule])
  /// The event date is on or before the cutoff.
  case happened(Located<ColumnReference>)
  /// The flag is set.
  case flag(Located<ColumnReference>)
  /// The value is neither null nor blank.
  case present(Located<ColumnReference>)
  /// The value, as text, is one of those listed.
  case among(Located<ColumnReference>, [Located<String>])
  /// The number of the entity's events is in a range.
  case count(EventCount)
  case sql(SQLText)
}

/// The number of an entity's rows in an event source, as known at the cutoff, that a rule asks for;
/// 0 for an entity without rows.
public struct EventCount: Sendable {
  /// The name of the event source.
  public var source: Located<String>
  /// The condition that rows must satisfy; as in `Aggregate`.
  public var condition: SQLText?
  /// The window that rows must be in; nil for all rows.
  public var window: EventWindow?
  /// The smallest number that satisfies the rule; nil means 0.
  public var atLeast: Int?
  /// The largest number that satisfies the rule; nil means no limit.
  public var atMost: Int?
}

/// The `current` columns that may be read although they reveal the future, and why.
///
/// The results of such an experiment carry this caveat: they do not predict performance in use.
public struct LookAheadSpec: Sendable {
  /// The position of the `allow` list.
  public var span: SourceSpan
  /// The columns that may be read.
  public var allowed: [Located<ColumnReference>]
  /// The reason for reading them.
  public var reason: String

  /// Returns whether a column may be read.
  public func allows(_ column: ColumnReference) -> Bool { allowed.contains { $0.value == column } }
}

/// Findings about the data that an experiment accepts, each with the reason.
///
/// An accepted finding remains a caveat of the results, but gates ignore it.
public struct AcceptSpec: Sendable {
  /// The findings that can be accepted: label events that end early, and a source that has stopped
  /// updating.
  public static let ids = [417, 811].map { Finding.ID($0).description }

  /// The reasons by finding ID, such as `H417`, or by check of the audit, such as `unseen_levels`.
  public var reasons: OrderedDictionary<String, Located<String>>

  /// Accepts findings with their reasons.
  public init(_ reasons: OrderedDictionary<String, Located<String>> = [:]) {
    self.reasons = reasons
  }

  /// Returns why a finding is accepted; nil if it is not.
  public func reason(for finding: Finding) -> String? { reasons[finding.id.description]?.value }

  /// Returns why a check of the audit is accepted; nil if it is not.
  public func reason(for check: AuditCheckID) -> String? { reasons[check.rawValue]?.value }

  /// The checks of the audit that are accepted, in the order in which they are made.
  public var auditChecks: [AuditCheckID] {
    AuditCheckID.allCases.filter { reasons[$0.rawValue] != nil }
  }

  /// Returns the argument that accepts a finding when a spec is loaded.
  public static func argument(_ id: String, because reason: String) -> String {
    "accept.\(id)=\(JSONText.quoted(reason))"
  }
}

/// A piece of SQL from a spec that can locate each of its tokens in the user's file.
public struct SQLText: Sendable {
  /// The SQL.
  public let text: String
  /// The position of the complete scalar.
  public let span: SourceSpan
  private let place: @Sendable (Range<Int>) -> SourceSpan

  /// Creates SQL text.
  /// - Parameter place: maps a range of UTF-8 offsets in `text` to its position in the file.
  public init(
    _ text: String, at span: SourceSpan, place: @escaping @Sendable (Range<Int>) -> SourceSpan
  ) {
    self.text = text
    self.span = span
    self.place = place
  }

  /// Returns the position in the user's file of a range of UTF-8 offsets in `text`.
  public func span(of range: Range<Int>) -> SourceSpan { place(range) }
}
