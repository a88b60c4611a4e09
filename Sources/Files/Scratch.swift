public import Foundation
internal import Synchronization

/// A file or a folder that is being filled and is gone when its owner is gone.
///
/// It is named `.holdout-LETTERS.tmp` and lies beside the place it will take, so that taking it is one
/// `rename`. Its owner holds a lock on it; the system lifts the lock with the process, however that
/// ends, in any container and on any machine that shares the folder. `removeAbandoned` therefore knows
/// what nobody fills: everything whose lock is free.
public struct Scratch: ~Copyable {
  /// Where to write.
  public let path: String
  private let descriptor: Int32
  private var isTaken = false

  static let prefix = ".holdout-"
  static let suffix = ".tmp"

  /// Whether a name is one that scratch space has.
  public static func isName(_ name: String) -> Bool {
    name.hasPrefix(prefix) && name.hasSuffix(suffix)
  }

  /// Creates an empty file in a folder.
  /// - Throws: `FileError`.
  public static func file(in folder: String) throws(FileError) -> Scratch {
    try Scratch(in: folder) { path in
      open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o644)
    }
  }

  /// Creates an empty folder in a folder.
  /// - Throws: `FileError`.
  public static func folder(in folder: String) throws(FileError) -> Scratch {
    try Scratch(in: folder) { path in
      guard mkdir(path, 0o755) == 0 else { return -1 }
      let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
      // Removed by a process that found it unlocked: another name is drawn.
      if descriptor < 0, errno == ENOENT { errno = EEXIST }
      return descriptor
    }
  }

  /// - Parameter make: creates and opens what is at a path; -1 with `EEXIST` where the name is taken.
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
      // Between its creation and this lock another process may take it for abandoned. Where the file
      // system has no locks, nobody can: `removeAbandoned` gets none either.
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
    // A scratch that has not taken its place is removed while its lock is held.
    if !isTaken { try? Files.remove(path) }
    Self.living.withLock { _ = $0.remove(path) }
    close(descriptor)
  }

  /// Writes bytes into this file.
  /// - Throws: `FileError`.
  public func fill(with bytes: Data) throws(FileError) { try Files.fill(path, with: bytes) }

  /// Puts a file of this folder in its place, where the disk has it before it is seen.
  /// - Throws: `FileError`; the place is then as before. What is no regular file is never replaced.
  public func place(_ name: String, at place: String) throws(FileError) {
    if let kind = FileKind(at: place), kind != .file {
      throw FileError(place, EEXIST, "\(kind.words) is there, which is not replaced")
    }
    try Files.sync("\(path)/\(name)")
    try Files.move("\(path)/\(name)", to: place)
    try Files.sync(Files.parent(of: place))
  }

  /// Puts the file or folder in its place, where the disk has it before it is seen.
  ///
  /// - Parameters:
  ///   - replacing: whether a regular file, or for a folder nothing but an empty folder, that is
  ///     there already goes. A link, a device, or a pipe is never replaced.
  ///   - isSynced: whether to wait for the disk. Without it a power failure may leave a damaged file,
  ///     which suits only what carries its own hash and can be made again.
  /// - Throws: `FileError`; the place is then as before.
  public consuming func take(
    _ place: String, replacing: Bool = true, isSynced: Bool = true
  ) throws(FileError) {
    let isFolder = FileKind(at: path) == .folder
    if let kind = FileKind(at: place) {
      guard kind == (isFolder ? .folder : .file) else {
        throw FileError(place, EEXIST, "\(kind.words) is there, which is not replaced")
      }
      guard replacing else { throw FileError(place, EEXIST) }
    }
    if isSynced { if isFolder { try Files.syncTree(path) } else { try Files.sync(path) } }
    try Files.move(path, to: place)
    isTaken = true
    Self.living.withLock { _ = $0.remove(path) }
    if isSynced { try Files.sync(Files.parent(of: place)) }
  }

  /// Puts a scratch folder in the place of another folder, or of none, in one step: at every moment the
  /// place holds all of the one or all of the other.
  ///
  /// Where the file system cannot exchange two folders, the place is empty for a moment.
  /// - Throws: `FileError`; the place is then as before.
  public consuming func exchange(with place: String) throws(FileError) {
    guard let kind = FileKind(at: place) else { return try take(place) }
    guard kind == .folder else {
      throw FileError(place, EEXIST, "\(kind.words) is there, which is not replaced")
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
    // What was there lies at `path` and goes with this value.
    try Files.sync(Files.parent(of: place))
  }

  /// Removes what killed processes left in a folder. Scratch that is being filled stays.
  ///
  /// A failure is no reason to stop: the next call tries again.
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

  /// Removes everything that this process is filling, before it ends without unwinding.
  public static func removeAll() {
    for path in living.withLock({ $0 }) { try? Files.remove(path) }
  }

  /// Whether a descriptor is of what a path leads to.
  static func isSame(_ descriptor: Int32, _ path: String) -> Bool {
    var (opened, named) = (stat(), stat())
    return fstat(descriptor, &opened) == 0 && lstat(path, &named) == 0
      && opened.st_ino == named.st_ino && opened.st_dev == named.st_dev
  }
}

extension Files {
  /// Writes a file completely or not at all, and returns when the disk has it.
  ///
  /// - Parameters:
  ///   - onlyIfChanged: leaves a file alone, with its times, that holds these very bytes.
  ///   - isSynced: as in `Scratch.take`.
  /// - Throws: `FileError`; what was there is then as before. A link, a device, or a pipe at the path is
  ///   never replaced.
  public static func write(
    _ bytes: Data, to path: String, onlyIfChanged: Bool = false, isSynced: Bool = true
  ) throws(FileError) {
    if onlyIfChanged, (try? read(path, followsLinks: false)) == bytes { return }
    let scratch = try Scratch.file(in: parent(of: path))
    try fill(scratch.path, with: bytes)
    try scratch.take(path, isSynced: isSynced)
  }

  /// Writes a file into a scratch folder, which is synced when it takes its place.
  /// - Throws: `FileError`; `EEXIST` where there is something at the path.
  public static func create(_ bytes: Data, at path: String) throws(FileError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o644)
    guard descriptor >= 0 else { throw FileError(path, errno) }
    close(descriptor)
    try fill(path, with: bytes)
  }

  /// Fills a scratch folder with the files of another folder, links apart.
  ///
  /// Where the file system can, both have one copy of a file. Neither may be written into then, only
  /// replaced, as everything here does.
  /// - Parameter except: the files that are left out, by their paths below the folder.
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

  /// Lets two paths change places.
  /// - Returns: false where the file system or the system cannot do so.
  fileprivate static func exchange(_ path: String, _ other: String) -> Bool {
    typealias Rename =
      @convention(c) (
        Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32
      ) -> Int32
    // Swift's Glibc module lacks it.
    guard let address = dlsym(nil, "renameat2") else { return false }
    // Safety: this is the signature of renameat2(2).
    let rename = unsafeBitCast(address, to: Rename.self)
    let exchange: UInt32 = 2
    return rename(AT_FDCWD, path, AT_FDCWD, other, exchange) == 0
  }

  /// Writes bytes into a file that exists.
  static func fill(_ path: String, with bytes: Data) throws(FileError) {
    let descriptor = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { throw FileError(path, errno) }
    defer { close(descriptor) }
    try writeAll(bytes, descriptor, path)
  }

  /// Writes bytes to an open file.
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
