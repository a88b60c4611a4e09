public import Evaluation

/// How outcomes are measured.
public struct OutcomeOptions: Sendable {
  /// nil: no bootstrap intervals.
  public var bootstrap: BootstrapOptions?
  /// The coverage of intervals, of the bootstrap's and of those of expected wins.
  public var level: Double
  /// How many distinct buyers rows need before their rates count as evidence.
  public var minimumPositives: Int

  public init(bootstrap: BootstrapOptions?, level: Double = 0.95, minimumPositives: Int = 20) {
    self.bootstrap = bootstrap
    self.level = level
    self.minimumPositives = minimumPositives
  }
}
