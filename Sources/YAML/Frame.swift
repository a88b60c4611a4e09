import Diagnostics

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
