/// One thing that a spec allows itself and that makes its metrics other than what to expect in use.
public struct Caveat: Codable, Sendable {
  /// A word or two, for tables.
  public let name: String
  /// What it is here, with its numbers.
  public let sentence: String
  /// Whether the spec accepts it in writing; nil for what cannot be accepted so.
  public let isAccepted: Bool?

  init(name: String, sentence: String, isAccepted: Bool? = nil) {
    self.name = name
    self.sentence = sentence
    self.isAccepted = isAccepted
  }

  /// Both in one line.
  public var line: String { "\(name): \(sentence)" }
}
