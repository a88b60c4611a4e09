/// A problem with, or a remark about, what the user wrote or the data it names.
///
/// Findings are collected and shown together. Renderers turn them into text, JSON or GitHub
/// annotations. Messages are lowercase without a period, with user text in backticks.
public struct Finding: Sendable {
  /// A stable identifier such as `H231`. H1xx YAML, H2xx spec, H3xx SQL and data, H4xx time and
  /// leakage, H5xx learning, H6xx registry, H7xx environment, H8xx production.
  public struct ID: Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
    /// The number without the letter.
    public let number: Int

    /// Makes the identifier with this number.
    public init(_ number: Int) { self.number = number }

    /// The identifier as people see it, such as `H231`.
    public var description: String { "H\(number)" }

    /// Orders by number.
    public static func < (left: ID, right: ID) -> Bool { left.number < right.number }

    /// Reads an identifier such as `H231`.
    /// - Throws: `DecodingError` for any other text.
    public init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      let text = try container.decode(String.self)
      guard text.hasPrefix("H"), let number = Int(text.dropFirst()) else {
        throw DecodingError.dataCorruptedError(in: container, debugDescription: "no id: \(text)")
      }
      self.init(number)
    }

    /// Writes the identifier as people see it.
    public func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      try container.encode(description)
    }
  }

  /// Whether work can go on.
  public enum Severity: String, Sendable { case error, warning }

  /// A second place that explains the first, such as where a key was given before.
  public struct Related: Sendable {
    /// The place.
    public var span: SourceSpan
    /// The text beside the mark.
    public var label: String

    /// Makes a place with the text to show beside it.
    public init(_ label: String, at span: SourceSpan) {
      self.span = span
      self.label = label
    }
  }

  /// The stable identifier, which `holdout explain` accepts.
  public var id: ID
  /// Whether work can go on.
  public var severity: Severity
  /// What is wrong, in one sentence.
  public var message: String
  /// The place of the problem; nil when no text is at fault (a missing library).
  public var span: SourceSpan?
  /// The text beside the caret: usually the fix.
  public var label: String?
  /// Other places that explain this one, shown below it.
  public var related: [Related]
  /// Further facts, one line each.
  public var notes: [String]
  /// What to do, one line each, shown last.
  public var hints: [String]

  /// Makes a finding of severity error.
  public init(
    _ id: Int, _ message: String, at span: SourceSpan? = nil, label: String? = nil,
    notes: [String] = [], hints: [String] = [], related: [Related] = []
  ) {
    self.init(
      id, .error, message, at: span, label: label, notes: notes, hints: hints, related: related)
  }

  /// Makes a finding.
  public init(
    _ id: Int, _ severity: Severity, _ message: String, at span: SourceSpan? = nil,
    label: String? = nil, notes: [String] = [], hints: [String] = [], related: [Related] = []
  ) {
    self.id = ID(id)
    self.severity = severity
    self.message = message
    self.span = span
    self.label = label
    self.related = related
    self.notes = notes
    self.hints = hints
  }
}

extension [Finding] {
  /// Whether any finding is an error, so that work cannot go on.
  public var hasErrors: Bool { contains { $0.severity == .error } }

  /// The first error on one line, such as `H231: unknown key`; nil without errors.
  public var firstError: String? {
    first { $0.severity == .error }.map { "\($0.id): \($0.message)" }
  }

  /// Throws all of the findings when any is an error.
  ///
  /// - Throws: `FindingsError` with every finding, including warnings.
  public func throwIfErrors() throws(FindingsError) {
    if hasErrors { throw FindingsError(self) }
  }
}

extension [Finding] {
  /// The same findings without duplicates, which a YAML anchor used twice or a sweep's members
  /// produce.
  public func withoutRepetitions() -> [Finding] {
    var seen: Set<[String]> = []
    return filter { finding in
      let place = finding.span.map { "\(ObjectIdentifier($0.file)) \($0.range)" } ?? ""
      return seen.insert([finding.id.description, finding.message, place]).inserted
    }
  }

  /// The findings in reading order: files in the order in which they first appear, and within a
  /// file by place. Findings with equal places, or without a place, keep their order.
  public func sortedByPlace() -> [Finding] {
    var ranks: [String?: Int] = [:]
    for finding in self where ranks[finding.span?.file.name] == nil {
      ranks[finding.span?.file.name] = ranks.count
    }
    let keyed = enumerated().map { index, finding in
      (
        key: (
          ranks[finding.span?.file.name] ?? 0, finding.span?.range.lowerBound ?? 0, index
        ),
        finding: finding
      )
    }
    return keyed.sorted { $0.key < $1.key }.map(\.finding)
  }
}

/// Thrown when findings of severity error stop the work. Carries all findings collected.
public struct FindingsError: Error {
  /// All findings, including warnings.
  public let findings: [Finding]

  /// Makes an error from several findings.
  public init(_ findings: [Finding]) { self.findings = findings }

  /// Makes an error from a single finding.
  public init(_ finding: Finding) { self.findings = [finding] }
}
