internal import Foundation
internal import Testing

/// The program under test: the real binary, started as a process of its own.
package enum Program {
  /// The binary that `HOLDOUT_BINARY` names, else the `holdout` beside the test bundle.
  package static let path: String? = {
    if let named = ProcessInfo.processInfo.environment["HOLDOUT_BINARY"], !named.isEmpty {
      return named
    }
    let runner = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
    let starts = [runner, CommandLine.arguments.first, Bundle.main.executablePath]
    for start in starts.compactMap(\.self) {
      var folder = URL(filePath: start).deletingLastPathComponent()
      while folder.path != "/" {
        for candidate in ["holdout", ".build/release/holdout", ".build/debug/holdout"] {
          let file = folder.appending(path: candidate).path
          if isProgram(file) { return file }
        }
        folder = folder.deletingLastPathComponent()
      }
    }
    return nil
  }()

  private static func isProgram(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && !isFolder.boolValue && FileManager.default.isExecutableFile(atPath: path)
  }

  /// Runs the binary to its end.
  /// - Throws: when there is no binary, or when it takes longer than a minute.
  package static func run(
    _ arguments: [String], in folder: String, environment: [String: String] = [:]
  ) throws -> ProgramResult {
    let running = try RunningProgram(
      #require(path, "build the product `holdout` first, or set HOLDOUT_BINARY"), arguments,
      in: folder, environment: environment)
    return try running.wait()
  }

  /// Runs a shell line in which `"$HOLDOUT"` is the binary.
  package static func shell(
    _ line: String, in folder: String, environment: [String: String] = [:]
  ) throws -> ProgramResult {
    let program = try #require(path, "build the product `holdout` first, or set HOLDOUT_BINARY")
    let running = try RunningProgram(
      "/bin/bash", ["-c", line], in: folder,
      environment: environment.merging(["HOLDOUT": program]) { _, own in own })
    return try running.wait()
  }
}

/// The folder that the tests were built from.
package enum Repository: Sendable {
  package static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path
}
