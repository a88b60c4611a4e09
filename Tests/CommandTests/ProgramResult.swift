/// What a finished process left: how it ended, and what it wrote.
struct ProgramResult: CustomStringConvertible {
  enum End: Equatable {
    case exit(Int32)
    case signal(Int32)
  }

  let end: End
  let output: String
  let errors: String

  var description: String { "\(end)\n--- stdout\n\(output)\n--- stderr\n\(errors)" }

  /// Whether standard error holds a finding with this id, whose text holds all these words.
  func refuses(_ id: String, _ words: String...) -> Bool {
    end == .exit(2) && errors.contains("error[\(id)]: ") && words.allSatisfy(errors.contains)
  }

  /// The words of the source line that carets underline, in the order of the findings.
  var underlined: [String] {
    let lines = errors.split(separator: "\n", omittingEmptySubsequences: false).map(Array.init)
    return zip(lines, lines.dropFirst()).compactMap { source, marks in
      guard let start = marks.firstIndex(of: "^"), let bar = marks.firstIndex(of: "|"),
        bar < start, bar < source.count, source[bar] == "|", start < source.count
      else { return nil }
      let end = marks[start...].firstIndex { $0 != "^" } ?? marks.count
      return String(source[start..<min(end, source.count)])
    }
  }
}
