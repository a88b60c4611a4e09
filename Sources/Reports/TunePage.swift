internal import Diagnostics
internal import Evaluation
public import Experiment
internal import YAML

extension Page {
  /// A search for better parameters: the verdict, the best trials, the importance of parameters, and
  /// every trial.
  public init(_ report: TuneReport) { self.init(report, hasFigures: false) }

  /// The same for a browser, with figures.
  public init(figuresOf report: TuneReport) { self.init(report, hasFigures: true) }

  private init(_ report: TuneReport, hasFigures: Bool) {
    let title = "Tuning of \(report.name)"
    var blocks: [Block] = [
      .only(.document, [.heading(title, level: 1)]),
      .paragraph(report.verdict),
      .paragraph(report.luck),
      .warnings(report.warnings),
      .notes(report.notes),
      .fields(report.fields, width: 9),
      .heading("Best trials", level: 2),
      .table(report.finalistTable),
      .paragraph(report.finalistWords),
    ]
    if !report.importance.isEmpty {
      blocks += [
        .heading("Importance of parameters", level: 2), .table(report.importanceTable),
        .paragraph(
          "The share of the variation of the log loss over the whole space that a parameter alone "
            + "explains, by the Gaussian process of all trials."),
      ]
    }
    blocks.append(.heading("Trials", level: 2))
    if hasFigures {
      blocks += [
        .figure(
          Figure(
            TrialsChart(losses: report.trials.map(\.loss), chosen: report.settings?.number),
            caption: "The log loss of each trial, in order.")),
        .figure(
          Figure(
            report.parallelChart,
            caption: "Where in its range each parameter is, the best trial first.")),
      ]
    }
    blocks.append(.table(report.trialTable))
    self.init(blocks)
  }
}

extension TuneReport {
  private var base: TuneTrial { trials[0] }

  /// What was found, in a sentence or two.
  var verdict: String {
    guard let chosen else {
      return
        "Nothing worth having was found: the best trials are worse than the spec in the newest "
        + "fold over time. The spec stays as it is."
    }
    guard isWorthIt else {
      return
        "Nothing worth having was found in \(trials.count.of("trial")): no trial is better than the "
        + "spec by more than luck. The spec stays as it is."
    }
    let trial = trials[chosen]
    let plain =
      chosen == best
      ? ""
      : " It is the plainest of the \(alike.count.of("trial")) that cannot be told apart from the "
        + "best."
    return
      "Trial \(chosen) of \(trials.count) is better than the spec: log loss "
      + "\(trial.loss.asLoss) instead of \(base.loss.asLoss), "
      + "\(relative(base.loss - trial.loss)) less.\(plain)"
  }

  /// How much of the best trial's lead is luck.
  var luck: String {
    guard best != 0 else {
      return "The spec itself has the smallest log loss of \(trials.count.of("trial")), "
        + "\(base.loss.asLoss)."
    }
    return
      "Best of \(trials.count): trial \(best), log loss \(trials[best].loss.asLoss). Of its lead "
      + "over the spec (\(relative(optimism.lead))), \(relative(optimism.optimism)) is luck of being "
      + "picked (bootstrap by account). Expect \(relative(optimism.corrected)) "
      + "(\(NumberText.level(optimism.level)) interval \(relative(optimism.lower)) to "
      + "\(relative(optimism.upper)))."
  }

  private func relative(_ difference: Double) -> String {
    NumberText.percent(difference / base.loss, decimals: 2)
  }

  var warnings: [String] {
    refused.isEmpty
      ? []
      : [
        "not taken, because worse than the spec in the newest fold over time: "
          + refused.map { "trial \($0)" }.inWords("and")
      ]
  }

  var notes: [String] {
    var notes: [String] = []
    if isWorthIt, !edges.isEmpty {
      notes.append(
        "at the edge of its range: \(edges.map { "`\($0)`" }.inWords("and")); a better value may "
          + "lie outside, which `--over` can search")
    }
    if rows.share < 1 {
      notes.append(
        "trials use all positives and a sample of the negatives, weighted: "
          + "\(NumberText.percent(rows.share)) of the rows")
    }
    return notes
  }

