internal import Diagnostics
internal import Evaluation
public import Promotion
internal import Runs
internal import Spec

extension Page {
  /// A comparison of runs with their base.
  public init(_ report: ComparisonReport) {
    self.init(ComparisonPage(report: report).blocks)
  }
}

struct ComparisonPage {
  let report: ComparisonReport

  var blocks: [Page.Block] {
    [
      .group([.heading(title, level: 1), .paragraph(rows)]),
      .group([.warnings(doubts), .notes(notes)]),
      .table(report.candidates.count > 1 ? summary : Table([])),
    ] + report.candidates.flatMap(blocks)
  }

  var title: String {
    let names = report.candidates.map(\.run.reference)
    return "\(names.inWords("and")) compared with \(report.base.reference)"
  }

  /// Why the numbers of a run should not be trusted.
  var doubts: [String] {
    ([report.base] + report.candidates.map(\.run)).flatMap { run in
      run.doubts.map { "\(run.reference): \($0)" }
    }
  }

  private func blocks(_ candidate: CandidateReport) -> [Page.Block] {
    [
      .only(.document, [.heading(candidate.run.reference, level: 2)]),
      .group([
        .paragraph(report.verdictLine(candidate)),
        .notes(ownRemarks(candidate).map(\.words)),
      ]),
      .group(spec(candidate)),
      .table(metrics(candidate)),
      .table(importance(candidate)),
      .table(lists(candidate)),
    ]
  }

  /// What people call a positive entity of these runs.
  var nouns: PositiveNoun {
    .common(([report.base] + report.candidates.map(\.run)).compactMap { $0.run?.record.nouns })
  }

  /// The rows that the comparison uses.
  var rows: String {
    report.rows.map { rows in
      "\(rows.rows.grouped) rows, \(rows.entities.grouped) entities"
        + (rows.clusters.map { " in \($0.grouped) clusters" } ?? "")
        + ", \(rows.positives.grouped) positives of \(nouns.count(rows.positiveEntities)) "
        + "at the test cutoffs \(rows.cutoffs.joined(separator: ", "))"
    } ?? ""
  }

  /// The remarks on a candidate that do not apply to all.
  func ownRemarks(_ candidate: CandidateReport) -> [Remark] {
    let shared = sharedRemarks
    return candidate.remarks.unique.filter { !shared.contains($0) }
  }

  /// The remarks that apply to every candidate.
  private var sharedRemarks: [Remark] {
    (report.candidates.first?.remarks ?? []).unique.filter { remark in
      report.candidates.allSatisfy { $0.remarks.contains(remark) }
    }
  }

  /// What a reader must know about the entire comparison.
  var notes: [String] { report.notes.map(\.words) + sharedRemarks.map(\.words) }

  // MARK: - Tables

  /// One line per candidate: verdict, difference, interval.
  var summary: Table {
    Table(
      [
        .text("candidate"), .text("verdict"), .number(report.options.metric), .number("difference"),
        .text("interval"), .number("p"),
      ],
      rows: report.candidates.map { candidate in
        let line = candidate.line(report.options.metric, isCorrected: true)
        return [
          candidate.run.reference, candidate.verdict?.rawValue ?? "none",
          NumberText.metric(line?.candidate), line.map { NumberText.signed($0.difference) } ?? "-",
          line?.interval ?? "", candidate.paired.map { NumberText.probability($0.pValue) } ?? "",
        ]
      })
  }

  /// Every metric of a candidate next to the base's.
  func metrics(_ candidate: CandidateReport) -> Table {
    // For a top list, the page shows only the lift; programs get the other metrics.
    let names = candidate.metricNames.filter {
      $0 == report.options.metric || !$0.contains("_at_") || $0.hasPrefix("lift_at_")
    }
    return Table(
      [
        .text("metric"), .number(report.base.reference), .number(candidate.run.reference),
        .number("difference"), .text("interval"),
      ],
      rows: names.compactMap { name in
        candidate.line(name, isCorrected: false).map { line in
          [
            name, NumberText.metric(line.base), NumberText.metric(line.candidate),
            NumberText.signed(line.difference), line.interval,
          ]
        }
      })
  }

  /// The features whose share of the gain changed most.
  func importance(_ candidate: CandidateReport) -> Table {
    Table(
      [
        .text("share of the gain"), .number(report.base.reference),
        .number(candidate.run.reference), .text(""),
      ],
      rows: candidate.importance.filter { $0.kind != .unchanged }.prefix(5).map { change in
        [
          change.feature, change.base.map { NumberText.percent($0) } ?? "-",
          change.candidate.map { NumberText.percent($0) } ?? "-", change.kind.rawValue,
        ]
      })
  }

  /// The most spec keys to show.
  private static let keyCount = 20

