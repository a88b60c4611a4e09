internal import Diagnostics
internal import Evaluation
public import Promotion
internal import Runs

extension Page {
  /// Gate results for a browser, worst first: each check with its outcome, and those of values with
  /// a limit as a figure.
  public init(figuresOf results: [GateResult]) {
    self.init(GateFigures(results: results.byGravity).blocks)
  }
}

private struct GateFigures {
  /// Worst first.
  let results: [GateResult]

  /// The most experiments with a figure.
  private static let limit = 20

  private var isAlone: Bool { results.count == 1 }

  var blocks: [Page.Block] {
    let verdict = isAlone ? results[0].verdict : results.summary
    let left = results.count - Self.limit
    return [
      .heading(verdict.isEmpty ? "Gates" : "Gates: \(verdict)", level: 1),
      isAlone ? .paragraph(conclusion(results[0])) : .table(summary),
      .paragraph(
        left > 0
          ? "Figures are drawn for the first \(Self.limit) of \(results.count.grouped) experiments."
          : ""),
    ]
      + results.enumerated().flatMap { index, result in
        section(result, isDrawn: index < Self.limit)
      }
  }

  /// What decides.
  private func conclusion(_ result: GateResult) -> String {
    let decides =
      switch result.outcome {
      case .pass: "every check passes"
      case .refused: "could not be evaluated: \(result.reason)"
      case .fail, .inconclusive: result.reason
      }
    return "`\(result.name)`: \(result.verdict): \(decides)."
  }

  private var summary: Table {
    Table(
      [.outcome("outcome"), .text("experiment"), .text("deciding check")],
      rows: results.map { [$0.verdict, "`\($0.name)`", $0.reason] })
  }

  private func section(_ result: GateResult, isDrawn: Bool) -> [Page.Block] {
    let heading = Page.Block.heading("\(result.name): \(result.verdict)", level: 2)
    switch result.report {
    case .failure(let error):
      return [heading]
        + error.findings.flatMap { finding -> [Page.Block] in
          [.paragraph("\(finding.id): \(finding.message)"), .list(finding.notes + finding.hints)]
        }
    case .success(let report):
      let rows = isDrawn ? report.bounds(result.checks) : []
      var chart = BoundsChart(rows: rows)
      chart.title = "Checks of \(result.name) with a limit"
      let champion = report.champion.map { champion in
        ", compared with `\(champion.reference)`"
          + (champion.run.map { " (run `\($0.record.runId)`)" } ?? "")
      }
      return [
        heading, .warnings(report.loosened.map { "looser: \($0)" }),
      ]
        + (rows.isEmpty
          ? []
          : [
            .figure(
              Figure(
                chart,
                caption: "A check passes if the entire interval is in the shaded range, and is "
                  + "inconclusive if only a part of it is."))
          ]) + [
          .table(Table(of: result.checks, head: "outcome")),
          .notes([result.comparison].compactMap(\.self) + report.remarks),
          .paragraph("Run `\(report.run.record.runId)` of `\(result.path)`\(champion ?? "")."),
        ]
    }
  }
}

extension GateReport {
  /// The checks of a value with an interval against a limit, blocking ones first.
  fileprivate func bounds(_ checks: [GateCheck]) -> [BoundsChart.Row] {
    checks.compactMap { check in
      let figures = check.figures
      guard let outcome = check.outcome.drawn,
        let value = figures["value"] ?? figures["difference"], let low = figures["low"],
        let high = figures["high"]
      else { return nil }
      let isLess = MetricDirection(of: gates.comparison.value.metric) == .lessIsBetter
      let isMinimum = figures["limit"] == nil ? !isLess : check.name.hasPrefix("minimum.")
      // A loss may be as large as the margin, and a difference from a baseline is above zero.
      let least = figures["margin"].map { isLess ? $0 : -$0 } ?? 0
      return BoundsChart.Row(
        check.name, ChartEstimate(value, low, high), limit: figures["limit"] ?? least,
        isMinimum: isMinimum, outcome)
    }
  }
}

extension GateCheck.Outcome {
  fileprivate var drawn: BoundsChart.Outcome? {
    switch self {
    case .pass: .pass
    case .inconclusive: .inconclusive
    case .fail: .fail
    case .notApplicable: nil
    }
  }
}
