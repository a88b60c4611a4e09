internal import Diagnostics
public import Spec

/// Another way to lay out the same roles, which takes fewer cutoffs.
public enum TimelineChoice: CaseIterable, Sendable {
  /// Calibration on out-of-fold margins of the train cutoffs: no calibrate cutoffs, no embargo of theirs.
  case crossFit
  /// Roles that follow each other without a gap.
  case withoutEmbargo

  /// What a timeline takes of the history.
  public struct Needs: Sendable {
    /// The cutoffs up to the last test cutoff, of all folds together.
    public let cutoffs: Int
    /// How many of the newest fold's are embargoed.
    public let embargoed: Int
    /// The first cutoff of all folds.
    public let first: CalendarDate
    /// The newest fold's split.
    public let split: [Cutoff]
  }

  /// How the choice is written in a spec.
  public var words: String {
    switch self {
    case .crossFit: "`calibration: {fit: cross_fit}` with `calibrate: 0`"
    case .withoutEmbargo: "`embargo: none`"
    }
  }

  /// Whether the choice makes results that are no estimate of what is to be expected.
  public var isForComparison: Bool { self == .withoutEmbargo }

  /// What is to be said of a choice that is for comparison only.
  public static let warning = "label windows overlap then: for comparison only"

  /// The cutoffs so laid out; nil where they are already.
  func applied(to cutoffs: CutoffsSpec) -> CutoffsSpec? {
    var changed = cutoffs
    switch self {
    case .crossFit:
      guard cutoffs.calibrate.value > 0 else { return nil }
      changed.calibrate.value = 0
    case .withoutEmbargo:
      guard cutoffs.embargo != .none else { return nil }
      changed.embargo = .none
    }
    return changed
  }

  /// What the choice would take, if history went back far enough; nil where the spec has made it already.
  public func needs(_ spec: ExperimentSpec, dataThrough: CalendarDate) -> Needs? {
    applied(to: spec.cutoffs).flatMap { Self.needs($0, spec.label, dataThrough: dataThrough) }
  }

  /// What a spec takes as it is, if history went back far enough.
  public static func needs(asWritten spec: ExperimentSpec, dataThrough: CalendarDate) -> Needs? {
    needs(spec.cutoffs, spec.label, dataThrough: dataThrough)
  }

  private static func needs(
    _ cutoffs: CutoffsSpec, _ label: LabelSpec, dataThrough: CalendarDate
  ) -> Needs? {
    guard
      let origin = try? RollingOrigin(
        cutoffs, label: label, dataThrough: dataThrough, observedFrom: nil),
      let newest = origin.folds.first,
      let first = origin.folds.compactMap(\.split.first?.date).min()
    else { return nil }
    return Needs(
      cutoffs: origin.needed, embargoed: newest[.embargoed].count, first: first,
      split: newest.split)
  }
}
