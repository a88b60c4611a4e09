import Diagnostics
import YAML

/// The values a spec wants tried.
enum Sweep {
  /// What is wrong with a sweep, and that it is not run here.
  static func findings(_ composed: Node) -> [Finding] {
    guard let mapping = composed.mapping?["sweep"]?.mapping, let first = mapping.entries.first
    else { return [] }
    var findings: [Finding] = []
    for entry in mapping.entries {
      if let problem = problem(entry.key) { findings.append(problem) }
    }
    findings.append(.sweepNotRun(at: first.key.span))
    return findings
  }

  /// What is wrong with a path, followed through the language.
  private static func problem(_ path: Located<String>) -> Finding? {
    var kind = ValueKind.map(.experiment)
    for part in path.value.split(separator: ".", omittingEmptySubsequences: false) {
      switch kind.descended {
      case .map(let name):
        let definition = SpecLanguage.definition(name)
        guard let key = definition.key(String(part)), key.name != "sweep", key.name != "extends"
        else {
          let names = definition.keys.map(\.name)
          return .unknownSweepPath(path, String(part), among: names)
        }
        kind = key.kind
      case .names(let value, _), .list(let value, _), .entry(let value): kind = value
      default: return .unknownSweepPath(path, String(part), among: [])
      }
    }
    return nil
  }
}

extension ValueKind {
  /// The alternative that has something below it.
  fileprivate var descended: ValueKind {
    guard case .either(let kinds) = self else { return self }
    return kinds.first { $0.shape != .scalar } ?? self
  }
}

extension Finding {
  static func unknownSweepPath(
    _ path: Located<String>, _ part: String, among names: [String]
  ) -> Finding {
    Finding(
      260, "`\(path.value.shortened)` leads nowhere in a spec", at: path.span,
      label: Suggestion.closest(to: part, among: names).map {
        "did you mean `\($0)` for `\(part)`?"
      } ?? "`\(part.shortened)` is no key there")
  }

  static func sweepNotRun(at span: SourceSpan) -> Finding {
    Finding(
      261, .warning, "the sweep is not run: the spec is taken without it", at: span,
      label: "no value of it is tried")
  }
}
