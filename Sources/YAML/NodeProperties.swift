/// Where the anchor and the tag in front of a node stand, and where the node itself starts.
struct NodeProperties {
  /// The bytes of the tag as written.
  private(set) var tag: Range<Int>?
  /// The first byte of the node behind its properties.
  private(set) var contentStart: Int

  /// Finds the properties that an event says are there.
  init(_ event: Event, in bytes: [UInt8]) {
    contentStart = event.range.lowerBound
    var isAnchorDue = event.anchor != nil
    var isTagDue = event.tag != nil
    guard isAnchorDue || isTagDue else { return }
    let end = min(bytes.count, Self.limit(of: event, in: bytes))
    var offset = contentStart
    while offset < end, isAnchorDue || isTagDue {
      let start = offset
      if isAnchorDue, bytes[offset] == UInt8(ascii: "&") {
        isAnchorDue = false
      } else if isTagDue, bytes[offset] == UInt8(ascii: "!") {
        isTagDue = false
      } else {
        break
      }
      offset = Self.endOfProperty(start, in: bytes, before: end)
      if bytes[start] == UInt8(ascii: "!") { tag = start..<offset }
      offset = Self.endOfSpace(offset, in: bytes, before: end)
    }
    contentStart = min(offset, end)
  }

  /// Collections' events end with their first token, which may be a key that they do not cover.
  private static func limit(of event: Event, in bytes: [UInt8]) -> Int {
    switch event.kind {
    case .sequenceStart, .mappingStart: bytes.count
    default: event.range.upperBound
    }
  }

  private static func endOfProperty(_ start: Int, in bytes: [UInt8], before end: Int) -> Int {
    var offset = start
    let isVerbatim = bytes[start...].prefix(2).elementsEqual("!<".utf8)
    while offset < end {
      let byte = bytes[offset]
      if isVerbatim, byte == UInt8(ascii: ">") { return offset + 1 }
      let isSpace = byte == 0x20 || byte == 0x09 || LineBreak.length(in: bytes, at: offset) > 0
      if isSpace || (!isVerbatim && ",[]{}".utf8.contains(byte)) { return offset }
      offset += 1
    }
    return offset
  }

  /// Passes blanks, line breaks and comments.
  private static func endOfSpace(_ start: Int, in bytes: [UInt8], before end: Int) -> Int {
    var offset = start
    while offset < end {
      let breakLength = LineBreak.length(in: bytes, at: offset)
      if breakLength > 0 {
        offset += breakLength
      } else if bytes[offset] == 0x20 || bytes[offset] == 0x09 {
        offset += 1
      } else if bytes[offset] == UInt8(ascii: "#") {
        while offset < end, LineBreak.length(in: bytes, at: offset) == 0 { offset += 1 }
      } else {
        break
      }
    }
    return min(offset, end)
  }
}
