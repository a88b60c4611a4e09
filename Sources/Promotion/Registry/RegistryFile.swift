internal import Diagnostics
internal import Foundation

/// The registry's file, opened and locked until the value goes.
///
/// Changes hold an exclusive lock, readings a shared one; the system lifts a lock with its process,
/// however that ends.
struct RegistryFile: ~Copyable {
  private let descriptor: Int32
  private let path: String
  private let shown: String

  /// Waits for the lock.
  /// - Parameters:
  ///   - shown: what findings call the file.
  ///   - forChanges: makes the file where there is none.
  ///   - patience: the seconds after which waiting ends.
  /// - Returns: nil where there is no file to read.
  /// - Throws: `FindingsError`.
  init?(
    _ path: String, shown: String, forChanges: Bool, patience: Double = 60
  ) throws(FindingsError) {
    let flags = (forChanges ? O_RDWR | O_CREAT : O_RDONLY) | O_CLOEXEC | O_NOFOLLOW
    let end = DispatchTime.now() + patience
    while true {
      let opened = open(path, flags, 0o644)
      if opened < 0 {
        let reason = errno
        if reason == ENOENT, !forChanges { return nil }
        throw FindingsError(
          forChanges ? .unwritable(shown, reason) : .unreadableRegistry(shown, reason))
      }
      while flock(opened, (forChanges ? LOCK_EX : LOCK_SH) | LOCK_NB) != 0 {
        let reason = errno
        guard reason == EWOULDBLOCK || reason == EINTR else {
          close(opened)
          throw FindingsError(.unwritable(shown, reason))
        }
        guard DispatchTime.now() < end else {
          close(opened)
          throw FindingsError(.lockedRegistry(shown, seconds: Int(patience)))
        }
        usleep(10_000)
      }
      if Self.isSame(opened, path) {
        descriptor = opened
        self.path = path
        self.shown = shown
        return
      }
      // Another file has been put in its place meanwhile, as git does: that is the one to lock.
      close(opened)
    }
  }

  deinit { close(descriptor) }

  private static func isSame(_ descriptor: Int32, _ path: String) -> Bool {
    var (opened, named) = (stat(), stat())
    return fstat(descriptor, &opened) == 0 && stat(path, &named) == 0
      && opened.st_ino == named.st_ino && opened.st_dev == named.st_dev
  }

  /// Everything that the file holds.
  /// - Throws: `FindingsError`.
  borrowing func read() throws(FindingsError) -> Data {
    var bytes = Data()
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = pread(descriptor, &buffer, buffer.count, off_t(bytes.count))
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw FindingsError(.unreadableRegistry(shown, errno)) }
      if count == 0 { return bytes }
      bytes.append(contentsOf: buffer[..<count])
    }
  }

  /// Cuts off what follows the first bytes.
  /// - Throws: `FindingsError`.
  borrowing func cut(to length: Int) throws(FindingsError) {
    guard ftruncate(descriptor, off_t(length)) == 0, fsync(descriptor) == 0 else {
      throw FindingsError(.unwritable(shown, errno))
    }
  }

  /// Adds bytes after the first ones, whole or not at all, and waits until the disk has them.
  /// - Throws: `FindingsError`; the file is then as before.
  borrowing func append(_ bytes: Data, after length: Int) throws(FindingsError) {
    let written = bytes.withUnsafeBytes { buffer in
      pwrite(descriptor, buffer.baseAddress, buffer.count, off_t(length))
    }
    guard written == bytes.count, fsync(descriptor) == 0 else {
      let reason = written >= 0 && written < bytes.count ? ENOSPC : errno
      _ = ftruncate(descriptor, off_t(length))
      _ = fsync(descriptor)
      throw FindingsError(.unwritable(shown, reason))
    }
    do throws(FileFailure) {
      try DurableFiles.sync(folder: (path as NSString).deletingLastPathComponent)
    } catch {
      throw FindingsError(.unwritable(shown, error.code))
    }
  }
}
