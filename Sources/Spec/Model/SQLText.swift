public import Diagnostics

/// A piece of SQL that stands in a spec, able to point at any token of itself in the user's file.
public struct SQLText: Sendable {
  public let text: String
  /// The whole scalar.
  public let span: SourceSpan
  private let place: @Sendable (Range<Int>) -> SourceSpan

  /// - Parameter place: maps a range of UTF-8 offsets in `text` to where it stands in the file.
  public init(
    _ text: String, at span: SourceSpan, place: @escaping @Sendable (Range<Int>) -> SourceSpan
  ) {
    self.text = text
    self.span = span
    self.place = place
  }

  /// Where a range of UTF-8 offsets of `text` stands in the user's file.
  public func span(of range: Range<Int>) -> SourceSpan { place(range) }
}