  var fields: [(name: String, value: String)] {
    [
      ("judge", judge.words),
      (
        "rows",
        "\(rows.count.grouped) of \(rows.clusters.grouped) accounts, "
          + "\(rows.positiveClusters.grouped) of them positive, at "
          + rows.cutoffs.of("train cutoff")
      ),
      ("trials", "\(trials.count), of which \(made) are new"),
      ("end", stop.words),
      (
        "space",
        space.parameters.map { "\($0.name) \($0.range.text)" }.joined(separator: "; ")
          + (space.isDefault ? "; no class weights" : "")
      ),
      ("seed", "\(seed)"),
    ]
  }

  var finalistTable: Table {
    let level = NumberText.level(level)
    return Table(
      [
        .number("trial"), .number("log loss"), .number("less that of the spec"),
        .text("\(level) interval"), .number("newest time fold"), .number("less that of the spec"),
        .text("\(level) interval"),
      ],
      rows: finalists.map { finalist in
        [
          "\(finalist.number)", trials[finalist.number].loss.asLoss,
          finalist.difference.value.asDifference, finalist.difference.words,
          finalist.timeLoss?.asLoss ?? "-", finalist.timeDifference?.value.asDifference ?? "-",
          finalist.timeDifference?.words ?? "",
        ]
      })
  }

  var finalistWords: String {
    guard let first = timeCutoffs.first, let last = timeCutoffs.last else {
      return judge == .time ? "" : "The train cutoffs leave no fold over time."
    }
    let days = first == last ? "at \(first)" : "from \(first) to \(last)"
    return "The newest time fold is the train rows \(days), by models of the cutoffs before them."
  }

  /// The parameters with their importance, the most important first.
  private var ranked: [(name: String, share: Double)] {
    zip(space.parameters, importance).map { ($0.name, $1) }
      .sorted { ($1.share, $0.name) < ($0.share, $1.name) }
  }

  var importanceTable: Table {
    Table(
      [.text("parameter"), .number("share")],
      rows: ranked.map { ["`\($0.name)`", NumberText.percent($0.share, decimals: 0)] })
  }

  /// The trials' indices, best first.
  private var order: [Int] {
    trials.indices.sorted { (trials[$0].loss, $0) < (trials[$1].loss, $1) }
  }

  var trialTable: Table {
    Table(
      [.number("trial"), .text("from"), .number("log loss")]
        + space.parameters.map { .number($0.name) } + [.number("trees")],
      rows: order.map { index in
        let trial = trials[index]
        return ["\(index)", trial.origin.words, trial.loss.asLoss]
          + space.parameters.map { parameter in
            trial.values[parameter.name].map(parameter.range.text) ?? "-"
          } + [NumberText.mean(trial.trees)]
      })
  }

  var parallelChart: HeatMapChart {
    var chart = HeatMapChart(
      title: "Parameters of the trials", rows: order.map { "trial \($0)" },
      columns: space.parameters.map(\.name),
      values: order.map { index in
        space.parameters.map { parameter in
          trials[index].values[parameter.name].map { min(max(parameter.range.share(of: $0), 0), 1) }
            ?? .nan
        }
      })
    chart.nouns = ("trial", "parameter")
    return chart
  }
}

extension TuneReport.Stop {
  var words: String {
    switch self {
    case .asked: "all trials that were asked for are made"
    case .exhausted(let improvement, let noise):
      "more trials would only fit the judge: the next one is expected to gain "
        + "\(NumberText.short(improvement)), and a good trial's difference has a standard error of "
        + NumberText.short(noise)
    }
  }
}

extension TuneReport.Interval {
  fileprivate var words: String { "\(lower.asDifference) to \(upper.asDifference)" }
}

extension TuneJudge {
  var words: String {
    switch self {
    case .account: "log loss of train rows by models of other accounts, 5 folds"
    case .time: "log loss of the last train cutoffs by a model of those before"
    }
  }

  var shortWords: String {
    switch self {
    case .account: "models of other accounts"
    case .time: "a model of earlier cutoffs"
    }
  }
}

extension TuneTrial.Origin {
  fileprivate var words: String {
    switch self {
    case .spec: "the spec"
    case .defaults: "defaults"
    case .sobol: "Sobol"
    case .improvement: "GP"
    }
  }
}

extension Double {
  /// A log loss with four significant digits.
  var asLoss: String { NumberText.significant(4, self) }

