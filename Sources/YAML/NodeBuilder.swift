internal import Diagnostics

/// Builds the tree from events, with a stack of its own instead of recursion.
struct NodeBuilder {
  /// A finished node and what it costs to repeat it.
  struct Anchored {
    var node: Node
    /// The values in it, itself included.
    var count: Int
    /// The levels of lists and maps in it; 0 for a scalar.
    var height: Int
  }

  let file: SourceFile
  var findings: [Finding] = []
  /// The document's root once it is complete.
  private(set) var root: Node?
  /// The byte offset of the innermost bracket that is open.
  var openBracket: Int? { stack.last { "[{".utf8.contains(file.bytes[$0.start]) }?.start }
  private var stack: [Frame] = []
  private var anchors: [String: Anchored] = [:]
  /// Whether there was no document, or only the line `---`.
  var isEmpty: Bool {
    guard documents > 0 else { return true }
    return root?.isNull == true && root?.span.range.isEmpty == true
  }

  /// The values so far, those that aliases repeat included.
  private var count = 0
  private var documents = 0

  init(file: SourceFile) {
    self.file = file
  }

  /// Takes the next event; false when reading on makes no sense.
  mutating func take(_ event: Event) -> Bool {
    switch event.kind {
    case .streamStart, .streamEnd, .documentEnd: break
    case .documentStart:
      documents += 1
      if documents > 1 {
        findings.append(.severalDocuments(at: SourceSpan(file: file, range: event.range)))
        return false
      }
    case .alias(let name): return takeAlias(name, at: event.range)
    case .scalar(let text): return takeScalar(text, event)
    case .sequenceStart: return open(Frame(isMapping: false, start: contentStart(event)), event)
    case .mappingStart: return open(Frame(isMapping: true, start: contentStart(event)), event)
    case .sequenceEnd, .mappingEnd: return close(event)
    }
    return true
  }

  // MARK: Scalars and aliases

  private mutating func takeScalar(_ text: Event.ScalarText, _ event: Event) -> Bool {
    let start = contentStart(event)
    var end = event.range.upperBound
    if text.style == .literal || text.style == .folded {
      // libyaml ends a block scalar where the next line starts; a person sees its last line end.
      while end > start, [0x20, 0x09, 0x0A, 0x0D].contains(file.bytes[end - 1]) { end -= 1 }
    }
    let span = SourceSpan(file: file, range: start..<max(start, end))
    let tag = scalarTag(event, text, at: span)
    let scalar = Scalar(text: text.text, style: text.style, tag: tag, at: span)
    let node = Node(.scalar(scalar), at: span)
    // A long text costs as much as many values: every check of it takes its time, aliases or not.
    let cost = 1 + text.text.utf8.count / 200
    guard spend(cost, at: span) else { return false }
    if let anchor = event.anchor {
      anchors[anchor] = Anchored(node: node, count: cost, height: 0)
    }
    return add(node, height: 0, end: span.range.upperBound, isWritten: true)
  }

  private mutating func takeAlias(_ name: String, at range: Range<Int>) -> Bool {
    let span = SourceSpan(file: file, range: range)
    guard let anchored = anchors[name], !stack.contains(where: { $0.anchor == name }) else {
      if stack.contains(where: { $0.anchor == name }) {
        findings.append(.recursiveAlias(name, at: span))
      } else {
        findings.append(.unknownAlias(name, known: knownAnchors, at: span))
      }
      if let top = stack.indices.last { stack[top].skip(to: range.upperBound) }
      return mayGoOn(at: span)
    }
    guard spend(anchored.count, at: span) else { return false }
    guard stack.count + anchored.height <= YAMLParser.maximumDepth else {
      findings.append(.nestingTooDeep(at: span))
      return false
    }
    return add(
      anchored.node, height: anchored.height, end: range.upperBound, isWritten: false, alias: span)
  }

  /// The names to suggest from; none where there are so many that sorting them takes its time.
  private var knownAnchors: [String] { anchors.count <= 1_000 ? anchors.keys.sorted() : [] }

