import Foundation

/// A folder that is removed with its last reference.
final class TemporaryFolder {
  let path: String

  init() throws {
    let name = "holdout-tests-\(ProcessInfo.processInfo.processIdentifier)-\(UUID().uuidString)"
    path = FileManager.default.temporaryDirectory.appending(path: name).path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// A new file, open for writing.
  func file(_ name: String) throws -> FileHandle {
    let url = URL(filePath: "\(path)/\(name)")
    try Data().write(to: url)
    return try FileHandle(forWritingTo: url)
  }

  /// A file's text; empty where there is none.
  func text(_ name: String) -> String {
    (try? Data(contentsOf: URL(filePath: "\(path)/\(name)"))).map {
      String(decoding: $0, as: UTF8.self)
    } ?? ""
  }
}
