/// The text that `holdout explain` prints about a finding: what it is, its cause, an example, and
/// the fix.
///
/// An explanation is declared in the file that raises the finding, below the function that makes
/// it. The examples are tests: the real program runs each one and must report exactly this finding
/// at exactly the marked place. `docs/findings.md` is generated from the same values.
public struct Explanation: Codable, Sendable {
  /// The finding.
  public let id: Finding.ID
  /// What is wrong, as a heading: lowercase, no period.
  public let title: String
  /// Why it occurs and why it is rejected, in a few sentences.
  public let cause: String
  /// The YAML or commands that cause the finding.
  public let example: Example
  /// What to do, in one or two sentences.
  public let fix: String

  /// Makes an explanation.
  public init(_ id: Int, _ title: String, cause: String, example: Example, fix: String) {
    self.id = Finding.ID(id)
    self.title = title
    self.cause = cause
    self.example = example
    self.fix = fix
  }
}

extension Explanation {
  /// What `holdout explain` prints, without a newline at the end.
  public var text: String {
    var lines = ["\(id): \(title)", ""] + TerminalText.wrapped(cause, width: 80) + [""]
    for file in example.files where file.isShown {
      lines += ["    \(file.name)"] + Self.underlined(file.shown).map { "    | \($0)" } + [""]
    }
    if example.isShownWithCommand || !example.files.contains(where: \.isShown) {
      lines +=
        example.command.split(separator: "\n").flatMap { line in
          Self.underlined(String(line)).enumerated().map {
            ($0.offset == 0 ? "    $ " : "      ") + $0.element
          }
        } + [""]
    }
    return (lines + TerminalText.wrapped("Fix: \(fix)", width: 80)).joined(separator: "\n")
  }

  /// Splits marked text into lines, with carets below the marked parts.
  fileprivate static func underlined(_ marked: String) -> [String] {
    marked.split(separator: "\n", omittingEmptySubsequences: false).flatMap { line -> [String] in
      let plain = line.filter { $0 != "«" && $0 != "»" }
      guard let start = line.firstIndex(of: "«") else { return [String(plain)] }
      let before = line[..<start].filter { $0 != "»" }
      let inner = line[line.index(after: start)...].prefix { $0 != "»" }
      let carets = String(repeating: "^", count: max(1, inner.count))
      return [String(plain), String(repeating: " ", count: before.count) + carets]
    }
  }
}

extension Example {
  /// Whether the command is part of the example, rather than the usual check.
  var isShownWithCommand: Bool {
    ![Self.check, Self.checkWithData].contains(command)
  }
}

extension Example.File {
  private static let head = "extends: base.yaml\n"

  /// Whether the file has any text besides the line that extends the example project's spec.
  var isShown: Bool { !shown.isEmpty }

  /// The text without the first line that all examples share, and without a final line break.
  var shown: String {
    let own = text.hasPrefix(Self.head) ? String(text.dropFirst(Self.head.count)) : text
    return own.hasSuffix("\n") ? String(own.dropLast()) : own
  }
}

/// The pages docs/findings.md and docs/findings/H1xx.md to H8xx.md, generated from the
/// explanations.
public enum ExplanationPage {
  /// The names of the pages, such as `H1xx`, and the topics of their findings.
  public static let ranges: [(name: String, title: String)] = [
    ("H1xx", "the file and its YAML"), ("H2xx", "the spec"), ("H3xx", "SQL and data"),
    ("H4xx", "time and leakage"), ("H5xx", "learning"), ("H6xx", "the registry"),
    ("H7xx", "the machine"), ("H8xx", "production"),
  ]

  /// The index: every finding with its title, linked to its page.
  public static func index(_ explanations: [Explanation]) -> String {
    let sections = ranges.map { name, title in
      "## \(name): \(title)\n\n"
        + own(name, explanations).map { explanation in
          "- <a id=\"\(explanation.id)\"></a>[\(explanation.id)](findings/\(name).md#\(explanation.id)): "
            + "\(explanation.title)\n"
        }.joined()
    }
    return head + sections.joined(separator: "\n")
  }

