public import Diagnostics
public import Promotion

/// A verification of the registry for programs: stable keys, names in their order. Values that are
/// not there are null.
public struct RegistryDocument: Encodable, Sendable {
  enum Outcome: String, Encodable { case complete, changed }

  /// A name of the registry.
  struct Entry: Encodable {
    let champion: RegistryReport.Entry

    private enum CodingKeys: String, CodingKey { case at, key, name, runId, sequence, versions }

    func encode(to encoder: any Encoder) throws {
      let record = champion.champion
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(record.at, forKey: .at)
      try container.encode(champion.key, forKey: .key)
      try container.encode(record.name, forKey: .name)
      try container.encode(record.runId, forKey: .runId)
      try container.encode(record.sequence, forKey: .sequence)
      try container.encode(champion.versions, forKey: .versions)
    }
  }

  private let outcome: Outcome
  private let entries: [RegistryReport.Entry]
  private let records: Int?
  private let head: RegistryHead?
  private let findings: [Finding]

  /// A verification that passed.
  public init(_ report: RegistryReport) {
    (outcome, entries, records) = (.complete, report.entries, report.records)
    (head, findings) = (report.head, report.warnings)
  }

  /// A verification that failed.
  public init(_ error: FindingsError) {
    (outcome, entries, records) = (.changed, [], nil)
    (head, findings) = (nil, error.findings)
  }

  private enum CodingKeys: String, CodingKey { case findings, head, names, outcome, records }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(
      findings.sortedByPlace().map(FindingDocument.init), forKey: .findings)
    try container.encode(head?.description, forKey: .head)
    try container.encode(entries.map(Entry.init), forKey: .names)
    try container.encode(outcome, forKey: .outcome)
    try container.encode(records, forKey: .records)
  }
}

/// A finding within a document, with the keys of `JSONRenderer`.
private struct FindingDocument: Encodable {
  let finding: Finding

  private enum CodingKeys: String, CodingKey {
    case id, severity, message, label, related, notes, hints
  }

  private struct Related: Encodable {
    let related: Finding.Related

    private enum CodingKeys: String, CodingKey { case label }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(related.label, forKey: .label)
      try Place(span: related.span).encode(to: encoder)
    }
  }

  /// Lines and columns start at 1.
  private struct Place: Encodable {
    let span: SourceSpan?

    private enum CodingKeys: String, CodingKey { case file, line, column, endLine, endColumn }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(span?.file.name, forKey: .file)
      try container.encode(span?.line, forKey: .line)
      try container.encode(span?.column, forKey: .column)
      try container.encode(span?.endLine, forKey: .endLine)
      try container.encode(span?.endColumn, forKey: .endColumn)
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(finding.id.description, forKey: .id)
    try container.encode(finding.severity.rawValue, forKey: .severity)
    try container.encode(finding.message, forKey: .message)
    try Place(span: finding.span).encode(to: encoder)
    try container.encode(finding.label, forKey: .label)
    try container.encode(finding.related.map(Related.init), forKey: .related)
    try container.encode(finding.notes, forKey: .notes)
    try container.encode(finding.hints, forKey: .hints)
  }
}