  // MARK: Lists and maps

  private mutating func open(_ frame: Frame, _ event: Event) -> Bool {
    var frame = frame
    let span = SourceSpan(file: file, range: frame.start..<max(frame.start, event.range.upperBound))
    guard stack.count < YAMLParser.maximumDepth else {
      findings.append(.nestingTooDeep(at: span))
      return false
    }
    checkCollectionTag(event, isMapping: frame.isMapping, at: span)
    frame.anchor = event.anchor
    frame.countBefore = count
    guard spend(1, at: span) else { return false }
    stack.append(frame)
    return true
  }

  private mutating func close(_ event: Event) -> Bool {
    guard let frame = stack.popLast() else { return true }
    // Only a bracket makes libyaml's end the collection's own; else it is that of what follows.
    let hasBracket = frame.start < file.bytes.count && "[{".utf8.contains(file.bytes[frame.start])
    let isFlow = hasBracket && !event.range.isEmpty
    let end = isFlow ? event.range.upperBound : max(frame.end, frame.start)
    let span = SourceSpan(file: file, range: frame.start..<end)
    let content: Node.Content =
      frame.isMapping ? .mapping(frame.mapping()) : .sequence(frame.items)
    let node = Node(content, at: span)
    if let anchor = frame.anchor {
      anchors[anchor] = Anchored(
        node: node, count: count - frame.countBefore, height: frame.height + 1)
    }
    return add(node, height: frame.height + 1, end: end, isWritten: true)
  }

  /// Hands a finished node to the list or map that is open, or makes it the root.
  private mutating func add(
    _ node: Node, height: Int, end: Int, isWritten: Bool, alias: SourceSpan? = nil
  ) -> Bool {
    guard let top = stack.indices.last else {
      root = node
      return true
    }
    stack[top].end = max(stack[top].end, end)
    // Merged maps pour their entries into this one: they, and a list of them, add no level.
    let mergedLevels = node.sequence == nil ? 1 : 2
    let levels = stack[top].isMerging ? height - mergedLevels : height
    stack[top].height = max(stack[top].height, levels)
    findings += stack[top].add(node, at: alias ?? node.span, isWritten: isWritten)
    return mayGoOn(at: node.span)
  }

  // MARK: Limits

  private mutating func spend(_ values: Int, at span: SourceSpan) -> Bool {
    count += values
    if count > YAMLParser.maximumValues {
      findings.append(.tooManyValues(at: span))
      return false
    }
    return mayGoOn(at: span)
  }

  private mutating func mayGoOn(at span: SourceSpan) -> Bool {
    guard findings.count >= YAMLParser.maximumFindings else { return true }
    findings.append(.tooManyFindings(at: span))
    return false
  }

  // MARK: Tags and places

  private mutating func scalarTag(
    _ event: Event, _ text: Event.ScalarText, at span: SourceSpan
  ) -> Scalar.Tag? {
    guard let name = event.tag else { return nil }
    if name == "!" { return .string }
    guard let tag = Scalar.Tag(rawValue: name) else {
      refuse(tag: name, event, found: "text", isMismatch: CollectionTag.isOne(name))
      return nil
    }
    if CoreSchema.resolve(text.text, as: tag) == nil {
      findings.append(.tagMismatch(tag: Finding.shortTag(name), found: "`\(text.text)`", at: span))
    }
    return tag
  }

  private mutating func checkCollectionTag(_ event: Event, isMapping: Bool, at span: SourceSpan) {
    guard let name = event.tag, name != "!" else { return }
    let own = isMapping ? CollectionTag.mapping : .sequence
    guard name != own.rawValue else { return }
    let isCore = CollectionTag.isOne(name) || Scalar.Tag(rawValue: name) != nil
    refuse(tag: name, event, found: isMapping ? "a map" : "a list", isMismatch: isCore)
  }

  private mutating func refuse(tag: String, _ event: Event, found: String, isMismatch: Bool) {
    let properties = NodeProperties(event, in: file.bytes)
    let span = SourceSpan(file: file, range: properties.tag ?? event.range)
    findings.append(
      isMismatch
        ? .tagMismatch(tag: Finding.shortTag(tag), found: found, at: span)
        : .unknownTag(span.text, at: span))
  }

