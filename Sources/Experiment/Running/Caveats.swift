package import Diagnostics
internal import Evaluation
internal import OrderedCollections
package import Panel
package import Runs
package import Spec

/// The departures that a spec permits and that make its metrics differ from what to expect in use.
package struct Caveats {
  let lookAhead: LookAheadUse
  /// The reason look-ahead is allowed.
  let reason: String
  /// The number of train, calibrate and test cutoffs at which today's values are read. Segments
  /// are read at the test cutoffs of the newest fold only.
  package let lookAheadCutoffs: Int
  /// The number of cutoffs with a role whose labels are not complete.
  package let immatureCutoffs: Int
  /// The number of pairs of cutoffs of different roles whose label windows overlap, counted in each
  /// fold.
  package let overlappingPairs: Int
  /// Whether the calibrator is evaluated on the rows that it is fitted on.
  package let isCalibratedOnTest: Bool
  /// Whether every entity is assumed to exist at every cutoff.
  package let isWithoutCreation: Bool
  /// The source of which an entity needs a row in the label window to be a row of the panel; nil if it
  /// needs none.
  package let conditionalOn: String?
  /// Gaps in the data, from the findings about them.
  let gaps: [Gap]
  /// Checks of the audit that the spec accepts, and why.
  let acceptedChecks: [(check: AuditCheckID, reason: String)]

  /// Data that end before they are said to.
  struct Gap {
    enum Kind: Int, CaseIterable {
      case labelsEndEarly = 417
      case silentSource = 811

      /// The name of the number in metrics.json, which is written only when it is not 0.
      var key: String { self == .labelsEndEarly ? "labels_end_early" : "silent_sources" }
    }

    let kind: Kind
    let message: String
    /// The reason the spec accepts it; nil when the spec does not.
    let reason: String?
  }

  /// - Parameter findings: the warnings about the data, some of which are caveats.
  package init(
    _ spec: ExperimentSpec, folds: [Timeline], lookAhead: LookAheadUse, findings: [Finding]
  ) {
    gaps = findings.compactMap { finding in
      Gap.Kind(rawValue: finding.id.number).map {
        Gap(kind: $0, message: finding.message, reason: spec.accept.reason(for: finding))
      }
    }
    acceptedChecks = spec.accept.auditChecks.map { ($0, spec.accept.reason(for: $0) ?? "") }
    let used = folds.map { fold in fold.cutoffs.filter(\.role.hasRows) }
    let dates = Set(used.joined().map(\.date))
    let windows = LabelWindow(spec.label, arithmetic: spec.cutoffs.monthArithmetic)
    self.lookAhead = lookAhead
    reason = spec.lookAhead?.reason ?? ""
    lookAheadCutoffs =
      lookAhead.columns.isEmpty
      ? 0 : lookAhead.isOnlyOfSegments ? folds[0][.test].count : dates.count
    immatureCutoffs = dates.count { windows.observed($0) > folds[0].dataThrough }
    overlappingPairs = used.reduce(0) { $0 + Self.overlappingPairs($1) }
    isCalibratedOnTest =
      spec.calibration.fit.value == .test && spec.calibration.method.value != .none
    isWithoutCreation =
      if case .entity(nil)? = spec.sources[spec.cohort.entity.value]?.shape { true } else { false }
    conditionalOn = spec.label.among?.source.value
  }

  /// Counts the pairs of cutoffs of different roles in which the earlier label window extends past
  /// the later cutoff.
  private static func overlappingPairs(_ cutoffs: [Cutoff]) -> Int {
    cutoffs.enumerated().reduce(0) { sum, earlier in
      sum
        + cutoffs.dropFirst(earlier.offset + 1).count {
          $0.role != earlier.element.role && earlier.element.windowEnd > $0.date
        }
    }
  }

  /// The numbers for metrics.json. Those that are always written are 0 when there is nothing to
  /// report.
  var tree: MetricTree {
    var numbers: [String: Double] = [
      "look_ahead_columns": Double(lookAhead.columns.count),
      "look_ahead_features": Double(lookAhead.features.count),
      "look_ahead_rules": Double(lookAhead.ruleCount + (lookAhead.isInLabel ? 1 : 0)),
      "look_ahead_cutoffs": Double(lookAheadCutoffs),
      "immature_cutoffs": Double(immatureCutoffs),
      "overlapping_cutoff_pairs": Double(overlappingPairs),
      "calibrated_on_test": isCalibratedOnTest ? 1 : 0,
      "without_creation": isWithoutCreation ? 1 : 0,
    ]
    if lookAhead.segmentCount > 0 {
      numbers["look_ahead_segments"] = Double(lookAhead.segmentCount)
    }
    if conditionalOn != nil { numbers["conditional_label"] = 1 }
    for gap in gaps { numbers[gap.kind.key, default: 0] += 1 }
    if !acceptedChecks.isEmpty { numbers["accepted_audit_checks"] = Double(acceptedChecks.count) }
    return MetricTree(numbers)
  }

  /// All caveats, the most serious first.
  package var list: [Caveat] {
    var list: [Caveat] = []
    if !lookAhead.columns.isEmpty {
      var numbers = [
        "columns": lookAhead.columns.count, "features": lookAhead.features.count,
        "rules": lookAhead.ruleCount, "cutoffs": lookAheadCutoffs,
      ]
      if lookAhead.segmentCount > 0 { numbers["segments"] = lookAhead.segmentCount }
      list.append(
        Caveat(.lookAhead, reason: reason, numbers: numbers, inLabel: lookAhead.isInLabel))
    }
    if immatureCutoffs > 0 {
      list.append(Caveat(.immatureLabels, numbers: ["cutoffs": immatureCutoffs]))
    }
    if overlappingPairs > 0 {
      list.append(Caveat(.overlappingWindows, numbers: ["pairs": overlappingPairs]))
    }
    if isCalibratedOnTest { list.append(Caveat(.calibratedOnTest)) }
    if isWithoutCreation { list.append(Caveat(.noCreation)) }
    if let conditionalOn {
      // The spec says in writing what its scores are conditional on.
      list.append(Caveat(.conditionalLabel, accepted: true, finding: conditionalOn))
    }
    return list
      + gaps.map { gap in
        Caveat(
          gap.kind == .labelsEndEarly ? .labelsEndEarly : .silentSource,
          accepted: gap.reason != nil, reason: gap.reason, finding: gap.message)
      }
      + acceptedChecks.map { check, reason in
        Caveat(.auditCheck, accepted: true, reason: reason, finding: check.rawValue)
      }
  }
}
