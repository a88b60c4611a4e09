internal import CYAML
internal import Diagnostics

/// Owns a libyaml parser over one text and returns its events.
///
/// Call `next()` until it returns the first problem or the end of the stream.
struct EventReader: ~Copyable {
  /// An event, or the problem that stopped the parse.
  enum Step {
    case event(Event)
    case problem(SyntaxProblem)
  }

  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let index: CodePointIndex

  /// Runs `body` with a reader over the text. The reader is destroyed when the call returns.
  static func withReader<Result>(
    of file: SourceFile, _ body: (borrowing EventReader) -> Result
  ) -> Result? {
    file.bytes.withUnsafeBufferPointer { bytes in
      // An empty array may have no base address, and libyaml asserts that the pointer is not null.
      guard let start = bytes.baseAddress, let reader = EventReader(file: file) else { return nil }
      yaml_parser_set_encoding(reader.parser, YAML_UTF8_ENCODING)
      // Safety: the bytes outlive the reader, which cannot leave this closure.
      yaml_parser_set_input_string(reader.parser, start, bytes.count)
      return body(reader)
    }
  }

  /// Creates the parser. Fails only when memory runs out.
  private init?(file: SourceFile) {
    // Safety: the parser holds pointers into itself, so it needs an address that never changes.
    let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    guard yaml_parser_initialize(parser) == 1 else {
      parser.deallocate()
      return nil
    }
    index = CodePointIndex(file.bytes)
    self.parser = parser
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
  }

  /// Returns the next event, or the problem that stopped the parse.
  func next() -> Step {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else { return .problem(problem()) }
    defer { yaml_event_delete(&event) }
    return .event(convert(event))
  }

  private func convert(_ event: yaml_event_t) -> Event {
    let start = index.byteOffset(of: event.start_mark.index)
    let end = max(start, index.byteOffset(of: event.end_mark.index))
    let data = event.data
    func result(
      _ kind: Event.Kind, anchor: UnsafeMutablePointer<yaml_char_t>? = nil,
      tag: UnsafeMutablePointer<yaml_char_t>? = nil
    ) -> Event {
      Event(
        kind: kind, range: start..<end, anchor: anchor.map { String(cString: $0) },
        tag: tag.map { String(cString: $0) })
    }
    switch event.type {
    case YAML_STREAM_START_EVENT: return result(.streamStart)
    case YAML_DOCUMENT_START_EVENT: return result(.documentStart)
    case YAML_DOCUMENT_END_EVENT: return result(.documentEnd)
    case YAML_ALIAS_EVENT: return result(.alias(String(cString: data.alias.anchor)))
    case YAML_SCALAR_EVENT:
      // Safety: libyaml owns `length` bytes at `value` until the event is deleted.
      let bytes = UnsafeBufferPointer(start: data.scalar.value, count: data.scalar.length)
      let text = Event.ScalarText(
        text: String(decoding: bytes, as: UTF8.self), style: Self.style(data.scalar.style))
      return result(.scalar(text), anchor: data.scalar.anchor, tag: data.scalar.tag)
    case YAML_SEQUENCE_START_EVENT:
      let start = data.sequence_start
      return result(.sequenceStart, anchor: start.anchor, tag: start.tag)
    case YAML_MAPPING_START_EVENT:
      let start = data.mapping_start
      return result(.mappingStart, anchor: start.anchor, tag: start.tag)
    case YAML_SEQUENCE_END_EVENT: return result(.sequenceEnd)
    case YAML_MAPPING_END_EVENT: return result(.mappingEnd)
    default: return result(.streamEnd)
    }
  }

  private static func style(_ style: yaml_scalar_style_t) -> Scalar.Style {
    switch style {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
    case YAML_LITERAL_SCALAR_STYLE: .literal
    case YAML_FOLDED_SCALAR_STYLE: .folded
    default: .plain
    }
  }

  private func problem() -> SyntaxProblem {
    let state = parser.pointee
    let problem = state.problem.map { String(cString: $0) } ?? "out of memory"
    // libyaml's byte reader counts bytes; its scanner and parser count code points.
    let isByteOffset = state.error == YAML_READER_ERROR
    return SyntaxProblem(
      problem: problem,
      context: state.context.map { String(cString: $0) } ?? "",
      offset: isByteOffset
        ? state.problem_offset : index.byteOffset(of: state.problem_mark.index),
      contextOffset: isByteOffset || state.context == nil
        ? nil : index.byteOffset(of: state.context_mark.index))
  }
}

/// Converts libyaml's positions, which count code points, to byte offsets.
///
/// Uses the position in the entire text rather than line and column, because libyaml recognizes
/// more line breaks than editors do. Cost: one pass to build, at most 128 code points per lookup.
struct CodePointIndex {
  private static let stride = 128
  private let bytes: [UInt8]
  /// The byte offset of every 128th code point; empty if all bytes are ASCII.
  private var checkpoints: [Int] = []

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    guard bytes.contains(where: { $0 >= 0x80 }) else { return }
    var count = 0
    for (offset, byte) in bytes.enumerated() where byte & 0xC0 != 0x80 {
      if count % Self.stride == 0 { checkpoints.append(offset) }
      count += 1
    }
  }

  /// Returns the byte offset of a code point; the text's end if the index is past the last one.
  func byteOffset(of index: Int) -> Int {
    if checkpoints.isEmpty { return min(index, bytes.count) }
    guard index / Self.stride < checkpoints.count else { return bytes.count }
    var offset = checkpoints[index / Self.stride]
    var left = index % Self.stride
    while left > 0, offset < bytes.count {
      offset += 1
      while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
      left -= 1
    }
    return offset
  }
}
