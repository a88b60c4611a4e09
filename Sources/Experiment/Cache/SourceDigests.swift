internal import Diagnostics
internal import Foundation
internal import OrderedCollections
internal import Panel
internal import Spec

/// What the rows of sources are, told without reading those that have been read before.
///
/// A file's content is hashed once, and known from then on by path, size, time of change and inode. So is
/// a table's of a DuckDB file, by those of the file. Rows of anything else have to be loaded first.
struct SourceDigests {
  let project: Project
  let cache: Cache

  /// Seconds after its last change in which a file may change again within the same tick of the clock.
  ///
  /// Linux stamps files at most 10 ms late. A file system that keeps whole seconds, or every other one,
  /// shows by a stamp without a fraction.
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

  /// The content hash of a source's rows, as the last load found it; nil where they have to be loaded.
  func contentHash(_ source: SourceSpec) -> String? {
    rows(of: source).flatMap { cache.value(String.self, $0) }
  }

  /// Keeps a content hash that a load has found.
  /// - Parameter before: `rows(of:)` as it was before the load; another now says that the file was
  ///   changed meanwhile.
  func keep(_ contentHash: String, of source: SourceSpec, before: CacheInputs?) {
    guard let before, rows(of: source) == before else { return }
    try? cache.keep(value: contentHash, for: before)
  }

  /// What tells the rows of a table of a DuckDB file from those before; nil for other sources.
  func rows(of source: SourceSpec) -> CacheInputs? {
    guard case .table(let table, let connection) = source.location,
      case .duckdb(let path)? = project.spec.connections[connection?.value ?? "default"]?.target,
      let address = try? path.resolved(project.spec.environment)
    else { return nil }
    let full = address.hasPrefix("/") ? address : "\(project.folder)/\(address)"
    // What has been committed and is not in the file yet is in the log beside it.
    let log = "\(full).wal"
    guard var inputs = state(full, "table") else { return nil }
    inputs.add("table", table.value)
    guard FileManager.default.fileExists(atPath: log) else { return inputs }
    guard let written = state(log, "log") else { return nil }
    return inputs.adding("log", written.key)
  }

  /// A file's path, size, time of change and inode; nil where it is none, or was changed just now.
  private func state(_ path: String, _ kind: String) -> CacheInputs? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    // Unlike the time of the last write, nobody can set it back.
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
  /// By source, what its rows are; without those of which a part is not known.
  var contents: [String: String] {
    Dictionary(grouping: self, by: \.source).compactMapValues { prints in
      let parts = prints.map { $0.sha256 ?? $0.contentHash }
      return parts.contains(nil) ? nil : parts.compactMap(\.self).joined(separator: " ")
    }
  }
}
