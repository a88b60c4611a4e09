import Diagnostics
import YAML

// Findings about putting a spec together: H201 to H206.
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
