package import Foundation

/// An audit for programs: stable keys, checks in their order, figures by name.
public struct AuditDocument: SealedDocument, Sendable {
  public struct Check: Codable, Sendable {
    public let id: String
    /// `pass`, `fail` or `inconclusive`.
    public let verdict: String
    public let sentence: String
    public let numbers: [String: Double]
    public let details: [String]
    /// Why the spec accepts a check that does not pass; absent if it does not.
    public let accepted: String?
    public let seconds: Double

    /// Makes a check. Its duration is rounded to milliseconds.
    public init(
      id: String, verdict: String, sentence: String, numbers: [String: Double],
      details: [String], accepted: String?, seconds: Double
    ) {
      (self.id, self.verdict, self.sentence) = (id, verdict, sentence)
      (self.numbers, self.details) = (numbers, details)
      (self.accepted, self.seconds) = (accepted, AuditDocument.rounded(seconds))
    }
  }

  public let name: String
  /// `fail` when a check failed or the spec has caveats, and the spec does not accept this in
  /// writing; otherwise `inconclusive` when a check was; otherwise `pass`.
  public let verdict: String
  /// Checks by verdict: `pass`, `fail`, `inconclusive`.
  public let counts: [String: Int]
  /// The spec's caveats, in words.
  public let caveats: [String]
  public let folds: Int
  public let checks: [Check]
  public let preparationSeconds: Double
  public let seconds: Double
  /// The audited run; absent when a spec was audited.
  public package(set) var runId: String?
  /// The SHA-256 of the text without this line; absent when the audit is not stored.
  public package(set) var recordSha256: String?

  /// Makes a document. Durations are rounded to milliseconds.
  public init(
    name: String, verdict: String, counts: [String: Int], caveats: [String], folds: Int,
    checks: [Check], preparationSeconds: Double, seconds: Double
  ) {
    (self.name, self.verdict, self.counts) = (name, verdict, counts)
    (self.caveats, self.folds, self.checks) = (caveats, folds, checks)
    self.preparationSeconds = Self.rounded(preparationSeconds)
    self.seconds = Self.rounded(seconds)
  }

  private static func rounded(_ seconds: Double) -> Double { (seconds * 1000).rounded() / 1000 }

  /// Reads what `json` wrote.
  /// - Throws: `DecodingError`.
  package init(json: Data) throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    self = try decoder.decode(AuditDocument.self, from: json)
  }
}
