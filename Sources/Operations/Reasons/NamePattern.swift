/// A name, or a pattern in which `*` stands for any characters or none.
struct NamePattern {
  private let pieces: [String]

  init(_ text: String) {
    pieces = text.split(separator: "*", omittingEmptySubsequences: false).map(String.init)
  }

  /// The first and last piece are fixed. Of the others each is looked for as far left as can be, which
  /// leaves the most room for those that follow.
  func matches(_ name: String) -> Bool {
    guard pieces.count > 1, let first = pieces.first, let last = pieces.last else {
      return name == pieces.first
    }
    guard name.utf8.count >= first.utf8.count + last.utf8.count, name.hasPrefix(first),
      name.hasSuffix(last)
    else { return false }
    var rest = Array(name.utf8.dropFirst(first.utf8.count).dropLast(last.utf8.count))[...]
    for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
      let bytes = Array(piece.utf8)
      guard let start = rest.indices.first(where: { rest[$0...].starts(with: bytes) }) else {
        return false
      }
      rest = rest[(start + bytes.count)...]
    }
    return true
  }
}
