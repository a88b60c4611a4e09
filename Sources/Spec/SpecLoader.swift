import Diagnostics
import YAML

/// Reads a spec: composes its files and arguments, checks the form, decodes and checks it.
///
/// ```swift
/// let loaded = SpecLoader.load(path: "experiments/solidworks.yaml", overrides: [])
/// ```
///
/// All findings are collected; nothing stops at the first. No data are looked at, and apart from
/// `reader` nothing outside the arguments.
public enum SpecLoader {
  /// Loads one spec.
  /// - Parameters:
  ///   - path: the spec's path; paths in `extends` are relative to the file they stand in.
  ///   - overrides: values that win over the files', the last over the first.
  ///   - reader: reads a text by its path.
  public static func load(
    path: String, overrides: [Override] = [], reader: @escaping SpecReader = SpecLoader.file
  ) -> LoadedSpec {
    var composer = Composer(reader: reader)
    let composed = composer.compose(path: path, overrides: overrides)
    guard let composed else {
      return LoadedSpec(spec: nil, resolved: nil, findings: composer.findings.mainFirst(path))
    }
    var loaded = decode(composed.without("extends"))
    loaded.findings = (composer.findings + loaded.findings).unique.mainFirst(path)
    if loaded.findings.hasErrors { loaded.spec = nil }
    return loaded
  }

  /// Loads one spec per combination of the values of its `sweep`; the arguments are as of `load`.
  public static func members(
    path: String, overrides: [Override] = [], reader: @escaping SpecReader = SpecLoader.file
  ) -> LoadedSweep {
    var composer = Composer(reader: reader)
    guard let composed = composer.compose(path: path, overrides: overrides)?.without("extends")
    else { return LoadedSweep(members: [], findings: composer.findings.mainFirst(path)) }
    var findings = composer.findings
    var members: [LoadedSpec] = []
    for node in Sweep.members(of: composed, findings: &findings) {
      var member = decode(node)
      member.findings = (composer.findings + member.findings).unique.mainFirst(path)
      if member.findings.hasErrors { member.spec = nil }
      findings += member.findings
      members.append(member)
    }
    return LoadedSweep(members: members, findings: findings.unique.mainFirst(path))
  }

  /// Checks and decodes a composed spec.
  static func decode(_ composed: Node) -> LoadedSpec {
    var checker = FormChecker()
    checker.check(composed, as: .map(.experiment), subject: "", anchor: composed.span.file.start)
    var findings = checker.findings
    findings += Sweep.findings(composed)
    if composed.mapping?["sweep"] != nil, !findings.hasErrors {
      findings += Sweep.notRun(composed)
    }
    guard composed.mapping != nil else {
      return LoadedSpec(spec: nil, resolved: nil, findings: findings)
    }
    let resolved = StandardFiller.filled(composed.without("sweep"), as: .map(.experiment))
    var decoder = SpecDecoder(resolved)
    let spec = decoder.decode(afterErrors: findings.hasErrors)
    findings += decoder.findings
    return LoadedSpec(spec: spec, resolved: resolved, findings: findings)
  }
}

extension Node {
  /// A map without one of its keys.
  func without(_ key: String) -> Node {
    guard let mapping else { return self }
    return Node(.mapping(Mapping(mapping.entries.filter { $0.key.value != key })), at: span)
  }
}

extension [Finding] {
  /// Sorted by place, those in the spec's own file before those in others.
  fileprivate func mainFirst(_ path: String) -> [Finding] {
    let main = Composer.normalized(path)
    let isMain: (Finding) -> Bool = { $0.span?.file.name == main }
    return filter(isMain).sortedByPlace() + filter { !isMain($0) }.sortedByPlace()
  }

  /// Without repetitions, which an anchor used twice would cause.
  fileprivate var unique: [Finding] {
    var seen: Set<[String]> = []
    return filter { finding in
      let place = finding.span.map { "\(ObjectIdentifier($0.file)) \($0.range)" } ?? ""
      return seen.insert([finding.id.description, finding.message, place]).inserted
    }
  }
}
