internal import Evaluation

/// The ratios of slices in every resample of the accounts.
///
/// Everybody in any population is drawn with replacement, and carries all rows, in all lists: rows of
/// one account are no independent evidence, and who was not listed varies as much as who was.
struct OutcomeDraws {
  /// By resample, by slice, by ratio.
  private let answers: [[[Double?]]]

  init(_ slices: [OutcomeSlice], _ rows: OutcomeRows, settings: BootstrapOptions) {
    let resampling = EntityResampling(entityCount: rows.entityCount, seed: settings.seed)
    answers = resampling.answers(settings) { weights in
      func total(_ entities: [Int32]) -> Int {
        var total = 0
        for entity in entities { total += Int(weights[Int(entity)]) }
        return total
      }
      let populations = rows.populations.map(total)
      let buyers = rows.buyers.map(total)
      return slices.map { slice in
        OutcomeRatios(
          rows: total(slice.entities), wins: total(slice.winners),
          expected: slice.expected(weights),
          population: slice.lists.reduce(0) { $0 + populations[$1] },
          populationWins: slice.lists.reduce(0) { $0 + buyers[$1] }
        ).values
      }
    }
  }

  /// The interval of each ratio that is defined in at least one resample.
  func intervals(ofSlice slice: Int, level: Double) -> [String: Interval] {
    var intervals: [String: Interval] = [:]
    for (place, name) in OutcomeRatios.names.enumerated() {
      intervals[name] = Interval(answers.map { $0[slice][place] }, level: level)
    }
    return intervals
  }
}

extension OutcomeSlice {
  /// The sum of the scores of a resample, in blocks, so that rounding does not grow with the rows.
  fileprivate func expected(_ weights: [UInt16]) -> Double {
    let block = 512
    var total = 0.0
    for start in stride(from: 0, to: scores.count, by: block) {
      var part = 0.0
      for row in start..<min(start + block, scores.count) {
        part += scores[row] * Double(weights[Int(entities[row])])
      }
      total += part
    }
    return total
  }
}
