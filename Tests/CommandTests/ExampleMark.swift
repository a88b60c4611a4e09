import Diagnostics

/// Where an example says that its finding stands.
struct ExampleMark {
  /// The file's name, or nil for a mark in the command.
  let file: String?
  /// From 1; the column counts Unicode scalars.
  let line: Int
  let column: Int
  /// The marked text up to the end of its first line.
  let text: String

  /// The mark of an example; nil when there is none.
  init?(_ example: Example) {
    let texts = example.files.map { ($0.name as String?, $0.text) } + [(nil, example.command)]
    for (name, text) in texts {
      guard let start = text.firstIndex(of: "«") else { continue }
      let before = Self.without(String(text[..<start]))
      let lines = before.split(separator: "\n", omittingEmptySubsequences: false)
      file = name
      line = lines.count
      column = (lines.last?.unicodeScalars.count ?? 0) + 1
      self.text = String(text[text.index(after: start)...].prefix { $0 != "»" && $0 != "\n" })
      return
    }
    return nil
  }

  static func without(_ marked: String) -> String { marked.filter { $0 != "«" && $0 != "»" } }
}
