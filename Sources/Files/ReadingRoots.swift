internal import Foundation

/// The folders below which a spec may read files: the project's folder and those declared under
/// `roots` in holdout.yaml.
///
/// Paths are compared after every link in them has been resolved.
public struct ReadingRoots: Sendable, Equatable {
  /// The resolved folders; the project's is first.
  public let folders: [String]

  /// Resolves the folders.
  /// - Parameters:
  ///   - project: the project's folder.
  ///   - declared: further folders, absolute or relative to the project's. Those that do not exist
  ///     are ignored.
  public init(project: String, declared: [String] = []) {
    let paths = [project] + declared.map { $0.hasPrefix("/") ? $0 : "\(project)/\($0)" }
    var seen: Set<String> = []
    folders = paths.compactMap(Files.realPath).filter { seen.insert($0).inserted }
  }

  /// Returns these folders plus one more; a folder that does not exist is ignored.
  public func adding(_ folder: String) -> ReadingRoots {
    ReadingRoots(project: folders.first ?? folder, declared: folders.dropFirst() + [folder])
  }

  /// The reason that a path is not read.
  public enum Refusal: Error, Equatable, Sendable {
    /// Nothing exists at the path.
    case missing
    /// The path leads to this location, which is below none of the folders.
    case outside(String)
    /// The path is a device, a pipe, or a socket.
    case special
    /// The path is a folder.
    case folder
    /// The path exists but cannot be examined.
    case failed(FileError)
  }

  /// Returns the resolved path of a regular file that may be read.
  /// - Parameter path: absolute, or relative to the working directory.
  /// - Throws: `Refusal`. The error does not reveal whether a file exists outside the roots: any
  ///   path that leads outside is `outside`, and `missing` is used only below the roots.
  public func file(_ path: String) throws(Refusal) -> String {
    guard let real = Files.realPath(path) else {
      let code = errno
      guard contains(lexical: path) else { throw .outside(path) }
      throw code == ENOENT || code == ENOTDIR ? .missing : .failed(FileError(path, code))
    }
    guard contains(real) else { throw .outside(real) }
    // A checkout's .git folder may hold the access token used to clone it.
    guard !real.split(separator: "/").contains(".git") else {
      throw .failed(FileError(path, EACCES, "it belongs to git"))
    }
    switch FileKind(at: real) {
    case .file: return real
    case .folder: throw .folder
    default: throw .special
    }
  }

  /// Returns whether a resolved path is one of the folders or below one.
  public func contains(_ real: String) -> Bool {
    folders.contains { folder in
      real == folder || real.hasPrefix(folder == "/" ? folder : "\(folder)/")
    }
  }

  /// Returns whether a path, as written, is below the folders. Links in it are not resolved.
  public func containsAsWritten(_ path: String) -> Bool {
    var parts: [Substring] = []
    let working = path.hasPrefix("/") ? "" : FileManager.default.currentDirectoryPath
    for part in "\(working)/\(path)".split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return contains("/" + parts.joined(separator: "/"))
  }

  /// Returns why a file must not be written at a path; nil if it may be.
  ///
  /// The folder that contains it, or the nearest existing folder above, must be below the roots.
  /// `..` and git's own folder are refused.
  public func objection(toWriting path: String) -> Refusal? {
    let parts = path.split(separator: "/")
    guard !parts.contains(".."), !parts.contains(".git") else { return .outside(path) }
    var folder = Files.parent(of: path)
    while FileKind(at: folder) == nil, folder != "/", folder != "." {
      folder = Files.parent(of: folder)
    }
    guard let real = Files.realPath(folder), contains(real),
      !real.split(separator: "/").contains(".git")
    else { return .outside(folder) }
    return nil
  }

  /// Returns whether a path that leads nowhere is below the folders, judged by the nearest existing
  /// folder above it.
  private func contains(lexical path: String) -> Bool {
    let standardized = URL(fileURLWithPath: path).standardizedFileURL.path
    var folder = Files.parent(of: standardized)
    while Files.realPath(folder) == nil, folder != "/", folder != "." {
      folder = Files.parent(of: folder)
    }
    guard let real = Files.realPath(folder) else { return false }
    return contains(real)
  }
}
