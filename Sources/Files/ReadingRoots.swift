internal import Foundation

/// The folders below which a spec may have files read: the project's, and those that holdout.yaml
/// declares under `roots`.
///
/// What counts is where a path really leads, after every link in it.
public struct ReadingRoots: Sendable, Equatable {
  /// The folders, resolved; the project's first.
  public let folders: [String]

  /// - Parameters:
  ///   - project: the project's folder.
  ///   - declared: further folders, absolute or relative to the project's. One that does not exist adds
  ///     nothing.
  public init(project: String, declared: [String] = []) {
    let paths = [project] + declared.map { $0.hasPrefix("/") ? $0 : "\(project)/\($0)" }
    var seen: Set<String> = []
    folders = paths.compactMap(Files.realPath).filter { seen.insert($0).inserted }
  }

  /// The same with a further folder; one that does not exist adds nothing.
  public func adding(_ folder: String) -> ReadingRoots {
    ReadingRoots(project: folders.first ?? folder, declared: folders.dropFirst() + [folder])
  }

  /// Why a path is not read.
  public enum Refusal: Error, Equatable, Sendable {
    /// There is nothing at the path.
    case missing
    /// It leads to this place, which is below none of the folders.
    case outside(String)
    /// It is a device, a pipe, or a socket.
    case special
    /// It is a folder.
    case folder
    /// It exists, but may not be looked at.
    case failed(FileError)
  }

  /// The resolved path of a regular file that may be read.
  /// - Parameter path: absolute, or relative to the working directory.
  /// - Throws: `Refusal`. Whether a file outside exists is not told apart from what it is: every path
  ///   that leads outside is `outside`, where there is something, and `missing` otherwise only below
  ///   the roots.
  public func file(_ path: String) throws(Refusal) -> String {
    guard let real = Files.realPath(path) else {
      let code = errno
      guard contains(lexical: path) else { throw .outside(path) }
      throw code == ENOENT || code == ENOTDIR ? .missing : .failed(FileError(path, code))
    }
    guard contains(real) else { throw .outside(real) }
    // A checkout's .git may hold the token that it was made with.
    guard !real.split(separator: "/").contains(".git") else {
      throw .failed(FileError(path, EACCES, "it is a file of git's own"))
    }
    switch FileKind(at: real) {
    case .file: return real
    case .folder: throw .folder
    default: throw .special
    }
  }

  /// Whether a resolved path is one of the folders or below one.
  public func contains(_ real: String) -> Bool {
    folders.contains { folder in
      real == folder || real.hasPrefix(folder == "/" ? folder : "\(folder)/")
    }
  }

  /// Whether a path is written as one below the folders, wherever links in its last part lead.
  public func containsAsWritten(_ path: String) -> Bool {
    var parts: [Substring] = []
    let working = path.hasPrefix("/") ? "" : FileManager.default.currentDirectoryPath
    for part in "\(working)/\(path)".split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return contains("/" + parts.joined(separator: "/"))
  }

  /// Why a file must not be written at a path; nil where it may be.
  ///
  /// The folder that it is in, or the nearest one above that exists, has to be below the folders. `..`
  /// and git's own folder are refused.
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

  /// The same for a path that leads nowhere, decided by the nearest folder above it that exists.
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
