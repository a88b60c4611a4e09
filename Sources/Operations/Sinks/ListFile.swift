internal import Files
internal import Foundation
internal import Warehouse

/// The file of a list, written next to its final path and then moved there.
///
/// `prepare` writes `NAME.PID.tmp`. `replace` moves it to the final path and keeps the old file as
/// `NAME.PID.old`, until `settle` or `restore` reports how the table's transaction ended. At every
/// moment the path has a complete file, old or new, or none if there was none.
final class ListFile {
  /// A system call that failed.
  struct Failure: Error {
    let path: String
    let code: Int32
    /// The path of the old file, if it could not be moved back.
    var kept: String?
    /// The problem, if the system has no message for it.
    var explanation: String?

    var reason: String { explanation ?? String(cString: strerror(code)) }
  }

  let path: String
  private let folder: String
  private let partial: String
  private let backup: String
  /// Blocks other processes from replacing files in the folder; -1 if not held.
  private var lock: Int32 = -1
  private var isReplaced = false
  private var hadFile = false

  init(_ path: String) {
    self.path = path
    folder = (path as NSString).deletingLastPathComponent
    partial = "\(path).\(getpid()).tmp"
    backup = "\(path).\(getpid()).old"
  }

  deinit {
    unlink(partial)
    if lock >= 0 { close(lock) }
  }

  /// Creates the folder, removes files that killed processes left, and writes the rows to the
  /// temporary file.
  /// - Throws: `Failure`, also if the final path has something that Holdout has not written, or
  ///   `WarehouseError` when the engine cannot write the rows.
  func prepare(_ staged: String, order: String, _ engine: Engine) throws {
    try check()
    // If the folder cannot be created, the next call says why.
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try removeLeftovers()
    let rows = SQL.identifier(staged)
    // Sorting complete rows would need memory for all of them a second time. Checking whether they
    // are already in order needs only numbers.
    let isInOrder =
      try engine.connection.scalar(
        "SELECT COALESCE(bool_and(place = number), true) FROM (SELECT rowid + 1 AS number, "
          + "row_number() OVER (ORDER BY \(order)) AS place FROM \(rows))") == "true"
    let query = "SELECT * FROM \(rows)" + (isInOrder ? "" : " ORDER BY \(order)")
    let hash = try RowsHash.of(rows, engine.connection)
    try engine.keepingOrder(onOneThread: true) { () throws(WarehouseError) in
      try engine.copy(query, to: partial, groupSize: 40_960, isMarked: true, rowsHash: hash)
    }
    try sync(partial, O_RDONLY)
  }

  /// Refuses a path that has a link, a device, or a file that Holdout has not written.
  private func check() throws(Failure) {
    guard let objection = Files.objection(toReplacing: path) else { return }
    throw Failure(path: path, code: objection.code, explanation: objection.reason)
  }

  /// Moves the new file to its final path.
  /// - Throws: `Failure`; the old file is then at the path.
  func replace(lockTimeout: LockTimeout) throws(Failure) {
    try acquire(lockTimeout)
    // It may have been created while the list was written.
    try check()
    unlink(backup)
    if link(path, backup) == 0 {
      hadFile = true
    } else if errno != ENOENT {
      // The file system has no hard links.
      let reason = errno
      var status = stat()
      guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
        (try? FileManager.default.copyItem(atPath: path, toPath: backup)) != nil
      else { throw Failure(path: path, code: reason == EPERM ? EISDIR : reason) }
      hadFile = true
    }
    guard rename(partial, path) == 0 else {
      let reason = errno
      unlink(backup)
      throw Failure(path: path, code: reason)
    }
    isReplaced = true
    do throws(Failure) {
      try sync(folder, O_RDONLY | O_DIRECTORY)
    } catch {
      try restore()
      throw error
    }
  }

  /// Keeps the new file.
  func settle() {
    unlink(backup)
    release()
  }

  /// Restores the old file, or none.
  /// - Throws: `Failure` if that is impossible; it says where the old file is.
  func restore() throws(Failure) {
    defer { release() }
    guard isReplaced else { return }
    isReplaced = false
    guard hadFile ? rename(backup, path) == 0 : unlink(path) == 0 else {
      throw Failure(path: path, code: errno, kept: hadFile ? backup : nil)
    }
    try? sync(folder, O_RDONLY | O_DIRECTORY)
  }

  /// Locks the folder until `settle` or `restore`: restoring a file must not replace one that
  /// another process has written meanwhile.
  private func acquire(_ lockTimeout: LockTimeout) throws(Failure) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure(path: folder, code: errno) }
    let end = DispatchTime.now() + lockTimeout.seconds
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      let reason = errno
      guard reason == EINTR || (reason == EWOULDBLOCK && DispatchTime.now() < end) else {
        close(descriptor)
        throw Failure(path: folder, code: reason)
      }
      usleep(10_000)
    }
    lock = descriptor
  }

  private func release() {
    if lock >= 0 { close(lock) }
    lock = -1
  }

  private func sync(_ path: String, _ flags: Int32) throws(Failure) {
    let descriptor = open(path, flags | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure(path: path, code: errno) }
    defer { close(descriptor) }
    // A file system may not support this for a folder.
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw Failure(path: path, code: errno) }
  }

  /// Removes `NAME.PID.tmp` and `NAME.PID.old` of processes that no longer exist.
  private func removeLeftovers() throws(Failure) {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      var status = stat()
      let reason = stat(folder, &status) != 0 ? errno : ENOTDIR
      throw Failure(path: folder, code: reason)
    }
    let start = (path as NSString).lastPathComponent + "."
    for name in names where name.hasPrefix(start) {
      let parts = name.dropFirst(start.count).split(
        separator: ".", omittingEmptySubsequences: false)
      guard parts.count == 2, parts[1] == "tmp" || parts[1] == "old", let process = pid_t(parts[0]),
        process > 0, process == getpid() || (kill(process, 0) != 0 && errno == ESRCH)
      else { continue }
      unlink("\(folder)/\(name)")
    }
  }
}
