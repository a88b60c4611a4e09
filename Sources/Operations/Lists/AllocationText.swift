internal import Diagnostics
internal import Foundation

extension Allocation {
  /// How many rows were selected and how many wins they bring, of the list and of its groups, for a
  /// terminal; ends with a newline.
  /// - Parameter top: how many groups are shown, those with the most expected wins first.
  public func text(top: Int = 10) -> String { AllocationText(allocation: self, top: top).text }
}

/// An allocation for a terminal.
struct AllocationText {
  let allocation: Allocation
  let top: Int

  var text: String {
    let lines = [heading, others].compactMap(\.self).joined(separator: "\n")
    return [lines, groups].compactMap(\.self).joined(separator: "\n\n") + "\n"
  }

  private var heading: String {
    let wins = allocation.expectedWins()
    return "\(wins.rows.grouped) of \(allocation.outcomes.count.grouped) rows selected; "
      + "\(Self.number(wins.expected)) wins expected "
      + "(\(Self.percent(wins.level)): \(Self.ends(wins)))"
  }

  /// How many rows were not selected, by why.
  private var others: String? {
    let words: [(AllocationOutcome, String)] = [
      (.excluded, "excluded"), (.belowMinimumScore, "below the minimum score"),
      (.coolingDown, "cooling down"), (.groupFull, "of a full group"),
      (.shareFull, "of a group that has its share"), (.listFull, "beyond the list's end"),
    ]
    let counts = words.compactMap { outcome, word in
      let count = allocation.groups.reduce(0) { $0 + $1.count(of: outcome) }
      return count > 0 ? "\(count.grouped) \(word)" : nil
    }
    return counts.isEmpty ? nil : "not selected: " + counts.joined(separator: ", ")
  }

  private var groups: String? {
    let groups = zip(allocation.groups, allocation.expectedWinsByGroup()).sorted { one, other in
      one.1.expected == other.1.expected
        ? one.0.name < other.0.name : one.1.expected > other.1.expected
    }
    guard groups.count > 1 else { return nil }
    let table = Table(
      [
        .text("group"), .number("rows"), .number("selected"), .number("of"),
        .number("expected wins"), .number(Self.percent(ExpectedWins.standardLevel)),
      ],
      rows: groups.prefix(top).map { group, wins in
        [
          group.name, group.rows.grouped, group.selected.grouped, group.limit?.grouped ?? "-",
          Self.number(wins.expected), Self.ends(wins),
        ]
      })
    let others = groups.count - top
    guard others > 0 else { return table.text }
    return table.text + "\nand \(others.grouped) \(others == 1 ? "group" : "groups") more"
  }

  private static func ends(_ wins: ExpectedWins) -> String {
    "\(wins.lower.grouped) to \(wins.upper.grouped)"
  }

  /// Expected wins are small numbers, and 0.04 is not 0.
  private static func number(_ value: Double) -> String {
    value >= 1_000
      ? Int(value.rounded()).grouped : String(format: value >= 10 ? "%.1f" : "%.2f", value)
  }

  private static func percent(_ level: Double) -> String { "\(DecimalText.short(level * 100)) %" }
}
