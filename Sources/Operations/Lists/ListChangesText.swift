internal import Diagnostics

extension ListChanges {
  /// The changes for a terminal; ends with a newline.
  /// - Parameters:
  ///   - lastName: what the last list is called, such as `the list of 2025-09-11`.
  ///   - top: how many groups, and how many rows of each kind of change, are shown.
  public func text(lastName: String = "the last list", top: Int = 10) -> String {
    ListChangesText(changes: self, lastName: lastName, top: top).text
  }
}

/// What changed between two lists, for a terminal.
struct ListChangesText {
  let changes: ListChanges
  let lastName: String
  let top: Int

  var text: String {
    let parts = [TerminalText.escaped(heading), groups, rows].compactMap(\.self)
    return parts.joined(separator: "\n\n") + "\n"
  }

  private var heading: String {
    let rows = changes.next.count == 1 ? "1 row" : "\(changes.next.count.grouped) rows"
    if changes.isEmpty { return "\(rows), the same as on \(lastName)" }
    let gone = changes.leftCohort.map { $0.count { $0 } } ?? 0
    let outOfCohort = gone > 0 ? " (\(gone.grouped) of them no longer of the cohort)" : ""
    return "\(rows); since \(lastName), \(changes.entered.count.grouped) entered, "
      + "\(changes.left.count.grouped) left\(outOfCohort), \(changes.moved.count.grouped) moved"
  }

  /// The groups with the most rows that came or went.
  private var groups: String? {
    let changed = changes.groups.filter { $0.changes > 0 }
    guard changes.groups.count > 1, !changed.isEmpty else { return nil }
    // The groups come by name, and sorting keeps that order among equals.
    let shown = changed.sorted {
      ($0.entered + $0.left, $0.moved) > ($1.entered + $1.left, $1.moved)
    }.prefix(top)
    let table = Table(
      [.text("group"), .number("rows"), .number("entered"), .number("left"), .number("moved")],
      rows: shown.map { group in
        [group.name] + [group.rows, group.entered, group.left, group.moved].map(\.grouped)
      })
    let others = changed.count - shown.count
    guard others > 0 else { return table.text }
    return table.text + "\nand \(others.grouped) \(others == 1 ? "group" : "groups") more"
  }

  /// The best rows that came, the best that went, and those that moved farthest.
  private var rows: String? {
    let (last, next) = (changes.last, changes.next)
    var rows = changes.entered.prefix(top).map { row in
      ["entered", next.keys[row], next.groups[row], "-", "\(next.ranks[row])"]
    }
    for (place, row) in changes.left.prefix(top).enumerated() {
      let isGone = changes.leftCohort.map { $0[place] } ?? false
      rows.append([
        isGone ? "left the cohort" : "left", last.keys[row], last.groups[row],
        "\(last.ranks[row])", "-",
      ])
    }
    for move in changes.moved.prefix(top) {
      let (from, to) = (last.groups[move.last], next.groups[move.next])
      rows.append([
        "moved", next.keys[move.next], from == to ? to : "\(from) -> \(to)",
        "\(last.ranks[move.last])", "\(next.ranks[move.next])",
      ])
    }
    guard !rows.isEmpty else { return nil }
    let hasGroups = changes.groups.count > 1
    let columns: [Table.Column] = [
      .text(""), .text("key"), .text("group"), .number("last rank"), .number("rank"),
    ]
    func shown<Value>(_ cells: [Value]) -> [Value] {
      hasGroups ? cells : cells.indices.filter { $0 != 2 }.map { cells[$0] }
    }
    return Table(shown(columns), rows: rows.map(shown)).text
  }
}
