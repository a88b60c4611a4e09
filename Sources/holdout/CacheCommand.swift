import ArgumentParser
import Diagnostics
import Experiment

/// `holdout cache`
struct CacheCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cache",
    abstract: "Look at the cache of panels and runs, or make it smaller.",
    subcommands: [SizeCommand.self, PruneCommand.self], defaultSubcommand: SizeCommand.self)

  /// `holdout cache size`
  struct SizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "size", abstract: "Show what the cache takes.")

    func run() throws {
      let cache = try CacheCommand.cache()
      let size = cache.size
      Terminal.print(
        "\(Terminal.shown(cache.folder)): \(size.entries.grouped) entries, "
          + ByteCount.text(size.bytes))
    }
  }

  /// `holdout cache prune`
  struct PruneCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "prune",
      abstract: "Remove what has not been used for the longest.",
      discussion: """
        Everything in the cache can be made again. What a run in progress needs and
        does not find any more, it makes again.

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
    try Cache(folder: try SpecArguments.project().cacheFolder)
  }
}
