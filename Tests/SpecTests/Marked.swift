/// A text with numbered marks, `«1»`, taken out of it: each stands for the place behind it.
struct Marked {
  var text = ""
  /// UTF-8 offsets by mark.
  var places: [Int: Int] = [:]

  init(_ marked: String) {
    var rest = marked[...]
    while let open = rest.firstIndex(of: "«"), let close = rest[open...].firstIndex(of: "»"),
      let number = Int(rest[rest.index(after: open)..<close])
    {
      text += rest[..<open]
      places[number] = text.utf8.count
      rest = rest[rest.index(after: close)...]
    }
    text += rest
  }
}
