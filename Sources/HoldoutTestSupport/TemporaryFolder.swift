package import Foundation
internal import Synchronization

/// Something whose files are all in one folder; names of files are relative to it.
package protocol FolderOwner {
  var folder: String { get }
}

extension FolderOwner {
  package func path(_ name: String) -> String { "\(folder)/\(name)" }

  package func data(_ name: String) throws -> Data {
    try Data(contentsOf: URL(filePath: path(name)))
  }

  package func text(_ name: String) throws -> String {
    String(decoding: try data(name), as: UTF8.self)
  }

  package func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: path(name))
  }

  /// Writes a file, with the folders above it.
  package func write(_ name: String, _ bytes: Data) throws {
    let url = URL(filePath: path(name))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try bytes.write(to: url)
  }

  package func write(_ name: String, _ text: String) throws { try write(name, Data(text.utf8)) }

  package func makeFolder(_ name: String) throws {
    try FileManager.default.createDirectory(atPath: path(name), withIntermediateDirectories: true)
  }

  package func remove(_ name: String) throws {
    try FileManager.default.removeItem(atPath: path(name))
  }

  /// The names in a folder, sorted; empty where there is no such folder.
  package func names(in name: String = "") -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path(name))) ?? []).sorted()
  }

  /// Every file below a folder with its content.
  package func contents(of name: String) -> [String: Data] {
    var files: [String: Data] = [:]
    let names = FileManager.default.enumerator(atPath: path(name))
    while let inner = names?.nextObject() as? String {
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: path("\(name)/\(inner)"), isDirectory: &isFolder)
      if !isFolder.boolValue { files[inner] = try? data("\(name)/\(inner)") }
    }
    return files
  }

  /// Writes files below a folder, as `contents(of:)` has them.
  package func add(_ files: [String: Data], to name: String) throws {
    for (inner, data) in files { try write("\(name)/\(inner)", data) }
  }
}

/// An empty folder that is removed with its last reference.
package final class TemporaryFolder: FolderOwner, Sendable {
  package let folder: String
  package var path: String { folder }

  package init() throws {
    folder =
      FileManager.default.temporaryDirectory.appending(
        path: "holdout-tests-\(ProcessInfo.processInfo.processIdentifier)-\(UUID().uuidString)"
      ).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// Runs a body with a folder that is removed afterwards.
  package static func with<Value>(_ body: (String) throws -> Value) throws -> Value {
    let temporary = try TemporaryFolder()
    return try withExtendedLifetime(temporary) { try body(temporary.folder) }
  }
}

/// A folder that all tests of a process share, made on first use and removed when the process ends.
package final class SharedFolder: FolderOwner, Sendable {
  package let folder: String

  package init(_ name: String) {
    folder =
      FileManager.default.temporaryDirectory.appending(
        path: "holdout-tests-\(ProcessInfo.processInfo.processIdentifier)-\(name)"
      ).path
    Self.folders.withLock { folders in
      if folders.isEmpty { atexit { SharedFolder.removeAll() } }
      folders.append(folder)
    }
  }

  private static let folders = Mutex<[String]>([])

  private static func removeAll() {
    for folder in folders.withLock({ $0 }) {
      try? FileManager.default.removeItem(atPath: folder)
    }
  }
}
