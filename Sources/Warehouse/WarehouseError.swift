internal import Foundation

/// An operation on a database, a driver or a native library that failed.
public struct WarehouseError: Error, CustomStringConvertible, Sendable {
  public enum Code: String, Sendable {
    /// A native library was not found, cannot be loaded or lacks a function.
    case libraryMissing
    /// The database or its file cannot be opened.
    case connection
    /// The engine refused or failed to run a statement.
    case query
    /// A column has an Arrow type that Holdout does not read.
    case unsupportedType
  }

  public var code: Code
  /// What failed, in the driver's words, without the SQL around it.
  public var message: String
  /// The engine's kind of error (`Binder`, `Conversion`, `IO` ...), where it says so.
  public var kind: String?
  /// The UTF-8 offset in the statement that the engine objects to, where it says so.
  public var position: Int?
  /// The statement that failed.
  public var statement: String?
  /// The five characters of SQLSTATE, where the driver gives them.
  public var state: String?

  public init(
    _ code: Code, _ message: String, kind: String? = nil, position: Int? = nil,
    statement: String? = nil
  ) {
    self.code = code
    self.message = message
    self.kind = kind
    self.position = position
    self.statement = statement
  }

  public var description: String { message }
}

/// A driver's error text taken apart: DuckDB writes JSON when `errors_as_json` is set.
struct EngineMessage {
  private let message: String
  private let kind: String?
  private let position: Int?

  init(_ text: String) {
    guard let start = text.firstIndex(of: "{"),
      let object = try? JSONSerialization.jsonObject(with: Data(text[start...].utf8)),
      let fields = object as? [String: Any],
      let message = fields["exception_message"] as? String
    else {
      self.message = text
      kind = nil
      position = nil
      return
    }
    self.message = message
    kind = fields["exception_type"] as? String
    position = (fields["position"] as? String).flatMap(Int.init)
  }

  func error(_ code: WarehouseError.Code, statement: String?) -> WarehouseError {
    WarehouseError(code, message, kind: kind, position: position, statement: statement)
  }
}
