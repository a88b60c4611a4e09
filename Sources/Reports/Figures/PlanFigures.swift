internal import Diagnostics
internal import Panel
internal import Spec

extension Page {
  /// The timeline of each spec as a figure, for a browser.
  public init(figuresOf plans: [Plan]) {
    self.init(
      [.heading(plans.count == 1 ? "Plan" : "Plan of \(plans.count.of("panel"))", level: 1)]
        + (plans.count > 1 ? [.list(plans.map(\.conclusion))] : [])
        + plans.flatMap { $0.section(isAlone: plans.count == 1) })
  }
}

extension Plan {
  /// Whether the test cutoffs have enough positives, and what is left of the data.
  fileprivate var conclusion: String {
    let roles = [Role.train, .calibrate, .test].compactMap { role in
      let count = timeline[role].count
      return count > 0 ? "\(count.grouped) \(role.rawValue)" : nil
    }
    let test = total(.test)
    let noun = spec.label.noun
    let needed = spec.evaluation.minimumPositives
    let evidence =
      test.buyers >= needed
      ? "enough for a verdict, which needs \(needed.grouped)"
      : "too few for a verdict, which needs \(needed.grouped)"
    return "`\(spec.name.value)` has \(roles.inWords("and")) cutoffs, with data through "
      + "\(timeline.dataThrough); \(drawing.ahead). Test has \(test.positives.grouped) positives of "
      + "\(noun.count(test.buyers)): \(evidence)."
  }

  private func total(_ role: Role) -> (rows: Int, positives: Int, buyers: Int) {
    let total = ownCounts.filter { $0.cutoff.role == role }.total
    return (total.rows, total.positives, total.buyers)
  }

  fileprivate func section(isAlone: Bool) -> [Page.Block] {
    let chart = TimelineChart(
      rows: timeline.cutoffs.map { .init($0.date, $0.role, windowEnd: $0.windowEnd) },
      dataThrough: timeline.dataThrough)
    let same = others.isEmpty ? "" : "The same for: \(others.joined(separator: " "))"
    return [
      .heading(spec.name.value, level: 2), .paragraph(isAlone ? conclusion : ""),
      .paragraph(same),
      .figure(
        Figure(
          titled(chart),
          caption: "Each line is a cutoff with its label window; what is not observed yet is "
            + "dotted.")),
      .table(roles), .list(drawing.immature),
      .heading("What it costs", level: 3), .group(choiceBlocks),
    ]
      + (folds.count > 1 ? [.heading("Folds", level: 3), .group(foldBlocks)] : [])
      + [
        .details(
          "The \(ownCounts.count.of("cutoff")) of \(spec.name.value)", [.table(drawing.table)])
      ]
  }

  private func titled(_ chart: TimelineChart) -> TimelineChart {
    var chart = chart
    chart.title = "Timeline of \(spec.name.value)"
    return chart
  }

  /// The cutoffs, rows, and positives of each role.
  private var roles: Table {
    Table(
      [
        .text("role"), .number("cutoffs"), .text("from, to"), .number("rows"),
        .number("positives"), .number(spec.label.noun.many),
      ],
      rows: Role.allCases.compactMap { role in
        let cutoffs = timeline[role]
        guard !cutoffs.isEmpty else { return nil }
        let total = total(role)
        // The labels of an immature cutoff are not known.
        return [role.rawValue, cutoffs.count.grouped, cutoffs.reach, total.rows.grouped]
          + (role == .immature ? ["-", "-"] : [total.positives.grouped, total.buyers.grouped])
      })
  }
}
