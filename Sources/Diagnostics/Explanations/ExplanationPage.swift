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
