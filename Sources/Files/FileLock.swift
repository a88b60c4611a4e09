public import Foundation

/// A lock on a file or folder, held for the lifetime of this value.
///
/// The operating system releases the lock when the process ends, however it ends. The lock also
/// works between containers and machines that share the file system.
public struct FileLock: ~Copyable {
  private let descriptor: Int32

  /// Waits for the lock.
  /// - Parameters:
  ///   - path: an existing file or folder.
  ///   - isShared: whether others may hold a shared lock at the same time.
  ///   - timeout: the longest time to wait, in seconds; nil waits forever.
  /// - Throws: `FileError`; its code is `EWOULDBLOCK` if the time runs out.
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
      // The path may now lead to a different file, because programs such as git replace files. Lock
      // the new one.
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

  /// Releases the lock. Calling this keeps the value, and so the lock, alive until here.
  public consuming func unlock() {}
}

/// A locked file that is read and that changes only by appending to it or truncating it.
///
/// The lock lasts as long as this value. The operating system releases it when the process ends,
/// however it ends.
public struct LockedFile: ~Copyable {
  private let descriptor: Int32
  private let path: String

  /// Opens a file and waits for its lock: shared for reading, exclusive for changes.
  /// - Parameters:
  ///   - forChanges: whether the file will be changed; if so, it is created when missing.
  ///   - timeout: the longest time to wait, in seconds.
  /// - Throws: `FileError`; its code is `EWOULDBLOCK` if the time runs out.
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
      // The path may now lead to a different file, because programs such as git replace files. Lock
      // the new one.
      if Scratch.isSame(opened, path) {
        descriptor = opened
        self.path = path
        return
      }
      close(opened)
    }
  }

  deinit { close(descriptor) }

  /// Returns the contents of the file.
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

  /// Truncates the file to its first `length` bytes.
  /// - Throws: `FileError`.
  public borrowing func cut(to length: Int) throws(FileError) {
    guard ftruncate(descriptor, off_t(length)) == 0, fsync(descriptor) == 0 else {
      throw FileError(path, errno)
    }
  }

  /// Writes bytes after the first `length` bytes, all or none of them, and waits for the disk.
  /// - Throws: `FileError`; the file is then unchanged.
  public borrowing func append(_ bytes: Data, after length: Int) throws(FileError) {
    // Make the name of a new file durable before its contents count.
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
