import Diagnostics
import YAML

// Findings about composing a spec: H201 to H206.
extension Finding {
  static func notASpec(_ root: Node) -> Finding {
    Finding(
      201, "a spec is a map of keys, not \(root.kindName)", at: root.span,
      label: "expected `key: value`", hints: ["start with `version: 1` and `name: ...`"])
  }

  static func cycle(_ paths: [String], at span: SourceSpan) -> Finding {
    Finding(
      202, "`extends` leads back to the same file", at: span, label: "closes the circle",
      notes: [paths.joined(separator: " -> ")])
  }

  static func tooDeep(_ depth: Int, at span: SourceSpan) -> Finding {
    Finding(202, "`extends` goes more than \(depth) files deep", at: span)
  }

  static func tooManyFiles(_ count: Int, at span: SourceSpan) -> Finding {
    Finding(
      202, "`extends` leads to more than \(count) files", at: span,
      label: "a file counts each time it is extended",
      hints: ["extend each file once, or merge some of them"])
  }

  static func appendToNothing(_ key: Located<String>, found: String?) -> Finding {
    Finding(
      204, "`append` finds no list to add to", at: key.span,
      label: found.map { "the inherited value is \($0)" } ?? "nothing is inherited here",
      hints: ["write the complete list"])
  }

  static func badOverride(_ file: SourceFile) -> Finding {
    Finding(
      205, "`\(String(decoding: file.bytes, as: UTF8.self).shortened)` is not an override",
      at: SourceSpan(file: file, range: 0..<file.bytes.count),
      label: "expected a path, `=` and a value", hints: ["for example `cutoffs.train=12`"])
  }

  static func overrideWithoutValue(_ file: SourceFile, _ path: [Located<String>]) -> Finding {
    let name = path.map(\.value).joined(separator: ".")
    return Finding(
      205, "`\(name)` has no value",
      at: SourceSpan(file: file, range: 0..<file.bytes.count),
      hints: ["`\(name)=null` removes the value"])
  }

  static func extendsAsArgument(_ part: Located<String>) -> Finding {
    Finding(
      205, "`extends` cannot be given as an argument", at: part.span,
      label: "arguments change the composed spec",
      hints: ["put `extends` in a file"])
  }

  static func noSuchItem(_ part: Located<String>, count: Int) -> Finding {
    Finding(
      206, "there is no item `\(part.value)` in the list", at: part.span,
      label: count == 0 ? "the list is empty" : "expected 0 to \(count - 1)",
      hints: ["`{append: [...]}` adds to a list"])
  }

  static func pathThroughScalar(_ part: Located<String>, _ node: Node) -> Finding {
    Finding(
      206, "`\(node.scalar?.text.shortened ?? "")` has no keys", at: part.span,
      label: "the path goes too far", notes: ["the value is written at \(node.span.place)"])
  }
}

extension Explanation {
  static let compositionFindings: [Explanation] = [
    Explanation(
      201, "a spec that is not a map",
      cause: """
        A spec is a map of keys to values. This file holds a single value or a list. Often the `: \
        ` between key and value is missing, or the file is not a spec.
        """,
      example: .file("«name = renewals»\n"),
      fix: "Write `key: value` lines, starting with `version: 1` and `name: ...`."),
    Explanation(
      202, "extends in a circle",
      cause: """
        A file extends itself, directly or through other files. The note shows the circle. A chain \
        of more than 50 files is also rejected.
        """,
      example: .files([
        ("spec.yaml", "extends: base.yaml\n"), ("base.yaml", "extends: «spec.yaml»\n"),
      ]),
      fix: "Remove one `extends` of the circle. Put what the files share in a separate file."),
    Explanation(
      204, "nothing to append to",
      cause: """
        `append` adds items to an inherited list. Here nothing is inherited, or the inherited \
        value is not a list. Defaults do not count as inherited. The key is probably misspelled or \
        at the wrong level.
        """,
      example: .spec("evaluation: {segments: {«append»: [region]}}"),
      fix: "Write the complete list, or correct the key before `append`."),
    Explanation(
      205, "an argument that cannot override the spec",
      cause: """
        An argument is a path, `=`, and a value. This one has an empty part in its path, has no \
        value, or sets `extends`, which is resolved before arguments are applied.
        """,
      example: .commands("holdout check --offline spec.yaml «cutoffs.train=»"),
      fix: """
        Write it as `cutoffs.train=12`; `=null` removes an inherited value. Put `extends` in a file.
        """),
    Explanation(
      206, "an argument whose path does not exist",
      cause: """
        The path of the argument goes through a value that has no keys, or names a position that \
        its list does not have.
        """,
      example: .commands("holdout check --offline spec.yaml features.«2»=region"),
      fix: """
        Correct the path; list positions start at 0. `'features={append: [region]}'` adds to a list.
        """),
  ]
}
