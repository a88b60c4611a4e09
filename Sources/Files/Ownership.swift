internal import Foundation

/// Whose files are loaded or obeyed: root's and those of the user who runs the program.
public enum Ownership {
  /// Why a file must not be loaded: it, or a folder above it, is somebody else's or open to everybody.
  ///
  /// Links are resolved first. A folder that everybody may write to counts as closed where it is sticky,
  /// as `/tmp` is: nobody can replace another user's entries in it.
  /// - Returns: nil where nothing speaks against it; a clause such as `/srv/lib belongs to user 1001`.
  public static func objection(to path: String) -> String? {
    guard var place = Files.realPath(path) else { return "\(path) cannot be looked at" }
    while true {
      var status = stat()
      guard lstat(place, &status) == 0 else { return "\(place) cannot be looked at" }
      if let owner = stranger(status.st_uid) { return "\(place) belongs to \(owner)" }
      let isSticky = status.st_mode & S_IFMT == S_IFDIR && status.st_mode & S_ISVTX != 0
      if status.st_mode & S_IWOTH != 0, !isSticky { return "\(place) can be written by everybody" }
      if place == "/" { return nil }
      place = Files.parent(of: place)
    }
  }

  /// The owner of what is at a path, where that is neither root nor this user: `user 1001`.
  ///
  /// Both a link and what it leads to count.
  public static func stranger(at path: String) -> String? {
    var (link, target) = (stat(), stat())
    guard lstat(path, &link) == 0, stat(path, &target) == 0 else { return nil }
    return stranger(link.st_uid) ?? stranger(target.st_uid)
  }

  private static func stranger(_ user: uid_t) -> String? {
    if user == 0 || user == geteuid() { return nil }
    // As git does: under sudo the files of the user who called it are the user's own.
    if geteuid() == 0, let caller = getenv("SUDO_UID"), uid_t(String(cString: caller)) == user {
      return nil
    }
    return "user \(user)"
  }
}
