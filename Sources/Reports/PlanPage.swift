internal import Diagnostics
public import Panel
public import Spec

/// The timeline of a spec, with the rows and positives of every cutoff.
public struct Plan: Sendable {
  let spec: ExperimentSpec
  let timeline: Timeline
  let folds: [Timeline]
  /// By day.
  let counts: [CalendarDate: CutoffCounts]
  let others: [String]

  /// - Parameters:
  ///   - counts: the rows and positives of every cutoff of the timeline and of the folds, by day.
  ///   - others: the names of further specs that have the same plan.
  public init(
    _ spec: ExperimentSpec, _ timeline: Timeline, folds: [Timeline],
    counts: [CalendarDate: CutoffCounts], others: [String] = []
  ) {
    (self.spec, self.timeline, self.folds) = (spec, timeline, folds)
    (self.counts, self.others) = (counts, others)
  }

  /// The counts of the timeline's cutoffs, oldest first.
  var ownCounts: [CutoffCounts] { timeline.cutoffs.compactMap { counts[$0.date] } }

  var drawing: TimelineDrawing {
    TimelineDrawing(spec: spec, timeline: timeline, counts: ownCounts)
  }

  /// The folds, if there are several.
  var foldBlocks: [Page.Block] {
    folds.count > 1
      ? FoldsDrawing(folds: folds, counts: counts, noun: spec.label.noun).blocks : []
  }

  /// The cost of other choices.
  var choiceBlocks: [Page.Block] {
    ChoicesTable(spec: spec, dataThrough: timeline.dataThrough, counts: counts).blocks
  }
}

extension Page {
  /// The timeline of each spec, its folds, and the cost of other choices.
  public init(_ plans: [Plan]) {
    self.init(
      plans.flatMap { plan -> [Block] in
        let others = plan.others
        return [.only(.document, [.heading(plan.spec.name.value, level: 2)])] + plan.drawing.blocks
          + [.group(plan.foldBlocks), .group(plan.choiceBlocks)]
          + (others.isEmpty
            ? []
            : [
              .only(.terminal, [.paragraph("the same for: \(others.joined(separator: " "))")]),
              .only(.document, [.paragraph("The same for: \(others.joined(separator: " "))")]),
            ])
      })
  }
}

/// A timeline as text: one line per cutoff, with its label window drawn to scale.
struct TimelineDrawing {
  let spec: ExperimentSpec
  let timeline: Timeline
  let counts: [CutoffCounts]

  private static let width = 48

  var blocks: [Page.Block] {
    [
      .paragraph("\(summary) (● cutoff, ━ label window, ┄ not observed)"), .table(table),
      .code((totals + immature.map { "  \($0)" }).joined(separator: "\n")),
    ]
  }

  private var summary: String {
    "\(spec.name.value): data through \(timeline.dataThrough), \(ahead)"
  }

  /// How far labels look, and when a day ends if the spec says so.
  var ahead: String { "labels look \(spec.label.horizon.value) ahead\(clock)" }

  /// When a day ends, if the spec says so.
  private var clock: String {
    guard !spec.day.isPlain else { return "" }
    let next = spec.day.endsAt > 0 ? " of the next" : ""
    return ", days end at \(spec.day.end)\(next) in \(spec.day.zone)"
  }

  var table: Table {
    let excluded: [Table.Column] = isConditional ? [.number("left out", width: 10)] : []
    let blank = excluded.map { _ in "" }
    return Table(
      [
        .text("cutoff"), .text("role", width: 9), .text("label window to"),
        .number("rows", width: 10),
      ] + excluded + [.number("positives"), .number("share", width: 7), .drawing],
      rows: counts.map(row) + [[], ["", "", "", ""] + blank + ["", "", axis]], isWhole: true)
  }

  /// Whether some entities of the cohort have no label, and so no row.
  private var isConditional: Bool { counts.excluded != nil }

  private func row(_ counts: CutoffCounts) -> [String] {
    let cutoff = counts.cutoff
    let isMature = cutoff.role != .immature
    let share = counts.rows > 0 ? Double(counts.positives) / Double(counts.rows) : 0
    let excluded = isConditional ? [counts.excluded?.grouped ?? "-"] : []
    return [
      cutoff.date.description, cutoff.role.rawValue, cutoff.windowEnd.description,
      counts.rows.grouped,
    ] + excluded + [
      isMature ? counts.positives.grouped : "-",
      isMature ? NumberText.percent(share, decimals: 2) : "-", bar(cutoff),
    ]
  }

  private var first: CalendarDate { counts.first?.cutoff.date ?? timeline.dataThrough }
  private var last: CalendarDate {
    max(counts.map(\.cutoff.windowEnd).max() ?? first, timeline.dataThrough)
  }

  /// The position of a day on the drawing's scale.
  private func index(_ day: CalendarDate) -> Int {
    let span = max(last.days - first.days, 1)
    return (day.days - first.days) * (Self.width - 1) / span
  }

  private func bar(_ cutoff: Cutoff) -> String {
    let start = index(cutoff.date)
    let observed = index(min(cutoff.windowEnd, timeline.dataThrough))
    let end = index(cutoff.windowEnd)
    let body = (start...max(end, start)).map { position in
      position == start ? "●" : position <= observed ? "━" : "┄"
    }
    return String(repeating: " ", count: start) + body.joined()
  }

  private var axis: String {
    first.description + last.description.aligned(Self.width - first.description.count)
  }

