import Diagnostics
import Spec
import YAML

/// Tries one input and compares what comes of it with what the loaders promise.
struct FuzzCheck {
  /// No rendering is longer, whatever was found: a person has to read it.
  static let longestRendering = 4 << 20

  let input: FuzzInput
  private(set) var violations: [FuzzViolation] = []
  /// Whether the input gave a spec, or a project.
  private(set) var isAccepted = false
  private let reader: FuzzReader
  private let overrides: [Override]

  /// Prepares the input's files and arguments.
  init(_ input: FuzzInput) {
    self.input = input
    reader = FuzzReader(input)
    overrides = input.overrides.enumerated().map { Override($1, number: $0 + 2) }
    for override in overrides { reader.remember(override.file) }
  }

  /// Tries the input.
  mutating func run() {
    for file in input.files { checkYAML(file) }
    switch input.kind {
    case .spec: checkSpec()
    case .project: checkProject()
    }
  }

  private mutating func expect(
    _ condition: Bool, _ promise: String, _ detail: @autoclosure () -> String = ""
  ) {
    if !condition { violations.append(FuzzViolation(promise, detail(), in: input)) }
  }

  // MARK: YAML

  /// What a text says is the same once it has been written and read again.
  private mutating func checkYAML(_ file: FuzzFile) {
    var findings: [Finding] = []
    guard let text = SourceDecoder.decode(file.bytes, name: file.name, findings: &findings) else {
      expect(findings.hasErrors, "what is no text has an error")
      return
    }
    guard let root = YAMLParser.parse(text, findings: &findings) else {
      expect(findings.hasErrors, "what is no YAML has an error")
      return
    }
    let value = YAMLValue(root)
    let written = YAMLWriter.write(value)
    var problems: [Finding] = []
    let again = YAMLParser.parse(SourceFile(name: "written", text: written), findings: &problems)
    expect(
      problems.isEmpty, "what the writer writes can be read",
      FindingFormat.text.render(problems))
    guard let again, problems.isEmpty else { return }
    // NaN differs from itself.
    expect(
      YAMLValue(again) == value || written.contains(".nan"),
      "what the writer writes says the same", written)
    expect(YAMLWriter.write(again) == written, "the writer has one form for everything", written)
  }

  // MARK: Specs

  private func load() -> LoadedSpecFile {
    SpecLoader.load(path: input.files[0].name, overrides: overrides, reader: reader.read)
  }

  private mutating func checkSpec() {
    let loaded = load()
    let rendered = check(loaded.findings)
    isAccepted = !loaded.specs.isEmpty
    expect(
      loaded.specs.isEmpty == loaded.findings.hasErrors,
      "a file describes experiments or has errors, not both", rendered)
    expect(
      loaded.members.count <= 1 || loaded.resolved?.mapping?["sweep"] != nil,
      "without a sweep there is one member",
      "\(loaded.members.count)")
    // A sweep of hundreds takes its time, and its members are alike.
    if loaded.members.count < 50 {
      expect(FindingFormat.text.render(load().findings) == rendered, "a spec is read alike twice")
    }
    for member in loaded.members.prefix(3) { check(member) }
    guard !loaded.findings.hasErrors else { return }
    if let resolved = loaded.resolved { checkOrigins(of: resolved) }
    if loaded.resolved?.mapping?["sweep"] != nil {
      checkResolved(loaded)
    } else {
      expect(
        loaded.resolvedText == loaded.members.first?.resolvedText,
        "without a sweep, file and member are resolved alike")
    }
  }

  /// A spec or an error, and a resolved spec that is the same experiment.
  private mutating func check(_ member: LoadedSpec) {
    expect(
      (member.spec == nil) == member.findings.hasErrors,
      "a member is an experiment or has errors, not both",
      FindingFormat.text.render(member.findings))
    guard let spec = member.spec, let text = member.resolvedText else { return }
    let again = reload(text)
    expect(
      !again.findings.hasErrors, "a member, resolved, is read without errors",
      FindingFormat.text.render(again.findings))
    guard let repeated = again.spec else { return }
    expect(again.members.first?.resolvedText == text, "a member, resolved twice, is the same", text)
    expectSame(spec, repeated, "a member, resolved, is the same experiment")
  }

