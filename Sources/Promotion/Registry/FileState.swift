internal import Files
internal import Foundation

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
