import Diagnostics
import YAML

/// The values a spec wants tried: a grid, path by path.
enum Sweep {
  /// More runs than this from one spec are taken for a mistake.
  private static let maximumMembers = 1_000

  /// What is wrong with a sweep's paths.
  static func findings(_ composed: Node) -> [Finding] {
    entries(of: composed).compactMap { problem($0.key) }
  }

  /// That a sweep was left out.
  static func notRun(_ composed: Node) -> [Finding] {
    entries(of: composed).first.map { [.sweepNotRun(at: $0.key.span)] } ?? []
  }

  /// The spec once per combination of values, each under a name of its own; without a sweep the
  /// spec itself; nothing, with findings, when the sweep is malformed.
  static func members(of composed: Node, findings: inout [Finding]) -> [Node] {
    guard let sweep = composed.mapping?["sweep"] else { return [composed] }
    var problems = self.findings(composed)
    var checker = FormChecker()
    if let key = SpecLanguage.experiment.key("sweep") {
      checker.check(sweep, as: key.kind, subject: "`sweep`")
    }
    problems += checker.findings
    let entries = entries(of: composed)
    let count = entries.reduce(1) { count, entry in
      let (product, overflows) = count.multipliedReportingOverflow(
        by: entry.value.sequence?.count ?? 0)
      return overflows ? Int.max : product
    }
    if let first = entries.first, count > maximumMembers {
      problems.append(.sweepTooLarge(count, maximumMembers, at: first.key.span))
    }
    findings += problems
    guard problems.isEmpty else { return [] }
    return combinations(of: entries, base: composed.without("sweep"), findings: &findings)
  }

  private static func combinations(
    of entries: [Mapping.Entry], base: Node, findings: inout [Finding]
  ) -> [Node] {
    var members: [(labels: [String], node: Node)] = [([], base)]
    for entry in entries {
      let label = label(of: entry.key.value, among: entries.map(\.key.value))
      let path = entry.key.value.split(separator: ".").map {
        Located(String($0), at: entry.key.span)
      }
      var next: [(labels: [String], node: Node)] = []
      for member in members {
        for value in entry.value.sequence ?? [] {
          guard let node = Merge.setting(member.node, path[...], to: value, findings: &findings)
          else { continue }
          next.append((member.labels + ["\(label)=\(value.fileText)"], node))
        }
      }
      members = next
    }
    var names: Set<String> = []
    for member in members where !names.insert(member.labels.joined(separator: ",")).inserted {
      findings.append(.sameMember(member.labels, at: entries[0].key.span))
      return []
    }
    return members.map { $0.labels.isEmpty ? $0.node : $0.node.renamed(with: $0.labels) }
  }

  /// The last part of a path, or all of it where two paths end alike.
  private static func label(of path: String, among paths: [String]) -> String {
    let last: (String) -> Substring? = { $0.split(separator: ".").last }
    return paths.count { last($0) == last(path) } > 1 ? path : String(last(path) ?? "")
  }

  private static func entries(of composed: Node) -> [Mapping.Entry] {
    composed.mapping?["sweep"]?.mapping?.entries ?? []
  }

  /// What is wrong with a path, followed through the language.
  private static func problem(_ path: Located<String>) -> Finding? {
    var kind = ValueKind.map(.experiment)
    for part in path.value.split(separator: ".", omittingEmptySubsequences: false) {
      switch kind.descended {
      case .map(let name):
        let definition = SpecLanguage.definition(name)
        guard let key = definition.key(String(part)),
          !["sweep", "extends", "name"].contains(key.name)
        else {
          return .unknownSweepPath(path, String(part), among: definition.keys.map(\.name))
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

extension Node {
  /// A value as it stands in the name of a folder.
  fileprivate var fileText: String {
    let text = scalar?.text ?? ""
    return String(
      text.map { character in
        let isPlain = character.isASCII && (character.isLetter || character.isNumber)
        return isPlain || ".-+_".contains(character) ? character : "_"
      })
  }

  /// The spec under its own name and the values that make it differ from the others.
  fileprivate func renamed(with labels: [String]) -> Node {
    guard let mapping, let name = mapping["name"], let text = name.text else { return self }
    let entries = mapping.entries.map { entry in
      guard entry.key.value == "name" else { return entry }
      let full = "\(text.value)@\(labels.joined(separator: ","))"
      let scalar = Scalar(text: full, style: .doubleQuoted)
      return Mapping.Entry(key: entry.key, value: Node(.scalar(scalar), at: name.span))
    }
    return Node(.mapping(Mapping(entries)), at: span)
  }
}

// Findings about sweeps: H260, H261, H265 and H266.
extension Finding {
  fileprivate static func unknownSweepPath(
    _ path: Located<String>, _ part: String, among names: [String]
  ) -> Finding {
    Finding(
      260, "`\(path.value.shortened)` leads to nothing that a sweep can try", at: path.span,
      label: Suggestion.closest(to: part, among: names).map {
        "did you mean `\($0)` for `\(part)`?"
      } ?? "`\(part.shortened)` is no key there")
  }

  fileprivate static func sweepNotRun(at span: SourceSpan) -> Finding {
    Finding(
      261, .warning, "the sweep is not run: the spec is taken without it", at: span,
      label: "no value of it is tried")
  }

  fileprivate static func sweepTooLarge(
    _ count: Int, _ maximum: Int, at span: SourceSpan
  ) -> Finding {
    Finding(
      265, "the sweep makes \(count == .max ? "too many" : "\(count)") runs", at: span,
      label: "at most \(maximum)")
  }

  fileprivate static func sameMember(_ labels: [String], at span: SourceSpan) -> Finding {
    Finding(
      266, "two runs of the sweep would both be named `\(labels.joined(separator: ","))`",
      at: span, label: "leave one of the values out")
  }
}
