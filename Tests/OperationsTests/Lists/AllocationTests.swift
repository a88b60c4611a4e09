import Diagnostics
import Experiment
import HoldoutTestSupport
import Operations
import OrderedCollections
import Randomness
import Reports
import Spec
import Testing

@Suite struct AllocationTests {
  private let cutoff = CalendarDate(days: 20_349)  // 2025-09-18

  private func day(_ text: String) throws -> Int32 { Int32(try #require(CalendarDate(text)).days) }

  @Test func `each rule has its sentence, and the first that holds is said`() throws {
    var rows = AllocationRows(
      order: [0, 1, 2, 3, 4, 5, 6, 7], scores: [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.00999],
      groups: [0, 0, 0, 0, 0, 1, 1, 2], groupNames: ["California: San Diego", "West", "East"])
    rows.exclusions[0] = 1
    rows.lastSelected[1] = try day("2025-09-04")
    rows.exclusions[7] = AllocationRows.notExcluded
    rows.lastSelected[7] = try day("2025-09-04")
    let allocation = Allocation(
      rows,
      capacity: .test(
        per: "territory", rows: 2, groups: ["West": 5, "Nord": 3], total: 3, minScore: 0.01,
        coolDown: Period(4, .weeks), exclude: ["a.csv", "exclusions/do_not_call.csv"]),
      cutoff: cutoff)
    #expect(
      (0..<8).map(allocation.because) == [
        "excluded by exclusions/do_not_call.csv",
        "on the list of 2025-09-04, and cools down until 2025-10-02",
        "place 1 of 2 in California: San Diego",
        "place 2 of 2 in California: San Diego",
        "its group is full: 2 of 2",
        "place 1 of 5 in West",
        "the list is full: 3 of 3",
        "score 0.00999 is below 0.01",
      ])
    #expect(allocation.selected == [false, false, true, true, false, true, false, false])
    #expect(allocation.unknownGroups == ["Nord"])
    #expect(allocation.selectedCount == 3)
    #expect(allocation.groups.map(\.selected) == [2, 1, 0])
    #expect(allocation.groups.map(\.rows) == [5, 2, 1])
    #expect(allocation.groups.map(\.limit) == [2, 5, 2])
    #expect(allocation.groups[0].count(of: .groupFull) == 1)
  }

  @Test func `a share of the list limits a group, and is told apart from its own limit`() {
    let rows = AllocationRows(
      order: [0, 1, 2], scores: [0.3, 0.2, 0.1], groups: [0, 0, 0], groupNames: ["West"])
    let allocation = Allocation(
      rows, capacity: .test(per: "territory", rows: 3, total: 4, maxShare: 0.5), cutoff: cutoff)
    #expect(allocation.because(0) == "place 1 of 2 in West")
    #expect(allocation.because(2) == "its group has its share: 2 of 4")
  }

  @Test func `lists without groups, and without limits, are said plainly`() {
    let rows = AllocationRows(order: [1, 0], scores: [0.1, 0.2])
    func because(_ capacity: CapacitySpec) -> [String] {
      let allocation = Allocation(rows, capacity: capacity, cutoff: cutoff)
      return [1, 0].map(allocation.because)
    }
    #expect(because(.test()) == ["place 1", "place 2"])
    #expect(because(.test(rows: 1)) == ["place 1 of 1", "the list is full: 1 of 1"])
    #expect(because(.test(rows: 5, total: 1)) == ["place 1 of 1", "the list is full: 1 of 1"])
    #expect(because(.test(rows: 0)) == ["the list takes no rows", "the list takes no rows"])
    #expect(because(.test(per: "rep")) == ["place 1", "place 2"])
    #expect(because(.test(per: "rep", total: 1_000)) == ["place 1 of 1,000", "place 2 of 1,000"])
    #expect(
      because(.test(per: "rep", groups: ["": 0])) == [
        "its group takes no rows", "its group takes no rows",
      ])
  }

  @Test(arguments: [
    ("2025-08-18", "1 month", false), ("2025-08-19", "1 month", true),
    ("2025-09-18", "9 days", false),
    ("2025-09-25", "9 days", false), ("2025-09-04", "2 weeks", false),
    ("2025-09-05", "2 weeks", true),
  ])
  func `a row cools down until the period is over, and only lists before the cutoff count`(
    _ last: String, _ period: String, _ coolsDown: Bool
  ) throws {
    let rows = AllocationRows(order: [0], scores: [0.5], lastSelected: [try day(last)])
    let coolDown = try #require(Period(period))
    let allocation = Allocation(rows, capacity: .test(coolDown: coolDown), cutoff: cutoff)
    #expect(allocation.selected == [!coolsDown])
  }

  @Test func `the end of a month cools down as the spec counts months`() throws {
    let rows = AllocationRows(order: [0], scores: [0.5], lastSelected: [try day("2025-02-28")])
    let end = try #require(CalendarDate("2025-08-29"))
    for arithmetic in MonthArithmetic.allCases {
      let allocation = Allocation(
        rows, capacity: .test(coolDown: Period(6, .months)), cutoff: end, arithmetic: arithmetic)
      #expect(allocation.selected == [arithmetic == .clip])
    }
  }

