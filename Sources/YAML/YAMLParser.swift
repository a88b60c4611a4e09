public import Diagnostics

/// Reads a YAML text into nodes: one document, YAML 1.2's core schema, aliases and merges resolved.
///
/// ```swift
/// var findings: [Finding] = []
/// let root = YAMLParser.parse(SourceFile(name: "a.yaml", text: "version: 1"), findings: &findings)
/// ```
///
/// Safe on any input: nesting, the number of values (those that aliases repeat count each time) and
/// the number of findings are capped, and no step recurses on the depth of the input.
public enum YAMLParser {
  /// The most levels that lists and maps may nest.
  public static let maximumDepth = 200
  /// The most values a document may hold once aliases are written out; keys count too, and a long
  /// text counts as one more for every 200 bytes.
  public static let maximumValues = 100_000
  /// The most findings that one parse reports before it stops.
  public static let maximumFindings = 100

  /// The document's root, or nil where there is none to speak of.
  ///
  /// A syntax error ends the parse and gives nil. Other errors (a key given twice, an unknown tag)
  /// are collected and leave a tree without what they are about, so that later checks can go on.
  public static func parse(_ file: SourceFile, findings: inout [Finding]) -> Node? {
    if file.bytes.isEmpty {
      findings.append(.emptyDocument(at: file.start))
      return nil
    }
    if let finding = tooManyDirectives(in: file) {
      findings.append(finding)
      return nil
    }
    var builder = NodeBuilder(file: file)
    let finished: Bool? = EventReader.withReader(of: file) { reader in
      while true {
        switch reader.next() {
        case .problem(var problem):
          problem.openBracket = builder.openBracket
          builder.findings.append(.syntax(problem, in: file))
          return false
        case .event(let event):
          if case .streamEnd = event.kind { return true }
          if !builder.take(event) { return false }
        }
      }
    }
    if finished == true, builder.isEmpty, builder.findings.isEmpty {
      builder.findings.append(.emptyDocument(at: file.start))
    }
    if finished == nil {
      let problem = SyntaxProblem(problem: "out of memory", context: "", offset: 0)
      builder.findings.append(.syntax(problem, in: file))
    }
    findings += builder.findings
    return finished == true && !builder.isEmpty ? builder.root : nil
  }

  /// libyaml compares each `%TAG` line with all before it, so their number is limited beforehand.
  private static func tooManyDirectives(in file: SourceFile) -> Finding? {
    let bytes = file.bytes
    var count = 0
    var rest = bytes[...]
    while let start = rest.firstIndex(of: UInt8(ascii: "%")) {
      rest = bytes[(start + 1)...]
      // The last bytes of all line breaks that libyaml knows.
      let isLineStart = start == 0 || [0x0A, 0x0D, 0x85, 0xA8, 0xA9].contains(bytes[start - 1])
      guard isLineStart, rest.starts(with: "TAG".utf8) else { continue }
      count += 1
      if count > 16 {
        return .tooManyDirectives(at: SourceSpan(file: file, range: start..<start + 4))
      }
    }
    return nil
  }
}

/// One step of libyaml's parse, with byte offsets instead of marks.
struct Event {
  /// The text of a scalar as libyaml made it.
  struct ScalarText {
    var text: String
    var style: Scalar.Style
  }

  /// What happened; collections say whether they are written with brackets.
  enum Kind {
    case streamStart, streamEnd
    case documentStart, documentEnd
    case alias(String)
    case scalar(ScalarText)
    case sequenceStart, sequenceEnd
    case mappingStart, mappingEnd
  }

  var kind: Kind
  /// The bytes that libyaml gives; anchor and tag are part of it.
  var range: Range<Int>
  /// The name after `&`.
  var anchor: String?
  /// The resolved tag, such as `tag:yaml.org,2002:str`.
  var tag: String?
}
