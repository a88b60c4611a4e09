import Diagnostics

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
