/// A text with numbered marks, `⟦1⟧` where something begins and `⟦/1⟧` where it ends.
///
/// The marks are taken out; their byte offsets in what remains are kept.
struct MarkedText {
  private(set) var text = ""
  private(set) var starts: [Int: Int] = [:]
  private(set) var ends: [Int: Int] = [:]

  init(_ marked: String) {
    var rest = marked[...]
    while let open = rest.firstIndex(of: "⟦"), let close = rest[open...].firstIndex(of: "⟧") {
      text += rest[..<open]
      let name = rest[rest.index(after: open)..<close]
      if name.first == "/" {
        ends[Int(name.dropFirst()) ?? 0] = text.utf8.count
      } else {
        starts[Int(name) ?? 0] = text.utf8.count
      }
      rest = rest[rest.index(after: close)...]
    }
    text += rest
  }
}
