internal import Diagnostics
internal import Evaluation
public import Operations
internal import Spec

extension Page {
  /// A published list.
  /// - Parameter isWhole: whether to show all selected and all changed rows.
  public init(_ report: ScoreReport, isWhole: Bool) {
    var lines = [
      "\(report.name): \(report.rowCount.grouped) rows at \(report.cutoff) scored by run "
        + "\(report.runId), \(report.publishedCount.grouped) published"
    ]
    if let written = report.written {
      if let table = written.table {
        let what =
          written.madeTable
          ? "made" : written.replaced > 0 ? "\(written.replaced.grouped) rows replaced" : "added"
        let names = written.addedColumns
        let new = names.isEmpty ? "" : "; new columns \(names.listed)"
        lines.append("table:  \(table) (\(what)\(new))")
      }
      if let file = written.file { lines.append("file:   \(file)") }
    } else {
      lines.append("nothing was written")
    }
    let condition = report.conditionalOn.map { source in
      "scores and expected wins are those of accounts that will have a row of `\(source)` in the label "
        + "window (`label.among`); the others will have no outcome"
    }
    self.init(
      [.group(lines.map { .paragraph($0) }), .notes([condition].compactMap(\.self))]
        + (report.allocation.map { Page($0, top: isWhole ? 20 : 5).blocks } ?? [])
        + (report.changes.map { changes in
          Page(
            changes.list, lastName: "the list of \(changes.since)", top: isWhole ? 10 : 0
          ).blocks
        } ?? []))
  }

  /// The number of selected rows and their expected wins, for the list and its groups.
  /// - Parameter top: the number of groups to show, those with the most expected wins first.
  public init(_ allocation: Allocation, top: Int = 10) {
    let wins = allocation.expectedWins()
    self.init([
      .group([
        .paragraph(
          "\(wins.rows.grouped) of \(allocation.outcomes.count.grouped) rows selected; "
            + "\(NumberText.wins(wins.expected)) wins expected "
            + "(\(NumberText.level(wins.level)): \(wins.ends))"),
        .paragraph(allocation.others), .paragraph(allocation.heldBack),
      ]),
      .group(allocation.groupBlocks(top: top)),
    ])
  }

  /// The changes between two lists.
  /// - Parameters:
  ///   - lastName: a name for the last list, such as `the list of 2025-09-11`.
  ///   - top: how many groups, and how many rows of each kind of change, to show.
  public init(_ changes: ListChanges, lastName: String = "the last list", top: Int = 10) {
    self.init([
      .paragraph(changes.heading(lastName)), .group(changes.groupBlocks(top: top)),
      .table(changes.rowTable(top: top)),
    ])
  }

  /// The number of groups that a table leaves out.
  fileprivate static func more(_ groups: Int) -> Block {
    .paragraph(
      groups > 0 ? "and \(groups.grouped) \(groups == 1 ? "group" : "groups") more" : "")
  }
}

extension Allocation {
  /// The number of rows that were not selected, by reason.
  fileprivate var others: String {
    let words: [(AllocationOutcome, String)] = [
      (.excluded, "excluded"), (.belowMinimumScore, "below the minimum score"),
      (.coolingDown, "cooling down"), (.groupFull, "in a full group"),
      (.shareFull, "in a group that has its share"), (.listFull, "beyond the list's end"),
      (.heldBack, "held back"), (.reserve, "kept from places of held-back rows"),
    ]
    let counts = words.compactMap { outcome, word in
      let count = groups.reduce(0) { $0 + $1.count(of: outcome) }
      return count > 0 ? "\(count.grouped) \(word)" : nil
    }
    return counts.isEmpty ? "" : "not selected: " + counts.joined(separator: ", ")
  }

