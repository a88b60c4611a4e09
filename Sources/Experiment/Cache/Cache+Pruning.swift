internal import Foundation
internal import Glibc

/// What a cache's entries take, and how it is made smaller.
extension Cache {
  public struct Size: Sendable {
    public let entries: Int
    public let bytes: Int
  }

  /// One entry, or what a killed run left of one.
  private struct File {
    let path: String
    let bytes: Int
    /// The time of its last use.
    let used: Double
  }

  public var size: Size {
    let files = files
    return Size(entries: files.count, bytes: files.reduce(0) { $0 + $1.bytes })
  }

  /// Removes the entries that have not been used for the longest, until the rest takes no more than some
  /// bytes. Runs that read them meanwhile make them again.
  /// - Returns: what was removed.
  public func prune(keep: Int) -> Size {
    var files = files.sorted { $0.used < $1.used }
    var total = files.reduce(0) { $0 + $1.bytes }
    var (entries, bytes) = (0, 0)
    // A file that is being written is young; one that a killed run left is not.
    let stale = files.filter {
      $0.path.hasSuffix(".tmp") && $0.used < Date().timeIntervalSince1970 - 3600
    }
    for file in stale where unlink(file.path) == 0 {
      total -= file.bytes
      bytes += file.bytes
    }
    files.removeAll { $0.path.hasSuffix(".tmp") }
    for file in files where total > keep && unlink(file.path) == 0 {
      total -= file.bytes
      entries += 1
      bytes += file.bytes
    }
    return Size(entries: entries, bytes: bytes)
  }

  private var files: [File] {
    let root = "\(folder)/entries"
    return (FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? [])
      .compactMap { name in
        var status = stat()
        guard stat("\(root)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
          return nil
        }
        return File(
          path: "\(root)/\(name)", bytes: Int(status.st_size),
          used: Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) * 1e-9)
      }
  }
}