  @Test func `shares round as they are written, and a share above 0 is at least one row`() {
    func limit(_ share: Double, _ total: Int) -> Int? {
      Allocation(
        AllocationRows(order: [], scores: [], groupNames: ["West"]),
        capacity: .test(per: "territory", total: total, maxShare: share), cutoff: cutoff
      ).groups[0].limit
    }
    #expect(limit(0.07, 100) == 7)
    for thousandths in 1...1_000 {
      for total in [1, 7, 29, 100, 365, 1_000, 5_000, 411_000] {
        let share = Double(thousandths) / 1_000
        #expect(limit(share, total) == max(1, thousandths * total / 1_000), "\(share) of \(total)")
      }
    }
    #expect(limit(1.0 / 3, 100) == 33)
  }

  @Test(arguments: 0..<200)
  func `no other choice has more expected wins`(_ seed: Int) {
    var draw = SplitMix64(seed: UInt64(seed))
    let random = RandomAllocation(&draw, rows: draw.number(1...11))
    let allocation = random.allocation
    func wins(_ chosen: [Bool]) -> Double {
      // Scores are whole 64ths, so that sums are exact in every order.
      chosen.indices.reduce(0) { $0 + (chosen[$1] ? random.rows.scores[$1] : 0) }
    }
    let best = random.allowedChoices.map(wins).max()
    #expect(random.allows(allocation.selected))
    #expect(wins(allocation.selected) == best)
  }

  @Test(arguments: 0..<50)
  func `ties leave no choice: as many as there are places, and the same ones in any row order`(
    _ seed: Int
  ) {
    var draw = SplitMix64(seed: UInt64(seed))
    let count = draw.number(1...300)
    let margins = (0..<count).map { _ in Double(draw.number(0...3)) }
    let groups = (0..<count).map { _ in Int32(draw.number(0...2)) }
    let names = ["a", "b", "c"]
    let capacity = CapacitySpec.test(per: "territory", rows: 20, total: draw.number(0...70))
    func chosen(_ places: [Int]) -> Set<Int> {
      let ranking = Ranking(margins: places.map { margins[$0] }, entities: places.map(Int32.init))
      let rows = AllocationRows(
        order: ranking.order, scores: places.map { margins[$0] / 4 },
        groups: places.map { groups[$0] }, groupNames: names)
      let selected = Allocation(rows, capacity: capacity, cutoff: cutoff).selected
      return Set(places.indices.filter { selected[$0] }.map { places[$0] })
    }
    let places = Array(0..<count)
    let own = chosen(places)
    let perGroup = (0..<3).map { group in min(20, groups.count { $0 == Int32(group) }) }
    #expect(own.count == min(perGroup.reduce(0, +), capacity.total?.value ?? 0))
    #expect(chosen(places.shuffled(using: &draw)) == own)
  }

  @Test(arguments: 0..<50)
  func `every row has one outcome, and groups count them`(_ seed: Int) {
    var draw = SplitMix64(seed: UInt64(1_000 + seed))
    let random = RandomAllocation(&draw, rows: draw.number(1...60))
    let allocation = random.allocation
    #expect(allocation.groups.reduce(0) { $0 + $1.rows } == random.rows.count)
    for outcome in AllocationOutcome.allCases {
      #expect(
        allocation.groups.reduce(0) { $0 + $1.count(of: outcome) }
          == allocation.outcomes.count { $0 == outcome })
    }
    for row in 0..<random.rows.count {
      let isBarred = !random.isEligible(row)
      let outcome = allocation.outcomes[row]
      #expect(
        isBarred == [.excluded, .belowMinimumScore, .coolingDown].contains(outcome), "row \(row)")
      #expect(!allocation.because(row).isEmpty)
    }
  }

  @Test func `the text has the list's wins, who was left out and why, and the groups`() {
    let rows = AllocationRows(
      order: [0, 1, 2, 3, 4], scores: [0.5, 0.5, 0.25, 0.25, 0.001], groups: [0, 1, 0, 0, 2],
      groupNames: ["West", "East", "North"])
    let allocation = Allocation(
      rows, capacity: .test(per: "territory", rows: 2, minScore: 0.01), cutoff: cutoff)
    #expect(
      Page(allocation, top: 2).text() == """
        3 of 5 rows selected; 1.25 wins expected (80 %: 0 to 2)
        not selected: 1 below the minimum score, 1 in a full group

        group  rows  selected  of  expected wins    80 %
        West      3         2   2           0.75  0 to 2
        East      1         1   2           0.50  0 to 1
        and 1 group more

        """)
    let alone = Allocation(
      AllocationRows(order: [0], scores: [1]), capacity: .test(), cutoff: cutoff)
    #expect(Page(alone).text() == "1 of 1 rows selected; 1.00 wins expected (80 %: 1 to 1)\n")
  }
}
