internal import Diagnostics
internal import Evaluation
internal import Operations

/// What the work on published lists caused, and what it takes to see an effect.
struct HoldBackBlocks {
  let held: HoldBackMeasurement

  private var comparison: HoldBackComparison { held.comparison }

  /// The answer and its tables.
  var blocks: [Page.Block] {
    var blocks: [Page.Block] = [
      .heading("what the work caused", level: 2), .paragraph(answer), .table(arms),
    ]
    if !estimates.isEmpty { blocks.append(.table(caused)) }
    blocks.append(.notes(notes))
    if !held.needs.isEmpty {
      blocks += [
        .heading("what it takes to see an effect", level: 2), .paragraph(pace), .table(needs),
      ]
    }
    return blocks
  }

  /// The wins of the selected accounts beside those that they would have had if they had been left
  /// alone; nil without an estimate.
  var figure: Figure? {
    estimates.first.map { _, estimate in
      let wins = Double(comparison.selected.wins)
      return Figure(
        WinsChart(
          title: "Wins with and without the work",
          rows: [
            WinsChart.Row(
              "selected accounts", observed: wins,
              expected: ChartEstimate(
                estimate.withoutWork, max(0, wins - estimate.upper), wins - estimate.lower))
          ]),
        caption:
          "Observed are the wins of the selected accounts; expected are those that they would "
          + "have had if they had been left alone, from the held-back accounts, with the "
          + "\(NumberText.level(comparison.level)) interval.")
    }
  }

  // MARK: - Sentences

  private var answer: String {
    guard let estimate = estimates.first?.estimate else {
      return "it is unknown what the work caused: "
        + (comparison.heldBack.accounts == 0
          ? "no account of a mature list was held back"
          : comparison.selected.accounts == 0
            ? "no account of a mature list was selected" : "the scores expect no wins")
    }
    let level = NumberText.level(comparison.level)
    let interval = "(\(level): \(Self.interval(estimate)))"
    let basis =
      "the selected accounts have \(comparison.selected.wins.grouped) wins, and would have had "
      + "\(NumberText.tenths(estimate.withoutWork)) if they had been left alone"
    if estimate.lower > 0 {
      return "the work caused \(NumberText.tenths(estimate.caused)) wins \(interval): \(basis)"
    }
    if estimate.upper < 0 {
      return "the work cost \(NumberText.tenths(-estimate.caused)) wins \(interval): \(basis)"
    }
    return "no effect of the work is seen yet: \(NumberText.tenths(estimate.caused)) caused wins "
      + "\(interval); \(basis)"
  }

  private var notes: [String] {
    var notes = [
      "each account counts once, with the first list on which it was within the limits; both rows of "
        + "caused wins estimate the same number, because the hold-back is random"
    ]
    if held.leftOut > 0 {
      let one = held.leftOut == 1
      notes.append(
        "\(held.leftOut.grouped) \(one ? "account is" : "accounts are") in neither arm: "
          + "\(one ? "it" : "they") first came within the limits only because others were held back"
      )
    }
    return notes
  }

  private var pace: String {
    let lists = held.entered.filter { $0 > 0 }.count
    let accounts = held.entered.reduce(0, +)
    let rate = (comparison.selected.expected + comparison.heldBack.expected) / Double(accounts)
    return "accounts and lists until an effect is seen with a probability of "
      + "\(NumberText.level(HoldBackPower.power)), if \(NumberText.percent(rate)) of the accounts win "
      + "without the work, as their scores say; so far \(lists.of("list")) "
      + "\(lists == 1 ? "has" : "have") brought \(accounts.of("account"))"
  }

  // MARK: - Tables

  private var isClustered: Bool {
    comparison.selected.clusters != comparison.selected.accounts
      || comparison.heldBack.clusters != comparison.heldBack.accounts
  }

  private var arms: Table {
    func row(_ name: String, _ arm: HoldBackComparison.Arm) -> [String] {
      var cells = [name, arm.accounts.grouped]
      if isClustered { cells.append(arm.clusters.grouped) }
      cells += [arm.wins.grouped, NumberText.tenths(arm.expected), NumberText.metric(arm.rate)]
      cells.append(NumberText.metric(arm.expected > 0 ? Double(arm.wins) / arm.expected : nil))
      return cells
    }
    var columns: [Table.Column] = [.text(""), .number("accounts")]
    if isClustered { columns.append(.number("clusters")) }
    columns += [
      .number("wins"), .number("expected"), .number("wins per account"),
      .number("observed over expected"),
    ]
    return Table(
      columns, rows: [row("selected", comparison.selected), row("held back", comparison.heldBack)])
  }

  private var estimates: [(name: String, estimate: HoldBackComparison.Estimate)] {
    [("expected wins", comparison.byExpected), ("accounts", comparison.byAccount)].compactMap {
      name, estimate in estimate.map { (name, $0) }
    }
  }

  private var caused: Table {
    Table(
      [
        .text("in proportion to"), .number("wins without the work"), .number("caused wins"),
        .text("interval"),
      ],
      rows: estimates.map { name, estimate in
        [
          name, NumberText.tenths(estimate.withoutWork), NumberText.tenths(estimate.caused),
          Self.interval(estimate),
        ]
      })
  }

  private var needs: Table {
    var shares: [Double] = []
    for need in held.needs where !shares.contains(need.share) { shares.append(need.share) }
    let columns: [Table.Column] = shares.flatMap { share in
      [
        .number("accounts at \(NumberText.level(share))"), .number("lists"),
        .text("until"),
      ]
    }
    return Table(
      [.text("the work raises wins by")] + columns,
      rows: HoldBackMeasurement.increases.map { increase in
        [NumberText.level(increase)]
          + held.needs.filter { $0.increase == increase }.flatMap { need in
            [
              need.accounts?.grouped ?? "-", need.lists?.grouped ?? "-",
              need.days.map { "after \(Self.duration($0))" } ?? "",
            ]
          }
      })
  }

  private static func interval(_ estimate: HoldBackComparison.Estimate) -> String {
    "\(NumberText.tenths(estimate.lower)) to \(NumberText.tenths(estimate.upper))"
  }

  private static func duration(_ days: Int) -> String {
    let weeks = Int((Double(days) / 7).rounded(.up))
    return weeks < 104
      ? weeks.of("week") : "\(NumberText.tenths(Double(days) / 365.25)) years"
  }
}
