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
      var status = stat()
      if lstat("\(folder)/\(inner)", &status) == 0, status.st_mode & S_IFMT != S_IFDIR {
        return .other("`\(inner)` is no folder of its own")
      }
    }
    return read("\(folder)/\(file)")
  }

  /// Looks at a path and follows no link.
  static func read(_ path: String) -> FileState {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      return errno == ENOENT ? .absent : .other(String(cString: strerror(errno)))
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFLNK: return .other("it is a symbolic link")
    default: return .other("it is no file")
    }
    guard let content = FileManager.default.contents(atPath: path) else {
      return .other("it cannot be read")
    }
    return .content(content)
  }
}
