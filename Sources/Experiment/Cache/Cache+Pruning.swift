internal import Files
internal import Foundation
internal import Glibc

/// The size of a cache's entries, and how it is reduced.
///
/// Only files with the names of entries are ever removed. If holdout.yaml names a user's folder by
/// mistake, its files stay.
extension Cache {
  public struct Size: Sendable {
    public let entries: Int
    public let bytes: Int
  }

  /// One entry, or a leftover of an earlier version.
  private struct File {
    let path: String
    let key: String
    let isComplete: Bool
    let bytes: Int
    /// The time of its last use.
    let used: Double
  }

  public var size: Size { Self.size(of: files.filter(\.isComplete)) }

  private static func size(of files: [File]) -> Size {
    Size(entries: files.count, bytes: files.reduce(0) { $0 + $1.bytes })
  }

  /// The most bytes that entries may use once a command is done: `cache_size` of holdout.yaml, or
  /// else 10 GB or a tenth of the disk, whichever is less.
  public var limit: Int { limit(beside: size.bytes) }

  /// - Parameter bytes: the size of the entries.
  private func limit(beside bytes: Int) -> Int {
    if let declaredLimit { return declaredLimit }
    var status = statvfs()
    guard statvfs(folder, &status) == 0 else { return Self.defaultLimit }
    // The cache's own bytes count as free, so that the limit does not fall as the cache fills.
    let free = Int(clamping: status.f_bavail).multipliedReportingOverflow(
      by: Int(clamping: status.f_frsize))
    let room =
      free.overflow
      ? Int.max
      : free.partialValue.addingReportingOverflow(bytes)
        .partialValue
    return min(Self.defaultLimit, max(0, room / 10))
  }

  private static let defaultLimit = 10_000_000_000

  /// Removes the least recently used entries until the rest use at most a given number of bytes.
  /// Runs that are reading removed entries make them again.
  /// - Returns: what was removed.
  public func prune(keep: Int) -> Size {
    prune(keep: keep, sparing: [])
  }

  /// Removes the least recently used entries beyond the limit, but none that this process has read
  /// or added.
  @discardableResult
  public func trim() -> Size {
    guard isTrusted else { return Size(entries: 0, bytes: 0) }
    let files = files
    let bytes = Self.size(of: files).bytes
    return prune(files, keep: limit(beside: bytes), sparing: used)
  }

  private func prune(keep: Int, sparing: Set<String>) -> Size {
    prune(files, keep: keep, sparing: sparing)
  }

  private func prune(_ files: [File], keep: Int, sparing: Set<String>) -> Size {
    for folder in folders { Scratch.removeAbandoned(in: folder) }
    var total = Self.size(of: files).bytes
    var (entries, bytes) = (0, 0)
    // A file that is being written is recent. A file that a killed run left is not.
    let stale = Date().timeIntervalSince1970 - 3600
    for file in files where !file.isComplete && file.used < stale && unlink(file.path) == 0 {
      total -= file.bytes
      bytes += file.bytes
    }
    for file in files.filter(\.isComplete).sorted(by: { $0.used < $1.used })
    where total > keep && !sparing.contains(file.key) && unlink(file.path) == 0 {
      total -= file.bytes
      entries += 1
      bytes += file.bytes
    }
    return Size(entries: entries, bytes: bytes)
  }

  /// The folders that contain entries, such as `entries/3f`.
  private var folders: [String] {
    guard isTrusted else { return [] }
    return ((try? Files.names(in: "\(folder)/entries")) ?? []).filter {
      $0.utf8.count == 2 && Self.isHexadecimal($0)
    }.map { "\(folder)/entries/\($0)" }.filter { FileKind(at: $0) == .folder }
  }

  private var files: [File] {
    folders.flatMap { folder in
      ((try? Files.names(in: folder)) ?? []).compactMap { name in
        let key = String(name.prefix(64))
        guard key.utf8.count == 64, Self.isHexadecimal(key), folder.hasSuffix("/\(key.prefix(2))"),
          name == key || name.hasSuffix(".tmp")
        else { return nil }
        var status = stat()
        guard lstat("\(folder)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
          return nil
        }
        return File(
          path: "\(folder)/\(name)", key: key, isComplete: name == key,
          bytes: Int(status.st_size),
          used: Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) * 1e-9)
      }
    }
  }

  private static func isHexadecimal(_ text: String) -> Bool {
    text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }
}
