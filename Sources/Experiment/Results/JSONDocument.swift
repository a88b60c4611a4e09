package import Foundation

/// How documents for programs are written as JSON: over several lines, keys sorted, a newline at the end.
package enum JSONDocument {
  /// - Parameter isSnakeCase: whether the names of properties are written in snake case; keys of
  ///   dictionaries stay as they are.
  /// - Throws: `EncodingError`.
  package static func data(
    _ document: some Encodable, isSnakeCase: Bool = true
  ) throws -> Data {
    let encoder = JSONEncoder()
    if isSnakeCase { encoder.keyEncodingStrategy = .convertToSnakeCase }
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(document) + Data("\n".utf8)
  }

  /// As `data(_:isSnakeCase:)`, in snake case.
  /// - Throws: `EncodingError`.
  package static func text(_ document: some Encodable) throws -> String {
    String(decoding: try data(document), as: UTF8.self)
  }
}
