/// Checks HTML and SVG as an XML parser does, except for the few elements that HTML never closes.
enum Markup {
  /// The first problem of a document; nil if it is well-formed.
  static func problem(in text: String) -> String? {
    var open: [Substring] = []
    var rest = text[...]
    while let start = rest.firstIndex(of: "<") {
      if let problem = textProblem(rest[..<start]) { return problem }
      rest = rest[start...]
      if rest.hasPrefix("<!doctype html>") {
        rest = rest.dropFirst("<!doctype html>".count)
        continue
      }
      guard let tag = rest.prefixMatch(of: pattern) else { return "no tag: \(rest.prefix(60))" }
      rest = rest[tag.range.upperBound...]
      let (_, end, name, attributes, closed) = tag.output
      let names = attributes.matches(of: #/ ([a-zA-Z-]+)=/#).map { String($0.1) }
      if Set(names).count < names.count { return "an attribute twice: \(tag.0)" }
      if let problem = textProblem(attributes) { return problem }
      if !end.isEmpty {
        guard open.popLast() == name else { return "closes nothing: \(tag.0)" }
      } else if closed.isEmpty, name != "meta" {
        open.append(name)
        // What follows is not markup.
        guard name == "script" || name == "style" else { continue }
        guard let close = rest.firstRange(of: "</\(name)>") else { return "no end of \(name)" }
        rest = rest[close.lowerBound...]
      }
    }
    return open.isEmpty ? textProblem(rest) : "never closed: \(open)"
  }

  private static var pattern: Regex<(Substring, Substring, Substring, Substring, Substring)> {
    #/<(\/?)([a-z0-9]+)((?: [a-zA-Z-]+="[^"<>]*")*)(\/?)>/#
  }

  /// An ampersand that begins no entity, or a character that must not be in a document.
  private static func textProblem(_ text: Substring) -> String? {
    if text.contains(">") { return "a bare >: \(text.prefix(60))" }
    if text.replacing(#/&(?:amp|lt|gt|quot|#39);/#, with: "").contains("&") {
      return "a bare ampersand: \(text.prefix(60))"
    }
    let isUnsafe = text.unicodeScalars.contains {
      $0.value < 0x20 && $0 != "\n" || (0x202A...0x202E).contains($0.value) || $0.value == 0xFFFE
    }
    return isUnsafe ? "a control character: \(text.prefix(60))" : nil
  }
}
