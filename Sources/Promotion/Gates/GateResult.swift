public import Diagnostics

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

  /// The outcome, and whether it blocks where that is not plain.
  var verdict: String {
    guard outcome == .inconclusive else { return outcome.rawValue }
    return isOpen ? "inconclusive, allowed" : "inconclusive"
  }

  /// What decided, in a line: the checks that stop it, or why it could not be judged.
  var reason: String {
    switch report {
    case .failure(let error):
      return error.findings.first { $0.severity == .error }.map { "\($0.id): \($0.message)" }
        ?? "could not be judged"
    case .success(let report):
      return deciding(report).map { "\($0.name): \($0.sentence)" }.joined(separator: "; ")
    }
  }

  /// The checks that decided: those that stop it, else the one beside the champion.
  func deciding(_ report: GateReport) -> [GateCheck] {
    report.checks.filter {
      switch outcome {
      case .fail: $0.outcome == .fail
      case .inconclusive: $0.outcome == .inconclusive
      case .pass, .refused: $0.name.hasPrefix("no_worse_than.")
      }
    }
  }

  /// The checks, those that stop it first.
  var checks: [GateCheck] {
    let order: [GateCheck.Outcome] = [.fail, .inconclusive, .pass, .notApplicable]
    let checks = (try? report.get().checks) ?? []
    return order.flatMap { outcome in checks.filter { $0.outcome == outcome } }
  }

  /// What it was held against and what came of the comparison, in a line.
  var comparison: String? {
    guard let report = try? report.get().comparison, let candidate = report.candidates.first
    else { return nil }
    return ComparisonWords(report).verdict(candidate)
  }
}

extension [GateResult] {
  /// How many ended how: `1 fail, 2 pass`.
  var summary: String {
    GateResult.Outcome.allCases.compactMap { outcome in
      let count = self.count { $0.outcome == outcome }
      return count == 0 ? nil : "\(count) \(outcome.rawValue)"
    }.joined(separator: ", ")
  }

  /// The gravest first, else in the order given.
  var byGravity: [GateResult] {
    GateResult.Outcome.allCases.flatMap { outcome in filter { $0.outcome == outcome } }
  }
}
