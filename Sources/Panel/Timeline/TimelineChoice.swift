internal import Diagnostics
public import Spec

/// Another way to lay out the same roles that needs fewer cutoffs.
public enum TimelineChoice: CaseIterable, Sendable {
  /// Calibration on out-of-fold margins of the train cutoffs, without calibrate cutoffs and their
  /// embargo.
  case crossFit
  /// Roles that follow each other without a gap.
  case withoutEmbargo

  /// The part of the history that a timeline needs.
  public struct Needs: Sendable {
    /// The number of cutoffs up to the last test cutoff, of all folds together.
    public let cutoffs: Int
    /// The number of embargoed cutoffs in the newest fold.
    public let embargoed: Int
    /// The first cutoff of all folds.
    public let first: CalendarDate
    /// The split of the newest fold.
    public let split: [Cutoff]
  }

  /// How the choice is written in a spec.
  public var words: String {
    switch self {
    case .crossFit: "`calibration: {fit: cross_fit}` with `calibrate: 0`"
    case .withoutEmbargo: "`embargo: none`"
    }
  }

  /// Whether the choice gives results that do not estimate performance in use.
  public var isForComparison: Bool { self == .withoutEmbargo }

  /// The warning about a choice that is for comparison only.
  public static let warning = "label windows then overlap: for comparison only"

  /// Returns the cutoffs with the choice applied; nil if it already is.
  func applied(to cutoffs: CutoffsSpec) -> CutoffsSpec? {
    var changed = cutoffs
    switch self {
    case .crossFit:
      guard cutoffs.calibrate.count != 0 else { return nil }
      changed.calibrate = cutoffs.noCalibrate
    case .withoutEmbargo:
      guard cutoffs.embargo != .none else { return nil }
      changed.embargo = .none
    }
    return changed
  }

  /// Returns what the choice would need if the history went back far enough; nil if the spec
  /// already makes the choice.
  public func needs(_ spec: ExperimentSpec, dataThrough: CalendarDate) -> Needs? {
    applied(to: spec.cutoffs).flatMap { Self.needs($0, spec.label, dataThrough: dataThrough) }
  }

  /// Returns what a spec needs as written if the history went back far enough.
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
