internal import Diagnostics
internal import Evaluation
internal import Experiment
internal import Foundation

/// The sentences and tables of a comparison, alike in every format for people.
public struct ComparisonWords: Sendable {
  let report: ComparisonReport

  public init(_ report: ComparisonReport) { self.report = report }

  /// What was compared, in a line.
  var heading: String {
    let names = report.candidates.map(\.run.reference)
    return "\(names.inWords("and")) beside \(report.base.reference)"
  }

  /// The rows that it rests on.
  var rows: String? {
    report.rows.map { rows in
      "\(rows.rows.grouped) rows, \(rows.entities.grouped) entities, "
        + "\(rows.positives.grouped) positives of \(rows.distinctBuyers.grouped) buyers at "
        + "the test cutoffs \(rows.cutoffs.joined(separator: ", "))"
    }
  }

  /// Why numbers of a side should not be believed.
  var doubts: [String] {
    ([report.base] + report.candidates.map(\.run)).flatMap { run in
      run.doubts.map { "\(run.reference): \($0)" }
    }
  }

  /// The remarks that hold for every candidate.
  var sharedRemarks: [String] {
    Self.unique(report.candidates.first?.remarks ?? []).filter { remark in
      report.candidates.allSatisfy { $0.remarks.contains(remark) }
    }
  }

  func ownRemarks(_ candidate: CandidateReport) -> [String] {
    let shared = sharedRemarks
    return Self.unique(candidate.remarks).filter { !shared.contains($0) }
  }

  /// A line per candidate: verdict, difference, interval.
  var summary: Table {
    Table(
      [
        .text("candidate"), .text("verdict"), .number(report.options.metric), .number("difference"),
        .text("interval"), .number("p"),
      ],
      rows: report.candidates.map { candidate in
        let line = Self.line(report.options.metric, candidate, isCorrected: true)
        return [
          candidate.run.reference, candidate.verdict?.rawValue ?? "none",
          line.map { RunSummary.number($0.candidate) } ?? "-",
          line.map { Self.signed($0.difference) } ?? "-", line?.interval ?? "",
          candidate.paired.map { Self.probability($0.pValue) } ?? "",
        ]
      })
  }

  /// The verdict on a candidate, with the figures that it rests on.
  public func verdict(_ candidate: CandidateReport) -> String {
    let options = report.options
    let smallest = "the smallest effect worth having is \(Self.plain(options.smallestEffect))"
    guard let paired = candidate.paired else {
      let reason = candidate.unpairedReason ?? "nothing was paired"
      guard let verdict = candidate.unpaired?.verdict else {
        return "\(candidate.run.reference): no verdict: \(reason); \(smallest)"
      }
      return
        "\(candidate.run.reference): \(verdict.rawValue), even by the two runs' own intervals: "
        + "\(reason); \(smallest)"
    }
    let decisive = paired.decisive
    return "\(candidate.run.reference): \(paired.verdict.rawValue): \(options.metric) "
      + "\(Self.signed(decisive.difference)) (\(Self.percent(decisive.level)) interval "
      + "\(Self.ends(decisive.interval.lower, decisive.interval.upper)), "
      + "p \(Self.probability(paired.pValue))); \(smallest), this comparison would have seen "
      + Self.plain(paired.smallestDetectable)
  }

  /// Every metric of a candidate beside the base's.
  func metrics(_ candidate: CandidateReport) -> Table {
    // Of a top list, how many times better than chance it is says it all; programs get the rest.
    let names = Self.names(candidate).filter {
      $0 == report.options.metric || !$0.contains("_at_") || $0.hasPrefix("lift_at_")
    }
    return Table(
      [
        .text("metric"), .number(report.base.reference), .number(candidate.run.reference),
        .number("difference"), .text("interval"),
      ],
      rows: names.compactMap { name in
        Self.line(name, candidate, isCorrected: false).map { line in
          [
            name, RunSummary.number(line.base), RunSummary.number(line.candidate),
            Self.signed(line.difference), line.interval,
          ]
        }
      })
  }

  /// The features whose share of the gain changed most.
  func importance(_ candidate: CandidateReport) -> Table? {
    let changed = candidate.importance.filter { $0.kind != .unchanged }.prefix(5)
    guard !changed.isEmpty else { return nil }
    return Table(
      [
        .text("share of the gain"), .number(report.base.reference),
        .number(candidate.run.reference), .text(""),
      ],
      rows: changed.map { change in
        [
          change.feature, change.base.map(Self.share) ?? "-",
          change.candidate.map(Self.share) ?? "-", change.kind.rawValue,
        ]
      })
  }

