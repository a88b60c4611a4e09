public import Diagnostics
internal import YAML

/// Text of a connection in which `${env:NAME}` is replaced by the value of an environment variable.
///
/// Variables are looked up only when the connection is opened. A check without data therefore needs
/// no passwords, and values never become part of the text that findings and results show.
public struct EnvironmentText: Sendable {
  /// A piece of the text.
  public enum Piece: Sendable {
    case text(String)
    /// The variable's name, with the position of its placeholder.
    case variable(Located<String>)
  }

  /// The text as written, with its position.
  public let written: Located<String>
  /// The pieces that make up the text.
  public let pieces: [Piece]

  /// Creates text without variables.
  public init(_ written: Located<String>) {
    self.written = written
    pieces = [.text(written.value)]
  }

  /// Parses a scalar's text; malformed placeholders are findings.
  init(_ text: SQLText, findings: inout [Finding]) {
    written = Located(text.text, at: text.span)
    var pieces: [Piece] = []
    var rest = text.text[...]
    while let start = rest.firstRange(of: "${") {
      let behind = rest[start.upperBound...]
      let end = behind.firstIndex(of: "}").map { behind.index(after: $0) } ?? rest.endIndex
      let placeholder = rest[start.lowerBound..<end]
      let place = text.span(of: placeholder.utf8Range(in: text.text))
      pieces.append(.text(String(rest[..<start.lowerBound])))
      if let name = Self.variable(placeholder) {
        pieces.append(.variable(Located(name, at: place)))
      } else {
        findings.append(.notAPlaceholder(String(placeholder), at: place))
      }
      rest = rest[end...]
    }
    pieces.append(.text(String(rest)))
    self.pieces = pieces
  }

  /// Returns the name in `${env:NAME}`; nil for anything else.
  private static func variable(_ placeholder: Substring) -> String? {
    guard placeholder.hasPrefix("${env:"), placeholder.hasSuffix("}") else { return nil }
    let name = String(placeholder.dropFirst(6).dropLast())
    return name.isIdentifier ? name : nil
  }

  /// Returns the text with every variable replaced by its value.
  /// - Throws: `FindingsError` with a finding for each variable that is not set.
  public func resolved(_ environment: [String: String]) throws(FindingsError) -> String {
    var missing: [Finding] = []
    let text = pieces.map { piece in
      switch piece {
      case .text(let text): return text
      case .variable(let name):
        if let value = environment[name.value] { return value }
        missing.append(.variableNotSet(name))
        return ""
      }
    }
    try missing.throwIfErrors()
    return text.joined()
  }

  /// Returns another text, such as a driver's message, with the values of the variables removed.
  public func concealed(_ message: String, _ environment: [String: String]) -> String {
    var secrets: [(value: String, name: String)] = pieces.compactMap { piece in
      guard case .variable(let name) = piece, let value = environment[name.value], !value.isEmpty
      else { return nil }
      return (value, name.value)
    }
    // A very short value occurs in any message, and removing it would reveal it.
    if secrets.contains(where: { $0.value.count < 4 && message.contains($0.value) }) {
      return "the message is not shown because it may contain the value of a variable"
    }
    // Replace longer values first, because one value may contain another.
    secrets.sort { $0.value.utf8.count > $1.value.utf8.count }
    return secrets.reduce(message) { $0.replacing($1.value, with: "${env:\($1.name)}") }
  }
}

extension Substring {
  /// Returns the UTF-8 offsets of this piece in the text that contains it.
  fileprivate func utf8Range(in text: String) -> Range<Int> {
    let start = text.utf8.distance(from: text.utf8.startIndex, to: startIndex)
    return start..<start + utf8.count
  }
}

// Findings about environment variables: H270, H271 and H704.
extension Finding {
  static func notAPlaceholder(_ text: String, at span: SourceSpan) -> Finding {
    let inner = text.drop { "${".contains($0) }
    let name = (inner.split(separator: ":").last ?? inner)
      .prefix { $0.isLetter || $0.isNumber || $0 == "_" }
    return Finding(
      270, "`\(text.shortened)` is not a placeholder", at: span,
      label: name.isEmpty || name == "env"
        ? "expected `${env:NAME}`" : "did you mean `${env:\(name)}`?")
  }

  static func variableOutsideConnection(at span: SourceSpan) -> Finding {
    Finding(
      271, "no environment variable is read here", at: span,
      label: "the result would depend on the machine",
      hints: [
        "`duckdb` and `uri` of a connection in holdout.yaml can contain `${env:NAME}`; give a "
          + "value that changes between calls as an argument, `key.key=value`"
      ])
  }

  static func variableNotSet(_ name: Located<String>) -> Finding {
    Finding(
      704, "the environment variable `\(name.value)` is not set", at: name.span,
      label: "needed to open this connection",
      hints: ["set it for this command: `\(name.value)=... holdout ...`"])
  }
}

/// Finds environment variables in a spec, where none are allowed.
enum EnvironmentUse {
  private static let opening = "${env:"

  static func findings(in node: Node) -> [Finding] {
    switch node.content {
    case .mapping(let mapping): return mapping.entries.flatMap { findings(in: $0.value) }
    case .sequence(let items): return items.flatMap(findings)
    case .scalar(let scalar):
      guard let found = scalar.text.firstRange(of: opening) else { return [] }
      let rest = scalar.text[found.lowerBound...]
      let end = rest.firstIndex(of: "}").map { rest.index(after: $0) } ?? rest.endIndex
      let utf8 = scalar.text.utf8
      let start = utf8.distance(from: utf8.startIndex, to: found.lowerBound)
      let length = utf8.distance(from: found.lowerBound, to: end)
      return [.variableOutsideConnection(at: scalar.span(ofContent: start..<start + length))]
    }
  }
}

extension Explanation {
  static let environmentTextFindings: [Explanation] = [
    Explanation(
      270, "an invalid placeholder",
      cause: """
        In a connection, `${env:NAME}` means the environment variable NAME. Any other text that \
        starts with `${` is usually a mistake.
        """,
      example: .files([
        ("holdout.yaml", "connections: {shop: {duckdb: \"«${HOME}»/shop.duckdb\"}}\n")
      ]),
      fix: "Write `${env:NAME}`."),
    Explanation(
      271, "an environment variable in a spec",
      cause: """
        A spec means the same on every machine, so that its results can be reproduced and \
        compared. Only connections in holdout.yaml read the environment.
        """,
      example: .spec("description: Renewals of «${env:REGION}»"),
      fix: "Write the value, or give it as an argument: `key.key=value`."),
    Explanation(
      704, "an environment variable that is not set",
      cause: """
        A connection of holdout.yaml names an environment variable, and a source is read through that \
        connection. A check with `--offline` opens no connection and needs no variable.
        """,
      example: .files(
        [("holdout.yaml", "connections: {shop: {duckdb: \"«${env:SHOP_DATA}»/shop.duckdb\"}}\n")],
        Example.checkWithData),
      fix: "Set the variable for the command, or write the value into holdout.yaml."),
  ]
}
