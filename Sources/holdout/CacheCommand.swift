public import ArgumentParser
internal import Diagnostics
internal import Experiment
internal import Reports
public import Spec

extension ByteCount: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

/// `holdout cache`
struct CacheCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cache",
    abstract: "Look at the cache of panels and runs, or make it smaller.",
    subcommands: [SizeCommand.self, PruneCommand.self], defaultSubcommand: SizeCommand.self)

  /// `holdout cache size`
  struct SizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "size", abstract: "Show what the cache takes, and what it may take.",
      discussion: """
        At the end of a command that adds to the cache, entries beyond the limit are
        removed, those first that have not been used for the longest. The limit is
        `cache_size` in holdout.yaml; without it 10 GB, or a tenth of the free disk
        where that is less.
        """)

    func run() throws {
      let cache = try CacheCommand.cache()
      let size = cache.size
      Terminal.print(
        "\(Terminal.shown(cache.folder)): \(size.entries.grouped) entries, "
          + "\(ByteCount.text(size.bytes)) of at most \(ByteCount.text(cache.limit))")
    }
  }

  /// `holdout cache prune`
  struct PruneCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "prune",
      abstract: "Remove what has not been used for the longest.",
      discussion: """
        Everything in the cache can be made again. What a run in progress needs and
        does not find any more, it makes again. Only entries of the cache are removed.

          holdout cache prune --keep 20GB
        """)

    @Option(help: ArgumentHelp("What may stay, like 20GB; 0B: nothing.", valueName: "size"))
    var keep: ByteCount

    func run() throws {
      let cache = try CacheCommand.cache()
      let removed = cache.prune(keep: keep.bytes)
      let size = cache.size
      Terminal.print(
        "removed \(removed.entries.grouped) entries, \(ByteCount.text(removed.bytes)); "
          + "\(size.entries.grouped) entries, \(ByteCount.text(size.bytes)) stay")
    }
  }

  private static func cache() throws -> Cache {
    Cache(project: try SpecArguments.project()) { Terminal.show([$0]) }
  }
}

/// `holdout why`
struct WhyCommand: NotingCommand {
  static let configuration = CommandConfiguration(
    commandName: "why",
    abstract: "Show what a run would make anew, and the first thing that has changed.",
    discussion: """
      Stage by stage (the finished run, the cohort, the label, each feature): whether
      the cache has it, of how many cutoffs, and for what it has not, the first
      input that is another than in the spec's last run. Nothing is loaded or made.

        holdout why experiments/solidworks.yaml
      """)

  @OptionGroup var arguments: SpecArguments
  @OptionGroup var limits: LimitArguments
  @OptionGroup var output: OutputArguments

  func run() throws {
    let project = try limits.project()
    let file = try arguments.loadFile()
    let runner = ExperimentRunner(
      project: project, version: Holdout.version, page: RunCommand.report
    ) { Terminal.show([$0]) }
    for experiment in file.members.compactMap(\.experiment) {
      Terminal.print(Page(try runner.why(experiment)))
    }
  }
}
