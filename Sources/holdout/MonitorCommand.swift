import ArgumentParser
import Diagnostics
import Foundation
import Operations
import Promotion
import Reports
internal import Runs
import Spec

/// `holdout monitor`
struct MonitorCommand: NotingCommand {
  static let configuration = CommandConfiguration(
    commandName: "monitor",
    abstract: "Watch the inputs of the champion, and the purchases so far.",
    discussion: """
      Builds the cohort of each of the last weeks as of its day, and says in four
      parts what happened: inputs that moved more than in any usual week, what that
      did to the list, whether as many accounts buy as the scores expect, and what
      open lists may bring. The weeks to compare with need not have been stored.

        holdout monitor solidworks
        holdout monitor solidworks --data-through 2025-09-25 --every thursday
        holdout monitor solidworks --fail-on inputs,outcome
        holdout monitor solidworks --on-alarm "mail -s alarm sales-ops@example.org"
        holdout monitor solidworks --format html --out monitor.html
        holdout monitor solidworks --acknowledge inputs:2025-03-06 --reason "import"

      The command of `--on-alarm` is run once, after the report is printed, if the
      last week has an alarm that is not acknowledged. It gets the JSON document on
      standard input. With `--fail-on`, only alarms of these layers count.

      Exit codes: 0 done; 1 with `--fail-on`, if one of these layers has an alarm;
      2 there is no champion, or too few weeks, or the command of `--on-alarm`
      failed. docs/monitor.md explains the parts.
      """)

  @Argument(help: "The champion's name.")
  var name: String
  @Option(help: "The last day that the data cover completely. Default: from the spec.")
  var dataThrough: CalendarDate?
  @Option(
    help: ArgumentHelp(
      "The weekday of the weeks. Default: that of the last published list, or of the last day.",
      valueName: "weekday"))
  var every: Weekday?
  @Option(help: "The number of earlier weeks to compare with, at least 13.")
  var weeks = 26
  @Option(
    help: ArgumentHelp(
      "Exit with code 1 if one of these layers has an alarm: inputs, list, outcome.",
      valueName: "layers"))
  var failOn: LayerChoice?
  @Option(
    help: ArgumentHelp(
      "Run this in a shell if there is an alarm, with the JSON document on standard input.",
      valueName: "command"))
  var onAlarm: String?
  @Option(
    help: ArgumentHelp(
      "Seconds that the command of --on-alarm may take.", valueName: "seconds"))
  var alarmWait: Double = 60
  @Option(
    help: ArgumentHelp(
      "Record that this alarm is known, such as inputs:2025-03-06, and do nothing else.",
      valueName: "alarm"))
  var acknowledge: AlarmChoice?
  @Option(help: "Why it is known; needed with --acknowledge.")
  var reason: String?
  @Option(help: "Who says so. Default: git's user.email, or user@host.")
  var by: String?
  @OptionGroup var page: PageArguments
  @OptionGroup var machine: MachineArguments
  @OptionGroup var tables: TableArguments
  @OptionGroup var output: OutputArguments

  func validate() throws {
    guard (13...520).contains(weeks) else {
      throw ValidationError("--weeks takes a number from 13 to 520")
    }
    guard (0.1...3_600).contains(alarmWait) else {
      throw ValidationError("--alarm-wait takes a number of seconds from 0.1 to 3600")
    }
    try RegistryArguments.check(onAlarm, "--on-alarm")
    try RegistryArguments.check(reason, "--reason")
    try RegistryArguments.check(by, "--by")
    guard (acknowledge == nil) == (reason == nil) else {
      throw ValidationError("--acknowledge and --reason belong together")
    }
  }

  func run() throws {
    if let acknowledge, let reason {
      return try record(acknowledge.name, reason)
    }
    try page.file.check()
    let display = ProgressDisplay(name: name)
    defer { display.finish(isDone: false) }
    let runner = MonitorRunner(
      project: try machine.limits.project(), threads: machine.threads, progress: display.show)
    let report = try runner.report(
      MonitorRequest(
        name: name, dataThrough: dataThrough, weekday: every?.number, weeks: weeks))
    display.finish(isDone: true)
    Terminal.show(report.findings + report.alarmFindings)
    let shown = Page(report)
    try page.print(shown, figures: shown, MonitorDocument(report), isWhole: tables.all)
    let layers = failOn?.layers ?? MonitorReport.Layer.allCases
    guard report.alarms.contains(where: layers.contains) else { return }
    if let onAlarm {
      let document = try JSONDocument.data(MonitorDocument(report))
      try AlarmCommand(onAlarm, limit: alarmWait).run(document)
    }
    if failOn != nil { throw ExitCode(1) }
  }
}

extension MonitorCommand {
  /// Records that an alarm is known.
  private func record(_ alarm: AlarmName, _ reason: String) throws {
    let project = try machine.limits.project()
    guard try Registry(project: project).champion(of: name) != nil else {
      throw FindingsError(.noChampion(name, hints: ["promote a run with `holdout promote`"]))
    }
    try AlarmLedger.append(
      AlarmLedger.Entry(
        alarm: alarm, at: ScoringArguments.now, by: by ?? GitState.user(folder: project.folder),
        reason: reason), of: name, project: project)
    print("\(name): \(alarm) is acknowledged")
  }
}

/// The name of an alarm, such as `inputs:2025-03-06`.
struct AlarmChoice: ExpressibleByArgument {
  let name: AlarmName

  init?(argument: String) {
    guard let name = AlarmName(argument) else { return nil }
    self.name = name
  }
}

/// A day of the week, by its English name.
enum Weekday: String, CaseIterable, ExpressibleByArgument {
  case monday, tuesday, wednesday, thursday, friday, saturday, sunday

  /// From 1 (Monday) to 7 (Sunday).
  var number: Int { (Self.allCases.firstIndex(of: self) ?? 0) + 1 }
}

/// Layers of a monitor, separated by commas.
struct LayerChoice: ExpressibleByArgument {
  let layers: [MonitorReport.Layer]

  init?(argument: String) {
    let names = argument.split(separator: ",", omittingEmptySubsequences: false)
    layers = names.compactMap { MonitorReport.Layer(rawValue: String($0)) }
    if layers.count != names.count || layers.isEmpty { return nil }
  }
}
