public import Foundation

/// The marks that distinguish a file written by Holdout from any other file.
///
/// An output path may lead to a registry, a spec, or somebody's table. A file is therefore replaced
/// only if it is empty or carries a mark: a first line in Markdown or HTML, or a key in the metadata of a
/// Parquet file.
public enum OutputMark {
  /// The first line of a Markdown or HTML file.
  public static let markdown = "<!-- written by holdout, which may replace this file -->\n"
  /// The key in the metadata of a Parquet file.
  public static let parquetKey = "holdout.file"

  /// Returns whether a path is a regular file that is empty or carries a mark.
  static func isCarried(by path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
    let size = Int(status.st_size)
    if size == 0 { return true }
    if bytes(descriptor, from: 0, count: markdown.utf8.count) == Data(markdown.utf8) { return true }
    // A Parquet file ends with its metadata, the metadata's length in four bytes, and PAR1.
    guard size > 12, let end = bytes(descriptor, from: size - 8, count: 8),
      end.suffix(4) == Data("PAR1".utf8)
    else { return false }
    let length = end.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= min(size - 12, 1 << 26),
      let footer = bytes(descriptor, from: size - 8 - length, count: length)
    else { return false }
    return footer.range(of: Data(parquetKey.utf8)) != nil
  }

  private static func bytes(_ descriptor: Int32, from offset: Int, count: Int) -> Data? {
    var buffer = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let read = buffer.withUnsafeMutableBytes {
        pread(
          descriptor, $0.baseAddress.map { $0 + filled }, count - filled, off_t(offset + filled))
      }
      if read < 0, errno == EINTR { continue }
      guard read > 0 else { return nil }
      filled += read
    }
    return Data(buffer)
  }
}

extension Files {
  /// Returns why output must not replace what is at a path; nil if it may, or if nothing is there.
  /// - Parameter force: whether a regular file may be replaced whatever it contains.
  public static func objection(toReplacing path: String, force: Bool = false) -> FileError? {
    guard let kind = FileKind(at: path) else { return nil }
    guard kind == .file else {
      return FileError(path, EEXIST, "it is \(kind.words), which is not replaced")
    }
    guard force || OutputMark.isCarried(by: path) else {
      return FileError(path, EEXIST, "the file was not written by Holdout")
    }
    return nil
  }

  /// Writes an output file at a path that the user chose, completely or not at all.
  /// - Throws: `FileError`; what was there is then unchanged.
  public static func writeOutput(
    _ bytes: Data, to path: String, force: Bool = false
  ) throws(FileError) {
    if let objection = objection(toReplacing: path, force: force) { throw objection }
    try write(bytes, to: path)
  }

  /// Appends bytes to a regular file, creating it if it does not exist.
  /// - Parameter bytes: receives the file's current size; returning nil appends nothing.
  /// - Returns: whether bytes were appended.
  /// - Throws: `FileError`.
  @discardableResult
  public static func append(
    _ bytes: (_ size: Int) -> Data?, to path: String
  ) throws(FileError) -> Bool {
    let flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
    let descriptor = open(path, flags, 0o644)
    guard descriptor >= 0 else { throw FileError(path, errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError(path, errno) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw FileError(path, EINVAL, "it is \(FileKind(mode: status.st_mode).words)")
    }
    guard let bytes = bytes(Int(status.st_size)) else { return false }
    try writeAll(bytes, descriptor, path)
    return true
  }
}
