internal import Diagnostics
public import Files
public import YAML

/// Loads a spec: composes its files and arguments, checks the form, then decodes and checks it.
///
/// ```swift
/// let loaded = SpecLoader.load(path: "experiments/solidworks.yaml", overrides: [])
/// for member in loaded.members { print(member.spec?.name.value ?? "not a spec") }
/// ```
///
/// All findings are collected; nothing stops at the first. No data is read, and the only input
/// besides the arguments is what `reader` returns.
public enum SpecLoader {
  /// The maximum number of findings reported for one spec.
  static let maximumFindings = 100

  /// How experiments are named whose specs are changed by arguments.
  public enum Naming: Sendable {
    /// As in their files, or by an argument `name=...`.
    case asWritten
    /// `NAME@num_leaves=15`, like the members of a sweep, unless an argument sets the name.
    /// Arguments that do not affect the results (`gates`, `score`, `capacity`, `retrain`,
    /// `monitor`) are left out of names.
    case byOverrides
  }

  /// Loads a spec file: the experiment that it describes, or one for each member of its `sweep`.
  /// - Parameters:
  ///   - path: the spec's path; paths in `extends` are relative to the file that contains them.
  ///   - overrides: values that override the files', later ones overriding earlier ones; a path
  ///     that they set is not swept.
  ///   - naming: how an experiment is named that they change.
  ///   - roots: the folders below which files are read; nil means the spec's own project.
  ///   - reader: reads a text by its path; nil reads from disk.
  public static func load(
    path: String, overrides: [Override] = [], naming: Naming = .asWritten,
    roots: ReadingRoots? = nil, reader: SpecReader? = nil
  ) -> LoadedSpecFile {
    var composer = Composer(reader: reader ?? files(of: path, roots: roots))
    let fixed = overrides.compactMap(\.path)
    let complete = composer.compose(path: path, overrides: overrides)?.without("extends")
    var findings = composer.findings
    guard let complete else {
      return LoadedSpecFile(
        path: path, members: [], halving: nil, resolved: nil, findings: findings.mainFirst(path))
    }
    let composed = Sweep.withoutFixed(complete, fixed)
    findings += EnvironmentUse.findings(in: composed)
    let base = composed.without("sweep")
    var problems: [Finding] = []
    let sweep = Sweep(of: composed, findings: &problems)
    var variants = sweep?.members(of: base, findings: &problems) ?? [(base, [])]
    // Even if the sweep is malformed, report the problems of the spec without it.
    if problems.hasErrors { variants = [(base, [])] }
    let given = Variation.all(of: overrides)
    let naming = fixed.contains("name") ? .asWritten : naming
    var members: [LoadedSpec] = []
    let parameters = sweep?.parameters ?? []
    for (node, swept) in variants {
      let all = (given + swept).inOrder(of: Sweep.paths(in: complete))
      var member = decode(node.renamed(by: naming == .byOverrides ? all : swept))
      member.variations = all.map(\.argument)
      member.model?.sweptParameters = parameters
      member.spec?.model.sweptParameters = parameters
      member.findings = (findings + problems + member.findings).mainFirst(path)
      if member.findings.hasErrors { member.spec = nil }
      members.append(member)
    }
    findings = (findings + problems + members.flatMap(\.findings)).mainFirst(path)
    return LoadedSpecFile(
      path: path, members: members, halving: sweep?.halving,
      resolved: resolved(
        naming == .byOverrides ? composed.renamed(by: given) : composed,
        swept: Sweep.paths(in: composed)),
      findings: findings)
  }

  /// Checks and decodes a composed spec without `extends` and `sweep`.
  static func decode(_ composed: Node) -> LoadedSpec {
    var checker = FormChecker()
    checker.check(composed, as: .map(.experiment), subject: "", anchor: composed.span.file.start)
    var findings = checker.findings
    // A text with so many errors is not a spec that could be checked further.
    guard composed.mapping != nil, findings.count < maximumFindings else {
      return LoadedSpec(spec: nil, model: nil, resolved: nil, findings: findings)
    }
    let resolved = resolved(composed)
    var decoder = SpecDecoder(resolved)
    let spec = decoder.decode(afterErrors: findings.hasErrors)
    findings += decoder.findings
    return LoadedSpec(
      spec: spec, model: decoder.model, resolved: resolved, findings: findings)
  }

  /// Returns a composed spec with all defaults and the parameters of its preset filled in.
  /// - Parameter swept: the paths of its sweep, which set values of their own.
  private static func resolved(_ composed: Node, swept: [String] = []) -> Node {
    let filled = DefaultFiller.filled(composed, as: .map(.experiment))
    // Written parameters would win over the presets that a sweep compares.
    guard !swept.contains("model.preset") else { return filled }
    let prefix = "model.params."
    return PresetFiller.filled(
      filled,
      swept: swept.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) })
  }
}

