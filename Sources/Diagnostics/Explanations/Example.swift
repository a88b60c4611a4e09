/// An example of a finding: files, a change to the data, and what is typed.
///
/// What the finding underlines stands between `«` and `»`, in one of the files or in the command. An
/// example without marks is of a finding without a place.
public struct Example: Sendable {
  /// A file of the example's project folder.
  public struct File: Sendable {
    /// The path in that folder.
    public let name: String
    /// The text, with marks.
    public let text: String

    /// Makes a file.
    public init(name: String, text: String) {
      self.name = name
      self.text = text
    }
  }

  /// The files that are written over those of the example project.
  public let files: [File]
  /// SQL that changes the tables `customers`, `history` and `calls` of the example project first.
  public let sql: String
  /// What is typed, as shell commands.
  public let command: String

  /// Makes an example.
  public init(files: [File], sql: String, command: String) {
    self.files = files
    self.sql = sql
    self.command = command
  }

  /// What is typed unless an example says otherwise.
  public static let check = "holdout check --offline spec.yaml"
  /// What is typed where the finding is about data.
  public static let checkWithData = "holdout check spec.yaml"
  /// What is typed where the finding comes up while learning.
  public static let run = "holdout run spec.yaml"

  /// Keys laid over the example project's spec: `spec.yaml` extends `base.yaml`.
  static func spec(_ text: String, sql: String = "", _ command: String = check) -> Example {
    Example(
      files: [File(name: "spec.yaml", text: "extends: base.yaml\n\(text)\n")], sql: sql,
      command: command)
  }

  /// A whole `spec.yaml`, character by character.
  static func file(_ text: String, _ command: String = check) -> Example {
    Example(files: [File(name: "spec.yaml", text: text)], sql: "", command: command)
  }

  /// Several files.
  static func files(_ files: [(String, String)], _ command: String = check) -> Example {
    Example(
      files: files.map { File(name: $0.0, text: $0.1) }, sql: "", command: command)
  }

  /// Commands alone; `spec.yaml` extends `base.yaml` and adds nothing.
  static func commands(_ command: String, sql: String = "") -> Example {
    Example(
      files: [File(name: "spec.yaml", text: "extends: base.yaml\n")], sql: sql, command: command)
  }
}
