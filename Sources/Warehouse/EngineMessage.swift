internal import Foundation

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
