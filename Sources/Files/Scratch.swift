public import Foundation
internal import Synchronization

/// A temporary file or folder that is removed together with its owner unless it is moved into
/// place.
///
/// It is named `.holdout-LETTERS.tmp` and lies next to its destination, so moving it there is a
/// single `rename`. Its owner holds a lock on it. The system releases the lock when the process
/// ends, however it ends, in any container and on any machine that shares the folder.
/// `removeAbandoned` therefore recognizes abandoned scratch: its lock is free.
public struct Scratch: ~Copyable {
  /// The path to write to.
  public let path: String
  private let descriptor: Int32
  private var isTaken = false

  static let prefix = ".holdout-"
  static let suffix = ".tmp"

  /// Returns whether a name has the form of a scratch name.
  public static func isName(_ name: String) -> Bool {
    name.hasPrefix(prefix) && name.hasSuffix(suffix)
  }

  /// Creates an empty scratch file in a folder.
  /// - Throws: `FileError`.
  public static func file(in folder: String) throws(FileError) -> Scratch {
    try Scratch(in: folder) { path in
      open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o644)
    }
  }

  /// Creates an empty scratch folder in a folder.
  /// - Throws: `FileError`.
  public static func folder(in folder: String) throws(FileError) -> Scratch {
    try Scratch(in: folder) { path in
      guard mkdir(path, 0o755) == 0 else { return -1 }
      let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
      // Another process found the folder unlocked and removed it. EEXIST makes the caller draw
      // another name.
      if descriptor < 0, errno == ENOENT { errno = EEXIST }
      return descriptor
    }
  }

  /// Creates scratch under a random name and locks it.
  /// - Parameter make: creates and opens the path; returns -1 with `EEXIST` if the name is taken.
  private init(in folder: String, _ make: (String) -> Int32) throws(FileError) {
    while true {
      let letters = (0..<8).compactMap { _ in "abcdefghijklmnopqrstuvwxyz0123456789".randomElement()
      }
      let path = "\(folder)/\(Self.prefix)\(String(letters))\(Self.suffix)"
      let descriptor = make(path)
      guard descriptor >= 0 else {
        if errno == EEXIST { continue }
        throw FileError(folder, errno)
      }
      // Between creation and this lock, another process may consider the scratch abandoned and
      // remove it; `isSame` detects that. On a file system without locks nobody removes it, because
      // `removeAbandoned` cannot get the lock either.
      let isLocked = flock(descriptor, LOCK_EX | LOCK_NB) == 0
      if isLocked || (errno != EWOULDBLOCK && errno != EINTR), Self.isSame(descriptor, path) {
        self.path = path
        self.descriptor = descriptor
        Self.living.withLock { _ = $0.insert(path) }
        return
      }
      close(descriptor)
    }
  }

  deinit {
    // Remove scratch that was never moved into place while its lock is still held.
    if !isTaken { try? Files.remove(path) }
    Self.living.withLock { _ = $0.remove(path) }
    close(descriptor)
  }

  /// Writes bytes to this scratch file.
  /// - Throws: `FileError`.
  public func fill(with bytes: Data) throws(FileError) { try Files.fill(path, with: bytes) }

  /// Moves a file out of this scratch folder to its destination, after it is on disk.
  /// - Throws: `FileError`; the destination is then unchanged. Only a regular file is ever
  ///   replaced.
  public func place(_ name: String, at place: String) throws(FileError) {
    if let kind = FileKind(at: place), kind != .file {
      throw FileError(place, EEXIST, "it is \(kind.words), which is not replaced")
    }
    try Files.sync("\(path)/\(name)")
    try Files.move("\(path)/\(name)", to: place)
    try Files.sync(Files.parent(of: place))
  }

  /// Moves the scratch file or folder to its destination, after it is on disk.
  ///
  /// - Parameters:
  ///   - replacing: whether to replace a regular file, or, for a folder, an empty folder. A link, a
  ///     device, or a pipe is never replaced.
  ///   - isSynced: whether to wait for the disk. Without it a power failure may leave a damaged
  ///     file. That is acceptable only for files that carry their own hash and can be recreated.
  /// - Throws: `FileError`; the destination is then unchanged.
  public consuming func take(
    _ place: String, replacing: Bool = true, isSynced: Bool = true
  ) throws(FileError) {
    let isFolder = FileKind(at: path) == .folder
    if let kind = FileKind(at: place) {
      guard kind == (isFolder ? .folder : .file) else {
        throw FileError(place, EEXIST, "it is \(kind.words), which is not replaced")
      }
      guard replacing else { throw FileError(place, EEXIST) }
    }
    if isSynced { if isFolder { try Files.syncTree(path) } else { try Files.sync(path) } }
    try Files.move(path, to: place)
    isTaken = true
    Self.living.withLock { _ = $0.remove(path) }
    if isSynced { try Files.sync(Files.parent(of: place)) }
  }

  /// Moves a scratch folder to its destination in one step, replacing any folder there. At every
  /// moment the destination is either entirely the old folder or entirely the new one.
  ///
  /// If the file system cannot exchange two folders, the destination is missing for a moment.
  /// - Throws: `FileError`; the destination is then unchanged.
  public consuming func exchange(with place: String) throws(FileError) {
    guard let kind = FileKind(at: place) else { return try take(place) }
    guard kind == .folder else {
      throw FileError(place, EEXIST, "it is \(kind.words), which is not replaced")
    }
    try Files.syncTree(path)
    if !Files.exchange(path, place) {
      let old = try Scratch.folder(in: Files.parent(of: path))
      try Files.move(place, to: old.path)
      do {
        try Files.move(path, to: place)
      } catch {
        try? Files.move(old.path, to: place)
        throw error
      }
      isTaken = true
    }
    // The old folder is now at `path` and is removed when this value is destroyed.
    try Files.sync(Files.parent(of: place))
  }

  /// Removes what killed processes left in a folder. Scratch that is in use stays.
  ///
  /// Failures are ignored because the next call tries again.
  public static func removeAbandoned(in folder: String) {
    for name in (try? Files.names(in: folder)) ?? []
    where isName(name) {
      let path = "\(folder)/\(name)"
      let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
      guard descriptor >= 0 else { continue }
      defer { close(descriptor) }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, isSame(descriptor, path) else { continue }
      try? Files.remove(path)
    }
  }

  private static let living = Mutex(Set<String>())

  /// Removes all scratch of this process. Call it before the process ends without unwinding.
  public static func removeAll() {
    for path in living.withLock({ $0 }) { try? Files.remove(path) }
  }

  /// Returns whether a descriptor and a path refer to the same file.
  static func isSame(_ descriptor: Int32, _ path: String) -> Bool {
    var (opened, named) = (stat(), stat())
    return fstat(descriptor, &opened) == 0 && lstat(path, &named) == 0
      && opened.st_ino == named.st_ino && opened.st_dev == named.st_dev
  }
}

