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
