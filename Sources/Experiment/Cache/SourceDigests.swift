internal import Diagnostics
internal import Foundation
internal import OrderedCollections
internal import Panel
internal import Runs
internal import Spec

/// Identifies the rows of sources without reading again those that have been read before.
///
/// A file's content is hashed once. From then on the file is identified by path, size, change time
/// and inode. A table of a DuckDB file is identified by the same facts about that file. Rows of any
/// other source have to be loaded first.
struct SourceDigests {
  let project: Project
  let cache: Cache

  /// The number of seconds after its last change in which a file may change again without a new
  /// time stamp.
  ///
  /// Linux stamps files at most 10 ms late. A file system that stores whole seconds, or every other
  /// second, gives itself away by a stamp without a fraction.
  private static func settling(_ changed: timespec) -> TimeInterval {
    changed.tv_nsec == 0 ? 2 : 0.05
  }

  /// A file's length and the SHA-256 of its content.
  func file(_ path: String) -> (bytes: Int, sha256: String)? {
    guard let inputs = state(path, "file") else { return Fingerprint.measured(file: path) }
    if let known = cache.value(Measured.self, inputs) { return (known.bytes, known.sha256) }
    guard let found = Fingerprint.measured(file: path) else { return nil }
    if state(path, "file") == inputs {
      try? cache.keep(value: Measured(bytes: found.bytes, sha256: found.sha256), for: inputs)
    }
    return found
  }

  private struct Measured: Codable {
    let bytes: Int
    let sha256: String
  }

  /// The content hash of a source's rows, as of the last load; nil when they have to be loaded.
  func contentHash(_ source: SourceSpec) -> String? {
    rows(of: source).flatMap { cache.value(String.self, $0) }
  }

  /// Stores a content hash that a load has computed.
  /// - Parameter before: `rows(of:)` from before the load. If it differs now, the file changed in
  ///   the meantime.
  func keep(_ contentHash: String, of source: SourceSpec, before: CacheInputs?) {
    guard let before, rows(of: source) == before else { return }
    try? cache.keep(value: contentHash, for: before)
  }

  /// The facts that identify the rows of a table in a DuckDB file; nil for other sources.
  func rows(of source: SourceSpec) -> CacheInputs? {
    guard case .table(let table, let connection) = source.location,
      case .duckdb(let path)? = project.spec.connections[connection?.value ?? "default"]?.target,
      let address = try? path.resolved(project.spec.environment)
    else { return nil }
    let full = address.hasPrefix("/") ? address : "\(project.folder)/\(address)"
    // Committed data that is not in the file yet is in the log beside it.
    let log = "\(full).wal"
    guard var inputs = state(full, "table") else { return nil }
    inputs.add("table", table.value)
    guard FileManager.default.fileExists(atPath: log) else { return inputs }
    guard let written = state(log, "log") else { return nil }
    return inputs.adding("log", written.key)
  }

  /// A file's path, size, change time and inode; nil when it is not a file, or changed just now.
  private func state(_ path: String, _ kind: String) -> CacheInputs? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    // Unlike the modification time, the change time cannot be set back.
    let changed = status.st_ctim
    guard
      Date().timeIntervalSince1970 - Double(changed.tv_sec) - Double(changed.tv_nsec) * 1e-9
        > Self.settling(changed)
    else { return nil }
    return CacheInputs(kind).adding("path", path).adding("size", "\(status.st_size)")
      .adding("changed", "\(changed.tv_sec).\(changed.tv_nsec)")
      .adding("inode", "\(status.st_dev) \(status.st_ino)")
  }
}

extension [DataFingerprint] {
  /// The identity of each source's rows. A source is left out if any part of it is unknown.
  var contents: [String: String] {
    Dictionary(grouping: self, by: \.source).compactMapValues { prints in
      let parts = prints.map { $0.sha256 ?? $0.contentHash }
      return parts.contains(nil) ? nil : parts.compactMap(\.self).joined(separator: " ")
    }
  }
}
