/// Something LightGBM said while it worked, and how often it said it.
public struct LearningMessage: Sendable, Hashable {
  /// How LightGBM ranks it: `Warning`, `Info` or `Debug`.
  public var level: String
  /// Its words, without prefix and line feed.
  public var text: String
  /// How many times it was said.
  public var count: Int
}
