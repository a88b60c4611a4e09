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
    var left = findings.map(Found.init)
    for expectation in expected {
      let name = "H\(expectation.id) `\(expectation.message ?? "…")` at mark \(expectation.mark)"
      let start = starts[expectation.mark]
      let index = left.firstIndex { found in
        found.id == expectation.id && found.file == file && found.start == start
          && (expectation.message == nil || found.message == expectation.message)
      }
      guard start != nil, let index else {
        problems.append("missing: \(name)")
        continue
      }
      let found = left.remove(at: index)
      if let end = ends[expectation.mark], found.end != end {
        problems.append("ends elsewhere: \(name)")
      }
      // Where any message will do, so will any related place.
      let related = expectation.related.flatMap { starts[$0] }
      if expectation.message != nil, found.related != related {
        problems.append("related place elsewhere: \(name)")
      }
      if needsHints, !found.hasHints { problems.append("has no hint: \(name)") }
    }
    return problems
      + left.map { "unexpected: H\($0.id) `\($0.message)` at \($0.file ?? "no place")" }
  }

  /// What of a finding is compared.
  private struct Found {
    let id: Int
    let message: String
    var file: String?
    var start: Int?
    var end: Int?
    let related: Int?
    let hasHints: Bool

    init(_ finding: Finding) {
      id = finding.id.number
      message = finding.message
      if let span = finding.span {
        file = span.file.name
        start = span.range.lowerBound
        end = span.range.upperBound
      }
      related = finding.related.first.map { $0.span.range.lowerBound }
      hasHints = !finding.hints.isEmpty
    }
  }
}
