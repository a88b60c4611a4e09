internal import Experiment

/// Names that stand for folders and files below models/.
enum ModelName {
  /// As a spec's name: letters, digits, and `.`, `_`, `-`, `@`, `=`, `,`, `+`, of which `.` and `-` do
  /// not come first.
  static func isValid(_ name: String) -> Bool {
    name.utf8.count <= 200 && name.wholeMatch(of: #/[A-Za-z0-9_@=,+][A-Za-z0-9._@=,+-]*/#) != nil
  }

  /// Whether a name is of a file of an artifact: in its folder, or in that of its refit.
  static func isValidFile(_ name: String) -> Bool {
    let refit = "\(StoredRun.refitFolder)/"
    return isValid(name.hasPrefix(refit) ? String(name.dropFirst(refit.count)) : name)
  }
}
