internal import Diagnostics
internal import Foundation

/// What a revision of the project's git repository holds of the results.
struct GitRevision {
  /// The folder that paths are relative to.
  let folder: String
  /// A commit, branch, tag or anything else that git takes for a commit.
  let revision: String

  /// A file's content.
  /// - Parameter path: relative to the folder.
  /// - Throws: `FindingsError` with git's own words when there is no git, revision or file.
  func content(of path: String) throws(FindingsError) -> Data {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "git", "-C", folder, "show", "--end-of-options", "\(revision):./\(path)",
    ]
    process.environment = ProcessInfo.processInfo.environment.merging(["LC_ALL": "C"]) { $1 }
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
    do {
      try process.run()
    } catch {
      throw FindingsError(.noGitResults(revision, path, "git cannot be started"))
    }
    let content = output.fileHandleForReading.readDataToEndOfFile()
    let words = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw FindingsError(.noGitResults(revision, path, Self.shortened(words)))
    }
    return content
  }

  /// The first line of what git says, without its `fatal: `.
  private static func shortened(_ words: Data) -> String {
    let line = String(decoding: words, as: UTF8.self).split(whereSeparator: \.isNewline).first ?? ""
    return String(line).replacing(#/^(fatal|error): /#, with: "")
  }
}
