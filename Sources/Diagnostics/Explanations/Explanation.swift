/// What `holdout explain` says about a finding: what it is, why it comes up, an example, the mend.
///
/// The examples are tests: each is run by the real program, which must report exactly this finding at
/// exactly the marked place. `docs/findings.md` is printed from the same values.
public struct Explanation: Sendable {
  /// The finding.
  public let id: Finding.ID
  /// What is wrong, as a heading: lower case, no full stop.
  public let title: String
  /// Why it comes up and why it is refused, in a few sentences.
  public let cause: String
  /// A piece of YAML, or commands, that the finding is about.
  public let example: Example
  /// What to do, in a sentence or two.
  public let mend: String

  /// Makes an explanation.
  init(_ id: Int, _ title: String, cause: String, example: Example, mend: String) {
    self.id = Finding.ID(id)
    self.title = title
    self.cause = cause
    self.example = example
    self.mend = mend
  }

  /// Every explanation, by number.
  public static let all: [Explanation] =
    [
      yaml, composition, form, references, columns, settings, sweeps, sql, access, data, reading,
      contracts, meaning,
      time,
      folds, learning, runs, gates, registry, mlflow, environment, production, lists,
      scores, sinks, retraining, outcomes,
    ].flatMap(\.self).sorted { $0.id < $1.id }

  /// The explanation of a finding.
  public static func of(_ id: Finding.ID) -> Explanation? { all.first { $0.id == id } }
}

extension Explanation {
  /// What `holdout explain` prints, without a newline at the end.
  public var text: String {
    var lines = ["\(id): \(title)", ""] + Self.wrapped(cause) + [""]
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
    return (lines + Self.wrapped("Mend: \(mend)")).joined(separator: "\n")
  }

  /// Prose in lines of at most 80 characters.
  private static func wrapped(_ text: String) -> [String] {
    text.split { $0 == " " || $0 == "\n" }.reduce(into: [""]) { lines, word in
      let last = lines[lines.count - 1]
      if last.isEmpty || last.count + 1 + word.count <= 80 {
        lines[lines.count - 1] = last.isEmpty ? String(word) : "\(last) \(word)"
      } else {
        lines.append(String(word))
      }
    }
  }

  /// Marked text as lines, with carets below what is marked.
  private static func underlined(_ marked: String) -> [String] {
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
  /// Whether what is typed is part of the example, not just the usual check.
  var isShownWithCommand: Bool {
    ![Self.check, Self.checkWithData].contains(command)
  }
}

extension Example.File {
  private static let head = "extends: base.yaml\n"

  /// Whether the file says more than that it extends the example project's spec.
  var isShown: Bool { !shown.isEmpty }

  /// The text without the line that every example begins with, and without a last line break.
  var shown: String {
    let own = text.hasPrefix(Self.head) ? String(text.dropFirst(Self.head.count)) : text
    return own.hasSuffix("\n") ? String(own.dropLast()) : own
  }
}

/// The page `docs/findings.md`, printed from the explanations.
public enum ExplanationPage {
  /// The whole page.
  public static func markdown() -> String {
    let sections = Self.sections.map { numbers, title in
      let own = Explanation.all.filter { numbers.contains($0.id.number) }
      return own.isEmpty ? "" : "## \(title)\n\n" + table(own)
    }
    return head + sections.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private static let sections: [(Range<Int>, String)] = [
    (100..<200, "H1xx: the file and its YAML"), (200..<300, "H2xx: the spec"),
    (300..<400, "H3xx: SQL and data"), (400..<500, "H4xx: time and leakage"),
    (500..<600, "H5xx: learning"), (600..<700, "H6xx: the registry"),
    (700..<800, "H7xx: the machine"), (800..<900, "H8xx: production"),
  ]

  private static let head = """
    # Findings

    Everything that Holdout finds wrong has an id. `holdout explain H231` prints what stands here. The
    examples are tests: each is run by the program, which must report this finding and no other, at the
    words that are underlined.

    Unless an example is a whole file, it is laid over this spec, `base.yaml`:

    ```yaml
    \(ExampleProject.base)```

    ```yaml
    # holdout.yaml
    \(ExampleProject.project)```


    """

  private static func table(_ explanations: [Explanation]) -> String {
    "| id | what and why | example | mend |\n|---|---|---|---|\n"
      + explanations.map(row).joined()
  }

  private static func row(_ explanation: Explanation) -> String {
    let example = explanation.example
    var parts = example.files.filter(\.isShown).map { file in
      (file.name == "spec.yaml" ? "" : "`\(file.name)`<br>") + code(file.shown)
    }
    if example.isShownWithCommand || parts.isEmpty { parts.append(code(example.command)) }
    let what = "**\(escaped(explanation.title))**<br>\(escaped(explanation.cause))"
    return "| <a id=\"\(explanation.id)\"></a>\(explanation.id) | \(what) | "
      + "\(parts.joined(separator: "<br>")) | \(escaped(explanation.mend)) |\n"
  }

  /// Code in a cell: line by line, as a table's cells hold no blocks, what is marked underlined.
  private static func code(_ marked: String) -> String {
    let text = marked.map { character in
      switch character {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "|": "&#124;"
      case "`": "&#96;"
      case "*": "&#42;"
      case "_": "&#95;"
      case "~": "&#126;"
      case "[": "&#91;"
      case "\\": "&#92;"
      case "$": "&#36;"
      case " ": "&nbsp;"
      case "\n": "<br>"
      case "«": "<ins>"
      case "»": "</ins>"
      default: String(character)
      }
    }.joined()
    return "<code>\(text)</code>"
  }

  /// Prose in a cell.
  private static func escaped(_ text: String) -> String {
    text.map { $0 == "|" ? "\\|" : $0 == "\n" ? " " : String($0) }.joined()
  }
}

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
