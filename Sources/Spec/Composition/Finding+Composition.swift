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
      202, "`extends` leads back to where it came from", at: span, label: "closes the circle",
      notes: [paths.joined(separator: " -> ")])
  }

  static func tooDeep(_ depth: Int, at span: SourceSpan) -> Finding {
    Finding(202, "`extends` goes more than \(depth) files deep", at: span)
  }

  static func tooManyFiles(_ count: Int, at span: SourceSpan) -> Finding {
    Finding(
      202, "`extends` leads to more than \(count) files", at: span,
      label: "a file counts each time it is extended",
      hints: ["extend each file once, and merge some of them into one"])
  }

  static func appendToNothing(_ key: Located<String>, found: String?) -> Finding {
    Finding(
      204, "`append` finds no list to add to", at: key.span,
      label: found.map { "the inherited value is \($0)" } ?? "nothing is inherited here",
      hints: ["write the list itself"])
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
      205, "`\(name)` is given no value",
      at: SourceSpan(file: file, range: 0..<file.bytes.count),
      hints: ["`\(name)=null` takes the value away"])
  }

  static func extendsAsArgument(_ part: Located<String>) -> Finding {
    Finding(
      205, "`extends` cannot be given as an argument", at: part.span,
      label: "arguments are laid over the composed spec",
      hints: ["write a file that extends both"])
  }

  static func noSuchItem(_ part: Located<String>, count: Int) -> Finding {
    Finding(
      206, "there is no item `\(part.value)` in the list", at: part.span,
      label: count == 0 ? "the list is empty" : "expected 0 to \(count - 1)",
      hints: ["`{append: [...]}` adds to a list"])
  }

  static func pathThroughScalar(_ part: Located<String>, _ node: Node) -> Finding {
    Finding(
      206, "there is nothing under `\(node.scalar?.text.shortened ?? "")`", at: part.span,
      label: "the path goes too far", notes: ["the value is written at \(node.span.place)"])
  }
}

extension Explanation {
  static let compositionFindings: [Explanation] = [
    Explanation(
      201, "a spec that is not a map",
      cause: """
        A spec consists of keys with values. This file holds a single text or a list; often the `: \
        ` between key and value is missing, or the file is not a spec at all.
        """,
      example: .file("«name = renewals»\n"),
      fix: "Write `key: value`, beginning with `version: 1` and `name: ...`."),
    Explanation(
      202, "extends in a circle",
      cause: """
        A file extends itself, directly or over others, so that there is no file to begin with. \
        The note shows the way round. More than 50 files in a row are refused as well.
        """,
      example: .files([
        ("spec.yaml", "extends: base.yaml\n"), ("base.yaml", "extends: «spec.yaml»\n"),
      ]),
      fix: "Remove one `extends` of the circle; put what the files share in a file of its own."),
    Explanation(
      204, "nothing to append to",
      cause: """
        `append` adds items to an inherited list, and here nothing is inherited, or something that \
        is no list. Defaults do not count as inherited. Probably the key is misspelt or stands at \
        the wrong level.
        """,
      example: .spec("evaluation: {segments: {«append»: [region]}}"),
      fix: "Write the whole list, or correct the key that stands before `append`."),
    Explanation(
      205, "an argument that cannot be laid over the spec",
      cause: """
        An argument is a path, `=` and a value. This one has an empty part in its path, or no \
        value, or it is `extends`, which is followed before any argument counts.
        """,
      example: .commands("holdout check --offline spec.yaml «cutoffs.train=»"),
      fix: """
        Write it as `cutoffs.train=12`; `=null` takes an inherited value away. Put `extends` in a \
        file.
        """),
    Explanation(
      206, "an argument whose path leads nowhere",
      cause: """
        The path of the argument goes through something that has nothing below it, or names a \
        position that its list does not have. The value would be set nowhere.
        """,
      example: .commands("holdout check --offline spec.yaml features.«2»=region"),
      fix: """
        Correct the path; positions in lists count from 0. `'features={append: [region]}'` adds to \
        a list.
        """),
  ]
}
