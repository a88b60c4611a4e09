public import Foundation

/// Writes values as JSON: sorted keys in snake case, unescaped slashes.
public enum JSONDocument {
  /// Encodes a document: over several lines, with a newline at the end.
  /// - Parameter isSnakeCase: whether to write property names in snake case. Dictionary keys stay
  ///   unchanged.
  /// - Throws: `EncodingError`.
  public static func data(_ document: some Encodable, isSnakeCase: Bool = true) throws -> Data {
    try encoder(.prettyPrinted, isSnakeCase: isSnakeCase).encode(document) + Data("\n".utf8)
  }

  /// Encodes a document as `data(_:isSnakeCase:)` does, in snake case, and returns it as text.
  /// - Throws: `EncodingError`.
  public static func text(_ document: some Encodable) throws -> String {
    String(decoding: try data(document), as: UTF8.self)
  }

  /// Encodes a record on one line, without a newline or spaces.
  /// - Parameters:
  ///   - isIndented: whether to use several lines instead, for people.
  ///   - hasInfinity: whether to write numbers that are not finite as strings. Otherwise they are
  ///     errors.
  /// - Throws: `EncodingError`.
  public static func record(
    _ record: some Encodable, isIndented: Bool = false, hasInfinity: Bool = false
  ) throws -> Data {
    let encoder = encoder(isIndented ? .prettyPrinted : [], isSnakeCase: true)
    if hasInfinity {
      encoder.nonConformingFloatEncodingStrategy = .convertToString(
        positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "nan")
    }
    return try encoder.encode(record)
  }

  private static func encoder(
    _ formatting: JSONEncoder.OutputFormatting, isSnakeCase: Bool
  ) -> JSONEncoder {
    let encoder = JSONEncoder()
    if isSnakeCase { encoder.keyEncodingStrategy = .convertToSnakeCase }
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, formatting]
    return encoder
  }
}
