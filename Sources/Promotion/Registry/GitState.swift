internal import Files
internal import Foundation

/// The checked-out git revision of a project.
public struct GitState: Codable, Sendable, Equatable {
  public let revision: String
  /// Whether tracked files have changed since, other than results and models.
  public let dirty: Bool

  public init(revision: String, dirty: Bool) {
    self.revision = revision
    self.dirty = dirty
  }

  /// Asks git; nil if the folder is not in a repository or git is missing.
  public static func of(folder: String) -> GitState? {
    guard let revision = git(["rev-parse", "--verify", "HEAD"], folder) else { return nil }
    let changes = git(
      [
        "status", "--porcelain", "--untracked-files=no", "--", ".", ":(exclude)results",
        ":(exclude)models",
      ], folder)
    return GitState(revision: revision, dirty: changes != "")
  }

  /// The user's name, from git or else from the system.
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
