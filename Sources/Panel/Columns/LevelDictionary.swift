internal import Synchronization
internal import Warehouse

/// Numbers the texts of a category feature in the order in which they are met.
///
/// Threads that build different cutoffs share it, so the numbers depend on chance; nothing but the
/// texts behind them may decide a result.
public final class LevelDictionary: Sendable {
  private struct State {
    var levels: [String] = []
    var codes: [String: Int32] = [:]

    mutating func code(of text: String) -> Int32 {
      if let code = codes[text] { return code }
      let code = Int32(levels.count)
      codes[text] = code
      levels.append(text)
      return code
    }
  }

  private let state = Mutex(State())

  public init() {}

  /// The text of each code so far.
  public var levels: [String] { state.withLock(\.levels) }

  /// The codes of some texts.
  public func codes(of texts: [String]) -> [Int32] {
    state.withLock { state in texts.map { state.code(of: $0) } }
  }

  /// The codes of a text column's rows; `Int32.min` where null.
  func encode(_ column: Column) -> [Int32] {
    guard case .text(let texts) = column.values else {
      // An expression that is always null has no text type.
      return [Int32](repeating: .min, count: column.validity?.count ?? 0)
    }
    return state.withLock { state in
      (0..<texts.count).map { row in
        column.isNull(row) ? .min : state.code(of: texts[row])
      }
    }
  }
}
