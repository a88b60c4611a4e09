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
