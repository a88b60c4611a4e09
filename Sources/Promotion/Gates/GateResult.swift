public import Diagnostics
public import Runs
internal import Spec

/// The result of checking one experiment against its gates.
public struct GateResult: Sendable {
  /// The overall outcome.
  public enum Outcome: String, Sendable, CaseIterable {
    /// It could not be evaluated.
    case refused
    case fail
    case inconclusive
    case pass
  }

  /// The experiment's name, or the spec's path if it has none.
  public let name: String
  /// The spec's path.
  public let path: String
  /// The spec's `gates` if it has them, otherwise its name.
  public let span: SourceSpan?
  /// The report, or why there is none.
  public let report: Result<GateReport, FindingsError>

  public init(
    name: String, path: String, span: SourceSpan?, report: Result<GateReport, FindingsError>
  ) {
    self.name = name
    self.path = path
    self.span = span
    self.report = report
  }

  public var outcome: Outcome {
    switch report {
    case .failure: .refused
    case .success(let report):
      switch report.outcome {
      case .fail: .fail
      case .inconclusive: .inconclusive
      case .pass, .notApplicable: .pass
      }
    }
  }

  /// Whether the run may be promoted.
  public var isOpen: Bool { (try? report.get().isOpen) ?? false }
}

/// The outcome of the gates for one run.
public struct GateReport: Sendable {
  public let run: StoredRun
  /// The gates that were checked.
  public let gates: Gates
  public let checks: [GateCheck]
  /// The champion it was compared with; nil if there is none yet.
  public let champion: ComparedRun?
  /// nil if there was nothing to compare with.
  public let comparison: ComparisonReport?
  /// A line for each setting in which the spec is looser than the project or the defaults.
  public let loosened: [String]

  public init(
    run: StoredRun, gates: Gates, checks: [GateCheck], champion: ComparedRun?,
    comparison: ComparisonReport?, loosened: [String] = []
  ) {
    self.run = run
    self.gates = gates
    self.checks = checks
    self.champion = champion
    self.comparison = comparison
    self.loosened = loosened
  }

  /// `fail` if a check failed, otherwise `inconclusive` if one is, otherwise `pass`.
  public var outcome: GateCheck.Outcome {
    let outcomes = checks.map(\.outcome)
    return outcomes.contains(.fail)
      ? .fail : outcomes.contains(.inconclusive) ? .inconclusive : .pass
  }

  /// Whether the run may be promoted: it passes, or it is inconclusive and that does not block.
  public var isOpen: Bool {
    switch outcome {
    case .pass, .notApplicable: true
    case .fail: false
    case .inconclusive: !gates.blocksInconclusive.value
    }
  }
}

/// An estimate with its interval, compared with a limit that it must not fall below.
///
/// It passes if the entire interval reaches the limit, and fails if the entire interval is below
/// it. With a 95 % interval, a true value below the limit passes with a probability of at most 2.5
/// %, and one above it fails as rarely. Otherwise the data do not decide.
struct BoundedEstimate {
  let value: Double
  let lower: Double
  let upper: Double
  let limit: Double

  /// - Parameter isMinimum: whether the limit is a lower one; for a maximum, all values are
  ///   negated.
  init(value: Double, lower: Double, upper: Double, limit: Double, isMinimum: Bool = true) {
    let sign = isMinimum ? 1.0 : -1.0
    self.value = sign * value
    (self.lower, self.upper) = isMinimum ? (lower, upper) : (-upper, -lower)
    self.limit = sign * limit
  }

  var outcome: GateCheck.Outcome {
    if lower >= limit { return .pass }
    return upper < limit ? .fail : .inconclusive
  }

  /// The factor by which the number of positive entities must grow for the interval to exclude the
  /// limit, if the estimate stays the same. A standard error shrinks with the square root of it.
  var dataFactor: Double {
    let reach = value >= limit ? value - lower : upper - value
    let distance = abs(value - limit)
    return distance > 0 ? max(1, (reach / distance) * (reach / distance)) : .infinity
  }
}
