/// One thing that a spec allows itself and that makes its metrics other than what to expect in use.
public struct Caveat: Codable, Sendable {
  /// A word or two, for tables.
  public let name: String
  /// What it is here, with its numbers.
  public let sentence: String

  /// Both in one line.
  public var line: String { "\(name): \(sentence)" }
}
