import HoldoutTestSupport
import Operations
import Randomness
import Reports
import Testing

@Suite struct ListChangesTests {
  private let last = ListRows(
    keys: ["a", "b", "c", "d"], ranks: [1, 2, 1, 2], groups: ["West", "West", "East", "East"])
  private let next = ListRows(
    keys: ["b", "e", "a", "d"], ranks: [1, 2, 7, 2], groups: ["West", "West", "West", "North"])

  @Test func `rows enter, leave and move, and groups count them`() {
    let changes = ListChanges(from: last, to: next, isOfCohort: { $0 != "c" })
    #expect(changes.entered.map { next.keys[$0] } == ["e"])
    #expect(changes.left.map { last.keys[$0] } == ["c"])
    #expect(changes.leftCohort == [true])
    // The farthest first; `d` kept its rank in another group.
    #expect(changes.moved.map { next.keys[$0.next] } == ["a", "b", "d"])
    #expect(changes.groups.map(\.name) == ["East", "North", "West"])
    #expect(changes.groups.map(\.rows) == [0, 1, 3])
    #expect(changes.groups.map(\.entered) == [0, 0, 1])
    #expect(changes.groups.map(\.left) == [1, 0, 0])
    #expect(changes.groups.map(\.moved) == [0, 1, 2])
  }

  @Test func `the text has a line of counts, groups and rows`() {
    let changes = ListChanges(from: last, to: next, isOfCohort: { $0 != "c" })
    #expect(
      Page(changes, lastName: "the list of 2025-09-11", top: 2).text() == """
        4 rows; since the list of 2025-09-11, 1 entered, 1 left (1 of them no longer in the \
        cohort), 3 moved

        group  rows  entered  left  moved
        West      3        1     0      2
        East      0        0     1      0
        and 1 group more

                         key  group  last rank  rank
        entered          e    West           -     2
        left the cohort  c    East           1     -
        moved            a    West           1     7
        moved            b    West           2     1

        """)
  }

  @Test func `without groups there is no word of them, and the same list says so`() {
    let list = ListRows(keys: ["a", "b"], ranks: [1, 2])
    #expect(
      Page(ListChanges(from: list, to: list)).text() == "2 rows, the same as on the last list\n")
    #expect(
      Page(ListChanges(from: ListRows(), to: ListRows(keys: ["a"], ranks: [1]))).text() == """
        1 row; since the last list, 1 entered, 0 left, 0 moved

                 key  last rank  rank
        entered  a            -     1

        """)
  }

  @Test(arguments: 0..<100)
  func `what entered, left, moved and stayed is every row once, in any row order`(_ seed: Int) {
    var draw = SplitMix64(seed: UInt64(seed))
    func list() -> [(key: String, rank: Int32, group: String)] {
      (0..<40).filter { _ in draw.oneIn(2) }.map { number in
        ("\(number)", Int32(draw.number(1...5)), draw.pick(["x", "y"]))
      }
    }
    func rows(_ list: [(key: String, rank: Int32, group: String)]) -> ListRows {
      ListRows(keys: list.map(\.key), ranks: list.map(\.rank), groups: list.map(\.group))
    }
    let (old, new) = (list(), list())
    let changes = ListChanges(from: rows(old), to: rows(new))
    let entered = Set(new.map(\.key)).subtracting(old.map(\.key))
    let left = Set(old.map(\.key)).subtracting(new.map(\.key))
    #expect(Set(changes.entered.map { changes.next.keys[$0] }) == entered)
    #expect(Set(changes.left.map { changes.last.keys[$0] }) == left)
    let moved = new.filter { row in
      old.contains { $0.key == row.key && ($0.rank != row.rank || $0.group != row.group) }
    }
    #expect(Set(changes.moved.map { changes.next.keys[$0.next] }) == Set(moved.map(\.key)))
    #expect(changes.moved.allSatisfy { changes.last.keys[$0.last] == changes.next.keys[$0.next] })
    #expect(changes.groups.reduce(0) { $0 + $1.rows } == new.count)
    let shuffled = ListChanges(
      from: rows(old.shuffled(using: &draw)), to: rows(new.shuffled(using: &draw)))
    #expect(Page(shuffled, top: 50).text() == Page(changes, top: 50).text())
  }
}
