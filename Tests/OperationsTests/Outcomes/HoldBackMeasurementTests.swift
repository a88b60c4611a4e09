import Evaluation
import Operations
import Randomness
import Testing

@Suite struct HoldBackMeasurementTests {
  /// A list whose rows are accounts with marks, of whom some buy.
  private static func list(
    _ rows: [(account: Int32, mark: HoldBackMark?, score: Double)], buyers: [Int32]
  ) -> OutcomeList {
    OutcomeList(
      population: rows.map(\.account).sorted(), buyers: buyers, entities: rows.map(\.account),
      scores: rows.map(\.score),
      selected: rows.map { $0.mark == .compared || $0.mark == .replacement },
      marks: rows.map(\.mark))
  }

  private static func days(_ cutoffs: [Int], window: Int = 90) -> [HoldBackMeasurement.Days] {
    cutoffs.map { HoldBackMeasurement.Days(cutoff: $0, windowEnd: $0 + window) }
  }

  @Test func `each account counts once, with the first list on which it is within the limits`()
    throws
  {
    let lists = [
      Self.list(
        [
          (0, .compared, 0.5), (1, .heldBack, 0.4), (2, .replacement, 0.3), (3, .reserve, 0.2),
          (4, nil, 0.1),
        ], buyers: [0]),
      // All of them are within the limits now. Only account 4 is new, and not by a free place.
      Self.list(
        [
          (0, .compared, 0.9), (1, .heldBack, 0.9), (2, .compared, 0.9), (3, .heldBack, 0.9),
          (4, .compared, 0.6),
        ], buyers: [1, 3, 4]),
    ]
    let held = try #require(
      HoldBackMeasurement(lists, days: Self.days([0, 7]), share: 0.25))
    let (selected, alone) = (held.comparison.selected, held.comparison.heldBack)
    #expect(selected.accounts == 2 && selected.wins == 2 && abs(selected.expected - 1.1) < 1e-12)
    #expect(alone.accounts == 1 && alone.wins == 0 && alone.expected == 0.4)
    #expect(held.leftOut == 2 && held.entered == [2, 1] && held.workedOn == 0)
    #expect(!held.isDoubtful && held.share == 0.25)
  }

  @Test func `lists without marks have nothing to compare`() {
    let list = OutcomeList(
      population: [0], buyers: [], entities: [0], scores: [0.1], selected: [true])
    #expect(HoldBackMeasurement([list], days: Self.days([0]), share: 0.05) == nil)
    let unmarked = Self.list([(0, nil, 0.1)], buyers: [])
    #expect(HoldBackMeasurement([unmarked], days: Self.days([0]), share: 0.05) == nil)
  }

  @Test func `a held-back account that is selected while its window is open is reported`() throws {
    let lists = [
      Self.list([(0, .heldBack, 0.5), (1, .heldBack, 0.5), (2, .compared, 0.5)], buyers: []),
      Self.list([(0, .compared, 0.5)], buyers: []),
      Self.list([(1, .compared, 0.5)], buyers: []),
    ]
    let held = try #require(
      HoldBackMeasurement(lists, days: Self.days([0, 90, 91]), share: nil))
    // The window of the first list ends on day 90.
    #expect(held.workedOn == 1 && held.isDoubtful && held.drawProbability == nil)
  }

  @Test func `arms of other sizes than the share makes are doubted`() throws {
    let rows = (0..<100).map { (account: Int32($0), mark: HoldBackMark?.none, score: 0.1) }
    func held(_ share: Double) throws -> HoldBackMeasurement {
      let list = Self.list(
        rows.map { ($0.account, $0.account < 20 ? .heldBack : .compared, $0.score) }, buyers: [])
      return try #require(HoldBackMeasurement([list], days: Self.days([0]), share: share))
    }
    #expect(try !held(0.2).isDoubtful && held(0.05).isDoubtful && held(0.5).isDoubtful)
  }

  @Test func `lists add accounts at the pace that they did`() throws {
    func rows(_ accounts: Range<Int32>) -> [(account: Int32, mark: HoldBackMark?, score: Double)] {
      accounts.map { ($0, $0 % 5 == 0 ? .heldBack : .compared, 0.1) }
    }
    let lists = [
      Self.list(rows(0..<200), buyers: []), Self.list(rows(150..<250), buyers: []),
      Self.list(rows(200..<300), buyers: []),
    ]
    let held = try #require(
      HoldBackMeasurement(lists, days: Self.days([0, 7, 14]), share: 0.2))
    #expect(held.entered == [200, 50, 50])
    #expect(held.needs.map(\.increase) == HoldBackMeasurement.increases)
    for need in held.needs {
      let power = HoldBackPower(rate: 0.1, share: 0.2)
      let accounts = try #require(power.accounts(increase: need.increase))
      #expect(need.accounts.map { abs($0 - accounts) <= 1 } == true)
      // 300 accounts from three lists, then 50 from each.
      let lists = 3 + (accounts - 300 + 49) / 50
      #expect(need.lists.map { abs($0 - lists) <= 1 } == true)
      #expect(need.days == need.lists.map { 7 * ($0 - 1) + 90 })
    }
    // Nobody knows what a second list adds.
    let one = try #require(
      HoldBackMeasurement([lists[0]], days: Self.days([0]), share: 0.05))
    #expect(one.needs.map(\.share) == [0.05, 0.2, 0.05, 0.2, 0.05, 0.2])
    #expect(one.needs.allSatisfy { $0.accounts != nil && $0.lists == nil && $0.days == nil })
  }

  @Test func `accounts of one cluster are counted by cluster`() throws {
    let list = Self.list(
      (0..<40).map { ($0, $0 < 8 ? .heldBack : .compared, 0.2) }, buyers: [0, 1, 10, 11, 12, 13])
    let held = try #require(
      HoldBackMeasurement(
        [list], days: Self.days([0]), clusters: (0..<40).map { $0 / 4 }, share: 0.2))
    #expect(held.comparison.heldBack.clusters == 2 && held.comparison.selected.clusters == 8)
    let alone = try #require(HoldBackMeasurement([list], days: Self.days([0]), share: 0.2))
    let (wide, narrow) = (held.comparison.byAccount, alone.comparison.byAccount)
    #expect(wide?.caused == narrow?.caused)
    #expect((wide?.designEffect ?? 0) > 1.5 && narrow?.designEffect == 1)
    #expect((wide?.lower ?? 0) < (narrow?.lower ?? -99))
  }
}
