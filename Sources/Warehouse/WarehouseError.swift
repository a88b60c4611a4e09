internal import Foundation

/// A failed operation on a database, a driver, or a native library.
public struct WarehouseError: Error, CustomStringConvertible, Sendable {
  /// The kind of failure.
  public enum Code: String, Sendable {
    /// A native library was not found, cannot be loaded, or lacks a function.
    case libraryMissing
    /// The database or its file cannot be opened.
    case connection
    /// The engine rejected a statement or failed to run it.
    case query
    /// A column has an Arrow type that Holdout does not read.
    case unsupportedType
  }

  /// The kind of failure.
  public var code: Code
  /// The driver's message, without the SQL that it quotes.
  public var message: String
  /// The engine's error type (`Binder`, `Conversion`, `IO` ...), if it reports one.
  public var kind: String?
  /// The UTF-8 offset in the statement at which the error is, if the engine reports it.
  public var position: Int?
  /// The statement that failed.
  public var statement: String?
  /// The five-character SQLSTATE, if the driver reports it.
  public var state: String?

  /// Creates an error.
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

  /// The driver's message.
  public var description: String { message }
}

/// A parsed driver error: DuckDB writes JSON when `errors_as_json` is set.
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