  /// The keys by which the two specs differ; nil where there are none, or a spec is not there.
  func spec(_ candidate: CandidateReport) -> Table? {
    guard let shown = candidate.specDifferences?.shown, !shown.differences.isEmpty else {
      return nil
    }
    return Table(
      [
        .text("spec"), .text(report.base.reference), .text(candidate.run.reference),
      ],
      rows: shown.differences.map { [$0.key, $0.base, $0.candidate] })
  }

  /// What a table of the specs' differences leaves out, or that there are none.
  func specRemark(_ candidate: CandidateReport) -> String? {
    guard let differences = candidate.specDifferences else {
      return "what differs between the two specs is not known: of one side there are metrics only"
    }
    if differences.all.isEmpty { return "the two specs are the same, but for their names" }
    let rest = differences.shown.rest
    return rest == 0 ? nil : "and \(rest) more keys differ"
  }

  /// How much of the top lists is the same.
  func lists(_ candidate: CandidateReport) -> Table? {
    guard !candidate.lists.isEmpty else { return nil }
    return Table(
      [.text("top list"), .number("rows"), .number("on both"), .number("share")],
      rows: candidate.lists.map { list in
        [
          list.list.replacing("_percent", with: " %"), Self.mean(list.length),
          Self.mean(list.shared), Self.share(list.share),
        ]
      })
  }

  // MARK: - Figures

  struct Line {
    let base: Double
    let candidate: Double
    let difference: Double
    let interval: String
  }

  static func line(
    _ metric: String, _ candidate: CandidateReport, isCorrected: Bool
  ) -> Line? {
    if let paired = candidate.paired {
      let found =
        isCorrected && paired.decisive.metric == metric
        ? paired.decisive : paired.differences[metric]
      return found.map {
        Line(
          base: $0.base, candidate: $0.candidate, difference: $0.difference,
          interval: ends($0.interval.lower, $0.interval.upper))
      }
    }
    return candidate.unpaired?.differences[metric].map { line in
      let ends = line.lower.flatMap { lower in line.upper.map { Self.ends(lower, $0) } }
      return Line(
        base: line.base, candidate: line.candidate, difference: line.difference,
        interval: ends ?? "")
    }
  }

  private static let order = [
    "roc_auc", "pr_auc", "brier_skill", "log_loss", "brier", "ece", "calibration_slope",
    "calibration_intercept", "observed_over_expected",
  ]

  /// The metrics that are shown, in this order; top lists last.
  static func names(_ candidate: CandidateReport) -> [String] {
    let known =
      candidate.paired.map { Array($0.differences.keys) }
      ?? candidate.unpaired.map { Array($0.differences.keys) } ?? []
    let lists = known.filter(RunSummary.isPlainList).sorted(by: RunSummary.precedes)
    return (order.filter(known.contains) + lists).filter {
      !candidate.isRankingOnly || EvaluationOptions.isOfRanking($0)
    }
  }

  static func signed(_ value: Double) -> String {
    if value == 0 { return "0" }
    let isTiny = abs(value) < 0.0001
    return (value > 0 ? "+" : "-") + String(format: isTiny ? "%.1g" : "%.4f", abs(value))
  }

  static func plain(_ value: Double) -> String {
    RunSummary.number(value)
  }

  static func ends(_ lower: Double, _ upper: Double) -> String {
    "\(signed(lower)) to \(signed(upper))"
  }

  static func percent(_ level: Double) -> String {
    let text = String(format: "%.2f", level * 100)
    return text.replacing(#/\.?0+$/#, with: "") + " %"
  }

  private static func probability(_ value: Double) -> String {
    value < 0.001 ? String(format: "%.1g", value) : String(format: "%.3f", value)
  }

  private static func share(_ value: Double) -> String { String(format: "%.1f %%", value * 100) }

  private static func mean(_ value: Double) -> String {
    value == value.rounded() ? Int(value).grouped : String(format: "%.1f", value)
  }

  private static func unique(_ lines: [String]) -> [String] {
    var seen: Set<String> = []
    return lines.filter { seen.insert($0).inserted }
  }
}
