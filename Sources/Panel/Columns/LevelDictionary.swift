internal import Warehouse

/// Numbers the texts of a category feature in the order in which they are met.
struct LevelDictionary {
  private(set) var levels: [String] = []
  private var codes: [String: Int32] = [:]

  /// The codes of a text column's rows; `Int32.min` where null.
  mutating func encode(_ column: Column) -> [Int32] {
    guard case .text(let texts) = column.values else {
      // An expression that is always null has no text type.
      return [Int32](repeating: .min, count: column.validity?.count ?? 0)
    }
    return (0..<texts.count).map { row in
      column.isNull(row) ? .min : code(of: texts[row])
    }
  }

  private mutating func code(of text: String) -> Int32 {
    if let code = codes[text] { return code }
    let code = Int32(levels.count)
    codes[text] = code
    levels.append(text)
    return code
  }
}
