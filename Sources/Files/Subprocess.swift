public import Foundation

/// A program that is run to its end: git or curl.
public enum Subprocess {
  public struct Result: Sendable {
    /// The exit code; 128 and the signal's number where one ended the program.
    public let status: Int32
    public let output: Data
    /// What it wrote on its standard error.
    public let errors: Data
  }

  /// Runs a program that is found on PATH.
  ///
  /// - Parameter input: what it reads on its standard input; nothing where nil.
  /// - Returns: nil where there is no such program.
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
    // On threads of their own: a program that writes before it has read everything, or that fills one
    // pipe while the other is read, would wait for us.
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
    // /usr/bin/env says 127 where it finds no such program.
    guard process.terminationStatus != 127 else { return nil }
    let status = process.terminationStatus
    return Result(
      status: process.terminationReason == .exit ? status : 128 + status, output: bytes,
      errors: said)
  }

  /// Bytes that another thread reads.
  // Safety: `bytes` is written once before `isReady` is signaled, and read once after it was waited for.
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
