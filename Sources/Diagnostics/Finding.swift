/// Something wrong, or worth knowing, about what the user wrote or the data it names.
///
/// Findings are collected and shown together; renderers turn them into text, JSON or GitHub
/// annotations. Messages are lower case without a full stop, user text stands in backticks.
public struct Finding: Sendable {
  /// A stable identifier such as `H231`. H1xx YAML, H2xx spec, H3xx SQL and data, H4xx time and
  /// leakage, H5xx learning, H6xx registry, H7xx environment.
  public struct ID: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let number: Int
    public init(_ number: Int) { self.number = number }
    public var description: String { "H\(number)" }
    public static func < (left: ID, right: ID) -> Bool { left.number < right.number }
  }

  public enum Severity: String, Sendable { case error, warning }

  public var id: ID
  public var severity: Severity
  /// What is wrong, in one sentence.
  public var message: String
  /// Where; nil when no place in a text is at fault (a missing library).
  public var span: SourceSpan?
  /// The words beside the caret: usually the mend.
  public var label: String?
  /// Further facts, one line each.
  public var notes: [String]
  /// What to do, one line each, shown last.
  public var hints: [String]

  public init(
    _ id: Int, _ severity: Severity = .error, _ message: String, at span: SourceSpan? = nil,
    label: String? = nil, notes: [String] = [], hints: [String] = []
  ) {
    self.id = ID(id)
    self.severity = severity
    self.message = message
    self.span = span
    self.label = label
    self.notes = notes
    self.hints = hints
  }
}

/// Thrown when findings of severity error leave no way on; carries all that were collected.
public struct FindingsError: Error {
  public let findings: [Finding]
  public init(_ findings: [Finding]) { self.findings = findings }
  public init(_ finding: Finding) { self.findings = [finding] }
}

extension [Finding] {
  /// Whether any is an error, so that work cannot go on.
  public var hasErrors: Bool { contains { $0.severity == .error } }

  /// Throws all of them when any is an error.
  public func throwIfErrors() throws(FindingsError) {
    if hasErrors { throw FindingsError(self) }
  }
}
