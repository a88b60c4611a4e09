public import Foundation

/// Runs a child process, such as git or curl, to completion.
public enum Subprocess {
  /// The outcome of a program that was run.
  public struct Result: Sendable {
    /// The exit code, or 128 plus the signal's number if a signal ended the program.
    public let status: Int32
    /// The bytes written to standard output.
    public let output: Data
    /// The bytes written to standard error.
    public let errors: Data
  }

  /// Runs a program found on PATH.
  ///
  /// - Parameters:
  ///   - input: the bytes for its standard input; nil gives it an empty one.
  ///   - environment: variables to add to this process's environment.
  /// - Returns: nil if there is no such program.
  public static func run(
    _ program: String, _ arguments: [String], input: Data? = nil,
    environment: [String: String]? = nil
  ) -> Result? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    if let environment {
      process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    }
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    let feed = input.map { _ in Pipe() }
    if let feed {
      process.standardInput = feed
    } else {
      process.standardInput = FileHandle.nullDevice
    }
    guard (try? process.run()) != nil else { return nil }
    // Use separate threads. Otherwise we deadlock with a program that writes before it has read all
    // its input, or that fills one pipe while we read the other.
    if let input, let feed {
      let handle = feed.fileHandleForWriting
      Thread.detachNewThread {
        try? handle.write(contentsOf: input)
        try? handle.close()
      }
    }
    let words = Collected()
    let handle = errors.fileHandleForReading
    Thread.detachNewThread { words.fill((try? handle.readToEnd()) ?? Data()) }
    let bytes = (try? output.fileHandleForReading.readToEnd()) ?? Data()
    let said = words.wait()
    process.waitUntilExit()
    // /usr/bin/env exits with 127 if it finds no such program.
    guard process.terminationStatus != 127 else { return nil }
    let status = process.terminationStatus
    return Result(
      status: process.terminationReason == .exit ? status : 128 + status, output: bytes,
      errors: said)
  }

  /// The outcome of a command line.
  public struct ShellResult: Sendable {
    /// The exit code, or 128 plus the signal's number if a signal ended the shell; nil if the command
    /// was stopped because its time was over.
    public let status: Int32?
    /// The last bytes written to standard error.
    public let errors: Data
  }

  /// Runs a command line with `/bin/sh -c`, for a limited time. Its output is discarded.
  ///
  /// The command is over when everything that it started has ended, in the background too. When the
  /// time is over first, the shell and its process group are ended.
  /// - Parameters:
  ///   - input: the bytes for its standard input, which it may leave unread.
  ///   - seconds: the time limit.
  /// - Returns: nil if the shell cannot be started.
  public static func shell(_ command: String, input: Data, limit seconds: Double) -> ShellResult? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command]
    let (feed, errors) = (Pipe(), Pipe())
    process.standardInput = feed
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    guard (try? process.run()) != nil else { return nil }
    // Use separate threads, as in `run`: neither may keep this one from watching the time.
    let writer = feed.fileHandleForWriting
    Thread.detachNewThread {
      try? writer.write(contentsOf: input)
      try? writer.close()
    }
    let words = Tail()
    let reader = errors.fileHandleForReading
    Thread.detachNewThread { words.fill(from: reader) }
    let isDone = wait(for: process, seconds: seconds)
    if !isDone {
      // Foundation starts a child as the leader of a process group of its own.
      kill(-process.processIdentifier, SIGTERM)
      if !wait(for: process, seconds: 2) {
        kill(-process.processIdentifier, SIGKILL)
        // Not without a limit: something may have left the process group.
        _ = wait(for: process, seconds: 1)
      }
    }
    let bytes = words.wait(seconds: 1)
    guard isDone else { return ShellResult(status: nil, errors: bytes) }
    let status = process.terminationStatus
    return ShellResult(
      status: process.terminationReason == .exit ? status : 128 + status, errors: bytes)
  }

  /// Waits until a process has ended; returns whether it has.
  private static func wait(for process: Process, seconds: Double) -> Bool {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while process.isRunning, ContinuousClock.now < deadline { Thread.sleep(forTimeInterval: 0.02) }
    return !process.isRunning
  }

  /// Starts a program found on PATH that may outlive this process, such as a browser. It gets no
  /// input, and its output is discarded.
  ///
  /// - Returns: its exit code if it ends within three seconds, 0 if it is still running then, and
  ///   nil if there is no such program.
  public static func launch(_ program: String, _ arguments: [String]) -> Int32? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    for _ in 0..<150 where process.isRunning { Thread.sleep(forTimeInterval: 0.02) }
    guard !process.isRunning else { return 0 }
    let status = process.terminationStatus
    guard process.terminationReason == .exit else { return 128 + status }
    return status == 127 ? nil : status
  }

  // Safety: `bytes` is written once before `isReady` is signaled, and read once after waiting for
  // it.
  /// Bytes read by another thread.
  private final class Collected: @unchecked Sendable {
    private var bytes = Data()
    private let isReady = DispatchSemaphore(value: 0)

    func fill(_ bytes: Data) {
      self.bytes = bytes
      isReady.signal()
    }

    func wait() -> Data {
      isReady.wait()
      return bytes
    }
  }
  // Safety: `bytes` is only used while `lock` is held.
  /// The last bytes that another thread reads, as far as it has come.
  private final class Tail: @unchecked Sendable {
    private static let limit = 1 << 16
    private var bytes = Data()
    private let lock = NSLock()
    private let isAtEnd = DispatchSemaphore(value: 0)

    func fill(from handle: FileHandle) {
      while let part = try? handle.read(upToCount: Self.limit), !part.isEmpty {
        lock.withLock { bytes = Data((bytes + part).suffix(Self.limit)) }
      }
      isAtEnd.signal()
    }

    /// Returns what was read, after waiting for the end, which a process in the background may delay.
    func wait(seconds: Double) -> Data {
      _ = isAtEnd.wait(timeout: .now() + seconds)
      return lock.withLock { bytes }
    }
  }
}
