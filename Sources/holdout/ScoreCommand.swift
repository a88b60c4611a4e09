internal import ArgumentParser
internal import Diagnostics
internal import Foundation
internal import Operations
internal import Panel
internal import Reports
internal import Spec

/// `holdout score`
struct ScoreCommand: NotingCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Score the cohort of a day with the champion, and publish the list.",
    discussion: """
      The champion, verified by its hashes, scores everybody in the cohort at the
      cutoff. `score` in the spec says where the list is written: to a table, a
      Parquet file, or both; if one of them fails, neither is changed. Scoring a
      cutoff again replaces only that cutoff's rows of this model.

        holdout score solidworks
        holdout score solidworks --cutoff 2025-09-18 --top-k 100
        holdout score solidworks --data-through 2025-09-25
        holdout score solidworks --dry-run          what would be published and change

      Ranks are those before `--top-k`. `score` and `capacity` are read from
      experiments/NAME.yaml, which must otherwise match the promoted spec.

      Exit codes: 0 published; 2 it could not be done, and nothing was changed.
      docs/score.md explains the columns.
      """)

  @Argument(help: "The promoted name, for example solidworks.")
  var name: String
  @Option(help: "The day whose cohort is scored. Default: the last observed day.")
  var cutoff: CalendarDate?
  @OptionGroup var scoring: ScoringArguments
  @Flag(help: "Write nothing; print who is selected, entered, left, and moved.")
  var dryRun = false
  @OptionGroup var machine: MachineArguments
  @OptionGroup var output: OutputArguments

  func run() throws {
    var request = scoring.request(name)
    request.cutoffs = [cutoff].compactMap(\.self)
    request.isDryRun = dryRun
    try scoring.score(request, on: machine) { report in
      Terminal.print(Page(report, isWhole: dryRun))
    }
  }
}

/// The options for making lists.
struct ScoringArguments: ParsableArguments {
  @Option(help: "The last day that the data cover completely. Default: from the spec.")
  var dataThrough: CalendarDate?
  @Option(
    help: "Publish only this many of the best rows of each group of the first `rank_within`.")
  var topK: Int?
  @Flag(help: "Use the promoted spec and ignore experiments/NAME.yaml.")
  var asPromoted = false
  @Flag(help: "Accept a source whose rows end long before the cutoff, with a warning.")
  var allowSilentSources = false
  @Option(help: "Seconds to wait for a database that another process locks.")
  var wait: Double = 60

  func validate() throws {
    if let topK, topK < 1 { throw ValidationError("--top-k takes a number of at least 1") }
    guard (0...86_400).contains(wait) else {
      throw ValidationError("--wait takes a number of seconds from 0 to 86400")
    }
  }

  func request(_ name: String) -> ScoreRequest {
    ScoreRequest(
      name: name, dataThrough: dataThrough, topK: topK, isAsPromoted: asPromoted,
      allowsSilence: allowSilentSources, lockTimeout: wait, scoredAt: Self.now)
  }

  /// Scores cutoffs, passes on each list's report, and prints its warnings.
  func score(
    _ request: ScoreRequest, on machine: MachineArguments, show: (ScoreReport) -> Void
  ) throws {
    let project = try machine.limits.project()
    let display = ProgressDisplay(name: "score")
    defer { display.finish(isDone: false) }
    let scorer = Scorer(
      project: project, threads: machine.threads, progress: display.show)
    // A problem that all lists share is printed once.
    var shown: Set<String> = []
    let late = try scorer.score(request) { report in
      Terminal.show(report.warnings.filter { shown.insert("\($0.id) \($0.message)").inserted })
      show(report)
    }
    Terminal.show(late)
    display.finish(isDone: true)
  }

  /// The current time in UTC, to the second.
  static var now: String {
    Date().formatted(.iso8601).replacing("T", with: " ").replacing("Z", with: "")
  }
}

/// `holdout backfill`
struct BackfillCommand: NotingCommand {
  static let configuration = CommandConfiguration(
    commandName: "backfill",
    abstract: "Score past cutoffs with the champion, one list each.",
    discussion: """
      Publishes the list of every cutoff from one day to another, oldest first, as
      `holdout score` does, on what was known at each of them. Existing lists are
      replaced. After an interruption, run the same call again.

        holdout backfill solidworks --from 2025-06-26 --to 2025-09-18
        holdout backfill solidworks --from 2025-01-31 --to 2025-08-31 --every month_end

      If a model was trained on data from after a cutoff, its list for that day is
      published with a warning, because it proves nothing about the model.

      Exit codes: 0 all published; 2 one could not be published; earlier lists stay.
      """)

  @Argument(help: "The promoted name, for example solidworks.")
  var name: String
  @Option(help: "The first day.")
  var from: CalendarDate
  @Option(help: "The last day.")
  var to: CalendarDate
  @Option(help: "The days between: day, week or month_end. Weeks are counted back from --to.")
  var every: Cadence = .week
  @OptionGroup var scoring: ScoringArguments
  @OptionGroup var machine: MachineArguments

  enum Cadence: String, CaseIterable, ExpressibleByArgument {
    case day, week
    case monthEnd = "month_end"
  }
  @OptionGroup var output: OutputArguments

  func validate() throws {
    guard from <= to else { throw ValidationError("--from is after --to") }
    if cutoffs.isEmpty { throw ValidationError("there is no month end from \(from) to \(to)") }
  }

  func run() throws {
    var request = scoring.request(name)
    request.cutoffs = cutoffs
    try scoring.score(request, on: machine) { report in
      Terminal.print(
        "\(report.cutoff): \(report.publishedCount.grouped) of \(report.rowCount.grouped) rows "
          + "published, \((report.written?.replaced ?? 0).grouped) replaced")
    }
  }

  /// The days, oldest first.
  private var cutoffs: [CalendarDate] {
    switch every {
    case .day: (from.days...to.days).map(CalendarDate.init(days:))
    case .week:
      stride(from: to.days, through: from.days, by: -7).map(CalendarDate.init(days:)).reversed()
    case .monthEnd:
      (from.days...to.days).map(CalendarDate.init(days:)).filter(\.isLastOfMonth)
    }
  }
}
