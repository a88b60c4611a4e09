internal import Synchronization

/// Collects what LightGBM logs during one operation, from all of its threads.
final class LogCollector: Sendable {
  private struct State {
    /// The level and the text so far of each thread's unfinished line.
    var open: [UInt: (level: String, text: String)] = [:]
    var messages: [LearningMessage] = []
    var indices: [String: Int] = [:]
  }

  private let state = Mutex(State())

  /// The messages in the order of their first appearance; repetitions are counted.
  var messages: [LearningMessage] { state.withLock { $0.messages } }

  /// The warnings among the messages.
  var warnings: [LearningMessage] { messages.filter { $0.level == "Warning" } }

  /// Receives the next piece of a line: `[LightGBM] [Level] `, then text, then a line feed.
  func receive(_ piece: String, thread: UInt) {
    state.withLock { state in
      if piece == "\n" {
        guard let (level, text) = state.open.removeValue(forKey: thread) else { return }
        let key = level + "\n" + text
        if let index = state.indices[key] {
          state.messages[index].count += 1
        } else {
          state.indices[key] = state.messages.count
          state.messages.append(LearningMessage(level: level, text: text, count: 1))
        }
      } else if piece.hasPrefix("[LightGBM] ["), piece.hasSuffix("] ") {
        state.open[thread] = (String(piece.dropFirst(12).dropLast(2)), "")
      } else {
        state.open[thread, default: ("Info", "")].text += piece
      }
    }
  }
}

/// A message that LightGBM logged, and how often.
public struct LearningMessage: Sendable, Hashable {
  /// LightGBM's level: `Warning`, `Info` or `Debug`.
  public var level: String
  /// The text without prefix and line feed.
  public var text: String
  /// How many times it was logged.
  public var count: Int
}
