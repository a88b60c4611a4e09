internal import Diagnostics

/// Builds the node tree from events, using an explicit stack instead of recursion.
struct NodeBuilder {
  /// A finished node and the cost of repeating it through an alias.
  struct Anchored {
    var node: Node
    /// The number of values in the node, including the node itself.
    var count: Int
    /// The number of nested lists and maps in the node; 0 for a scalar.
    var height: Int
  }

  let file: SourceFile
  var findings: [Finding] = []
  /// The document's root, once it is complete.
  private(set) var root: Node?
  /// The byte offset of the innermost open bracket.
  var openBracket: Int? { stack.last { "[{".utf8.contains(file.bytes[$0.start]) }?.start }
  private var stack: [Frame] = []
  private var anchors: [String: Anchored] = [:]
  /// Whether there was no document, or only the line `---`.
  var isEmpty: Bool {
    guard documents > 0 else { return true }
    return root?.isNull == true && root?.span.range.isEmpty == true
  }

  /// The number of values so far, counting repetitions by aliases.
  private var count = 0
  private var documents = 0

  init(file: SourceFile) {
    self.file = file
  }

  /// Processes the next event. Returns false if reading should stop.
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
      // libyaml ends a block scalar at the start of the next line; end it where its last line ends.
      while end > start, [0x20, 0x09, 0x0A, 0x0D].contains(file.bytes[end - 1]) { end -= 1 }
    }
    let span = SourceSpan(file: file, range: start..<max(start, end))
    let tag = scalarTag(event, text, at: span)
    let scalar = Scalar(text: text.text, style: text.style, tag: tag, at: span)
    let node = Node(.scalar(scalar), at: span)
    // A long text costs as much as many values, because every check takes time proportional to it,
    // with or without aliases.
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

  /// The names to suggest from; empty if there are so many that sorting them would be slow.
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
    // libyaml's end event covers the collection's own end only if there is a closing bracket.
    // Otherwise it has the position of what follows.
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

  /// Adds a finished node to the open list or map, or makes it the root.
  private mutating func add(
    _ node: Node, height: Int, end: Int, isWritten: Bool, alias: SourceSpan? = nil
  ) -> Bool {
    guard let top = stack.indices.last else {
      root = node
      return true
    }
    stack[top].end = max(stack[top].end, end)
    // A merge adds the entries of other maps to this one, so neither those maps nor a list of them
    // adds a level.
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

  // MARK: Tags and positions

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

  /// Returns whether a tag name is one of them.
  static func isOne(_ name: String) -> Bool { CollectionTag(rawValue: name) != nil }
}

/// The positions of the anchor and the tag in front of a node, and the start of the node itself.
struct NodeProperties {
  /// The bytes of the tag as written.
  private(set) var tag: Range<Int>?
  /// The first byte of the node after its anchor and tag.
  private(set) var contentStart: Int

  /// Finds the anchor and the tag that an event reports.
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

  /// Returns the end of the bytes to search. The event of a collection ends with its first token,
  /// which may be a key that the event does not cover.
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

  /// Skips blanks, line breaks and comments.
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

/// A list or map whose end has not been read yet.
struct Frame {
  /// A key that is waiting for its value.
  enum Key {
    case text(Located<String>)
    case merge
    /// A key that was reported as a finding; its value is dropped.
    case refused
  }

  let isMapping: Bool
  /// The offset of the first byte.
  let start: Int
  /// The end of the last child.
  var end = 0
  var anchor: String?
  /// The document's value count before this collection.
  var countBefore = 0
  /// The number of nested lists and maps in the children.
  var height = 0
  var pending: Key?
  /// Whether the next value will be merged into this map.
  var isMerging: Bool {
    if case .merge? = pending { true } else { false }
  }
  private(set) var items: [Node] = []
  private var entries: [Mapping.Entry] = []
  private var places: [String: SourceSpan] = [:]
  private var mergePlace: SourceSpan?
  /// The number of entries before the merge, and the merged entries.
  private var mergeIndex = 0
  private var merged: [Mapping.Entry] = []

  init(isMapping: Bool, start: Int) {
    self.isMapping = isMapping
    self.start = start
  }

  /// Adds an item, a key or a value. `span` is where it is written; for an alias, that is the
  /// alias.
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

  /// Skips a key, value or item that was reported; the pair or item that contains it is left out.
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
    // A written-out `null` is an ordinary key: spellings of null values are listed under it.
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

  /// Returns the map. Keys written in the map override merged ones, and earlier merges override
  /// later ones.
  func mapping() -> Mapping {
    var seen = Set(places.keys)
    let added = merged.filter { seen.insert($0.key.value).inserted }
    return Mapping(entries[..<mergeIndex] + added + entries[mergeIndex...])
  }
}
