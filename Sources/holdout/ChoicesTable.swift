import Diagnostics
import Panel
import Spec

/// What a spec's timeline costs in cutoffs and positives, beside other choices for the same roles.
struct ChoicesTable {
  let spec: ExperimentSpec
  let dataThrough: CalendarDate
  /// By day.
  let counts: [CalendarDate: CutoffCounts]

  private static let widths = [10, 11, 14, 12, 11, 8, 21, 16]

  var text: String {
    let asWritten = TimelineChoice.needs(asWritten: spec, dataThrough: dataThrough)
    var lines = [
      line(
        "what it costs",
        [
          "cutoffs", "embargoed", "from", "train rows", "positives", "buyers",
          "calibrate positives", "test positives",
        ]),
      asWritten.map { line("this spec", cells($0)) },
    ].compactMap(\.self)
    let choices = TimelineChoice.allCases.compactMap { choice in
      choice.needs(spec, dataThrough: dataThrough).map { (choice, $0) }
    }
    lines += choices.map { choice, needs in line(Self.name(choice), cells(needs)) }
    if choices.contains(where: \.0.isForComparison) { lines.append("* \(TimelineChoice.warning)") }
    if spec.cutoffs.folds.value > 1 {
      lines.append("cutoffs are those of all folds, all else is of the newest")
    }
    return lines.joined(separator: "\n")
  }

  private static func name(_ choice: TimelineChoice) -> String {
    switch choice {
    case .crossFit: "fit: cross_fit, calibrate: 0"
    case .withoutEmbargo: "embargo: none *"
    }
  }

  private func line(_ name: String, _ cells: [String]) -> String {
    TimelineDrawing.padded(name, 29)
      + zip(cells, Self.widths).map(TimelineDrawing.aligned).joined()
  }

  private func cells(_ needs: TimelineChoice.Needs) -> [String] {
    func own(_ role: Role) -> [CutoffCounts] {
      needs.split.filter { $0.role == role }.compactMap { counts[$0.date] }
    }
    func positives(_ role: Role) -> String {
      own(role).reduce(0) { $0 + $1.positives }.grouped
    }
    let train = own(.train)
    return [
      "\(needs.cutoffs)", "\(needs.embargoed)", "\(needs.first)",
      train.reduce(0) { $0 + $1.rows }.grouped, positives(.train),
      Set(train.flatMap(\.buyers)).count.grouped, positives(.calibrate),
      positives(.test),
    ]
  }
}
