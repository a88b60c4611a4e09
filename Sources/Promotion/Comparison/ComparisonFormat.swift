internal import Diagnostics
internal import Evaluation
internal import Experiment
internal import Foundation

/// How a comparison, or a leaderboard, is written out.
public enum ComparisonFormat: String, CaseIterable, Sendable {
  case text, json, markdown

  /// The report; ends with a newline.
  public func render(_ report: ComparisonReport) throws -> String {
    switch self {
    case .text: ComparisonText(report).text
    case .json: try ComparisonDocument(report).json()
    case .markdown: ComparisonMarkdown(report).text
    }
  }

  /// The leaderboard; ends with a newline.
  public func render(_ board: Leaderboard) throws -> String {
    switch self {
    case .text: LeaderboardText(board: board).text
    case .json: try LeaderboardDocument(board).json()
    case .markdown: LeaderboardMarkdown(board: board).text
    }
  }
}

/// A comparison for a terminal.
public struct ComparisonText {
  private let report: ComparisonReport
  private let words: ComparisonWords

  public init(_ report: ComparisonReport) {
    self.report = report
    words = ComparisonWords(report)
  }

  /// What makes numbers unbelievable stands in lines that begin with `!! `.
  public var text: String {
    var parts = [[words.heading, words.rows].compactMap(\.self).joined(separator: "\n")]
    let doubts =
      words.doubts.map { "!! \($0)" } + (report.notes + words.sharedRemarks).map { "note: \($0)" }
    if !doubts.isEmpty { parts.append(doubts.joined(separator: "\n")) }
    if report.candidates.count > 1 { parts.append(words.summary.text) }
    for candidate in report.candidates {
      parts.append(
        ([words.verdict(candidate)] + words.ownRemarks(candidate).map { "note: \($0)" })
          .joined(separator: "\n"))
      let spec = [words.spec(candidate)?.text, words.specRemark(candidate)].compactMap(\.self)
      if !spec.isEmpty { parts.append(spec.joined(separator: "\n")) }
      parts.append(words.metrics(candidate).text)
      parts += [words.importance(candidate), words.lists(candidate)].compactMap { $0?.text }
    }
    return parts.joined(separator: "\n\n") + "\n"
  }
}

/// A comparison as a Markdown page.
public struct ComparisonMarkdown {
  private let report: ComparisonReport
  private let words: ComparisonWords

  public init(_ report: ComparisonReport) {
    self.report = report
    words = ComparisonWords(report)
  }

  public var text: String {
    var parts = ["# " + Table.markdown(words.heading)]
    parts += words.doubts.map { "> **\(Table.markdown($0))**" }
    parts += [words.rows].compactMap(\.self).map(Table.markdown)
    let notes = (report.notes + words.sharedRemarks).map { "- \(Table.markdown($0))" }
    if !notes.isEmpty { parts.append(notes.joined(separator: "\n")) }
    if report.candidates.count > 1 { parts.append(words.summary.markdown) }
    for candidate in report.candidates {
      parts.append("## " + Table.markdown(candidate.run.reference))
      parts.append(Table.markdown(words.verdict(candidate)))
      let own = words.ownRemarks(candidate).map { "- \(Table.markdown($0))" }
      if !own.isEmpty { parts.append(own.joined(separator: "\n")) }
      parts += [
        words.spec(candidate)?.markdown, words.specRemark(candidate).map(Table.markdown),
      ].compactMap(\.self)
      parts.append(words.metrics(candidate).markdown)
      parts += [words.importance(candidate), words.lists(candidate)].compactMap { $0?.markdown }
    }
    return parts.joined(separator: "\n\n") + "\n"
  }
}

/// A comparison for programs: keys that stay, figures by name.
struct ComparisonDocument: Encodable {
  struct Side: Encodable {
    let reference: String
    let name: String
    let runId: String?
    /// Why its numbers should not be believed.
    let doubts: [String]

