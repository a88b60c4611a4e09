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
      The champion, verified by its hashes, scores everybody who is of the cohort at
      the cutoff. The list goes where `score` in the spec says: into a table, into a
      Parquet file, or both, and both or neither. Scoring a cutoff again replaces
      that cutoff's rows of this model and nothing else.

        holdout score solidworks
        holdout score solidworks --cutoff 2025-09-18 --top-k 100
        holdout score solidworks --data-through 2025-09-25
        holdout score solidworks --dry-run          what would be published and change

      Ranks are those before `--top-k`. Settings under `score` and `capacity` are
      those of experiments/NAME.yaml, which has to be what was promoted otherwise.

      Exit codes: 0 published; 2 it could not be done, and nothing was changed.
      docs/score.md says what the columns mean.
      """)

  @Argument(help: "What was promoted, for instance solidworks.")
  var name: String
  @Option(help: "The day whose cohort is scored. Default: the last observed day.")
  var cutoff: CalendarDate?
  @OptionGroup var scoring: ScoringArguments
  @Flag(help: "Write nothing; print who is selected, entered, left and moved.")
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
  @Option(help: "The last day that is fully observed. Default: as the spec says.")
  var dataThrough: CalendarDate?
  @Option(
    help:
      "Publish the best rows of each group of the first `rank_within`, so many. Default: every row."
  )
  var topK: Int?
  @Flag(help: "Take the promoted spec as it was, whatever experiments/NAME.yaml says now.")
  var asPromoted = false
  @Flag(help: "Take a source whose rows end long before the cutoff, and only warn of it.")
  var allowSilentSources = false
  @Option(help: "Seconds to wait for a database that another process holds.")
  var wait: Double = 60

  func validate() throws {
    if let topK, topK < 1 { throw ValidationError("--top-k takes a number from 1 on") }
    guard (0...86_400).contains(wait) else {
      throw ValidationError("--wait takes a number of seconds from 0 to 86400")
    }
  }

  func request(_ name: String) -> ScoreRequest {
    ScoreRequest(
      name: name, dataThrough: dataThrough, topK: topK, isAsPromoted: asPromoted,
      allowsSilence: allowSilentSources, patience: wait, scoredAt: Self.now)
  }

  /// Scores cutoffs, passes on each list's report, and prints its warnings.
  func score(
    _ request: ScoreRequest, on machine: MachineArguments, show: (ScoreReport) -> Void
  ) throws {
    let project = try machine.limits.project()
    let display = ProgressDisplay(name: "score")
    defer { display.finish(isDone: false) }
    let scorer = Scorer(
      project: project, threads: machine.threads, progress: { display.show($0, done: 0, total: 0) })
    // A problem that all lists share is printed once.
    var shown: Set<String> = []
    try scorer.score(request) { report in
      Terminal.show(report.warnings.filter { shown.insert("\($0.id) \($0.message)").inserted })
      show(report)
    }
    display.finish(isDone: true)
  }

  /// The current time in UTC, to the second.
  private static var now: String {
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
      `holdout score` does, on what was known at each of them. Lists that are there
      are replaced; a call that is stopped goes on where it is called again.

        holdout backfill solidworks --from 2025-06-26 --to 2025-09-18
        holdout backfill solidworks --from 2025-01-31 --to 2025-08-31 --every month_end

      A model that has learned from what happened after a cutoff is no witness of
      it: its lists of such days are published with a warning, and are no evidence.

      Exit codes: 0 all published; 2 one could not be, and those before it stay.
      """)

  @Argument(help: "What was promoted, for instance solidworks.")
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
    guard from <= to else { throw ValidationError("--from lies after --to") }
    if cutoffs.isEmpty { throw ValidationError("there is no month's end from \(from) to \(to)") }
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
