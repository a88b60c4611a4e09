internal import Foundation

/// The rule on whose files may be loaded or obeyed: root's and the current user's.
public enum Ownership {
  /// Returns why a file must not be loaded: the file, or a folder above it, belongs to another user
  /// or is writable by everybody.
  ///
  /// Links are resolved first. A world-writable folder is accepted if its sticky bit is set, as in
  /// `/tmp`, because nobody can replace another user's entries there.
  /// - Returns: nil if the file may be loaded; otherwise a clause such as `/srv/lib belongs to user
  ///   1001`.
  public static func objection(to path: String) -> String? {
    guard var place = Files.realPath(path) else { return "\(path) cannot be examined" }
    while true {
      var status = stat()
      guard lstat(place, &status) == 0 else { return "\(place) cannot be examined" }
      if let owner = stranger(status.st_uid) { return "\(place) belongs to \(owner)" }
      let isSticky = status.st_mode & S_IFMT == S_IFDIR && status.st_mode & S_ISVTX != 0
      if status.st_mode & S_IWOTH != 0, !isSticky { return "everybody can write \(place)" }
      if place == "/" { return nil }
      place = Files.parent(of: place)
    }
  }

  /// Returns the owner of a path if it is neither root nor the current user, such as `user 1001`.
  ///
  /// Both a link and its target are checked.
  public static func stranger(at path: String) -> String? {
    var (link, target) = (stat(), stat())
    guard lstat(path, &link) == 0, stat(path, &target) == 0 else { return nil }
    return stranger(link.st_uid) ?? stranger(target.st_uid)
  }

  private static func stranger(_ user: uid_t) -> String? {
    if user == 0 || user == geteuid() { return nil }
    // Under sudo, the files of the calling user count as the user's own, as they do in git.
    if geteuid() == 0, let caller = getenv("SUDO_UID"), uid_t(String(cString: caller)) == user {
      return nil
    }
    return "user \(user)"
  }
}