  /// The resolved file describes the same experiments, its sweep included.
  private mutating func checkResolved(_ loaded: LoadedSpecFile) {
    guard let text = loaded.resolvedText else { return }
    let again = reload(text)
    expect(
      !again.findings.hasErrors, "a file, resolved, is read without errors",
      FindingFormat.text.render(again.findings))
    expect(again.resolvedText == text, "a file, resolved twice, is the same", text)
    expect(
      again.specs.map(\.name.value) == loaded.specs.map(\.name.value),
      "a file, resolved, has the same members",
      "\(loaded.specs.map(\.name.value))\nagainst\n\(again.specs.map(\.name.value))")
    for (first, second) in zip(loaded.specs, again.specs).prefix(3) {
      expectSame(first, second, "a file, resolved, describes the same experiments")
    }
  }

  private func reload(_ text: String) -> LoadedSpecFile {
    SpecLoader.load(path: "resolved.yaml") { .success(SourceFile(name: $0, text: text)) }
  }

  private mutating func checkOrigins(of resolved: Node) {
    let origins = SpecOrigin.all(of: resolved)
    expect(
      origins.allSatisfy { !$0.path.isEmpty && !$0.value.isEmpty && !$0.value.contains("\n") },
      "every origin has a path and a value of one line")
  }

  private mutating func expectSame(
    _ first: ExperimentSpec, _ second: ExperimentSpec, _ promise: String
  ) {
    // Which parameters a file sweeps is no part of the experiment that a member is.
    func alone(_ spec: ExperimentSpec) -> ExperimentSpec {
      var spec = spec
      spec.model.sweptParameters = []
      return spec
    }
    let meaning = FuzzMeaning.text(of: alone(first))
    let other = FuzzMeaning.text(of: alone(second))
    expect(meaning == other, promise, Self.firstDifference(meaning, other))
  }

  private static func firstDifference(_ left: String, _ right: String) -> String {
    let pairs = zip(left.split(separator: "\n"), right.split(separator: "\n"))
    return pairs.first { $0 != $1 }.map { "\($0.0)\nagainst\n\($0.1)" } ?? "one is longer"
  }

  // MARK: Projects

  private mutating func checkProject() {
    do throws(FindingsError) {
      _ = try ProjectLoader.load(path: input.files[0].name, reader: reader.read)
      isAccepted = true
    } catch {
      expect(error.findings.hasErrors, "a project that is not read has an error")
      _ = check(error.findings)
    }
  }

  // MARK: Findings

  /// Checks findings and what is printed of them; returns that.
  private mutating func check(_ findings: [Finding]) -> String {
    for finding in findings { check(finding) }
    var text = ""
    for format in FindingFormat.allCases {
      let rendered = format.render(findings)
      expect(
        rendered.utf8.count <= Self.longestRendering, "findings are short enough to read",
        "\(rendered.utf8.count) bytes of \(format.rawValue) for \(findings.count) findings")
      expect(
        findings.isEmpty || rendered.hasSuffix("\n"), "what is printed ends its line", rendered)
      if format == .text { text = rendered }
      guard format != .github else { continue }
      let control = rendered.unicodeScalars.first {
        ($0.value < 0x20 && $0 != "\n") || (0x7F...0x9F).contains($0.value)
      }
      expect(
        control == nil, "no control character is printed as \(format.rawValue)",
        String(control?.value ?? 0, radix: 16))
    }
    return text
  }

  private mutating func check(_ finding: Finding) {
    expect(!finding.message.isEmpty, "a finding says what is wrong")
    for span in [finding.span].compactMap({ $0 }) + finding.related.map(\.span) {
      expect(
        reader.texts.contains(ObjectIdentifier(span.file)),
        "a finding points into a text that was read",
        "H\(finding.id.number) \(span.file.name) \(finding.message)")
      expect(
        span.range.lowerBound >= 0 && span.range.upperBound <= span.file.bytes.count,
        "a finding points inside its text", "H\(finding.id.number) \(span.range)")
      expect(
        span.endLine >= span.line && span.endLine <= span.file.lineCount,
        "a finding ends where it begins or later", "H\(finding.id.number) \(span.range)")
    }
  }
}