  /// What the hold-back leaves alone, and how many such rows it takes to see an effect; empty without
  /// one.
  fileprivate var heldBack: String {
    guard let share = holdBack else { return "" }
    let (alone, compared) = (expectedWins(of: .heldBack), expectedWins(of: .compared))
    let rows = alone.rows + compared.rows
    let rate = (alone.expected + compared.expected) / Double(max(rows, 1))
    let need = HoldBackPower(rate: rate, share: share).accounts(increase: 1)
    return "held back: \(alone.rows.grouped) of the \(rows.grouped) rows that would be selected, "
      + "with \(NumberText.wins(alone.expected)) wins expected"
      + (need.map {
        "; to see the work double the wins takes \($0.grouped) accounts, each counted once"
      } ?? "")
  }

  fileprivate func groupBlocks(top: Int) -> [Page.Block] {
    let groups = zip(self.groups, expectedWinsByGroup()).sorted { one, other in
      one.1.expected == other.1.expected
        ? one.0.name < other.0.name : one.1.expected > other.1.expected
    }
    guard groups.count > 1 else { return [] }
    let table = Table(
      [
        .text("group"), .number("rows"), .number("selected"), .number("of"),
        .number("expected wins"), .number(NumberText.level(ExpectedWins.defaultLevel)),
      ],
      rows: groups.prefix(top).map { group, wins in
        [
          group.name, group.rows.grouped, group.selected.grouped, group.limit?.grouped ?? "-",
          NumberText.wins(wins.expected), wins.ends,
        ]
      })
    return [.table(table), Page.more(groups.count - top)]
  }
}

extension ExpectedWins {
  fileprivate var ends: String { "\(lower.grouped) to \(upper.grouped)" }
}

extension ListChanges {
  fileprivate func heading(_ lastName: String) -> String {
    let rows = next.count == 1 ? "1 row" : "\(next.count.grouped) rows"
    if isEmpty { return "\(rows), the same as on \(lastName)" }
    let gone = leftCohort.map { $0.count { $0 } } ?? 0
    let outOfCohort = gone > 0 ? " (\(gone.grouped) of them no longer in the cohort)" : ""
    return "\(rows); since \(lastName), \(entered.count.grouped) entered, "
      + "\(left.count.grouped) left\(outOfCohort), \(moved.count.grouped) moved"
  }

  /// The groups with the most entered or left rows.
  fileprivate func groupBlocks(top: Int) -> [Page.Block] {
    let changed = groups.filter { $0.changes > 0 }
    guard groups.count > 1, !changed.isEmpty else { return [] }
    // The groups are sorted by name, and the sort keeps that order among equals.
    let shown = changed.sorted {
      ($0.entered + $0.left, $0.moved) > ($1.entered + $1.left, $1.moved)
    }.prefix(top)
    let table = Table(
      [.text("group"), .number("rows"), .number("entered"), .number("left"), .number("moved")],
      rows: shown.map { group in
        [group.name] + [group.rows, group.entered, group.left, group.moved].map(\.grouped)
      })
    return [.table(table), Page.more(changed.count - shown.count)]
  }

  /// The best rows that entered, the best that left, and those that moved farthest.
  fileprivate func rowTable(top: Int) -> Table {
    var rows = entered.prefix(top).map { row in
      ["entered", next.keys[row], next.groups[row], "-", "\(next.ranks[row])"]
    }
    for (index, row) in left.prefix(top).enumerated() {
      let isGone = leftCohort.map { $0[index] } ?? false
      rows.append([
        isGone ? "left the cohort" : "left", last.keys[row], last.groups[row],
        "\(last.ranks[row])", "-",
      ])
    }
    for move in moved.prefix(top) {
      let (from, to) = (last.groups[move.last], next.groups[move.next])
      rows.append([
        "moved", next.keys[move.next], from == to ? to : "\(from) -> \(to)",
        "\(last.ranks[move.last])", "\(next.ranks[move.next])",
      ])
    }
    let columns: [Table.Column] = [
      .text(""), .text("key"), .text("group"), .number("last rank"), .number("rank"),
    ]
    let shown = groups.count > 1 ? [0, 1, 2, 3, 4] : [0, 1, 3, 4]
    return Table(shown.map { columns[$0] }, rows: rows.map { row in shown.map { row[$0] } })
  }
}
