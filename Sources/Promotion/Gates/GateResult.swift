public import Diagnostics
public import Experiment

/// What became of one experiment that was to be held against gates.
public struct GateResult: Sendable {
  /// What is said of it in the end.
  public enum Outcome: String, Sendable, CaseIterable {
    /// It could not be judged.
    case refused
    case fail
    case inconclusive
    case pass
  }

  /// The experiment's name, or the spec's path where it has none.
  public let name: String
  /// The spec's path.
  public let path: String
  /// The spec's `gates` where it has some, else its name.
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

/// What the gates say of one run.
public struct GateReport: Sendable {
  public let run: StoredRun
  /// What was asked of it.
  public let gates: Gates
  public let checks: [GateCheck]
  /// The champion it was held against; nil where there is none yet.
  public let champion: ComparedRun?
  /// nil where there was nothing to compare with.
  public let comparison: ComparisonReport?
  /// Where the spec asks less of itself than the project, or the standard, would: a line each.
  public let loosened: [String]
  /// What to know of what it was held against.
  public let remarks: [String]

  public init(
    run: StoredRun, gates: Gates, checks: [GateCheck], champion: ComparedRun?,
    comparison: ComparisonReport?, loosened: [String] = [], remarks: [String] = []
  ) {
    self.run = run
    self.gates = gates
    self.checks = checks
    self.champion = champion
    self.comparison = comparison
    self.loosened = loosened
    self.remarks = remarks
  }

  /// `fail` where a check failed, else `inconclusive` where one is, else `pass`.
  public var outcome: GateCheck.Outcome {
    let outcomes = checks.map(\.outcome)
    return outcomes.contains(.fail)
      ? .fail : outcomes.contains(.inconclusive) ? .inconclusive : .pass
  }

  /// Whether the run may be promoted: it passes, or is inconclusive where that does not block.
  public var isOpen: Bool {
    switch outcome {
    case .pass, .notApplicable: true
    case .fail: false
    case .inconclusive: !gates.blocksInconclusive.value
    }
  }
}

/// An estimate with its interval, held against a limit that it must not fall below.
///
/// It passes where the whole interval reaches the limit, and fails where the whole interval stays below
/// it: with an interval at 95 %, a true value below the limit passes with a probability of at most 2.5 %,
/// and one above it fails as rarely. Between the two the data do not tell.
struct BoundedEstimate {
  let value: Double
  let lower: Double
  let upper: Double
  let limit: Double

  /// - Parameter isMinimum: whether the limit is a lower one; a maximum is held against the negatives.
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

  /// How many times as many buyers it would take for the interval to leave the limit out, were the
  /// estimate to stay what it is. A standard error shrinks with the root of the number of buyers.
  var buyersFactor: Double {
    let reach = value >= limit ? value - lower : upper - value
    let distance = abs(value - limit)
    return distance > 0 ? max(1, (reach / distance) * (reach / distance)) : .infinity
  }
}

/// Numbers and hints as the sentences of gates write them.
enum GateWords {
  /// A metric's value with its interval: `0.8096 (0.7670 to 0.8463)`.
  static func estimate(_ value: Double, _ lower: Double, _ upper: Double) -> String {
    "\(NumberText.metric(value)) (\(NumberText.interval(lower, upper)))"
  }

  /// The same of a difference: `+0.0062 (-0.0011 to +0.0130)`.
  static func difference(_ value: Double, _ lower: Double, _ upper: Double) -> String {
    "\(NumberText.signed(value)) (\(NumberText.signedInterval(lower, upper)))"
  }

  /// What it would take to tell.
  static func hint(_ estimate: BoundedEstimate, buyers: Double?) -> String {
    guard let buyers, buyers > 0, estimate.buyersFactor <= 100 else {
      return "too close to tell, even with a hundred times the buyers"
    }
    let needed = (buyers * estimate.buyersFactor).rounded(.up)
    return "\(NumberText.metric(needed)) buyers in test may tell, where there are "
      + NumberText.metric(buyers)
  }
}
