internal import Cryptography
package import Diagnostics
package import Foundation
internal import OrderedCollections
internal import Panel
package import Spec

/// Identifies the data that a source read.
public struct DataFingerprint: Codable, Sendable {
  public let source: String
  /// The file's path relative to the project folder, or the connection and table.
  public let path: String
  public let bytes: Int?
  /// SHA-256 of the file's content; nil for rows that do not come from a file.
  public let sha256: String?
  /// For rows that do not come from a file: a hash of the rows with all their columns, in any
  /// order.
  public var contentHash: String?

  /// Returns one fingerprint for every file behind a source, in the order of the sources.
  /// - Parameters:
  ///   - contentHashes: by source, for sources that are not files.
  ///   - file: returns the length and SHA-256 of a file's content.
  package static func all(
    _ spec: ExperimentSpec, project: Project, contentHashes: [String: String],
    file: (String) -> (bytes: Int, sha256: String)? = Fingerprint.measured(file:)
  ) -> [DataFingerprint] {
    var known: [String: (bytes: Int, sha256: String)] = [:]
    return spec.sources.values.flatMap { source in
      files(source, project).map { shown, path in
        guard let path else {
          return DataFingerprint(
            source: source.name.value, path: shown, bytes: nil, sha256: nil,
            contentHash: contentHashes[source.name.value])
        }
        let full = path.hasPrefix("/") ? path : "\(project.folder)/\(path)"
        if known[full] == nil { known[full] = file(full) }
        return DataFingerprint(
          source: source.name.value, path: shown, bytes: known[full]?.bytes,
          sha256: known[full]?.sha256)
      }
    }
  }

  /// Where a source's rows are: the location as the spec writes it, and the file if it is one.
  private static func files(
    _ source: SourceSpec, _ project: Project
  ) -> [(shown: String, file: String?)] {
    switch source.location {
    case .file(let files):
      guard let found = try? SourceFiles(files, folder: project.folder) else {
        return files.paths.map { ($0.value, $0.value) }
      }
      return found.files.map { ($0.shown, $0.path) }
    case .query(_, nil): return [("sql", nil)]
    case .table(_, let connection), .query(_, let connection):
      let name = connection?.value ?? "default"
      guard let connection = project.spec.connections[name] else { return [(name, nil)] }
      switch connection.target {
      // Not the file's bytes: lists are written into it without changing any row that a run reads.
      case .duckdb(let path): return [(path.written.value, nil)]
      case .driver(let driver, _): return [("\(driver.value) connection \(name)", nil)]
      }
    }
  }

  /// Identifies a native library that does not report its version, by its content.
  package static func library(
    _ path: String, file: (String) -> (bytes: Int, sha256: String)?
  ) -> String {
    file(path).map { "sha256:\($0.sha256.prefix(12))" } ?? "unknown"
  }
}

extension [DataFingerprint] {
  /// Checks that these are the data that a run was made from.
  /// - Throws: `FindingsError` that names the sources that differ.
  package func check(against run: RunRecord) throws(FindingsError) {
    func contents(_ prints: [DataFingerprint]) -> [String: [String]] {
      Dictionary(grouping: prints, by: \.source).mapValues { prints in
        prints.map { "\($0.path) \($0.sha256 ?? $0.contentHash ?? "-")" }
      }
    }
    let (now, then) = (contents(self), contents(run.data))
    let changed = Set(now.keys).union(then.keys).filter { now[$0] != then[$0] }.sorted()
    if !changed.isEmpty { throw FindingsError(.dataChanged(since: run, changed)) }
  }
}

extension Finding {
  fileprivate static func dataChanged(since run: RunRecord, _ sources: [String]) -> Finding {
    Finding(
      624, "the data have changed since run `\(run.runId)`, so it cannot be audited",
      notes: ["changed since: \(sources.map { "`\($0)`" }.joined(separator: ", "))"],
      hints: ["run the spec again with `holdout run`"])
  }
}

/// SHA-256 as lowercase hexadecimal text.
package enum Fingerprint {
  /// The hash of some bytes.
  package static func of(_ bytes: some ContiguousBytes) -> String {
    SHA256.hash(bytes).hexadecimal
  }

  /// The hash of a file's content; nil when the file cannot be read.
  package static func of(file path: String) -> String? { measured(file: path)?.sha256 }

  /// The length and hash of a file's content, read in chunks; nil when the file cannot be read.
  package static func measured(file path: String) -> (bytes: Int, sha256: String)? {
    guard let file = FileHandle(forReadingAtPath: path) else { return nil }
    var hash = SHA256()
    var count = 0
    do {
      while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty {
        hash.update(piece)
        count += piece.count
      }
    } catch {
      return nil
    }
    return (count, hash.finalize().hexadecimal)
  }
}

extension Sequence<UInt8> {
  /// The bytes as lowercase hexadecimal text.
  package var hexadecimal: String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in self {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}

extension Example {
  /// Two commands, between which rows of a file are removed.
  package static func changingData(between first: String, and second: String) -> Example {
    Example(
      files: [
        Example.File(name: "spec.yaml", text: "extends: base.yaml\n"),
        Example.File(
          name: "fewer.sql",
          text: "COPY (SELECT * FROM 'data/calls.parquet' WHERE minutes > 1) "
            + "TO 'data/fewer.parquet' (FORMAT parquet);\n"),
      ], sql: "",
      command: "\(first) && holdout sql fewer.sql "
        + "&& mv data/fewer.parquet data/calls.parquet && \(second)")
  }
}

extension Explanation {
  static let dataFingerprintFindings: [Explanation] = [
    Explanation(
      624, "an audit of data that have changed since the run",
      cause: """
        A gate audits the spec of an existing run. The audit would read other data than the run \
        did, so its result would not apply to the run's metrics.
        """,
      example: .changingData(between: "holdout run spec.yaml", and: "holdout gate spec.yaml"),
      fix: """
        Run the spec again on today's data. An audit is stored with its run, so a gate runs it \
        only once.
        """)
  ]
}
