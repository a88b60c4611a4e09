internal import Files
internal import Foundation
internal import Glibc

/// Why a folder is not used as a cache.
///
/// Whoever can write an entry decides results, so that a cache counts only where this user's own commands
/// have filled it: not where it came with a checkout, belongs to another user, or lies behind a link.
enum CacheObjection: Equatable {
  /// A link in the path leads out of the project.
  case outside(String)
  /// A part of it is a link.
  case link(String)
  /// A part of it is another user's.
  case owner(String)
  /// Git tracks this file of it.
  case tracked(String)

  /// nil where the folder may be used, or is not there yet.
  init?(_ project: Project) {
    let folder = project.cacheFolder
    if let place = Self.outside(folder, project: project.folder) {
      self = .outside(place)
      return
    }
    for part in [folder, "\(folder)/entries", "\(folder)/traces"] {
      var status = stat()
      guard lstat(part, &status) == 0 else { continue }
      if part != folder, status.st_mode & S_IFMT == S_IFLNK {
        self = .link(part)
        return
      }
      guard stat(part, &status) == 0, status.st_uid == geteuid() else {
        self = .owner(part)
        return
      }
    }
    guard let file = Self.tracked(folder, project: project.folder) else { return nil }
    self = .tracked(file)
  }

  var reason: String {
    switch self {
    case .outside(let place): "it leads out of the project, to `\(place)`"
    case .link(let part): "`\(part)` is a symbolic link"
    case .owner(let part): "`\(part)` belongs to another user"
    case .tracked(let file): "git tracks a file of it, `\(file)`"
    }
  }

  var hint: String {
    switch self {
    case .outside, .link:
      "remove the link, or set `cache` in holdout.yaml to the folder that it leads to"
    case .owner: "remove the folder, or set `cache` in holdout.yaml to a folder of your own"
    case .tracked: "take the folder out of git with `git rm -r --cached`, and remove it"
    }
  }

  /// Where a folder really is that is written as one of the project and is none; nil for any other.
  private static func outside(_ folder: String, project: String) -> String? {
    let path = URL(fileURLWithPath: folder).standardizedFileURL.path
    let home = URL(fileURLWithPath: project).standardizedFileURL.path
    guard path == home || path.hasPrefix(home == "/" ? home : "\(home)/") else { return nil }
    // What does not exist yet is made below the nearest folder that does.
    var place = path
    while FileKind(at: place) == nil, place != home {
      place = (place as NSString).deletingLastPathComponent
    }
    guard let real = Files.realPath(place) else { return place }
    return ReadingRoots(project: project).contains(real) ? nil : real
  }

  /// A file below a folder that is in the index of the project's git repository.
  private static func tracked(_ folder: String, project: String) -> String? {
    guard Files.isFolder(folder), isInRepository(project) else { return nil }
    let place =
      folder.hasPrefix("\(project)/") ? "./" + folder.dropFirst(project.count + 1) : folder
    // Nothing that the repository's own settings could name is run.
    let result = Subprocess.run(
      "git",
      [
        "-c", "core.fsmonitor=false", "-c", "safe.bareRepository=explicit", "-c",
        "safe.directory=*", "-C", project, "ls-files", "-z", "--", "\(place)/entries",
        "\(place)/traces",
      ])
    guard let result, result.status == 0, !result.output.isEmpty else { return nil }
    return String(decoding: result.output.prefix { $0 != 0 }, as: UTF8.self)
  }

  /// Whether a folder, or one above it, has a `.git`.
  private static func isInRepository(_ folder: String) -> Bool {
    var folder = folder
    while true {
      if FileKind(at: "\(folder)/.git") != nil { return true }
      let parent = (folder as NSString).deletingLastPathComponent
      if parent == folder || parent.isEmpty { return false }
      folder = parent
    }
  }
}
