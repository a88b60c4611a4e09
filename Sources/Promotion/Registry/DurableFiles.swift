internal import Foundation

/// Files that are on the disk once they are said to be.
enum DurableFiles {
  /// Writes a new file, or over an old one.
  static func write(_ bytes: Data, to path: String) throws(FileFailure) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
    guard descriptor >= 0 else { throw FileFailure(path, errno) }
    defer { close(descriptor) }
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.write(
          descriptor, buffer.baseAddress.map { $0 + written }, buffer.count - written)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw FileFailure(path, count == 0 ? ENOSPC : errno) }
      written += count
    }
    guard fsync(descriptor) == 0 else { throw FileFailure(path, errno) }
  }

  /// Puts a file or a folder in the place of another, or of nothing.
  static func move(_ path: String, to place: String) throws(FileFailure) {
    guard rename(path, place) == 0 else { throw FileFailure(place, errno) }
  }

  /// Makes a folder and those above it that are not there.
  static func makeFolder(_ path: String) throws(FileFailure) {
    if mkdir(path, 0o755) == 0 { return }
    switch errno {
    case EEXIST: return
    case ENOENT:
      try makeFolder((path as NSString).deletingLastPathComponent)
      guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw FileFailure(path, errno) }
    default: throw FileFailure(path, errno)
    }
  }

  /// Waits until the disk has the names in a folder.
  static func sync(folder: String) throws(FileFailure) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileFailure(folder, errno) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw FileFailure(folder, errno) }
  }
}

/// A call of the system that failed.
struct FileFailure: Error {
  let path: String
  /// The system's number of the reason.
  let code: Int32

  init(_ path: String, _ code: Int32) {
    self.path = path
    self.code = code
  }
}
