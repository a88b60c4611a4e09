internal import Foundation

/// Rows of open windows, with the events that have happened so far: what changed, if anything did?
///
/// Three tests, each of one question: do as many events happen as expected (level)? Do the scores
/// still separate (slope)? Are the groups as expected of each other (groups)? Read together, they
/// tell a change of the market from a change of what the scores mean (`EarlyDiagnosis`).
public struct EarlyLabels: Sendable {
  /// The probability of each row to have had its event by now.
  public let probabilities: [Double]
  /// 1 if the row has had its event.
  public let labels: [UInt8]
  /// The row's entity, or cluster; rows of one entity are as dependent as their probabilities allow.
  public let entities: [Int32]

  /// Creates rows. Probabilities are kept `Logistic.epsilon` away from 0 and 1.
  public init(probabilities: [Double], labels: [UInt8], entities: [Int32]) {
    precondition(
      probabilities.count == labels.count && labels.count == entities.count,
      "columns of unequal length")
    self.probabilities = probabilities.map {
      min(max($0, Logistic.epsilon), 1 - Logistic.epsilon)
    }
    self.labels = labels
    self.entities = entities
  }

  /// The number of events.
  public var observed: Int { labels.reduce(0) { $0 + Int($1) } }

  // MARK: - Level

  /// The events beside the expected ones.
  public struct Level: Sendable, Equatable {
    /// The number of events.
    public let observed: Int
    /// The expected number.
    public let expected: Double
    /// The probability of a count at least as extreme if the probabilities are right.
    public let pValue: Double
  }

  /// Tests whether as many events have happened as expected: twice the smaller tail of the count's
  /// distribution, in which the observed count itself counts half (Lancaster, 1961), because a whole
  /// one would reject calibrated rows with few events far too rarely.
  public func level() -> Level {
    let forecast = CountForecast(scores: probabilities, entities: entities)
    let count = observed
    let below = forecast.probability(ofAtMost: count - 1)
    let upTo = forecast.probability(ofAtMost: count)
    let middle = (below + upTo) / 2
    return Level(
      observed: count, expected: forecast.mean, pValue: min(1, 2 * min(middle, 1 - middle)))
  }

  // MARK: - Slope

  /// The line from the logit of the probabilities to that of the events (Cox, 1958).
  public struct Slope: Sendable, Equatable {
    /// 1 if the scores separate as much as they say; less if they separate less.
    public let slope: Double
    /// The probability of a slope at least as far from 1 if it is 1.
    public let pValue: Double
  }

  /// Tests whether the slope is 1, with any level: the likelihood ratio, divided by the design effect
  /// of rows that share an entity (Rotnitzky and Jewell, 1990). nil if there is no slope, as without
  /// an event.
  public func slope() -> Slope? {
    let logits = probabilities.map(Logistic.logOdds)
    let cells = LogisticCells(
      predictor: logits, weights: logits.map { _ in 1 }, positives: labels.map(Double.init))
    guard let shift = cells.intercept(startingAt: 0),
      let line = cells.line(startingAt: (shift, 1))
    else { return nil }
    let ratio = 2 * (logLikelihood(logits, line) - logLikelihood(logits, (shift, 1)))
    let effect = designEffect(logits, shift: shift)
    // The upper tail of chi-square with one degree of freedom.
    let pValue = erfc((max(ratio, 0) / effect / 2).squareRoot())
    return Slope(slope: line.slope, pValue: pValue)
  }

  private func logLikelihood(
    _ logits: [Double], _ line: (intercept: Double, slope: Double)
  ) -> Double {
    var sum = CompensatedSum()
    for row in logits.indices {
      let logOdds = line.intercept + line.slope * logits[row]
      sum.add(Double(labels[row]) * logOdds - max(logOdds, 0) - log1p(exp(-abs(logOdds))))
    }
    return sum.value
  }

