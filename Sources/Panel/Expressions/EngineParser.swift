internal import Foundation
internal import Spec
internal import Warehouse

/// The engine's own parser, asked without running anything.
struct EngineParser {
  let engine: Engine

  /// A statement that cannot be read.
  struct Failure {
    let message: String
    /// The UTF-8 offset in the statement, where the engine says so.
    let position: Int?
    /// The statement may be sound; the engine's parser tells the tree of queries only.
    let isUnsupported: Bool
  }

  /// A parsed piece: nodes as the engine writes them to JSON.
  enum Answer {
    case tree([String: Any])
    case failure(Failure)
  }

  /// Has the engine read a statement.
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

  /// The statements' nodes of a tree.
  static func nodes(_ root: [String: Any]) -> [[String: Any]] {
    let statements = root["statements"] as? [[String: Any]] ?? []
    return statements.compactMap { $0["node"] as? [String: Any] }
  }

  /// Where a node stands in the parsed statement; nil for one that the parser added by itself.
  static func range(_ node: [String: Any]) -> Range<Int>? {
    // The place of what the parser added is the largest number of 64 bits.
    let position = (node["query_location"] as? NSNumber).flatMap {
      Int(exactly: $0.uint64Value)
    }
    guard let position else { return nil }
    let length = (node["query_location_length"] as? NSNumber)?.intValue ?? 0
    return position..<position + max(length, 0)
  }
}

extension EngineParser.Failure {
  /// The same failure with positions counted from an offset of the statement on.
  func shifted(_ offset: Int) -> EngineParser.Failure {
    EngineParser.Failure(
      message: message, position: position.map { $0 - offset }, isUnsupported: isUnsupported)
  }
}
