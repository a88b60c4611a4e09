internal import Diagnostics
internal import Panel
internal import Spec

extension Page {
  /// The timeline of each spec as a figure, for a browser.
  public init(figuresOf plans: [Plan]) {
    self.init(
      [.heading(plans.count == 1 ? "Plan" : "Plan of \(plans.count.of("panel"))", level: 1)]
        + [
          plans.count == 1
            ? .paragraph(plans[0].conclusion) : .list(plans.map(\.conclusion)),
          .warnings(plans.compactMap(\.doubt)),
        ] + plans.flatMap(\.section))
  }
}

extension Plan {
  /// The cutoffs of each role, and the rows to test with.
  fileprivate var conclusion: String {
    let roles = [Role.train, .calibrate, .test].compactMap { role in
      let count = timeline[role].count
      return count > 0 ? "\(count.grouped) \(role.rawValue)" : nil
    }
    let test = total(.test)
    return "`\(spec.name.value)` has \(roles.inWords("and")) cutoffs, with data through "
      + "\(timeline.dataThrough); \(drawing.ahead). Test has \(test.rows.grouped) rows with "
      + "\(test.positives.grouped) positives of \(spec.label.noun.count(test.buyers))."
  }

  /// Why the metrics of a run will be no evidence; nil if they can be.
  fileprivate var doubt: String? {
    let (found, needed) = (total(.test).buyers, spec.evaluation.minimumPositives)
    return found < needed
      ? "`\(spec.name.value)`: insufficient evidence: \(spec.label.noun.count(found)) in test, "
        + "\(needed.grouped) are needed" : nil
  }

  private func total(_ role: Role) -> (rows: Int, positives: Int, buyers: Int) {
    let total = ownCounts.filter { $0.cutoff.role == role }.total
    return (total.rows, total.positives, total.buyers)
  }

  fileprivate var section: [Page.Block] {
    let chart = TimelineChart(
      rows: timeline.cutoffs.map { .init($0.date, $0.role, windowEnd: $0.windowEnd) },
      dataThrough: timeline.dataThrough)
    let same = others.isEmpty ? "" : "The same for: \(others.joined(separator: " "))"
    return [
      .heading(spec.name.value, level: 2), .paragraph(same),
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
