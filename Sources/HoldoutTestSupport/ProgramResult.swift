/// What a finished process left: how it ended, and what it wrote.
package struct ProgramResult: CustomStringConvertible {
  package enum End: Equatable {
    case exit(Int32)
    case signal(Int32)
  }

  package let end: End
  package let output: String
  package let errors: String

  package var description: String { "\(end)\n--- stdout\n\(output)\n--- stderr\n\(errors)" }

  /// Whether standard error holds a finding with this id, whose text holds all these words.
  package func refuses(_ id: String, _ words: String...) -> Bool {
    end == .exit(2) && errors.contains("error[\(id)]: ") && words.allSatisfy(errors.contains)
  }

  /// The words of the source line that carets underline, in the order of the findings.
  package var underlined: [String] {
    let lines = errors.split(separator: "\n", omittingEmptySubsequences: false).map(Array.init)
    return zip(lines, lines.dropFirst()).compactMap { source, marks in
      guard let start = marks.firstIndex(of: "^"), let bar = marks.firstIndex(of: "|"),
        bar < start, bar < source.count, source[bar] == "|", start < source.count
      else { return nil }
      let end = marks[start...].firstIndex { $0 != "^" } ?? marks.count
      return String(source[start..<min(end, source.count)])
    }
  }

  /// A finding as it was printed.
  package struct PrintedFinding {
    package let id: String
    package let isError: Bool
    /// `file:line:column` of the main place, if it has one.
    package var place: String?
    /// The words above the main place's carets.
    package var underlined: String?
  }

  /// The findings on standard error, in order.
  package var findings: [PrintedFinding] {
    var findings: [PrintedFinding] = []
    let lines = errors.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      if let match = line.prefixMatch(of: #/(error|warning)\[(H[0-9]+)\]: /#) {
        findings.append(PrintedFinding(id: String(match.2), isError: match.1 == "error"))
      } else if let match = line.wholeMatch(of: #/\s*--> (.*)/#), let last = findings.indices.last {
        findings[last].place = String(match.1)
        let rest = lines[index...].dropFirst().prefix(3).joined(separator: "\n")
        let excerpt = ProgramResult(end: end, output: "", errors: rest)
        findings[last].underlined = excerpt.underlined.first
      }
    }
    return findings
  }
}