  private func contentStart(_ event: Event) -> Int {
    NodeProperties(event, in: file.bytes).contentStart
  }
}

/// The core tags of lists and maps.
enum CollectionTag: String {
  case sequence = "tag:yaml.org,2002:seq"
  case mapping = "tag:yaml.org,2002:map"

  /// Whether a name is one of them.
  static func isOne(_ name: String) -> Bool { CollectionTag(rawValue: name) != nil }
}

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

/// A list or map whose end has not been read.
struct Frame {
  /// A key that waits for its value.
  enum Key {
    case text(Located<String>)
    case merge
    /// A key that was reported; its value is dropped.
    case refused
  }

  let isMapping: Bool
  /// The first byte.
  let start: Int
  /// The end of the last thing written inside.
  var end = 0
  var anchor: String?
  /// The values that were there before this one.
  var countBefore = 0
  /// The levels of what is inside.
  var height = 0
  var pending: Key?
  /// Whether the next value is to be merged into this map.
  var isMerging: Bool {
    if case .merge? = pending { true } else { false }
  }
  private(set) var items: [Node] = []
  private var entries: [Mapping.Entry] = []
  private var places: [String: SourceSpan] = [:]
  private var mergePlace: SourceSpan?
  /// How many entries stood before the merge, and what it brings.
  private var mergeIndex = 0
  private var merged: [Mapping.Entry] = []

  init(isMapping: Bool, start: Int) {
    self.isMapping = isMapping
    self.start = start
  }

  /// Takes an item, a key or a value; `span` is where it is written, be it as an alias.
  mutating func add(_ node: Node, at span: SourceSpan, isWritten: Bool) -> [Finding] {
    guard isMapping else {
      items.append(node)
      return []
    }
    guard let key = pending else { return addKey(node, at: span, isWritten: isWritten) }
    pending = nil
    switch key {
    case .text(let key): entries.append(Mapping.Entry(key: key, value: node))
    case .merge: return merge(node, at: span)
    case .refused: break
    }
    return []
  }

  /// Takes a key, value or item that was reported; the pair or item it belongs to is left out.
  mutating func skip(to end: Int) {
    self.end = max(self.end, end)
    if isMapping { pending = pending == nil ? .refused : nil }
  }

  private mutating func addKey(_ node: Node, at span: SourceSpan, isWritten: Bool) -> [Finding] {
    pending = .refused
    guard let scalar = node.scalar else { return [.keyNotText(node.kindName, at: span)] }
    if scalar.style == .plain, scalar.tag == nil, scalar.text == "<<", isWritten {
      if let first = mergePlace { return [.duplicateMerge(at: span, first: first)] }
      mergePlace = span
      mergeIndex = entries.count
      pending = .merge
      return []
    }
    // `null` written out is a name like any other: texts that mean null are listed under it.
    if scalar.value == .null, scalar.text != "null" {
      return [.keyNull(scalar.text, at: span)]
    }
    if let first = places[scalar.text] {
      return [.duplicateKey(scalar.text, at: span, first: first)]
    }
    places[scalar.text] = span
    pending = .text(Located(scalar.text, at: span))
    return []
  }

  private mutating func merge(_ node: Node, at span: SourceSpan) -> [Finding] {
    var findings: [Finding] = []
    for source in node.sequence ?? [node] {
      if let mapping = source.mapping {
        merged += mapping.entries
      } else {
        findings.append(
          .mergeOfNonMap(source.kindName, at: node.sequence == nil ? span : source.span))
      }
    }
    return findings
  }

  /// The map: keys written here win over merged ones, earlier merged ones over later.
  func mapping() -> Mapping {
    var seen = Set(places.keys)
    let added = merged.filter { seen.insert($0.key.value).inserted }
    return Mapping(entries[..<mergeIndex] + added + entries[mergeIndex...])
  }
}
