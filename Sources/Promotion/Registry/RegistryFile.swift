internal import Diagnostics
internal import Files
internal import Foundation

/// The registry's file, open and locked for the lifetime of the value.
///
/// Changes hold an exclusive lock, reads a shared one. The system releases a lock when its process
/// ends, for any reason.
struct RegistryFile: ~Copyable {
  private let file: LockedFile
  private let shown: String

  /// Waits for the lock.
  /// - Parameters:
  ///   - shown: the file's name in findings.
  ///   - forChanges: creates the file if it is missing.
  ///   - lockTimeout: the seconds to wait at most.
  /// - Returns: nil if there is no file to read.
  /// - Throws: `FindingsError`.
  init?(
    _ path: String, shown: String, forChanges: Bool, lockTimeout: Double = 60
  ) throws(FindingsError) {
    do throws(FileError) {
      file = try LockedFile(path, forChanges: forChanges, timeout: lockTimeout)
    } catch {
      if error.code == ENOENT, !forChanges { return nil }
      if error.code == EWOULDBLOCK {
        throw FindingsError(.lockedRegistry(shown, seconds: Int(lockTimeout)))
      }
      throw FindingsError(
        forChanges ? .unwritable(shown, error) : .unreadableRegistry(shown, error))
    }
    self.shown = shown
  }

  /// The file's complete content.
  /// - Throws: `FindingsError`.
  borrowing func read() throws(FindingsError) -> Data {
    do throws(FileError) {
      return try file.read()
    } catch {
      throw FindingsError(.unreadableRegistry(shown, error))
    }
  }

  /// Truncates the file to a length.
  /// - Throws: `FindingsError`.
  borrowing func cut(to length: Int) throws(FindingsError) {
    do throws(FileError) {
      try file.cut(to: length)
    } catch {
      throw FindingsError(.unwritable(shown, error))
    }
  }

  /// Writes bytes after the first `length`, all or none of them, and waits until they are on disk.
  /// - Throws: `FindingsError`; the file is then unchanged.
  borrowing func append(_ bytes: Data, after length: Int) throws(FindingsError) {
    do throws(FileError) {
      try file.append(bytes, after: length)
    } catch {
      throw FindingsError(.unwritable(shown, error))
    }
  }
}

/// What exists at a path.
enum FileState {
  case content(Data)
  case absent
  /// Something that is not read, and why.
  case other(String)

  /// Reads a file of a folder, or of a folder in it, following no link below the first.
  static func read(_ file: String, in folder: String) -> FileState {
    let inner = (file as NSString).deletingLastPathComponent
    if !inner.isEmpty {
      if let kind = FileKind(at: "\(folder)/\(inner)"), kind != .folder {
        return .other("`\(inner)` is not a real folder")
      }
    }
    return read("\(folder)/\(file)")
  }

  /// Reads a path without following links.
  static func read(_ path: String) -> FileState {
    do throws(FileError) {
      return .content(try Files.read(path, followsLinks: false))
    } catch {
      return error.code == ENOENT ? .absent : .other(error.reason)
    }
  }
}