  /// The page of a range; nil when the range does not exist.
  public static func page(_ name: String, _ explanations: [Explanation]) -> String? {
    guard let range = ranges.first(where: { $0.name == name }) else { return nil }
    let sections = own(name, explanations).map(section)
    return
      "# \(name): \(range.title)\n\n[All findings, and the project of the examples](../findings.md)\n\n"
      + sections.joined(separator: "\n")
  }

  private static func own(_ name: String, _ explanations: [Explanation]) -> [Explanation] {
    explanations.filter { "H\($0.id.number / 100)xx" == name }
  }

  private static let head = """
    # Findings

    Every problem that Holdout reports has an id. `holdout explain H231` prints the same text as these
    pages. The examples are tests: the program runs each of them and must report this finding, and no
    other, at the marked words.

    Unless an example is a whole file, it extends this spec, `base.yaml`:

    ```yaml
    \(ExampleProject.base)```

    ```yaml
    # holdout.yaml
    \(ExampleProject.project)```


    """

  private static func block(_ marked: String) -> String {
    MarkdownText.fenced(Explanation.underlined(marked), language: "text") + "\n"
  }

  private static func section(_ explanation: Explanation) -> String {
    let example = explanation.example
    var blocks = example.files.filter(\.isShown).map { file in
      "`\(file.name)`\n\n" + block(file.shown)
    }
    if example.isShownWithCommand || blocks.isEmpty {
      blocks.append(block(example.command))
    }
    return """
      ## <a id="\(explanation.id)"></a>\(explanation.id): \(explanation.title)

      \(TerminalText.wrapped(explanation.cause, width: 100).joined(separator: "\n"))

      \(blocks.joined(separator: "\n"))
      **Fix:** \(TerminalText.wrapped(explanation.fix, width: 92).joined(separator: "\n"))

      """
  }
}

/// An example of a finding: files, a change to the data, and a command.
///
/// The part that the finding underlines is marked with `«` and `»`, in one of the files or in the
/// command. An example without marks is of a finding without a place.
public struct Example: Codable, Sendable {
  /// A file of the example's project folder.
  public struct File: Codable, Sendable {
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

  /// The files that replace or add to those of the example project.
  public let files: [File]
  /// SQL that runs first and changes the example project's tables `customers`, `history` and
  /// `calls`.
  public let sql: String
  /// The shell commands to run.
  public let command: String

  /// Makes an example.
  public init(files: [File], sql: String, command: String) {
    self.files = files
    self.sql = sql
    self.command = command
  }

  /// The command to run unless an example has another.
  public static let check = "holdout check --offline spec.yaml"
  /// The command to run when the finding is about data.
  public static let checkWithData = "holdout check spec.yaml"
  /// The command to run when the finding occurs during learning.
  public static let run = "holdout run spec.yaml"

  /// An example with keys added to the example project's spec: `spec.yaml` extends `base.yaml`.
  public static func spec(_ text: String, sql: String = "", _ command: String = check) -> Example {
    Example(
      files: [File(name: "spec.yaml", text: "extends: base.yaml\n\(text)\n")], sql: sql,
      command: command)
  }

  /// An example with a complete `spec.yaml`, character by character.
  public static func file(_ text: String, _ command: String = check) -> Example {
    Example(files: [File(name: "spec.yaml", text: text)], sql: "", command: command)
  }

  /// An example with several files.
  public static func files(_ files: [(String, String)], _ command: String = check) -> Example {
    Example(
      files: files.map { File(name: $0.0, text: $0.1) }, sql: "", command: command)
  }

  /// An example with commands alone. `spec.yaml` extends `base.yaml` and adds nothing.
  public static func commands(_ command: String, sql: String = "") -> Example {
    Example(
      files: [File(name: "spec.yaml", text: "extends: base.yaml\n")], sql: sql, command: command)
  }
}
