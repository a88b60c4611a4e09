/// A sentence of the spec, cut at each `{value}`.
struct ReasonSentence {
  private let pieces: [String]

  init(_ text: String) {
    var pieces: [String] = []
    var rest = text[...]
    while let place = rest.firstRange(of: "{value}") {
      pieces.append(String(rest[..<place.lowerBound]))
      rest = rest[place.upperBound...]
    }
    self.pieces = pieces + [String(rest)]
  }

  /// Whether it says what the value is.
  var namesValue: Bool { pieces.count > 1 }

  func text(_ value: String) -> String { pieces.joined(separator: value) }
}
