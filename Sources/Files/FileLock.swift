public import Foundation

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

  /// Lifts the lock, which lasts at least until this call.
  public consuming func unlock() {}
}

/// A file that holds its own lock, is read, and only grows at its end or is cut off there.
///
/// The lock lasts as long as this value, and ends with the process however that ends.
public struct LockedFile: ~Copyable {
  private let descriptor: Int32
  private let path: String

  /// Opens a file and waits for its lock: a shared one to read it, the only one to change it.
  /// - Parameters:
  ///   - forChanges: creates the file where there is none.
  ///   - timeout: the seconds after which waiting ends.
  /// - Throws: `FileError`; its code is `EWOULDBLOCK` where the time is up.
  public init(_ path: String, forChanges: Bool, timeout: Double) throws(FileError) {
    // Without O_NONBLOCK, opening a pipe waits for its other end.
    let flags =
      (forChanges ? O_RDWR | O_CREAT : O_RDONLY) | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
    let end = DispatchTime.now() + timeout
    while true {
      let opened = open(path, flags, 0o644)
      guard opened >= 0 else { throw FileError(path, errno) }
      var status = stat()
      guard fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
        close(opened)
        throw FileError(path, EINVAL, "it is \(FileKind(mode: status.st_mode).words)")
      }
      while flock(opened, (forChanges ? LOCK_EX : LOCK_SH) | LOCK_NB) != 0 {
        let code = errno
        if code == EINTR { continue }
        guard code == EWOULDBLOCK, DispatchTime.now() < end else {
          close(opened)
          throw FileError(path, code)
        }
        usleep(10_000)
      }
      // Another file may have been put in its place meanwhile, as git does: that is the one to lock.
      if Scratch.isSame(opened, path) {
        descriptor = opened
        self.path = path
        return
      }
      close(opened)
    }
  }

  deinit { close(descriptor) }

  /// Everything that the file holds.
  /// - Throws: `FileError`.
  public borrowing func read() throws(FileError) -> Data {
    var bytes = Data()
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = pread(descriptor, &buffer, buffer.count, off_t(bytes.count))
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw FileError(path, errno) }
      if count == 0 { return bytes }
      bytes.append(contentsOf: buffer[..<count])
    }
  }

  /// Cuts off what follows the first bytes.
  /// - Throws: `FileError`.
  public borrowing func cut(to length: Int) throws(FileError) {
    guard ftruncate(descriptor, off_t(length)) == 0, fsync(descriptor) == 0 else {
      throw FileError(path, errno)
    }
  }

  /// Adds bytes after the first ones, all or none of them, and waits until the disk has them.
  /// - Throws: `FileError`; the file is then as before.
  public borrowing func append(_ bytes: Data, after length: Int) throws(FileError) {
    // The name of a new file is on the disk before anything in it counts.
    try Files.sync(Files.parent(of: path))
    let written = bytes.withUnsafeBytes { buffer in
      pwrite(descriptor, buffer.baseAddress, buffer.count, off_t(length))
    }
    guard written == bytes.count, fsync(descriptor) == 0 else {
      let code = written >= 0 && written < bytes.count ? ENOSPC : errno
      _ = ftruncate(descriptor, off_t(length))
      _ = fsync(descriptor)
      throw FileError(path, code)
    }
  }
}
