public import Foundation

/// A program that is run to its end: git or curl.
public enum Subprocess {
  public struct Result: Sendable {
    public let status: Int32
    public let output: Data
  }

  /// Runs a program that is found on PATH.
  ///
  /// - Parameter input: what it reads on its standard input; nothing where nil.
  /// - Returns: nil where there is no such program. What it writes on its standard error is dropped.
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
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    let feed = input.map { _ in Pipe() }
    if let feed {
      process.standardInput = feed
    } else {
      process.standardInput = FileHandle.nullDevice
    }
    guard (try? process.run()) != nil else { return nil }
    if let input, let feed {
      // On a thread of its own: a program that writes before it has read everything would wait for us.
      let handle = feed.fileHandleForWriting
      Thread.detachNewThread {
        try? handle.write(contentsOf: input)
        try? handle.close()
      }
    }
    let bytes = (try? output.fileHandleForReading.readToEnd()) ?? Data()
    process.waitUntilExit()
    // /usr/bin/env says 127 where it finds no such program.
    guard process.terminationStatus != 127 else { return nil }
    return Result(status: process.terminationStatus, output: bytes)
  }
}
