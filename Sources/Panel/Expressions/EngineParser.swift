internal import Foundation
internal import Spec
internal import Warehouse

/// The engine's own parser, used without running anything.
struct EngineParser {
  let engine: Engine

  /// A statement that cannot be parsed.
  struct Failure {
    let message: String
    /// The UTF-8 offset in the statement, if the engine reports it.
    let position: Int?
    /// Whether the statement may be valid; the engine returns parse trees only for queries.
    let isUnsupported: Bool
  }

  /// The result of parsing: the nodes as the engine serializes them to JSON.
  enum Answer {
    case tree([String: Any])
    case failure(Failure)
  }

  /// Parses a statement with the engine.
  func parse(_ statement: String) throws(WarehouseError) -> Answer {
    let json = try engine.connection.scalar("SELECT json_serialize_sql(\(SQL.literal(statement)))")
    let root = json.flatMap { try? JSONSerialization.jsonObject(with: Data($0.utf8)) }
    guard let root = root as? [String: Any] else {
      return .failure(
        Failure(message: "the engine cannot read it", position: nil, isUnsupported: false))
    }
    guard root["error"] as? Bool == true else { return .tree(root) }
    return .failure(
      Failure(
        message: root["error_message"] as? String ?? "the engine cannot read it",
        position: (root["position"] as? String).flatMap { Int($0) },
        isUnsupported: root["error_type"] as? String == "not implemented"))
  }

  /// Returns the nodes of the statements in a tree.
  static func nodes(_ root: [String: Any]) -> [[String: Any]] {
    let statements = root["statements"] as? [[String: Any]] ?? []
    return statements.compactMap { $0["node"] as? [String: Any] }
  }

  /// Returns the position of a node in the parsed statement; nil for one that the parser added.
  static func range(_ node: [String: Any]) -> Range<Int>? {
    // The position of a node that the parser added is the largest 64-bit number.
    let position = (node["query_location"] as? NSNumber).flatMap {
      Int(exactly: $0.uint64Value)
    }
    guard let position else { return nil }
    let length = (node["query_location_length"] as? NSNumber)?.intValue ?? 0
    return position..<position + max(length, 0)
  }
}

extension EngineParser.Failure {
  /// Returns the same failure with positions relative to an offset in the statement.
  func shifted(_ offset: Int) -> EngineParser.Failure {
    EngineParser.Failure(
      message: message, position: position.map { $0 - offset }, isUnsupported: isUnsupported)
  }
}
