import ArgumentParser
import Diagnostics
import Operations
import Panel
import Spec

/// `holdout backfill`
struct BackfillCommand: ParsableCommand {
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
