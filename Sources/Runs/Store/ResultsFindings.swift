public import Diagnostics

// Files and folders that cannot be written: H703.
extension Finding {
  static func resultsElsewhere(_ folder: String) -> Finding {
    Finding(
      703, "`\(folder)` cannot be written: a link leads outside the results folder",
      hints: [
        "remove the link; if results belong elsewhere, name that folder with `results:` in "
          + "holdout.yaml"
      ])
  }

  public static func cannotWriteFile(_ path: String, _ reason: String) -> Finding {
    Finding(
      703, "`\(path)` cannot be written: \(reason)",
      hints: ["name another file, or check the folder's permissions and the free space"])
  }

  package static func unwritable(_ folder: String, _ reason: String) -> Finding {
    Finding(
      703, "`\(folder)` cannot be written: \(reason)",
      hints: [
        "check its permissions and the free space, or name another with `results:` in holdout.yaml"
      ])
  }
}

extension Explanation {
  static let resultsFindings: [Explanation] = [
    Explanation(
      703, "results that cannot be written",
      cause: """
        The results folder cannot be created or written: a permission is missing, the disk is \
        full, or a file has its name. This is tested before any data are read, so that a long run \
        rarely ends with it.
        """,
      example: .commands("touch results && holdout run spec.yaml"),
      fix: """
        Correct the permissions or free some space, or name another folder with `results:` in \
        holdout.yaml.
        """)
  ]
}