  /// The keys in which the two specs differ.
  func spec(_ candidate: CandidateReport) -> [Page.Block] {
    guard let all = candidate.specDifferences?.all else {
      return [
        .paragraph(
          "the differences between the two specs are not known: one side has only metrics")
      ]
    }
    guard !all.isEmpty else {
      return [.paragraph("the two specs are the same, except for their names")]
    }
    let rest = all.count - Self.keyCount
    return [
      .table(
        Table(
          [.text("spec"), .text(report.base.reference), .text(candidate.run.reference)],
          rows: all.prefix(Self.keyCount).map(\.shortened).map { [$0.key, $0.base, $0.candidate] })),
      .paragraph(rest > 0 ? "and \(rest) more keys differ" : ""),
    ]
  }

  /// The overlap of the top lists.
  func lists(_ candidate: CandidateReport) -> Table {
    Table(
      [.text("top list"), .number("rows"), .number("on both"), .number("share")],
      rows: candidate.lists.map { list in
        [
          list.list.replacing("_percent", with: " %"), NumberText.mean(list.length),
          NumberText.mean(list.shared), NumberText.percent(list.share),
        ]
      })
  }
}

extension ComparisonReport {
  /// The verdict on a candidate, with its figures.
  func verdictLine(_ candidate: CandidateReport) -> String {
    let smallest =
      "the smallest effect worth having is \(NumberText.metric(options.smallestEffect))"
    guard let paired = candidate.paired else {
      let reason = candidate.unpairedReason?.words ?? "nothing was paired"
      guard let verdict = candidate.unpaired?.verdict else {
        return "\(candidate.run.reference): no verdict: \(reason); \(smallest)"
      }
      return
        "\(candidate.run.reference): \(verdict.rawValue), even by the two runs' own intervals: "
        + "\(reason); \(smallest)"
    }
    let decisive = paired.decisive
    return "\(candidate.run.reference): \(paired.verdict.rawValue): \(options.metric) "
      + "\(NumberText.signed(decisive.difference)) (\(NumberText.level(decisive.level)) interval "
      + "\(NumberText.signedInterval(decisive.interval.lower, decisive.interval.upper)), "
      + "p \(NumberText.probability(paired.pValue))); \(smallest), this comparison would have seen "
      + NumberText.metric(paired.smallestDetectable)
  }
}

extension CandidateReport {
  /// A metric's values on both sides, as text.
  fileprivate struct Line {
    let base: Double
    let candidate: Double
    let difference: Double
    let interval: String
  }

  /// - Parameter isCorrected: whether to use the deciding metric's interval corrected for several
  ///   candidates.
  fileprivate func line(_ metric: String, isCorrected: Bool) -> Line? {
    guard let paired else {
      return unpaired?.differences[metric].map { line in
        let ends = line.lower.flatMap { lower in
          line.upper.map { NumberText.signedInterval(lower, $0) }
        }
        return Line(
          base: line.base, candidate: line.candidate, difference: line.difference,
          interval: ends ?? "")
      }
    }
    let found =
      isCorrected && paired.decisive.metric == metric
      ? paired.decisive : paired.differences[metric]
    return found.map {
      Line(
        base: $0.base, candidate: $0.candidate, difference: $0.difference,
        interval: NumberText.signedInterval($0.interval.lower, $0.interval.upper))
    }
  }

  private static let order = [
    "roc_auc", "pr_auc", "brier_skill", "log_loss", "brier", "ece", "calibration_slope",
    "calibration_intercept", "observed_over_expected",
  ]

  /// The metrics to compare, in this order; top lists last.
  var metricNames: [String] {
    let known =
      paired.map { Array($0.differences.keys) } ?? unpaired.map { Array($0.differences.keys) } ?? []
    let lists = known.filter(RunSummary.isPlainList).sorted(by: RunSummary.precedes)
    return (Self.order.filter(known.contains) + lists).filter {
      !isRankingOnly || EvaluationOptions.isOfRanking($0)
    }
  }
}

extension SpecDifferences.Difference {
  private static let width = 48

  /// The same with long values shown from shortly before the first difference.
  fileprivate var shortened: Self {
    guard max(base.count, candidate.count) > Self.width else { return self }
    let same = zip(base, candidate).prefix { $0 == $1 }.count
    let start = max(0, min(same - 12, max(base.count, candidate.count) - Self.width))
    func part(_ text: String) -> String {
      guard text.count > Self.width else { return text }
      let head = start > 0 ? "..." : ""
      let tail = text.count > start + Self.width ? "..." : ""
      return head + text.dropFirst(start).prefix(Self.width) + tail
    }
    return Self(key: key, base: part(base), candidate: part(candidate))
  }
}

extension Array where Element: Hashable {
  /// The distinct elements, in the order in which they first occur.
  var unique: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
