internal import Foundation

/// A lock on a file or a folder that lasts as long as this value.
///
/// The system lifts it with the process, however that ends, and it counts between containers and
/// machines that share the file system.
public struct FileLock: ~Copyable {
  private let descriptor: Int32

  /// Waits for the lock.
  /// - Parameters:
  ///   - path: a file or a folder that exists.
  ///   - isShared: whether others may hold a shared lock at the same time.
  ///   - timeout: the seconds after which waiting ends; nil: never.
  /// - Throws: `FileError`; its code is `EWOULDBLOCK` where the time is up.
  public init(_ path: String, isShared: Bool = false, timeout: Double? = nil) throws(FileError) {
    let end = timeout.map { DispatchTime.now() + $0 }
    while true {
      let opened = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
      guard opened >= 0 else { throw FileError(path, errno) }
      let kind = isShared ? LOCK_SH : LOCK_EX
      while flock(opened, end == nil ? kind : kind | LOCK_NB) != 0 {
        let code = errno
        if code == EINTR { continue }
        guard code == EWOULDBLOCK, let end, DispatchTime.now() < end else {
          close(opened)
          throw FileError(path, code)
        }
        usleep(10_000)
      }
      // What was locked may have been replaced meanwhile, as git does: then the new one is locked.
      var (held, named) = (stat(), stat())
      if fstat(opened, &held) == 0, stat(path, &named) == 0, held.st_ino == named.st_ino,
        held.st_dev == named.st_dev
      {
        descriptor = opened
        return
      }
      close(opened)
    }
  }

  deinit { close(descriptor) }
}