    init(_ run: ComparedRun) {
      reference = run.reference
      name = run.name
      runId = run.run?.record.runId
      doubts = run.doubts
    }
  }

  struct Difference: Encodable {
    let base: Double
    let candidate: Double
    let difference: Double
    let low: Double?
    let high: Double?
  }

  struct Rows: Encodable {
    let cutoffs: [String]
    let rows: Int
    let entities: Int
    let positives: Int
    let distinctBuyers: Int
  }

  struct Importance: Encodable {
    let feature: String
    let kind: String
    let base: Double?
    let candidate: Double?
  }

  struct List: Encodable {
    let list: String
    let rows: Double
    let shared: Double
    let share: Double
  }

  struct SpecDifference: Encodable {
    let key: String
    let base: String
    let candidate: String
  }

  struct Candidate: Encodable {
    let run: Side
    /// `better`, `worse`, `equivalent`, `inconclusive`; absent where the metrics allow none.
    let verdict: String?
    let isPaired: Bool
    let unpairedReason: String?
    /// The deciding difference at the corrected level.
    let decisive: Difference?
    let level: Double?
    let pValue: Double?
    let smallestDetectable: Double?
    let remarks: [String]
    let metrics: [String: Difference]
    let importance: [Importance]
    let lists: [List]
    /// Every key by which the two specs differ, uncut; absent where one of them is not there.
    let specDifferences: [SpecDifference]?
    let specDifferenceCount: Int?
  }

  let base: Side
  /// Where the metric and its smallest effect come from, unless from options or the standard.
  let notes: [String]
  let metric: String
  let smallestEffect: Double
  let level: Double
  let resamples: Int
  let rows: Rows?
  let candidates: [Candidate]

  init(_ report: ComparisonReport) {
    base = Side(report.base)
    notes = report.notes
    metric = report.options.metric
    smallestEffect = report.options.smallestEffect
    level = report.options.bootstrap.level
    resamples = report.options.bootstrap.resamples
    rows = report.rows.map {
      Rows(
        cutoffs: $0.cutoffs, rows: $0.rows, entities: $0.entities, positives: $0.positives,
        distinctBuyers: $0.distinctBuyers)
    }
    candidates = report.candidates.map(Self.candidate)
  }

  private static func candidate(_ report: CandidateReport) -> Candidate {
    var metrics: [String: Difference] = [:]
    for name in ComparisonWords.names(report) {
      metrics[name] =
        report.paired?.differences[name].map(difference)
        ?? report.unpaired?.differences[name].map {
          Difference(
            base: $0.base, candidate: $0.candidate, difference: $0.difference, low: $0.lower,
            high: $0.upper)
        }
    }
    return Candidate(
      run: Side(report.run), verdict: report.verdict?.rawValue, isPaired: report.paired != nil,
      unpairedReason: report.unpairedReason,
      decisive: report.paired.map { difference($0.decisive) },
      level: report.paired?.decisive.level, pValue: report.paired?.pValue,
      smallestDetectable: report.paired?.smallestDetectable, remarks: report.remarks,
      metrics: metrics,
      importance: report.importance.map {
        Importance(
          feature: $0.feature, kind: $0.kind.rawValue, base: $0.base, candidate: $0.candidate)
      },
      lists: report.lists.map {
        List(list: $0.list, rows: $0.length, shared: $0.shared, share: $0.share)
      },
      specDifferences: report.specDifferences?.all.map {
        SpecDifference(key: $0.key, base: $0.base, candidate: $0.candidate)
      }, specDifferenceCount: report.specDifferences?.all.count)
  }

  private static func difference(_ paired: PairedDifference) -> Difference {
    Difference(
      base: paired.base, candidate: paired.candidate, difference: paired.difference,
      low: paired.interval.lower, high: paired.interval.upper)
  }

  func json() throws -> String { try JSONDocument.text(self) }
}