  private var totals: [String] {
    Role.allCases.compactMap { role in
      let own = counts.filter { $0.cutoff.role == role }
      guard !own.isEmpty else { return nil }
      let total = own.total
      let start =
        role.rawValue.padded(11) + "\(own.count)".aligned(4) + " cutoffs"
        + total.rows.grouped.aligned(13) + " rows"
      guard role != .immature else { return start }
      let excluded = own.excluded.map { $0.grouped.aligned(10) + " left out" } ?? ""
      return start + excluded + total.positives.grouped.aligned(10) + " positives"
        + total.buyers.grouped.aligned(9) + " \(spec.label.noun.many)"
    }
  }

  /// Why each immature cutoff is immature.
  var immature: [String] {
    let windows = LabelWindow(spec.label, arithmetic: spec.cutoffs.monthArithmetic)
    return counts.map(\.cutoff).filter { $0.role == .immature }.map { cutoff in
      let settled = windows.observed(cutoff.date)
      let late = settled.days - timeline.dataThrough.days
      return
        "\(cutoff.date): labels are final on \(settled), \(late) day\(late == 1 ? "" : "s") "
        + "after the last observed day (\(timeline.dataThrough))"
    }
  }
}

/// The cost of a spec's timeline in cutoffs and positives, next to other choices for the same
/// roles.
private struct ChoicesTable {
  let spec: ExperimentSpec
  let dataThrough: CalendarDate
  /// By day.
  let counts: [CalendarDate: CutoffCounts]

  var blocks: [Page.Block] {
    var rows: [[String]] = []
    if let needs = TimelineChoice.needs(asWritten: spec, dataThrough: dataThrough) {
      rows.append(row("this spec", needs))
    }
    let choices = TimelineChoice.allCases.compactMap { choice in
      choice.needs(spec, dataThrough: dataThrough).map { (choice, $0) }
    }
    rows += choices.map { choice, needs in row(Self.name(choice), needs) }
    let hasComparison = choices.contains(where: \.0.isForComparison)
    let hasFolds = spec.cutoffs.folds.value > 1
    return [
      .table(
        Table(
          [
            .text("what it costs", width: 28), .number("cutoffs", width: 9), .number("embargoed"),
            .number("from", width: 12), .number("train rows"), .number("positives"),
            .number(spec.label.noun.many), .number("calibrate positives"),
            .number("test positives"),
          ], rows: rows)),
      .paragraph(hasComparison ? "* \(TimelineChoice.warning)" : ""),
      .paragraph(
        hasFolds ? "cutoffs are those of all folds; the rest is for the newest fold" : ""),
    ]
  }

  private static func name(_ choice: TimelineChoice) -> String {
    switch choice {
    case .crossFit: "fit: cross_fit, calibrate: 0"
    case .withoutEmbargo: "embargo: none *"
    }
  }

  private func row(_ name: String, _ needs: TimelineChoice.Needs) -> [String] {
    let totals = [Role.train, .calibrate, .test].map { role in
      needs.split.filter { $0.role == role }.compactMap { counts[$0.date] }.total
    }
    let (train, others) = (totals[0], totals.dropFirst())
    return [
      name, "\(needs.cutoffs)", "\(needs.embargoed)", "\(needs.first)",
      train.rows.grouped, train.positives.grouped, train.buyers.grouped,
    ] + others.map(\.positives.grouped)
  }
}

/// All folds of an experiment, one line each: counts, and the roles of the cutoffs from the first
/// of any fold to the last.
private struct FoldsDrawing {
  let folds: [Timeline]
  /// By day.
  let counts: [CalendarDate: CutoffCounts]
  let noun: PositiveNoun

  private static let width = 48

  var blocks: [Page.Block] {
    [
      .paragraph(
        "\(folds.count) folds, newest first (t train, c calibrate, ● test, · embargoed)"),
      .table(
        Table(
          [
            .text("fold"), .text("test cutoffs"), .number("train rows", width: 11),
            .number("positives"),
            .number(noun.many), .number("test rows", width: 10), .number("positives"),
            .number(noun.many), .drawing,
          ], rows: folds.enumerated().map(row), isWhole: true)),
    ]
  }

  private func row(_ index: Int, _ fold: Timeline) -> [String] {
    func cells(_ role: Role) -> [String] {
      let total = fold[role].compactMap { counts[$0.date] }.total
      return [total.rows, total.positives, total.buyers].map(\.grouped)
    }
    return ["\(index + 1)", fold[.test].reach] + cells(.train) + cells(.test) + [strip(fold)]
  }

  /// The days of all folds, oldest first.
  private var days: [CalendarDate] { Set(folds.flatMap(\.split).map(\.date)).sorted() }

  /// One character per day. If days share a position for lack of space, the last one is shown.
  private func strip(_ fold: Timeline) -> String {
    let days = days
    let width = min(days.count, Self.width)
    let roles = Dictionary(
      fold.split.map { ($0.date, $0.role) }, uniquingKeysWith: { first, _ in first })
    var signs = [Character](repeating: " ", count: width)
    for (index, day) in days.enumerated() {
      if let role = roles[day] { signs[index * width / days.count] = Self.sign(role) }
    }
    return String(signs)
  }

  private static func sign(_ role: Role) -> Character {
    switch role {
    case .train: "t"
    case .calibrate: "c"
    case .test: "●"
    case .embargoed: "·"
    case .unused, .immature: " "
    }
  }
}

extension [Cutoff] {
  /// The first and the last day, such as `2024-04-30 to 2024-06-30`; empty without cutoffs.
  var reach: String {
    first.map { "\($0.date) to \(last?.date ?? $0.date)" } ?? ""
  }
}

extension String {
  fileprivate func padded(_ width: Int) -> String {
    self + String(repeating: " ", count: max(1, width - count))
  }

  fileprivate func aligned(_ width: Int) -> String {
    String(repeating: " ", count: max(1, width - count)) + self
  }
}
