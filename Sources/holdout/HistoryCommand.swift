public import ArgumentParser
internal import Diagnostics
internal import Experiment
public import Promotion
internal import Reports
internal import Runs
internal import Spec

/// `holdout history`
struct HistoryCommand: NotingCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "Show what went into production: when, by whom, and why.",
    discussion: """
      Checks and prints the records of results/registry.jsonl. With `--on`, it shows
      what was in production when that day ended in UTC: for each name, the last
      record dated that day or before. Records are in the order of their links, even
      if a clock was wrong.

        holdout history
        holdout history solidworks --format json
        holdout history --on 2026-09-18

      Exit codes: 0 printed; 2 the registry was changed, or does not have the name.
      """)

  @Argument(help: "A name. Default: all of them.")
  var name: String?
  @Option(name: .customLong("on"), help: ArgumentHelp("A day.", valueName: "date"))
  var date: String?
  @Option(help: "How it is printed: text, json, markdown or html.")
  var format: PageFormat = .text
  @OptionGroup var tables: TableArguments
  @OptionGroup var output: OutputArguments

  func validate() throws {
    if let date, CalendarDate(date) == nil {
      throw ValidationError("--on takes a day such as 2026-09-18, not `\(date)`")
    }
  }

  func run() throws {
    let history = try RegistryHistory(
      Registry(project: try SpecArguments.project()), of: name,
      on: date.flatMap { CalendarDate($0) })
    Terminal.show(history.warnings)
    switch format {
    case .text: Terminal.print(Page(history), isWhole: tables.all)
    case .json: Terminal.printText(try history.json(), as: .json)
    case .markdown: Terminal.printText(Page(history).markdown)
    case .html: Terminal.printText(Page(history).html(title: "Registry"))
    }
  }
}

/// `holdout rollback`
struct RollbackCommand: NotingCommand {
  static let configuration = CommandConfiguration(
    commandName: "rollback",
    abstract: "Return a name to a version that was in production before.",
    discussion: """
      Adds a record to results/registry.jsonl, as `holdout promote` does, and
      restores the version's files in models/NAME/. Without `--to`, it is the run
      that the champion replaced. No gates are checked.

        holdout rollback solidworks --reason "too many calls to customers"
        holdout rollback solidworks --to 2025-06-30-24538fda98d5 --reason "as agreed"

      Exit codes: 0 done, or champion already; 2 it could not be done.
      """)

  @Argument(help: "The name.")
  var name: String
  @Option(help: "The run to return to. Default: the previous champion.")
  var to: String?
  @Option(help: "Why, in a sentence.")
  var reason: String
  @OptionGroup var registry: RegistryArguments
  @OptionGroup var output: OutputArguments

  func validate() throws { try RegistryArguments.check(reason, "--reason") }

  func run() throws {
    let project = try SpecArguments.project()
    let outcome = try registry.registry(project).rollback(
      name, to: to, registry.entry(project, reason: reason))
    Terminal.show(outcome.warnings)
    Terminal.show(outcome, name: name, project)
  }
}

extension RegistryHead: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

/// `holdout verify`
struct VerifyCommand: NotingCommand {
  enum Format: String, CaseIterable, ExpressibleByArgument { case text, json }

  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check the registry and every file in production, or a spec's trainer.",
    discussion: """
      Checks each record of results/registry.jsonl, its place in the chain and its
      signature, and the SHA-256 of every file of every version below models/. Work
      that a crash interrupted is completed and reported.

        holdout verify
        holdout verify --format json
        holdout verify --at-least 3:9f2c...    record 3 exists and has this hash
        holdout verify --trainer experiments/solidworks.yaml

      The last line of its output has the number and the SHA-256 of the last record.
      Store them elsewhere and give them to `--at-least` later, to show that no
      record up to there was removed.

      With --trainer, trains the spec's model with the panel trainer and with
      LightGBM's library instead, and reports the first tree that differs, and why.

      Exit codes: 0 nothing was changed, or the trees are the same; 1 trees differ;
      2 something was changed, and is named. docs/promote.md says what this can and
      cannot find, and docs/learner.md what the trainers are.
      """)

  @Option(help: "How it is printed: text or json.")
  var format: Format = .text
  @Option(
    help: ArgumentHelp(
      "A record that must exist, by its number and its line's SHA-256.", valueName: "n:sha"))
  var atLeast: RegistryHead?
  @Option(
    help: ArgumentHelp("A spec whose model both trainers train, to compare.", valueName: "spec"),
    completion: .file(extensions: ["yaml", "yml"]))
  var trainer: String?
  @OptionGroup var machine: MachineArguments
  @OptionGroup var output: OutputArguments

  func validate() throws {
    if trainer != nil, atLeast != nil {
      throw ValidationError("--at-least is about the registry, --trainer about a spec")
    }
  }

  func run() throws {
    if let trainer { return try compareTrainers(trainer) }
    let registry = Registry(project: try SpecArguments.project())
    let report: RegistryReport
    do throws(FindingsError) {
      report = try registry.verify(atLeast: atLeast)
    } catch {
      guard format == .json else { throw error }
      try Self.print(RegistryDocument(error))
      throw ExitCode(2)
    }
    switch format {
    case .text:
      Terminal.show(report.warnings)
      Terminal.print(Page(report))
    case .json: try Self.print(RegistryDocument(report))
    }
  }

  private func compareTrainers(_ path: String) throws {
    let project = try machine.limits.project()
    let file = SpecLoader.load(path: path, roots: project.roots)
    guard !file.findings.hasErrors else { throw FindingsError(file.findings) }
    Terminal.show(file.findings)
    guard let spec = file.spec else {
      throw FindingsError(.severalExperiments(file.specs.map(\.name), file.path))
    }
    let display = ProgressDisplay(name: spec.name.value)
    defer { display.finish(isDone: false) }
    let report = try TrainerVerification(
      project: project, threads: machine.threads, progress: display.show
    ).report(spec)
    display.finish(isDone: true)
    Terminal.show(report.findings)
    switch format {
    case .text: Terminal.print(Page(report))
    case .json: Terminal.printText(try JSONDocument.text(TrainerDocument(report)), as: .json)
    }
    if !report.isSame { throw ExitCode(1) }
  }

  private static func print(_ document: RegistryDocument) throws {
    Terminal.printText(try JSONDocument.text(document), as: .json)
  }
}
