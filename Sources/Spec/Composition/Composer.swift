import Diagnostics
import YAML

/// Composes a spec from the given file, the files that it extends, and overrides.
struct Composer {
  let reader: SpecReader
  private(set) var findings: [Finding] = []
  /// The paths of the files being read, outermost first.
  private var stack: [String] = []
  /// The number of files read, counting a file each time it is extended.
  private var reads = 0

  /// The maximum depth of `extends`; a greater depth is considered a mistake.
  private static let maximumDepth = 50
  /// The maximum number of file reads. Without it, files that extend two files each would cause
  /// exponentially many.
  private static let maximumReads = 200

  init(reader: @escaping SpecReader) { self.reader = reader }

  /// Returns the composed spec, or nil with findings if it cannot be composed.
  mutating func compose(path: String, overrides: [Override]) -> Node? {
    guard var node = file(path: Self.normalized(path), at: nil) else { return nil }
    for override in overrides {
      guard let (path, value) = override.parsed(&findings) else { continue }
      if let first = path.first, first.value == "extends" {
        findings.append(.extendsAsArgument(first))
        continue
      }
      let merged = Merge.setting(node, path[...], to: value, findings: &findings)
      node = merged ?? node
    }
    return Merge.finished(node, findings: &findings)
  }

  /// Returns a file merged with everything that it extends; `place` is where its path was written.
  private mutating func file(path: String, at place: SourceSpan?) -> Node? {
    if stack.contains(path), let place {
      findings.append(.cycle(stack.drop { $0 != path } + [path], at: place))
      return nil
    }
    guard stack.count < Self.maximumDepth else {
      if let place { findings.append(.tooDeep(Self.maximumDepth, at: place)) }
      return nil
    }
    reads += 1
    guard reads <= Self.maximumReads else {
      if let place, reads == Self.maximumReads + 1 {
        findings.append(.tooManyFiles(Self.maximumReads, at: place))
      }
      return nil
    }
    let text: SourceFile
    switch reader(path) {
    case .success(let file): text = file
    case .failure(let error):
      findings += error.findings.map { finding in
        var placed = finding
        placed.span = finding.span ?? place
        return placed
      }
      return nil
    }
    var problems: [Finding] = []
    let parsed = YAMLParser.parse(text, findings: &problems)
    findings += problems
    guard let written = parsed else { return nil }
    var former = FormerKeys()
    let root = former.replaced(in: written, as: .map(.experiment))
    findings += former.findings
    guard let mapping = root.mapping else {
      findings.append(.notASpec(root))
      return nil
    }
    stack.append(path)
    defer { stack.removeLast() }
    return extended(root, mapping, path: path)
  }

  private mutating func extended(_ root: Node, _ mapping: Mapping, path: String) -> Node? {
    guard let extends = mapping["extends"] else { return root }
    let paths = extends.sequence ?? [extends]
    if paths.isEmpty {
      findings.append(.tooShort("`extends`", minimum: 1, at: extends.span))
      return nil
    }
    var base: Node?
    var isWhole = true
    for entry in paths {
      guard let written = entry.text, !written.value.isEmpty else {
        findings.append(.wrongType("`extends`", .text, entry))
        isWhole = false
        continue
      }
      let variables = EnvironmentUse.findings(in: entry)
      guard variables.isEmpty else {
        findings += variables
        isWhole = false
        continue
      }
      let joined = Self.join(Self.folder(of: path), written.value)
      guard let node = file(path: joined, at: entry.span) else {
        isWhole = false
        continue
      }
      base = base.map { Merge.merged(node, onto: $0, findings: &findings) } ?? node
    }
    guard isWhole, let base else { return nil }
    return Merge.merged(root.without("extends"), onto: base, findings: &findings)
  }

  // MARK: Paths

  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return String(path[...slash])
  }

  static func join(_ folder: String, _ path: String) -> String {
    path.hasPrefix("/") ? normalized(path) : normalized(folder + path)
  }

  /// Returns the path without `.`, and with `..` resolved as far as the text alone allows.
  static func normalized(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, last != ".." {
        parts.removeLast()
      } else {
        parts.append(part)
      }
    }
    let joined = (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
    return joined.isEmpty && !path.isEmpty ? "." : joined
  }
}
