internal import Evaluation
public import Promotion
internal import Runs

/// A comparison for programs: stable keys, figures by name.
public struct ComparisonDocument: Encodable, Sendable {
  struct Side: Encodable, Sendable {
    let reference: String
    let name: String
    let runId: String?
    /// Why its numbers should not be trusted.
    let doubts: [String]

    init(_ run: ComparedRun) {
      reference = run.reference
      name = run.name
      runId = run.run?.record.runId
      doubts = run.doubts
    }
  }

  struct Difference: Encodable, Sendable {
    let base: Double
    let candidate: Double
    let difference: Double
    let low: Double?
    let high: Double?
  }

  struct Rows: Encodable, Sendable {
    let cutoffs: [String]
    let rows: Int
    let entities: Int
    let positives: Int
    let positiveEntities: Int
    /// Absent if every entity is a cluster of its own.
    let clusters: Int?
  }

  struct Importance: Encodable, Sendable {
    let feature: String
    let kind: String
    let base: Double?
    let candidate: Double?
  }

  struct List: Encodable, Sendable {
    let list: String
    let rows: Double
    let shared: Double
    let share: Double
  }

  struct SpecDifference: Encodable, Sendable {
    let key: String
    let base: String
    let candidate: String
  }

  struct Candidate: Encodable, Sendable {
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
    /// Every key in which the two specs differ, not shortened; absent if one of them is not
    /// available.
    let specDifferences: [SpecDifference]?
    let specDifferenceCount: Int?
  }

  let base: Side
  /// Where the metric and its smallest effect come from, unless from options or the defaults.
  let notes: [String]
  let metric: String
  let smallestEffect: Double
  let level: Double
  let resamples: Int
  let rows: Rows?
  let candidates: [Candidate]

  public init(_ report: ComparisonReport) {
    base = Side(report.base)
    notes = report.notes.map(\.words)
    metric = report.options.metric
    smallestEffect = report.options.smallestEffect
    level = report.options.bootstrap.level
    resamples = report.options.bootstrap.resamples
    rows = report.rows.map {
      Rows(
        cutoffs: $0.cutoffs, rows: $0.rows, entities: $0.entities, positives: $0.positives,
        positiveEntities: $0.positiveEntities, clusters: $0.clusters)
    }
    candidates = report.candidates.map(Self.candidate)
  }

  private static func candidate(_ report: CandidateReport) -> Candidate {
    var metrics: [String: Difference] = [:]
    for name in report.metricNames {
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
      unpairedReason: report.unpairedReason?.words,
      decisive: report.paired.map { difference($0.decisive) },
      level: report.paired?.decisive.level, pValue: report.paired?.pValue,
      smallestDetectable: report.paired?.smallestDetectable,
      remarks: report.remarks.map(\.words),
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
}
