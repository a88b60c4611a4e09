internal import ArgumentParser
internal import Diagnostics
internal import Experiment
internal import Panel
internal import Spec

/// `holdout plan`
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Show every cutoff with its role, label window, rows and positives.",
    discussion: """
      The timeline is built backwards from the last cutoff whose label window has
      been observed: test, then calibrate, then train, with an embargo between them
      so that no label window of an earlier role reaches past the first cutoff of
      the next. Below it stand the folds, where there are several, and what other
      choices would cost in cutoffs and positives.

        holdout plan experiments/solidworks.yaml
        holdout plan experiments/solidworks.yaml cutoffs.train=12
      """)

  @OptionGroup var arguments: SpecArguments
  @OptionGroup var machine: MachineArguments

  func run() throws {
    let file = try arguments.loadFile()
    let project = try machine.limits.project()
    for (index, specs) in file.panels.enumerated() {
      if index > 0 { Terminal.print("") }
      try plan(specs[0], project)
      let others = specs.dropFirst().map(\.name.value)
      if !others.isEmpty { Terminal.print("\nthe same for: \(others.joined(separator: " "))") }
    }
  }

  private func plan(_ spec: ExperimentSpec, _ project: Project) throws {
    let engine = try NativeLibraries.engine(threads: machine.threads)
    let builder = try PanelBuilder(
      spec, project: project.spec, projectFolder: project.folder, engine: engine)
    Terminal.show(builder.findings)
    // Cohort and label depend on the day alone, so that a day is counted once for all folds and choices.
    var counts: [CalendarDate: CutoffCounts] = [:]
    for cutoff in builder.timeline.cutoffs + builder.folds.flatMap(\.split)
    where counts[cutoff.date] == nil {
      counts[cutoff.date] = try builder.counts(cutoff)
    }
    let drawing = TimelineDrawing(
      spec: spec, timeline: builder.timeline,
      counts: builder.timeline.cutoffs.compactMap { counts[$0.date] })
    var parts = [drawing.text]
    if builder.folds.count > 1 {
      parts.append(FoldsDrawing(folds: builder.folds, counts: counts).text)
    }
    parts.append(
      ChoicesTable(spec: spec, dataThrough: builder.timeline.dataThrough, counts: counts).text)
    Terminal.print(parts.joined(separator: "\n\n"))
  }
}

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

/// All folds of an experiment, a line each: counts, and the roles of the cutoffs from the first of any
/// fold to the last.
struct FoldsDrawing {
  let folds: [Timeline]
  /// By day.
  let counts: [CalendarDate: CutoffCounts]

  private static let width = 48

  var text: String { ([heading, columns] + folds.enumerated().map(line)).joined(separator: "\n") }

  private var heading: String {
    "\(folds.count) folds, newest first (t train, c calibrate, ● test, · embargoed)"
  }

  private var columns: String {
    TimelineDrawing.padded("fold", 6) + TimelineDrawing.padded("test cutoffs", 26)
      + [("train rows", 11), ("positives", 11), ("buyers", 8)].map(TimelineDrawing.aligned).joined()
      + TimelineDrawing.aligned("test rows", 12)
      + [("positives", 11), ("buyers", 8)].map(TimelineDrawing.aligned).joined()
  }

  private func line(_ index: Int, _ fold: Timeline) -> String {
    let test = fold[.test]
    let reach = test.first.map { "\($0.date) to \(test.last?.date ?? $0.date)" } ?? ""
    func cells(_ role: Role, _ width: Int) -> String {
      let own = fold[role].compactMap { counts[$0.date] }
      let numbers = [
        (own.reduce(0) { $0 + $1.rows }, width), (own.reduce(0) { $0 + $1.positives }, 11),
        (Set(own.flatMap(\.buyers)).count, 8),
      ]
      return numbers.map { TimelineDrawing.aligned($0.grouped, $1) }.joined()
    }
    return TimelineDrawing.padded("\(index + 1)", 6) + TimelineDrawing.padded(reach, 26)
      + cells(.train, 11) + cells(.test, 12) + "  " + strip(fold)
  }

  /// The days of all folds, oldest first.
  private var days: [CalendarDate] { Set(folds.flatMap(\.split).map(\.date)).sorted() }

  /// A sign per day; where there are more days than room, the last of those that share a place.
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
