public import Diagnostics
internal import Files
public import Foundation
public import Learning

/// The files of a run or of its refit, and the SHA-256 of each from its run.json.
///
/// All reads of a run's files go through here. A file that differs from what the run wrote is a
/// finding.
public struct RunFiles: Sendable {
  public let folder: String
  /// By name; nil when an earlier version made the run and stored no hashes.
  let hashes: [String: String]?

  /// A file's path.
  public func path(_ file: String) -> String { "\(folder)/\(file)" }

  /// Reads a file's content.
  /// - Parameter what: what the file holds, for a finding: "a model".
  /// - Throws: `FindingsError` when it cannot be read, or is not what the run wrote.
  public func content(_ file: String, what: String) throws(FindingsError) -> Data {
    let content: Data
    do throws(FileError) {
      content = try Files.read(path(file))
    } catch {
      throw FindingsError(.unreadableRunFile(path(file), what: what, error.reason))
    }
    try check(file, Fingerprint.of(content))
    return content
  }

  /// Checks a file and returns its path, for callers that read the file themselves.
  /// - Throws: as `content(_:what:)`.
  @discardableResult
  public func checkedPath(_ file: String, what: String) throws(FindingsError) -> String {
    guard let hash = Fingerprint.of(file: path(file)) else {
      throw FindingsError(.unreadableRunFile(path(file), what: what, "it cannot be read"))
    }
    try check(file, hash)
    return path(file)
  }

  /// Rejects a file whose SHA-256 differs from the record's.
  public func check(_ file: String, _ hash: String) throws(FindingsError) {
    guard let hashes else { return }
    guard let expected = hashes[file] else {
      throw FindingsError(.damagedRunFile(path(file), "the run's record does not name it"))
    }
    guard hash == expected else {
      throw FindingsError(.damagedRunFile(path(file), "its content was changed"))
    }
  }

  /// Rejects the text of a run.json that does not match these hashes.
  public func checkRecord(_ text: Data) throws(FindingsError) {
    let record = try? RunRecord(json: text)
    // A refit's hashes include spec.yaml in addition to the files in its own record.
    let isSame =
      record.map { record in
        hashes.map { hashes in
          record.files.map { $0.allSatisfy { hashes[$0.key] == $0.value } } ?? false
        } ?? true
      } ?? false
    guard isSame, Seal(text) != .broken else {
      throw FindingsError(.damagedRunFile(path("run.json"), "its content was changed"))
    }
  }

  /// Reads every file that the record names.
  /// - Throws: `FindingsError` with a finding for each file that is missing or changed.
  public func checkAll(where isWanted: (String) -> Bool = { _ in true }) throws(FindingsError) {
    var findings: [Finding] = []
    for file in (hashes ?? [:]).keys.sorted() where isWanted(file) {
      do throws(FindingsError) {
        try checkedPath(file, what: "a file of a run")
      } catch {
        findings += error.findings
      }
    }
    try findings.throwIfErrors()
  }

  /// The SHA-256 of some files of a folder, by name.
  /// - Throws: `CocoaError` when one cannot be read.
  static func hashes(of files: [String], in folder: String) throws -> [String: String] {
    try files.reduce(into: [:]) { hashes, file in
      guard let hash = Fingerprint.of(file: "\(folder)/\(file)") else {
        throw CocoaError(.fileReadUnknown)
      }
      hashes[file] = hash
    }
  }
}

/// A document that carries the SHA-256 of its own text, so that any change can be detected.
///
/// The hash covers the text without the line that holds the hash.
package protocol SealedDocument: Codable {
  /// The alphabetical order of the keys never puts this one last.
  var recordSha256: String? { get set }
}

extension SealedDocument {
  /// Returns the text with its hash.
  /// - Throws: `EncodingError`.
  package func sealedJSON() throws -> Data {
    var document = self
    document.recordSha256 = nil
    document.recordSha256 = Fingerprint.of(try JSONDocument.data(document))
    return try JSONDocument.data(document)
  }
}

/// Whether a document is as it was written.
package enum Seal {
  case intact, broken
  /// The document carries no hash.
  case absent

  private static let mark = Data("\n  \"record_sha256\" : \"".utf8)
  private static let end = Data("\",".utf8)

  package init(_ text: Data) {
    guard let start = text.range(of: Self.mark) else {
      self = .absent
      return
    }
    let rest = text[start.upperBound...]
    guard let end = rest.range(of: Self.end), rest.range(of: Self.mark) == nil else {
      self = .broken
      return
    }
    let hash = String(decoding: rest[..<end.lowerBound], as: UTF8.self)
    let others = text[..<start.lowerBound] + text[end.upperBound...]
    self = Fingerprint.of(others) == hash ? .intact : .broken
  }
}

// Files of a run that differ from what the run wrote: H660.
extension Finding {
  public static func damagedRunFile(_ path: String, _ reason: String) -> Finding {
    Finding(
      660, "`\(path)` is not the file that the run wrote: \(reason)",
      hints: ["run the spec again: `holdout run` replaces a run whose files were changed"])
  }
}

extension Explanation {
  static let runFilesFindings: [Explanation] = [
    Explanation(
      660, "file of a run that was changed",
      cause: """
        The run.json of a run has the SHA-256 of each of its files, and of itself. A file has \
        another hash: it was edited, or damaged by the disk or a copy. Its numbers could be wrong, \
        so it is not read.
        """,
      example: .commands(
        "\(Example.run) && echo >> results/renewals/runs/2*/predictions.parquet && "
          + "holdout compare renewals renewals"),
      fix: """
        Run the spec again: `holdout run` notices the change and replaces the run. Do not change \
        the files of a run by hand.
        """)
  ]
}

/// A run's category_levels.json: the levels that each category feature learned on the train rows.
public struct CategoryFile: Encodable {
  public let levels: [String: CategoryLevels]

  package init(levels: [String: CategoryLevels]) { self.levels = levels }

  /// Reads what `json` wrote.
  /// - Throws: `DecodingError`.
  public init(json: Data) throws {
    levels = try JSONDecoder().decode([String: CategoryLevels].self, from: json)
  }

  package func json() throws -> Data { try JSONDocument.data(levels, isSnakeCase: false) }
}
