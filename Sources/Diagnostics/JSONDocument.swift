public import Foundation

/// How values are written as JSON: sorted keys in snake case, slashes as they are.
public enum JSONDocument {
  /// A document: over several lines, with a newline at the end.
  /// - Parameter isSnakeCase: whether the names of properties are written in snake case; keys of
  ///   dictionaries stay as they are.
  /// - Throws: `EncodingError`.
  public static func data(_ document: some Encodable, isSnakeCase: Bool = true) throws -> Data {
    try encoder(.prettyPrinted, isSnakeCase: isSnakeCase).encode(document) + Data("\n".utf8)
  }

  /// As `data(_:isSnakeCase:)`, in snake case.
  /// - Throws: `EncodingError`.
  public static func text(_ document: some Encodable) throws -> String {
    String(decoding: try data(document), as: UTF8.self)
  }

  /// A record on one line, without a newline and without blanks.
  /// - Parameters:
  ///   - isIndented: whether it is written over several lines instead, for people.
  ///   - hasInfinity: whether numbers that are not finite are written as texts; they are errors otherwise.
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
