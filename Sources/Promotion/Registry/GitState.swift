internal import Files
internal import Foundation

/// The git revision that a project stands at.
public struct GitState: Codable, Sendable, Equatable {
  public let revision: String
  /// Whether files that git knows were changed since, results and models apart.
  public let dirty: Bool

  public init(revision: String, dirty: Bool) {
    self.revision = revision
    self.dirty = dirty
  }

  /// Asks git; nil where the folder is in no repository, or there is no git.
  public static func of(folder: String) -> GitState? {
    guard let revision = git(["rev-parse", "--verify", "HEAD"], folder) else { return nil }
    let changes = git(
      [
        "status", "--porcelain", "--untracked-files=no", "--", ".", ":(exclude)results",
        ":(exclude)models",
      ], folder)
    return GitState(revision: revision, dirty: changes != "")
  }

  /// Who works here, as git or else the system calls them.
  public static func user(folder: String) -> String {
    if let mail = git(["config", "user.email"], folder), !mail.isEmpty { return mail }
    return "\(NSUserName())@\(ProcessInfo.processInfo.hostName)"
  }

  private static func git(_ arguments: [String], _ folder: String) -> String? {
    guard let result = Subprocess.run("git", ["-C", folder] + arguments), result.status == 0
    else { return nil }
    return String(decoding: result.output, as: UTF8.self)
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