  /// A difference of log losses with its sign.
  fileprivate var asDifference: String {
    self == 0 ? "0" : (self < 0 ? "-" : "+") + NumberText.significant(2, abs(self))
  }
}

/// The spec that a search writes: it extends the spec that was tuned, with other parameters.
public struct TunedSpec: Sendable {
  /// The text of the file.
  public let text: String

  /// - Parameters:
  ///   - name: the name of the tuned experiment.
  ///   - base: the file name of the spec that was tuned, in the same folder.
  ///   - folder: the folder with the journal, as a user would type it.
  public init(
    _ settings: TuneReport.Settings, of report: TuneReport, name: String, base: String,
    folder: String
  ) {
    let trial = report.trials[settings.number]
    let words =
      "Trial \(settings.number) of \(report.trials.count) of `holdout tune`, with a log loss of "
      + "\(trial.loss.asLoss) instead of \(report.trials[0].loss.asLoss) by "
      + "\(report.judge.shortWords): \(folder)/trials.jsonl"
    var lines = [
      YAMLWriter.comment("# \(words)"), "version: 1", "name: \(YAMLWriter.inline(name))",
      "extends: \(YAMLWriter.inline(base))", "model:",
    ]
    if settings.isWithoutClassWeight { lines.append("  class_weight: none") }
    lines.append("  params:")
    lines += settings.parameters.map { "    \(YAMLWriter.inline($0.name)): \($0.text)" }
    text = lines.joined(separator: "\n") + "\n"
  }
}

/// A search for better parameters, for programs.
public struct TuneDocument: Encodable, Sendable {
  struct Parameter: Encodable, Sendable {
    let name: String
    let range: String
    let importance: Double?
  }

  struct Finalist: Encodable, Sendable {
    let trial: Int
    let difference: Interval
    let timeLogLoss: Double?
    let timeDifference: Interval?
  }

  struct Interval: Encodable, Sendable {
    let value: Double
    let low: Double
    let high: Double

    init(_ interval: TuneReport.Interval) {
      (value, low, high) = (interval.value, interval.lower, interval.upper)
    }
  }

  struct Optimism: Encodable, Sendable {
    let lead: Double
    let optimism: Double
    let corrected: Double
    let low: Double
    let high: Double
  }

  let name: String
  let id: String
  let judge: String
  let seed: Int
  let rows: Int
  let positiveEntities: Int
  let share: Double
  let space: [Parameter]
  let trials: [TuneTrial]
  /// Why there are no more trials: `asked` or `exhausted`.
  let stop: String
  let best: Int
  let alike: [Int]
  let refused: [Int]
  let chosen: Int?
  let isWorthIt: Bool
  let verdict: String
  let optimism: Optimism
  let finalists: [Finalist]
  let edges: [String]
  /// The parameters to write; absent if the spec stays as it is.
  let parameters: [String: String]?

  public init(_ report: TuneReport) {
    name = report.name
    id = report.id
    judge = report.judge.rawValue
    seed = report.seed
    rows = report.rows.count
    positiveEntities = report.rows.positiveClusters
    share = report.rows.share
    space = report.space.parameters.enumerated().map { index, parameter in
      Parameter(
        name: parameter.name, range: parameter.range.text,
        importance: report.importance.isEmpty ? nil : report.importance[index])
    }
    trials = report.trials
    stop = report.stop == .asked ? "asked" : "exhausted"
    best = report.best
    alike = report.alike
    refused = report.refused
    chosen = report.chosen
    isWorthIt = report.isWorthIt
    verdict = report.verdict
    optimism = Optimism(
      lead: report.optimism.lead, optimism: report.optimism.optimism,
      corrected: report.optimism.corrected, low: report.optimism.lower,
      high: report.optimism.upper)
    finalists = report.finalists.map { finalist in
      Finalist(
        trial: finalist.number, difference: Interval(finalist.difference),
        timeLogLoss: finalist.timeLoss, timeDifference: finalist.timeDifference.map(Interval.init))
    }
    edges = report.edges
    parameters = report.settings.map { settings in
      Dictionary(
        settings.parameters.map { ($0.name, $0.text) }, uniquingKeysWith: { first, _ in first })
    }
  }
}