extension [Variation] {
  /// Returns the variations with those of a sweep's paths first, in its order, then the others in
  /// theirs, so that a member of a sweep always has the same name, however its values are given.
  fileprivate func inOrder(of paths: [String]) -> [Variation] {
    paths.compactMap { path in first { $0.path == path } }
      + filter { !paths.contains($0.path) }
  }
}

extension Node {
  /// Returns a map without one of its keys.
  func without(_ key: String) -> Node {
    guard let mapping else { return self }
    return Node(.mapping(Mapping(mapping.entries.filter { $0.key.value != key })), at: span)
  }
}

extension [Finding] {
  /// Returns the findings without duplicates, sorted by position, with those in the spec's own file
  /// first.
  fileprivate func mainFirst(_ path: String) -> [Finding] {
    let main = Composer.normalized(path)
    let isMain: (Finding) -> Bool = { $0.span?.file.name == main }
    // Where the YAML itself is invalid, findings about how the value was then read are misleading.
    let broken = filter { $0.id < Finding.ID(200) }.compactMap(\.span)
    let unique = withoutRepetitions().filter { finding in
      guard finding.id >= Finding.ID(200), let span = finding.span else { return true }
      return !broken.contains { $0.file === span.file && $0.lies(in: span) }
    }
    let sorted =
      unique.filter(isMain).sortedByPlace() + unique.filter { !isMain($0) }.sortedByPlace()
    // The YAML parser has its own limit, which it reports itself.
    let limit = SpecLoader.maximumFindings + sorted.count { $0.id < Finding.ID(200) }
    guard sorted.count > limit else { return sorted }
    // Put errors first, so that none is left out in favor of a warning.
    let ranked = sorted.filter { $0.severity == .error } + sorted.filter { $0.severity != .error }
    let shown = Array(ranked.prefix(limit))
    return shown + [.moreFindings(shown.count, severity: shown[0].severity)]
  }
}

extension SourceSpan {
  /// Returns whether this span is not empty and lies within another.
  fileprivate func lies(in other: SourceSpan) -> Bool {
    !range.isEmpty && other.range.lowerBound <= range.lowerBound
      && range.upperBound <= other.range.upperBound
  }
}

extension Finding {
  fileprivate static func moreFindings(_ count: Int, severity: Severity) -> Finding {
    Finding(
      273, severity, "only the first \(count) findings are shown",
      hints: ["fix those above first; often many have one cause"])
  }
}

/// One value of a resolved spec and its origin.
public struct SpecOrigin: Hashable, Sendable {
  /// The path of keys and indices, such as `sources.customers.key`.
  public var path: String
  /// The value as YAML on one line.
  public var value: String
  /// The origin: `experiments/bases/netsuite.yaml:14`, `argument 3:1`, or `default`.
  public var place: String

  /// Returns every value of a resolved spec in order; empty lists and maps count as values.
  public static func all(of resolved: Node) -> [SpecOrigin] {
    var origins: [SpecOrigin] = []
    collect(resolved, path: [], isDefault: false, into: &origins)
    return origins
  }

  /// Returns a resolved spec as YAML with the origin of each value after it, as a comment.
  public static func text(of resolved: Node) -> String {
    YAMLWriter.write(resolved, comments: all(of: resolved).map(\.place))
  }

  private static func collect(
    _ node: Node, path: [String], isDefault: Bool, into origins: inout [SpecOrigin]
  ) {
    switch node.content {
    case .mapping(let mapping) where !mapping.entries.isEmpty:
      for entry in mapping.entries {
        // A key and its value have the same position only if both were filled in.
        let isFilled = entry.key.span.range == entry.value.span.range
        collect(
          entry.value, path: path + [entry.key.value], isDefault: isFilled,
          into: &origins)
      }
    case .sequence(let items) where !items.isEmpty:
      for (index, item) in items.enumerated() {
        collect(item, path: path + [String(index)], isDefault: isDefault, into: &origins)
      }
    default:
      let value = YAMLWriter.write(node).split(separator: "\n").joined(separator: " ")
      origins.append(
        SpecOrigin(
          path: path.joined(separator: "."), value: value,
          place: isDefault ? "default" : node.span.place))
    }
  }
}

extension Explanation {
  static let specLoaderFindings: [Explanation] = [
    Explanation(
      273, "more findings than are shown",
      cause: """
        Only the first 100 findings about a spec are shown. Often many of them have one cause, \
        such as a file of another kind.
        """,
      example: .commands(
        "for i in $(seq 101); do echo \"key$i: 1\"; done >> spec.yaml\n" + Example.check),
      fix: "Fix the findings above first.")
  ]
}
