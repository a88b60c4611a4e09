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
}
