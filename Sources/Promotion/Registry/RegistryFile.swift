internal import Diagnostics
internal import Files
internal import Foundation

/// The registry's file, opened and locked until the value goes.
///
/// Changes hold an exclusive lock, readings a shared one; the system lifts a lock with its process,
/// however that ends.
struct RegistryFile: ~Copyable {
  private let file: LockedFile
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
    do throws(FileError) {
      file = try LockedFile(path, forChanges: forChanges, timeout: patience)
    } catch {
      if error.code == ENOENT, !forChanges { return nil }
      if error.code == EWOULDBLOCK {
        throw FindingsError(.lockedRegistry(shown, seconds: Int(patience)))
      }
      throw FindingsError(
        forChanges ? .unwritable(shown, error) : .unreadableRegistry(shown, error))
    }
    self.shown = shown
  }

  /// Everything that the file holds.
  /// - Throws: `FindingsError`.
  borrowing func read() throws(FindingsError) -> Data {
    do throws(FileError) {
      return try file.read()
    } catch {
      throw FindingsError(.unreadableRegistry(shown, error))
    }
  }

  /// Cuts off what follows the first bytes.
  /// - Throws: `FindingsError`.
  borrowing func cut(to length: Int) throws(FindingsError) {
    do throws(FileError) {
      try file.cut(to: length)
    } catch {
      throw FindingsError(.unwritable(shown, error))
    }
  }

  /// Adds bytes after the first ones, all or none of them, and waits until the disk has them.
  /// - Throws: `FindingsError`; the file is then as before.
  borrowing func append(_ bytes: Data, after length: Int) throws(FindingsError) {
    do throws(FileError) {
      try file.append(bytes, after: length)
    } catch {
      throw FindingsError(.unwritable(shown, error))
    }
  }
}

/// What stands under a path.
enum FileState {
  case content(Data)
  case absent
  /// Something that is not read, and why.
  case other(String)

  /// Looks at a file of a folder, or of a folder in it, and follows no link below the first.
  static func read(_ file: String, in folder: String) -> FileState {
    let inner = (file as NSString).deletingLastPathComponent
    if !inner.isEmpty {
      if let kind = FileKind(at: "\(folder)/\(inner)"), kind != .folder {
        return .other("`\(inner)` is no folder of its own")
      }
    }
    return read("\(folder)/\(file)")
  }

  /// Looks at a path and follows no link.
  static func read(_ path: String) -> FileState {
    do throws(FileError) {
      return .content(try Files.read(path, followsLinks: false))
    } catch {
      return error.code == ENOENT ? .absent : .other(error.reason)
    }
  }
}
