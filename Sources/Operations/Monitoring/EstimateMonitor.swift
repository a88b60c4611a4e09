internal import Diagnostics
internal import Evaluation
internal import Experiment
internal import Learning
internal import Panel
internal import Promotion
internal import Runs
internal import Spec

extension MonitorReport.Estimate {
  private static let resamples = 200
  private static let defaultTop = 100

  /// Estimates what the judged day's list brings; nil if it has no rows.
  /// - Parameters:
  ///   - week: the judged day's cohort.
  ///   - calibrate: the cohorts that the calibrator was fitted on, each with the entities that bought
  ///     in its window; empty if they are unknown.
  init?(
    _ week: ScoredCohort, champion: ProductionModel,
    calibrate: [(cohort: ScoredCohort, buyers: Set<Int32>)], level: Double = 0.8
  ) {
    guard !week.scores.isEmpty else { return nil }
    let calibrators = Self.refits(champion.model.calibrator, calibrate)
    let refitted = calibrators.map { $0.apply(week.margins) }
    let base =
      ExpectedWins(week.scores, clusters: week.clusters).expected / Double(week.scores.count)
    let order = Ranking(margins: week.margins, entities: week.entities).order
    func part(_ rows: [Int]) -> Part {
      let wins = WinsForecast(
        scores: rows.map { week.scores[$0] },
        refits: refitted.map { refit in rows.map { refit[$0] } },
        entities: rows.map { week.clusters[$0] }, level: level)
      return Part(
        rows: rows.count, wins: wins,
        lift: base > 0 ? wins.expected / Double(rows.count) / base : nil)
    }
    let count = champion.spec.capacity?.total?.value ?? Self.defaultTop
    cohort = part(order)
    top = part(Array(order.prefix(max(1, count))))
    refits = calibrators.count
    self.level = level
  }

  /// The calibrator fitted again on resampled clusters of the rows that it was fitted on. A resample
  /// that cannot be fitted, such as one without a buyer, is left out.
  private static func refits(
    _ own: Calibrator,
    _ calibrate: [(cohort: ScoredCohort, buyers: Set<Int32>)]
  ) -> [Calibrator] {
    guard own.fit == .calibrate, !calibrate.isEmpty else { return [] }
    let margins = calibrate.flatMap(\.cohort.margins)
    let labels = calibrate.flatMap { cohort, buyers in
      cohort.entities.map { buyers.contains($0) ? UInt8(1) : 0 }
    }
    let clusters = calibrate.flatMap(\.cohort.clusters)
    let numbers = Dictionary(
      uniqueKeysWithValues: Set(clusters).sorted().enumerated().map { ($0.element, $0.offset) })
    let places = clusters.map { numbers[$0] ?? 0 }
    let resampling = EntityResampling(entityCount: numbers.count, seed: 1)
    return (0..<resamples).compactMap { index in
      let weights = resampling.weights(ofResample: index)
      do {
        return try Calibrator.fit(
          method: own.method, margins: margins, labels: labels,
          weights: places.map { Double(weights[$0]) }, logOddsPerMargin: own.logOddsPerMargin)
      } catch {
        return nil
      }
    }
  }
}
