internal import Diagnostics
internal import Files
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
    let arguments = ["-C", folder, "show", "--end-of-options", "\(revision):./\(path)"]
    guard let result = Subprocess.run("git", arguments, environment: ["LC_ALL": "C"]) else {
      throw FindingsError(.noGitResults(revision, path, "git cannot be started"))
    }
    guard result.status == 0 else {
      throw FindingsError(.noGitResults(revision, path, Self.shortened(result.errors)))
    }
    return result.output
  }

  /// The first line of what git says, without its `fatal: `.
  private static func shortened(_ words: Data) -> String {
    let line = String(decoding: words, as: UTF8.self).split(whereSeparator: \.isNewline).first ?? ""
    return String(line).replacing(#/^(fatal|error): /#, with: "")
  }
}
