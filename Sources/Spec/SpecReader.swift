public import Diagnostics
public import Files
import YAML

/// A function that reads a text by its path: from disk in production, from a dictionary in tests.
public typealias SpecReader = (String) -> Result<SourceFile, FindingsError>

extension SpecLoader {
  /// Reads a file from disk; its path is its name in findings.
  public static func file(_ path: String) -> Result<SourceFile, FindingsError> {
    var findings: [Finding] = []
    guard let file = YAMLLoader.load(path: path, findings: &findings) else {
      return .failure(FindingsError(findings))
    }
    return .success(file)
  }

  /// Returns a reader for a spec and the files that it extends.
  ///
  /// A person named the spec itself, so it may be anywhere. The exception is a link within the
  /// roots, which may not lead out of them, because the author of the project may have put it
  /// there. Extended files must be below the roots, or below the spec's own project if the spec is
  /// outside them. They must also have the name of a YAML file, because a finding about a file
  /// shows its lines.
  /// - Parameters:
  ///   - main: the spec's path.
  ///   - roots: the folders from which specs may read files; nil means the spec's own project.
  static func files(of main: String, roots: ReadingRoots?) -> SpecReader {
    let own = ReadingRoots(project: projectFolder(of: main))
    let isInside = roots?.containsAsWritten(main) ?? own.containsAsWritten(main)
    let allowed = isInside ? roots ?? own : roots?.adding(projectFolder(of: main)) ?? own
    let normalized = Composer.normalized(main)
    return { path in
      if path == normalized, !isInside { return file(path) }
      do throws(ReadingRoots.Refusal) {
        let real = try allowed.file(path)
        guard isNamedAsYAML(real) || (path == normalized && !isNamedAsYAML(path)) else {
          return .failure(FindingsError([.notNamedAsYAML(path)]))
        }
        return file(path)
      } catch {
        // A path that is missing, a folder, or unreachable has its own findings.
        let isUnreachable = error != .outside(path) && Files.realPath(path) == nil
        if isUnreachable || error == .folder { return file(path) }
        return .failure(FindingsError([.notRead(path, error)]))
      }
    }
  }

  private static func isNamedAsYAML(_ path: String) -> Bool {
    let name = path.lowercased()
    return name.hasSuffix(".yaml") || name.hasSuffix(".yml")
  }

  /// Returns the nearest folder, from the spec's own upward, that contains a holdout.yaml; if none
  /// does, the spec's own.
  private static func projectFolder(of main: String) -> String {
    let own = Files.realPath(main) ?? main
    let start = Files.realPath(Files.parent(of: own)) ?? "."
    var folder = start
    while !Files.isFile("\(folder)/holdout.yaml") {
      if folder == "/" || folder == "." { return start }
      folder = Files.parent(of: folder)
    }
    return folder
  }
}

// Findings about files that a spec names and that are not read: H290.
extension Finding {
  /// Returns the finding for a file that a spec names and that is refused before it is read.
  /// - Parameter span: where the path is written.
  public static func notRead(
    _ path: String, _ refusal: ReadingRoots.Refusal, at span: SourceSpan? = nil
  ) -> Finding {
    switch refusal {
    case .missing:
      return Finding(290, "there is no file `\(path)`", at: span, hints: [relative])
    case .folder:
      return Finding(
        290, "`\(path)` is a folder, not a file", at: span, hints: [relative])
    case .special:
      return Finding(
        290, "`\(path)` is a device, a pipe, or a socket", at: span, hints: ["name a regular file"])
    case .outside:
      return Finding(
        290, "`\(path)` leads outside the project", at: span,
        notes: [
          "a spec can read files only in the project and in the folders under `roots` in "
            + "holdout.yaml"
        ],
        hints: ["move the file into the project, or add its folder to `roots`"])
    case .failed(let error):
      return Finding(
        290, "cannot read `\(path)`: \(error.reason)", at: span, hints: [relative])
    }
  }

  private static let relative = "check the path and the file's permissions"

  fileprivate static func notNamedAsYAML(_ path: String) -> Finding {
    Finding(
      290, "`\(path)` does not have the name of a YAML file",
      notes: ["findings show lines of a spec, and this file could contain secrets"],
      hints: ["rename it to end in `.yaml`"])
  }
}

extension Explanation {
  static let specReaderFindings: [Explanation] = [
    Explanation(
      290, "a file that a spec cannot read",
      cause: """
        Specs can come from pull requests, so a spec can read only files in the project folder and \
        in the folders that holdout.yaml lists under `roots`. Links are resolved first, and a link \
        that leads outside is rejected. So are devices, pipes, files in `.git`, and an `extends` \
        to a file not named `.yaml` or `.yml`. No part of such a file is read or shown.
        """,
      example: .file("extends: «/etc/passwd»\n"),
      fix: """
        Move the file into the project, or add its folder to `roots` in holdout.yaml. Name specs \
        with the ending `.yaml`.
        """)
  ]
}
