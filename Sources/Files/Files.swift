public import Foundation

// Files is the only target that creates, renames, locks, or removes files and that starts child
// processes.
//
// - In: paths and bytes from the targets above.
// - Out: files that are complete and on disk when a call returns, scratch space that never outlives
//   its owner, locks that end with their holder, and answers to "may this path be read?".

/// A failed call to the operating system.
public struct FileError: Error, Equatable, Sendable {
  /// The path as the caller passed it.
  public let path: String
  /// The value of `errno`.
  public let code: Int32
  /// An explanation for failures that the system has no message for.
  private let explanation: String?

  /// Creates the error.
  /// - Parameters:
  ///   - code: the value of `errno`.
  ///   - explanation: replaces the system's message.
  public init(_ path: String, _ code: Int32, _ explanation: String? = nil) {
    self.path = path
    self.code = code
    self.explanation = explanation
  }

  /// The reason for the failure: the explanation if there is one, otherwise the system's message.
  public var reason: String { explanation ?? String(cString: strerror(code)) }
}

/// The kind of file system entry at a path; links are not followed.
public enum FileKind: Equatable, Sendable {
  case file, folder, link
  /// A device, a pipe, or a socket.
  case special

  /// Looks up the kind of a path; nil if nothing is there or the path cannot be examined.
  public init?(at path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return nil }
    self.init(mode: status.st_mode)
  }

  init(mode: mode_t) {
    switch mode & S_IFMT {
    case S_IFREG: self = .file
    case S_IFDIR: self = .folder
    case S_IFLNK: self = .link
    default: self = .special
    }
  }

  /// The kind as a phrase for a message, such as `a symbolic link`.
  public var words: String {
    switch self {
    case .file: "a file"
    case .folder: "a folder"
    case .link: "a symbolic link"
    case .special: "a device, a pipe, or a socket"
    }
  }
}

/// Operations on files and folders: reading, listing, moving, removing, and syncing.
public enum Files {
  /// Returns the contents of a regular file.
  ///
  /// Never blocks: a pipe or a device is refused before anything is read from it.
  /// - Parameters:
  ///   - followsLinks: whether a link at the path itself is followed.
  ///   - limit: the maximum size in bytes; a larger file is refused.
  /// - Throws: `FileError`.
  public static func read(
    _ path: String, followsLinks: Bool = true, limit: Int = .max
  ) throws(FileError) -> Data {
    // Without O_NONBLOCK, opening a pipe waits for a writer.
    let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | (followsLinks ? 0 : O_NOFOLLOW)
    let descriptor = open(path, flags)
    guard descriptor >= 0 else {
      throw errno == ELOOP && !followsLinks
        ? FileError(path, ELOOP, "it is a symbolic link") : FileError(path, errno)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError(path, errno) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      let kind = FileKind(mode: status.st_mode)
      throw FileError(path, kind == .folder ? EISDIR : EINVAL, "it is \(kind.words)")
    }
    var bytes = Data()
    var buffer = [UInt8](repeating: 0, count: min(1 << 20, max(Int(status.st_size) + 1, 4096)))
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw FileError(path, errno) }
      if count == 0 { return bytes }
      guard bytes.count + count <= limit else {
        throw FileError(path, EFBIG, "it is larger than \(limit) bytes")
      }
      bytes.append(contentsOf: buffer[..<count])
    }
  }

  /// Returns whether the path is a regular file or a link to one.
  public static func isFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// Returns whether the path is a folder or a link to one.
  public static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Returns the names in a folder, sorted; names that are not valid UTF-8 are left out.
  /// - Throws: `FileError`.
  public static func names(in folder: String) throws(FileError) -> [String] {
    guard let stream = opendir(folder) else { throw FileError(folder, errno) }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) {
          String(validatingCString: $0)
        }
      }
      if let name, name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Creates a folder and any missing parent folders.
  /// - Throws: `FileError`.
  public static func makeFolder(_ path: String) throws(FileError) {
    if mkdir(path, 0o755) == 0 { return }
    switch errno {
    case EEXIST:
      guard isFolder(path) else { throw FileError(path, ENOTDIR, "a file has its name") }
    case ENOENT:
      let parent = (path as NSString).deletingLastPathComponent
      guard !parent.isEmpty, parent != path else { throw FileError(path, ENOENT) }
      try makeFolder(parent)
      guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw FileError(path, errno) }
    case ENOTDIR: throw FileError(path, ENOTDIR, "a file has the name of a folder above it")
    default: throw FileError(path, errno)
    }
  }

  /// Renames a file or folder, replacing a file or an empty folder at the destination.
  /// - Throws: `FileError`.
  public static func move(_ path: String, to destination: String) throws(FileError) {
    guard rename(path, destination) == 0 else { throw FileError(destination, errno) }
  }

  /// Removes a file, a link, or a folder with its contents; does nothing if the path does not
  /// exist.
  ///
  /// Links are removed, never followed.
  /// - Throws: `FileError`.
  public static func remove(_ path: String) throws(FileError) {
    guard let kind = FileKind(at: path) else { return }
    if kind == .folder {
      for name in try names(in: path) { try remove("\(path)/\(name)") }
      guard rmdir(path) == 0 || errno == ENOENT else { throw FileError(path, errno) }
    } else {
      guard unlink(path) == 0 || errno == ENOENT else { throw FileError(path, errno) }
    }
  }

  /// Waits until a file's bytes, or a folder's entries, are on disk.
  /// - Throws: `FileError`.
  public static func sync(_ path: String) throws(FileError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
    guard descriptor >= 0 else { throw FileError(path, errno) }
    defer { close(descriptor) }
    // Some file systems cannot sync a folder and return EINVAL.
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw FileError(path, errno) }
  }

  /// Syncs a folder and every file and folder below it.
  /// - Throws: `FileError`.
  public static func syncTree(_ folder: String) throws(FileError) {
    for name in try names(in: folder) {
      let path = "\(folder)/\(name)"
      switch FileKind(at: path) {
      case .folder: try syncTree(path)
      case .file: try sync(path)
      default: continue
      }
    }
    try sync(folder)
  }

  /// Returns a path with all links resolved; nil if it leads nowhere.
  public static func realPath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(validatingCString: resolved)
  }

  /// Returns the folder that contains a path.
  public static func parent(of path: String) -> String {
    let parent = (path as NSString).deletingLastPathComponent
    return parent.isEmpty ? "." : parent
  }
}
