import HoldoutTestSupport
import Randomness
import Spec
import Testing

import Operations

@Suite struct HoldBackTests {
  private static func drawn(_ list: String, _ share: Double, count: Int = 20_000) -> [Bool] {
    let draw = HoldBackDraw(list: list, share: share)
    return (0..<count).map { draw.draws("C\($0)") }
  }

  @Test func `the draw depends on the list and the key, and never changes`() {
    // From a Python implementation of FNV-1a and SplitMix64. An account that is held back must stay so
    // in every version.
    let known = [
      "solidworks": [0, 15, 35, 71, 100, 128, 158, 160, 164, 171, 196, 197],
      "shop": [22, 34, 36, 38, 70, 90, 106, 162, 179],
    ]
    for (list, expected) in known {
      let found = Self.drawn(list, 0.05, count: 200)
      #expect(found.indices.filter { found[$0] } == expected, "\(list)")
    }
  }

  @Test func `a share is drawn, a larger share adds to it, and lists differ`() {
    let (shop, works) = (Self.drawn("shop", 0.05), Self.drawn("solidworks", 0.05))
    // 1,000 are expected, with a standard deviation of 31; of both, 50 with one of 7.
    for found in [shop, works] { #expect((900...1_100).contains(found.count { $0 })) }
    #expect((25...75).contains(zip(shop, works).count { $0 && $1 }))
    let more = Self.drawn("shop", 0.1)
    #expect(zip(shop, more).allSatisfy { !$0 || $1 })
    #expect((1_870...2_130).contains(more.count { $0 }))
  }

  @Test func `a held-back row leaves its place to the next row that is not drawn`() {
    let rows = AllocationRows(
      order: [0, 1, 2, 3, 4, 5], scores: [0.6, 0.5, 0.4, 0.3, 0.2, 0.1],
      isDrawn: [false, true, false, true, false, true])
    let allocation = Allocation(
      rows, capacity: .test(rows: 3, holdBack: 0.25), cutoff: RandomAllocation.cutoff)
    #expect(allocation.selected == [true, false, true, false, true, false])
    #expect(
      (0..<6).map(allocation.mark) == [
        .compared, .heldBack, .compared, .reserve, .replacement, nil,
      ])
    #expect(
      (0..<6).map(allocation.because) == [
        "place 1 of 3", "held back with a random 25 %, to compare the others with",
        "place 2 of 3",
        "takes no place of a held-back row: drawn to be held back with a random 25 %",
        "place 3 of 3", "the list is full: 3 of 3",
      ])
    #expect(allocation.holdBack == 0.25)
    #expect(abs(allocation.expectedWins(of: .heldBack).expected - 0.5) < 1e-12)
    #expect(abs(allocation.expectedWins().expected - 1.2) < 1e-12)
  }

  @Test func `without a hold-back no row has a mark`() {
    let rows = AllocationRows(order: [0, 1], scores: [0.2, 0.1])
    let allocation = Allocation(rows, capacity: .test(rows: 1), cutoff: RandomAllocation.cutoff)
    #expect(allocation.holdBack == nil && allocation.mark(0) == nil && allocation.mark(1) == nil)
  }

  @Test(arguments: 0..<200)
  func `a hold-back keeps every row that is selected without it, unless it is drawn`(_ seed: Int) {
    var draw = SplitMix64(seed: UInt64(seed))
    var random = RandomAllocation(&draw, rows: draw.number(1...60))
    let without = random.allocation
    let isDrawn = (0..<random.rows.count).map { _ in draw.chance(30) }
    random.rows.isDrawn = isDrawn
    random.capacity.holdBack = .test(0.3)
    let with = random.allocation
    #expect(random.allows(with.selected))
    for row in isDrawn.indices {
      let expected: HoldBackMark? =
        switch (without.selected[row], isDrawn[row]) {
        case (true, true): .heldBack
        case (true, false): .compared
        case (false, true): with.outcomes[row] == .reserve ? .reserve : nil
        case (false, false): with.selected[row] ? .replacement : nil
        }
      #expect(with.mark(row) == expected, "row \(row)")
      #expect(!(with.selected[row] && isDrawn[row]), "row \(row)")
      #expect(!with.because(row).isEmpty)
    }
  }
}
