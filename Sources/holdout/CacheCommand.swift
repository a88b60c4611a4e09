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
    abstract: "Show or shrink the cache of panels and runs.",
    subcommands: [SizeCommand.self, PruneCommand.self], defaultSubcommand: SizeCommand.self)

  /// `holdout cache size`
  struct SizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "size", abstract: "Show the size and the limit of the cache.",
      discussion: """
        When a command that adds to the cache ends, the least recently used entries
        beyond the limit are removed. The limit is `cache_size` in holdout.yaml, by
        default 10 GB, or a tenth of the free disk if that is less.
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
      abstract: "Remove the least recently used entries.",
      discussion: """
        Everything in the cache can be computed again. A run in progress computes
        again what it no longer finds. Only cache entries are removed.

          holdout cache prune --keep 20GB
        """)

    @Option(help: ArgumentHelp("The size to keep, like 20GB; 0B: nothing.", valueName: "size"))
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
    abstract: "Show what a run would compute again, and the first input that changed.",
    discussion: """
      For each stage (the finished run, the cohort, the label, each feature):
      whether the cache has it, for how many cutoffs, and otherwise the first input
      that differs from the spec's last run. Nothing is loaded or computed.

        holdout why experiments/solidworks.yaml
      """)

  @OptionGroup var arguments: SpecArguments
  @OptionGroup var limits: LimitArguments
  @OptionGroup var output: OutputArguments

  func run() throws {
    let project = try limits.project()
    let file = try arguments.loadFile()
    let runner = ExperimentRunner(
      project: project, version: Holdout.version, pages: RunCommand.pages
    ) { Terminal.show([$0]) }
    for experiment in file.members.compactMap(\.experiment) {
      Terminal.print(Page(try runner.why(experiment)))
    }
  }
}
