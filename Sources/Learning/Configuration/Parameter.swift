/// One of LightGBM's parameters as the user wrote it: a name, or one of its aliases, and a value.
public struct Parameter: Sendable, Hashable, Codable {
  /// LightGBM's name, or one of its aliases.
  public var name: String
  /// The value as LightGBM reads it: a number, `true`, a word, or numbers joined by commas.
  public var text: String

  /// Makes a parameter; nothing is checked before `LearnerConfiguration.problems(with:)`.
  public init(_ name: String, _ text: String) {
    self.name = name
    self.text = text
  }
}
