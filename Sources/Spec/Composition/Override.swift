public import Diagnostics
import YAML

/// A value given on the command line, such as `model.params.num_leaves=63`, that overrides the
/// files.
///
/// The path consists of keys and, for lists, indices from 0. The value is YAML on one line.
public struct Override: Sendable {
  /// The argument as a separate source file, such as `argument 3`, that findings point to.
  public let file: SourceFile

  /// Stores an argument; whether it is well formed is checked when a spec is loaded with it.
  /// - Parameters:
  ///   - text: the argument as given.
  ///   - number: its position on the command line, counted from 1.
  public init(_ text: String, number: Int) {
    file = SourceFile(name: "argument \(number)", text: text)
  }

  /// Returns whether an argument looks like an override rather than the path of a spec.
  public static func isOverride(_ argument: String) -> Bool {
    guard let equals = argument.firstIndex(of: "=") else { return false }
    let path = argument[..<equals]
    return !path.isEmpty && !path.contains("/") && !path.contains(" ")
  }

  /// The maximum number of parts in a path; the language has no deeper paths.
  static let maximumParts = 100

  /// The path with the current keys; nil for text that is not an override.
  var path: String? {
    var former = FormerKeys()
    return written.map { former.replaced(in: $0).path.map(\.value).joined(separator: ".") }
  }

  /// The parts of the path as written, each with its position; nil without a `=`.
  private var written: [Located<String>]? {
    let bytes = file.bytes
    guard let equals = bytes.firstIndex(of: UInt8(ascii: "=")) else { return nil }
    var path: [Located<String>] = []
    var start = 0
    for (offset, byte) in bytes[...equals].enumerated()
    where byte == UInt8(ascii: ".") || offset == equals {
      let span = SourceSpan(file: file, range: start..<offset)
      path.append(Located(span.text, at: span))
      start = offset + 1
    }
    return path
  }

  /// Returns the path's parts with current key names and their positions, and the value; nil with
  /// findings if the argument is malformed.
  func parsed(_ findings: inout [Finding]) -> (path: [Located<String>], value: Node)? {
    let bytes = file.bytes
    guard let path = written, let equals = path.last?.span.range.upperBound else {
      findings.append(.badOverride(file))
      return nil
    }
    guard path.allSatisfy({ !$0.value.isEmpty }), path.count <= Self.maximumParts else {
      findings.append(.badOverride(file))
      return nil
    }
    guard bytes[(equals + 1)...].contains(where: { $0 != UInt8(ascii: " ") }) else {
      findings.append(.overrideWithoutValue(file, path))
      return nil
    }
    // Replace the path with spaces to preserve all offsets, so that positions need no conversion.
    let padded = SourceFile(
      name: file.name,
      bytes: Array(repeating: UInt8(ascii: " "), count: equals + 1) + bytes[(equals + 1)...])
    var problems: [Finding] = []
    let value = YAMLParser.parse(padded, findings: &problems)
    findings += problems.map { finding in
      var moved = finding
      moved.span = finding.span.map { SourceSpan(file: file, range: $0.range) }
      moved.related = finding.related.map { related in
        .init(related.label, at: SourceSpan(file: file, range: related.span.range))
      }
      return moved
    }
    var former = FormerKeys()
    let (today, kind) = former.replaced(in: path)
    defer { findings += former.findings }
    return value.map { value in
      let moved = value.moved(to: file)
      return (today, kind.map { former.replaced(in: moved, as: $0) } ?? moved)
    }
  }
}

extension Node {
  /// Returns the same nodes at the same offsets in another text.
  fileprivate func moved(to file: SourceFile) -> Node {
    let span = SourceSpan(file: file, range: span.range)
    switch content {
    case .scalar(let scalar):
      let moved = Scalar(text: scalar.text, style: scalar.style, tag: scalar.tag, at: span)
      return Node(.scalar(moved), at: span)
    case .sequence(let items):
      return Node(.sequence(items.map { $0.moved(to: file) }), at: span)
    case .mapping(let mapping):
      let entries = mapping.entries.map { entry in
        Mapping.Entry(
          key: Located(
            entry.key.value, at: SourceSpan(file: file, range: entry.key.span.range)),
          value: entry.value.moved(to: file))
      }
      return Node(.mapping(Mapping(entries)), at: span)
    }
  }
}
