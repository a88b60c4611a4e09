/// A value together with the place it was written at.
public struct Located<Value: Sendable>: Sendable {
  /// The value itself.
  public var value: Value
  /// Where it was written.
  public var span: SourceSpan

  /// Makes a value that knows its place.
  public init(_ value: Value, at span: SourceSpan) {
    self.value = value
    self.span = span
  }

  /// The same place with a value made from this one.
  ///
  /// - Throws: What `transform` throws.
  public func map<Other>(_ transform: (Value) throws -> Other) rethrows -> Located<Other> {
    Located<Other>(try transform(value), at: span)
  }
}
