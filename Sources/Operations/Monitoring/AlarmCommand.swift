public import Diagnostics
internal import Files
public import Foundation
internal import Spec

/// A command line that reports alarms, as to a chat or a pager.
public struct AlarmCommand: Sendable {
  private let line: String
  private let limit: Double

  /// - Parameters:
  ///   - line: what `/bin/sh -c` runs.
  ///   - limit: the seconds that it may take.
  public init(_ line: String, limit: Double) {
    self.line = line
    self.limit = limit
  }

  /// Runs the command with a document on its standard input, which it may leave unread.
  /// - Throws: `FindingsError` if it fails or takes too long.
  public func run(_ document: Data) throws(FindingsError) {
    guard let result = Subprocess.shell(line, input: document, limit: limit) else {
      throw FindingsError(.alarmCommand("cannot be started, because there is no `/bin/sh`", Data()))
    }
    switch result.status {
    case 0: return
    case let status?:
      throw FindingsError(.alarmCommand("failed with exit code \(status)", result.errors))
    case nil:
      throw FindingsError(
        .alarmCommand("was stopped after \(NumberText.short(limit)) seconds", result.errors))
    }
  }
}

// A finding about the command: H687.
extension Finding {
  /// - Parameters:
  ///   - words: what happened. The command itself is not shown, because it may hold a password.
  ///   - errors: the end of what it wrote to standard error.
  fileprivate static func alarmCommand(_ words: String, _ errors: Data) -> Finding {
    let lines = String(decoding: errors, as: UTF8.self).split(whereSeparator: \.isNewline)
      .filter { !$0.allSatisfy(\.isWhitespace) }
    return Finding(
      687, "the command of `--on-alarm` \(words)",
      notes: lines.suffix(5).map { "it wrote: \(String($0).shortened)" },
      hints: ["the report is complete, and names the alarm; repair the command, and run it again"])
  }
}

extension Explanation {
  static let alarmCommandFindings: [Explanation] = [
    Explanation(
      687, "an alarm that could not be reported",
      cause: """
        There is an alarm, and the command of `--on-alarm` failed or took longer than \
        `--alarm-wait` seconds. So nobody may know of the alarm. The last lines that the command \
        wrote to standard error are notes of the finding.
        """,
      example: changed(
        version("'West' AS region"), arguments: " --on-alarm 'echo \"no route\" >&2; exit 3'"),
      fix: """
        Read the report, which was printed before the command was started. Then try the command by \
        itself: `holdout monitor NAME --format json | sh -c 'COMMAND'`.
        """)
  ]
}
