public import Diagnostics

/// Parses a YAML text into nodes: one document, the core schema of YAML 1.2, aliases and merges
/// resolved.
///
/// ```swift
/// var findings: [Finding] = []
/// let root = YAMLParser.parse(SourceFile(name: "a.yaml", text: "version: 1"), findings: &findings)
/// ```
///
/// Safe on any input. Nesting, the number of values (each repetition by an alias counts), and the
/// number of findings are capped, and no step recurses on the depth of the input.
public enum YAMLParser {
  /// The maximum nesting depth of lists and maps.
  public static let maximumDepth = 200
  /// The maximum number of values in a document after aliases are expanded. Keys count too, and a
  /// long text counts as one more for every 200 bytes.
  public static let maximumValues = 100_000
  /// The number of findings after which a parse stops.
  public static let maximumFindings = 100

  /// Returns the document's root, or nil if there is none.
  ///
  /// A syntax error stops the parse and returns nil. Other errors, such as a duplicate key or an
  /// unknown tag, are collected. The tree then lacks the faulty parts, so later checks can
  /// continue.
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

  /// Returns a finding if there are too many `%TAG` lines. libyaml compares each with all earlier
  /// ones, so their number is limited beforehand.
  private static func tooManyDirectives(in file: SourceFile) -> Finding? {
    let bytes = file.bytes
    var count = 0
    var rest = bytes[...]
    while let start = rest.firstIndex(of: UInt8(ascii: "%")) {
      rest = bytes[(start + 1)...]
      // The last bytes of all line breaks that libyaml recognizes.
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

/// One libyaml event, with byte offsets instead of marks.
struct Event {
  /// The text of a scalar as decoded by libyaml.
  struct ScalarText {
    var text: String
    var style: Scalar.Style
  }

  /// The kind of event.
  enum Kind {
    case streamStart, streamEnd
    case documentStart, documentEnd
    case alias(String)
    case scalar(ScalarText)
    case sequenceStart, sequenceEnd
    case mappingStart, mappingEnd
  }

  var kind: Kind
  /// The byte range that libyaml reports; it includes the anchor and the tag.
  var range: Range<Int>
  /// The name after `&`.
  var anchor: String?
  /// The resolved tag, such as `tag:yaml.org,2002:str`.
  var tag: String?
}