  /// The variance of the slope's score if rows of an entity share one uniform number, over that of
  /// independent rows; 1 if no entity has two rows.
  private func designEffect(_ logits: [Double], shift: Double) -> Double {
    let order = entities.indices.sorted { left, right in
      entities[left] == entities[right] ? left < right : entities[left] < entities[right]
    }
    let fitted = logits.map { Logistic.probability($0 + shift) }
    var weight = CompensatedSum()
    var weighted = CompensatedSum()
    for row in logits.indices {
      weight.add(fitted[row] * (1 - fitted[row]))
      weighted.add(fitted[row] * (1 - fitted[row]) * logits[row])
    }
    let mean = weighted.value / weight.value
    var alone = CompensatedSum()
    var together = CompensatedSum()
    var start = 0
    while start < order.count {
      var end = start
      while end < order.count, entities[order[end]] == entities[order[start]] { end += 1 }
      for left in start..<end {
        for right in start..<end {
          let (one, other) = (order[left], order[right])
          let covariance = min(fitted[one], fitted[other]) - fitted[one] * fitted[other]
          let term = (logits[one] - mean) * (logits[other] - mean) * covariance
          together.add(term)
          if one == other { alone.add(term) }
        }
      }
      start = end
    }
    guard alone.value > 0, together.value > 0 else { return 1 }
    return together.value / alone.value
  }

  // MARK: - Groups

  /// Whether groups have their share of the events.
  public struct Groups: Sendable, Equatable {
    /// The events of each group.
    public let observed: [Int]
    /// The expected events of each group, scaled to as many in total as there are events.
    public let expected: [Double]
    /// The probability of groups at least as uneven if they are alike.
    public let pValue: Double
  }

  private static let draws = 2_000

  /// Tests whether the groups have their share of the events: 2 Σ O ln(O / E), compared with that of
  /// 2,000 draws of the labels in which an entity has one uniform number. nil without an event.
  /// - Parameters:
  ///   - groups: each row's group, from 0.
  ///   - count: the number of groups.
  public func groups(_ groups: [Int32], count: Int, seed: UInt64 = 1) -> Groups? {
    precondition(groups.count == labels.count, "one group is needed per row")
    guard observed > 0 else { return nil }
    var sums = [CompensatedSum](repeating: CompensatedSum(), count: count)
    var events = [Int32](repeating: 0, count: count)
    for row in groups.indices {
      sums[Int(groups[row])].add(probabilities[row])
      events[Int(groups[row])] += Int32(labels[row])
    }
    let expected = sums.map(\.value)
    let total = expected.reduce(0, +)
    func statistic(_ events: [Int32]) -> Double {
      let sum = Double(events.reduce(0, +))
      var value = CompensatedSum()
      for (own, expected) in zip(events, expected) where own > 0 {
        value.add(2 * Double(own) * log(Double(own) / (expected * sum / total)))
      }
      return value.value
    }
    // Draws of the observed level: whether that is right is the first test's question.
    let factor = Double(observed) / total
    let labelDraws = LabelDraws(
      scores: probabilities.map { min(1, $0 * factor) }, entities: entities, marks: groups,
      seed: seed)
    let drawn = (0..<Self.draws).map { index in
      var counts = [Int32](repeating: 0, count: count)
      labelDraws.add(index, to: &counts)
      return statistic(counts)
    }
    return Groups(
      observed: events.map(Int.init), expected: expected.map { $0 * factor },
      pValue: LabelDraws.pValue(of: statistic(events), among: drawn, tolerance: 1e-9))
  }
}

/// What the three tests say together, and whether inputs have moved.
public enum EarlyDiagnosis: String, Sendable, Codable, CaseIterable {
  /// Everything is as expected.
  case asExpected = "as_expected"
  /// The inputs moved, and the model follows them.
  case inputsFollowed = "inputs_followed"
  /// All rows sell less, or more, than expected; the ranking is still good.
  case level
  /// The scores separate less, or more, than they say.
  case separation
  /// Some groups sell less than expected of them, others more.
  case groups
  /// The events went off after inputs moved: a feed is likely broken.
  case brokenInputs = "broken_inputs"

  /// Reads the p-values of the tests together, nil for a test that could not be made.
  /// - Parameters:
  ///   - inputsMoved: whether an input raised an alarm between the oldest and the newest of the rows'
  ///     lists.
  ///   - significance: the p-value below which a test rejects.
  public init(
    level: Double, slope: Double?, groups: Double?, inputsMoved: Bool,
    at significance: Double = 0.05
  ) {
    let isSlopeOff = (slope ?? 1) < significance
    let areGroupsOff = (groups ?? 1) < significance
    let isOff = level < significance || isSlopeOff || areGroupsOff
    self =
      switch (isOff, inputsMoved) {
      case (false, false): .asExpected
      case (false, true): .inputsFollowed
      case (true, true): .brokenInputs
      case (true, false): isSlopeOff ? .separation : areGroupsOff ? .groups : .level
      }
  }
}
