package import Diagnostics

/// A text with marks, taken out of it, and the findings that have to be at them.
///
/// `«1»` is in front of the place where something begins, and `«/1»`, where it is written, behind its end.
package struct MarkedText {
  package private(set) var text = ""
  /// UTF-8 offsets in `text` by mark.
  package private(set) var starts: [Int: Int] = [:]
  package private(set) var ends: [Int: Int] = [:]

  package init(_ marked: String) {
    var rest = marked[...]
    while let open = rest.firstIndex(of: "«"), let close = rest[open...].firstIndex(of: "»") {
      text += rest[..<open]
      let name = rest[rest.index(after: open)..<close]
      if name.first == "/", let number = Int(name.dropFirst()) {
        ends[number] = text.utf8.count
      } else if let number = Int(name) {
        starts[number] = text.utf8.count
      } else {
        text += rest[open...close]
      }
      rest = rest[rest.index(after: close)...]
    }
    text += rest
  }

  /// A finding that is expected.
  package struct Expected {
    /// The mark at which it begins.
    package var mark: Int
    package var id: Int
    /// nil: any.
    package var message: String?
    /// The mark at which the first related place begins.
    package var related: Int?

    package init(_ mark: Int, _ id: Int, _ message: String? = nil, related: Int? = nil) {
      self.mark = mark
      self.id = id
      self.message = message
      self.related = related
    }
  }

  /// What is wrong with findings, a line each; nothing when they are just those expected.
  /// - Parameters:
  ///   - file: the name of the file that holds this text.
  ///   - needsHints: whether each of them has to say how to fix it.
  package func problems(
    _ findings: [Finding], expected: [Expected], file: String = "spec.yaml",
    needsHints: Bool = false
  ) -> [String] {
    var problems: [String] = []
    var left = findings
    for expectation in expected {
      let name = "H\(expectation.id) `\(expectation.message ?? "…")` at mark \(expectation.mark)"
      let index = left.firstIndex { finding in
        finding.id.number == expectation.id && finding.span?.file.name == file
          && finding.span?.range.lowerBound == starts[expectation.mark]
          && finding.message == expectation.message ?? finding.message
      }
      guard starts[expectation.mark] != nil, let index else {
        problems.append("missing: \(name)")
        continue
      }
      let found = left.remove(at: index)
      if let end = ends[expectation.mark], found.span?.range.upperBound != end {
        problems.append("ends elsewhere: \(name)")
      }
      // Where no related place is expected there may be one.
      let related = found.related.first?.span.range.lowerBound
      if expectation.message != nil, related != expectation.related.flatMap({ starts[$0] }) {
        problems.append("related place elsewhere: \(name)")
      }
      if needsHints, found.hints.isEmpty { problems.append("has no hint: \(name)") }
    }
    return problems
      + left.map { "unexpected: \($0.id) `\($0.message)` at `\($0.span?.text ?? "no place")`" }
  }
}
