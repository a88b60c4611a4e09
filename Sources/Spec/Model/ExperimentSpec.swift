public import Diagnostics
public import OrderedCollections

/// One experiment as a user declared it: composed, decoded and checked without looking at data.
///
/// Every value that a later stage may find fault with keeps the place it was written at.
public struct ExperimentSpec: Sendable {
  public var name: Located<String>
  public var description: String?
  /// By name, in the order written.
  public var sources: OrderedDictionary<String, SourceSpec>
  /// The last day that may be treated as known, if the spec caps it below the sources' data_through.
  public var asOf: Located<CalendarDate>?
  /// The columns of today that it allows itself to read; nil: none.
  public var lookAhead: LookAheadSpec?
  public var cutoffs: CutoffsSpec
  public var cohort: CohortSpec
  public var label: LabelSpec
  /// The chosen features, windows expanded, in the order of the feature sets.
  public var features: [FeatureSpec]
  public var model: ModelSpec
  /// nil: the learner sees every train row.
  public var sample: SampleSpec?
  public var calibration: CalibrationSpec
  public var evaluation: EvaluationSpec
  public var score: ScoreSpec?
  /// nil: every row that is published may be worked on.
  public var capacity: CapacitySpec?
  public var retrain: RetrainSpec
  /// nil: as the project has it.
  public var gates: GatesSpec?
  public var accept = AcceptSpec()
}

extension ExperimentSpec {
  /// The same recipe with no cutoff held out for a test: what a model that scores is fitted by, on
  /// everything mature.
  ///
  /// The timeline is then built backwards from calibration or, where nothing is set aside for that, from
  /// training. A calibrator that the recipe fits on the test cutoffs keeps their number of cutoffs.
  public var withoutTest: ExperimentSpec {
    var spec = self
    switch (calibration.method.value, calibration.fit.value) {
    case (.none, _), (_, .crossFit): spec.cutoffs.calibrate.value = 0
    case (_, .test):
      spec.cutoffs.calibrate.value = cutoffs.test.value
      spec.calibration.fit.value = .calibrate
    case (_, .calibrate): break
    }
    spec.cutoffs.test.value = 0
    // Older folds show how a recipe does over time; they fit nothing that scores.
    spec.cutoffs.folds.value = 1
    return spec
  }
}

/// Who is eligible at a cutoff: the entities that exist and for which every rule holds.
public struct CohortSpec: Sendable {
  /// The entity source's name.
  public var entity: Located<String>
  /// All must hold.
  public var rules: [Located<Rule>]
}

/// A condition on an entity at a cutoff. A comparison with null is false, so `not` of it is true.
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
  case sql(SQLText)
}

/// The `current` columns that may be read although they know the future, and why.
///
/// The results of such an experiment carry it: they are not what to expect in use.
public struct LookAheadSpec: Sendable {
  /// The `allow` list.
  public var span: SourceSpan
  public var allowed: [Located<ColumnReference>]
  public var reason: String

  /// Whether a column may be read.
  public func allows(_ column: ColumnReference) -> Bool { allowed.contains { $0.value == column } }
}

/// Findings about the data that an experiment accepts, each with the reason.
///
/// What is accepted stays a caveat of the results; gates let it pass.
public struct AcceptSpec: Sendable {
  /// The findings that may be accepted: label events that end early, a source that has fallen silent.
  public static let ids = [417, 811].map { Finding.ID($0).description }

  /// By the finding's id, `H417`.
  public var reasons: OrderedDictionary<String, Located<String>>

  public init(_ reasons: OrderedDictionary<String, Located<String>> = [:]) {
    self.reasons = reasons
  }

  /// Why a finding is accepted; nil where it is not.
  public func reason(for finding: Finding) -> String? { reasons[finding.id.description]?.value }

  /// The argument that accepts a finding, for a spec as it is loaded.
  public static func argument(_ id: String, because reason: String) -> String {
    "accept.\(id)=\(JSONText.quoted(reason))"
  }
}

/// A piece of SQL that stands in a spec, able to point at any token of itself in the user's file.
public struct SQLText: Sendable {
  public let text: String
  /// The whole scalar.
  public let span: SourceSpan
  private let place: @Sendable (Range<Int>) -> SourceSpan

  /// - Parameter place: maps a range of UTF-8 offsets in `text` to where it stands in the file.
  public init(
    _ text: String, at span: SourceSpan, place: @escaping @Sendable (Range<Int>) -> SourceSpan
  ) {
    self.text = text
    self.span = span
    self.place = place
  }

  /// Where a range of UTF-8 offsets of `text` stands in the user's file.
  public func span(of range: Range<Int>) -> SourceSpan { place(range) }
}
