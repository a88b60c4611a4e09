import Evaluation
import Experiment
import Foundation
import Operations
import Randomness
import Spec
import Testing

/// Weekly lists of a team whose calls double the win rate, with a hold-back, a cool-down, and scores
/// that change from week to week.
///
/// An account wins in a week if a uniform number of its own is below its rate, which is doubled for
/// four weeks after it was selected. The same numbers without the calls say what the calls caused.
private struct HoldBackProcess {
  private static let weeks = 10
  private static let window = 4
  private static let share = 0.2
  private static let accounts = 400

  /// By account, by week.
  private let rates: [[Double]]
  private let uniforms: [[Double]]
  private let isDrawn: [Bool]
  private var lastMarked = [Int?](repeating: nil, count: Self.accounts)
  private var winWeek = [Int?](repeating: nil, count: Self.accounts)
  private var lists: [OutcomeList] = []
  /// The first week in which each account was within the limits, and its mark.
  private var first: [Int: (week: Int, mark: HoldBackMark)] = [:]

  init(seed: UInt64) {
    var random = Xoshiro256StarStar(seed: SplitMix64.mixed(seed))
    func uniform() -> Double { Double(random.next() >> 11) * 0x1p-53 }
    let last = Self.weeks + Self.window
    rates = (0..<Self.accounts).map { _ in
      var logit = 3 * (uniform() + uniform() - 1)
      return (0..<last).map { _ in
        logit += 0.8 * (uniform() - 0.5)
        return 0.12 / (1 + exp(2 - logit))
      }
    }
    uniforms = (0..<Self.accounts).map { _ in (0..<last).map { _ in uniform() } }
    isDrawn = (0..<Self.accounts).map { _ in uniform() < Self.share }
    var cohorts: [(rows: [Int], marks: [HoldBackMark?])] = []
    for week in 0..<last {
      if week < Self.weeks { cohorts.append(publish(week)) }
      for account in 0..<Self.accounts where winWeek[account] == nil {
        let isCalled =
          !isDrawn[account] && lastMarked[account].map { week - $0 < Self.window } ?? false
        if uniforms[account][week] < rates[account][week] * (isCalled ? 2 : 1) {
          winWeek[account] = week
        }
      }
    }
    lists = cohorts.enumerated().map { week, cohort in
      OutcomeList(
        population: cohort.rows.map(Int32.init),
        buyers: cohort.rows.filter { hasWon($0, since: week) }.map(Int32.init),
        entities: cohort.rows.map(Int32.init), scores: cohort.rows.map { score($0, week) },
        selected: cohort.marks.map { $0 == .compared || $0 == .replacement }, marks: cohort.marks)
    }
  }

  private func score(_ account: Int, _ week: Int) -> Double {
    min(1, Double(Self.window) * rates[account][week])
  }

  private func hasWon(_ account: Int, since week: Int) -> Bool {
    winWeek[account].map { $0 >= week && $0 < week + Self.window } ?? false
  }

  /// Makes the list of a week from the accounts that have not won.
  private mutating func publish(_ week: Int) -> (rows: [Int], marks: [HoldBackMark?]) {
    let rows = (0..<Self.accounts).filter { winWeek[$0] == nil }
    let order = Ranking(margins: rows.map { rates[$0][week] }, entities: rows.map(Int32.init)).order
    let allocation = Allocation(
      AllocationRows(
        order: order, scores: rows.map { score($0, week) },
        lastSelected: rows.map { lastMarked[$0].map { Int32(7 * $0) } ?? AllocationRows.never },
        isDrawn: rows.map { isDrawn[$0] }),
      capacity: .test(rows: 30, coolDown: Period(3, .weeks), holdBack: Self.share),
      cutoff: CalendarDate(days: 7 * week))
    let marks = rows.indices.map(allocation.mark)
    for (row, account) in rows.enumerated() {
      guard let mark = marks[row] else { continue }
      lastMarked[account] = week
      if first[account] == nil { first[account] = (week, mark) }
    }
    return (rows, marks)
  }

  var measured: HoldBackMeasurement? {
    HoldBackMeasurement(
      lists,
      days: lists.indices.map {
        HoldBackMeasurement.Days(cutoff: 7 * $0, windowEnd: 7 * ($0 + Self.window) - 1)
      }, share: Self.share)
  }

  /// The wins that the calls caused, in the windows that the comparison counts.
  var caused: Int {
    first.reduce(0) { sum, entry in
      let (account, (week, mark)) = entry
      guard mark == .compared else { return sum }
      let alone = (week..<week + Self.window).contains {
        uniforms[account][$0] < rates[account][$0]
      }
      return sum + (hasWon(account, since: week) ? 1 : 0) - (alone ? 1 : 0)
    }
  }
}

@Suite struct HoldBackProcessTests {
  @Test func `the caused wins of weekly lists are found without bias, and within the interval`()
    throws
  {
    var (covered, error, caused, leftOut) = (0, 0.0, 0, 0)
    let simulations = 200
    for seed in 0..<simulations {
      let process = HoldBackProcess(seed: UInt64(seed))
      let held = try #require(process.measured)
      let estimate = try #require(held.comparison.byExpected)
      #expect(held.workedOn == 0)
      caused += process.caused
      leftOut += held.leftOut
      error += estimate.caused - Double(process.caused)
      if estimate.lower <= Double(process.caused), Double(process.caused) <= estimate.upper {
        covered += 1
      }
    }
    let count = Double(simulations)
    // 190 are nominal, with a standard deviation of 3.
    #expect((180...200).contains(covered), "\(covered)")
    // The standard error of the mean of 200 errors is about 0.7 wins.
    #expect(abs(error / count) < 2, "\(error / count) of \(Double(caused) / count)")
    #expect(Double(caused) / count > 10 && leftOut > simulations)
  }
}
