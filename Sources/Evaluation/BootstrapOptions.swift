/// How intervals are made.
public struct BootstrapOptions: Sendable, Equatable {
  /// How many resamples are drawn.
  public var resamples: Int
  /// The share of resamples an interval spans.
  public var level: Double
  /// Where the randomness comes from.
  public var seed: UInt64
  /// On how many threads; the answer does not depend on it.
  public var threads: Int

  /// Options; the defaults are 500 resamples and intervals of 95 %.
  public init(resamples: Int = 500, level: Double = 0.95, seed: UInt64 = 1, threads: Int = 1) {
    precondition(resamples > 0, "at least one resample is needed")
    precondition(level > 0 && level < 1, "a level lies between 0 and 1")
    precondition(threads > 0, "at least one thread is needed")
    self.resamples = resamples
    self.level = level
    self.seed = seed
    self.threads = threads
  }
}