extension Files {
  /// Writes a file completely or not at all, and returns once it is on disk.
  ///
  /// - Parameters:
  ///   - onlyIfChanged: whether a file that already holds these exact bytes is left alone,
  ///     including its timestamps.
  ///   - isSynced: as in `Scratch.take`.
  /// - Throws: `FileError`; what was there is then unchanged. A link, a device, or a pipe at the
  ///   path is never replaced.
  public static func write(
    _ bytes: Data, to path: String, onlyIfChanged: Bool = false, isSynced: Bool = true
  ) throws(FileError) {
    if onlyIfChanged, (try? read(path, followsLinks: false)) == bytes { return }
    let scratch = try Scratch.file(in: parent(of: path))
    try fill(scratch.path, with: bytes)
    try scratch.take(path, isSynced: isSynced)
  }

  /// Creates a file in a scratch folder, which is synced when it is moved into place.
  /// - Throws: `FileError`; its code is `EEXIST` if the path already exists.
  public static func create(_ bytes: Data, at path: String) throws(FileError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o644)
    guard descriptor >= 0 else { throw FileError(path, errno) }
    close(descriptor)
    try fill(path, with: bytes)
  }

  /// Fills a scratch folder with the files of another folder, except links.
  ///
  /// Files are hard-linked where the file system allows it, so both folders share one copy. From
  /// then on neither copy may be written to, only replaced, which is how this target changes files.
  /// - Parameter except: files to leave out, as paths relative to the folder.
  /// - Throws: `FileError`.
  public static func duplicate(
    _ folder: String, to scratch: String, except: [String]
  ) throws(FileError) {
    for name in try names(in: folder) {
      let (source, copy) = ("\(folder)/\(name)", "\(scratch)/\(name)")
      switch FileKind(at: source) {
      case .folder:
        try makeFolder(copy)
        let inner = except.filter { $0.hasPrefix("\(name)/") }
        try duplicate(source, to: copy, except: inner.map { String($0.dropFirst(name.count + 1)) })
      case .file where !except.contains(name):
        if link(source, copy) != 0 { try create(try read(source), at: copy) }
      default: continue
      }
    }
  }

  /// Exchanges two paths atomically.
  /// - Returns: false if the file system or the operating system cannot do it.
  fileprivate static func exchange(_ path: String, _ other: String) -> Bool {
    typealias Rename =
      @convention(c) (
        Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32
      ) -> Int32
    // Swift's Glibc module does not declare renameat2.
    guard let address = dlsym(nil, "renameat2") else { return false }
    // Safety: this is the signature of renameat2(2).
    let rename = unsafeBitCast(address, to: Rename.self)
    let exchange: UInt32 = 2
    return rename(AT_FDCWD, path, AT_FDCWD, other, exchange) == 0
  }

  /// Overwrites an existing file with bytes.
  static func fill(_ path: String, with bytes: Data) throws(FileError) {
    let descriptor = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { throw FileError(path, errno) }
    defer { close(descriptor) }
    try writeAll(bytes, descriptor, path)
  }

  /// Writes all bytes to an open file.
  static func writeAll(
    _ bytes: Data, _ descriptor: Int32, _ path: String
  ) throws(FileError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.write(descriptor, buffer.baseAddress.map { $0 + written }, buffer.count - written)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw FileError(path, count == 0 ? ENOSPC : errno) }
      written += count
    }
  }
}
