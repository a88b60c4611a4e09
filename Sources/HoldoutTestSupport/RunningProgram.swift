internal import Foundation
internal import Glibc

/// A process that has been started, and the files that take what it writes.
///
/// Its output goes to files, which never fill up as pipes do, and can be read while it runs.
package final class RunningProgram {
  package struct TimeLimitExceeded: Error {
    package let arguments: [String]
    package let errors: String
  }

  private let process = Process()
  private let arguments: [String]
  private let folder: TemporaryFolder
  private let hasEnded = DispatchSemaphore(value: 0)

  package init(
    _ program: String, _ arguments: [String], in workingFolder: String,
    environment: [String: String] = [:]
  ) throws {
    self.arguments = arguments
    folder = try TemporaryFolder()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.currentDirectoryURL = URL(filePath: workingFolder)
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    let outputs = try ["stdout", "stderr"].map { name in
      try folder.write(name, "")
      return try FileHandle(forWritingTo: URL(filePath: folder.path(name)))
    }
    // `Process` outlives this object, and would keep them open: after a thousand children it fails.
    defer { for output in outputs { try? output.close() } }
    process.standardOutput = outputs[0]
    process.standardError = outputs[1]
    process.terminationHandler = { [hasEnded] _ in hasEnded.signal() }
    try Self.withEverySignalOpen { try process.run() }
  }

  /// Threads of a pool block signals, and a child would inherit that and never hear of Ctrl-C.
  private static func withEverySignalOpen(_ body: () throws -> Void) rethrows {
    var none = sigset_t()
    var before = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    try body()
  }

  deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

  package var isRunning: Bool { process.isRunning }
  /// What it has written to standard error so far.
  package var errors: String { written("stderr") }

  private func written(_ name: String) -> String { (try? folder.text(name)) ?? "" }

  package func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Waits for the end.
  /// - Throws: `TimeLimitExceeded` after killing a process that takes too long.
  package func wait(seconds: Double = 60) throws -> ProgramResult {
    guard hasEnded.wait(timeout: .now() + seconds) == .success else {
      send(SIGKILL)
      throw TimeLimitExceeded(arguments: arguments, errors: errors)
    }
    let status = process.terminationStatus
    return ProgramResult(
      end: process.terminationReason == .exit ? .exit(status) : .signal(status),
      output: written("stdout"), errors: errors)
  }

  /// Waits until a condition holds, looking every millisecond.
  /// - Returns: whether it held before the process ended.
  package func wait(until condition: (RunningProgram) -> Bool) -> Bool {
    while process.isRunning {
      if condition(self) { return true }
      usleep(1000)
    }
    return false
  }
}
