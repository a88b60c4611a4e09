public import Diagnostics

/// A scalar as written, and what YAML 1.2's core schema makes of it.
public struct Scalar: Sendable {
  /// How the scalar was written.
  public enum Style: Sendable { case plain, singleQuoted, doubleQuoted, literal, folded }

  /// The core schema's types. `010` is the integer 10, `0o10` is 8, `no` and `1:30` are strings.
  public enum Value: Equatable, Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    case float(Double)
    case string(String)
  }

  /// A core tag that decides the type instead of the text's look: `!!str 010` is the string `010`.
  public enum Tag: String, CaseIterable, Sendable {
    case string = "tag:yaml.org,2002:str"
    case integer = "tag:yaml.org,2002:int"
    case float = "tag:yaml.org,2002:float"
    case bool = "tag:yaml.org,2002:bool"
    case null = "tag:yaml.org,2002:null"
  }

  /// The scalar's content after quoting, escapes and folding.
  public var text: String
  /// How the scalar was written.
  public var style: Style
  /// The tag in front, if any.
  public var tag: Tag?
  /// Where the scalar was written; nil for one that was made by a program.
  let source: SourceSpan?

  /// Makes a scalar; with its place it can map its content back to the source.
  public init(text: String, style: Style, tag: Tag? = nil, at span: SourceSpan? = nil) {
    self.text = text
    self.style = style
    self.tag = tag
    self.source = span
  }

  /// The value: a quoted or block scalar is a string, a plain one what the core schema says.
  ///
  /// A tag goes first. Where text does not fit its tag (the parser has then reported it) the value
  /// is a string. A whole number that `Int` cannot hold is the nearest `float`.
  public var value: Value {
    switch tag {
    case nil: style == .plain ? CoreSchema.resolve(text) : .string(text)
    case .string: .string(text)
    case .some(let tag): CoreSchema.resolve(text, as: tag) ?? .string(text)
    }
  }

  /// The place in the source of a range of the content (UTF-8 offsets into `text`).
  ///
  /// Exact in every style: quotes, escapes, folded lines and stripped indentation are accounted
  /// for. An empty range is a place. The span is empty and in a nameless file when the scalar was
  /// made by a program. Cost: linear in the scalar's source text; nothing is kept between calls.
  public func span(ofContent range: Range<Int>) -> SourceSpan {
    guard let source else { return Self.nowhere }
    return ContentMap(of: self, at: source)?.span(of: range) ?? source
  }

  /// The same for many ranges: the way from content to source is worked out once.
  public func contentPlaces() -> @Sendable (Range<Int>) -> SourceSpan {
    guard let source else { return { _ in Self.nowhere } }
    let map = ContentMap(of: self, at: source)
    return { range in map?.span(of: range) ?? source }
  }

  private static let nowhere = SourceFile(name: "", bytes: []).start
}

extension Scalar.Value {
  /// What the value is in a person's words.
  public var kindName: String {
    switch self {
    case .null: "nothing"
    case .bool: "true/false"
    case .integer: "a whole number"
    case .float: "a number"
    case .string: "text"
    }
  }
}
