internal import Foundation

/// Where JSON objects end, without reading what they hold.
enum JSONObject {
  /// The index after the brace that closes the object which opens at `start`; nil where it stays open.
  static func end(in bytes: Data, from start: Int) -> Int? {
    guard start < bytes.endIndex, bytes[start] == UInt8(ascii: "{") else { return nil }
    var depth = 0
    var isText = false
    var isEscaped = false
    for index in start..<bytes.endIndex {
      let byte = bytes[index]
      if isText {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isText = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isText = true
      case UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "}"):
        depth -= 1
        if depth == 0 { return index + 1 }
      default: break
      }
    }
    return nil
  }
}
