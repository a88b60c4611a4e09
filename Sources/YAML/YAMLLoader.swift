public import Diagnostics
internal import Glibc

/// Reads a file into a text that findings can point to.
public enum YAMLLoader {
  /// The maximum size of a file in bytes.
  public static let maximumBytes = 16 << 20

  /// Returns the file's text, or nil with a finding that says why it cannot be read.
  ///
  /// - Parameters:
  ///   - displayName: the file's name in findings; the path if nil.
  ///   - place: where the path was written, for findings that the file is missing or cannot be
  ///     read.
  public static func load(
    path: String, displayName: String? = nil, at place: SourceSpan? = nil,
    findings: inout [Finding]
  ) -> SourceFile? {
    let name = displayName ?? path
    switch read(path, name: name) {
    case .failure(let failure):
      var finding = failure.finding
      // A label is shown next to the caret. Without a caret, show it as a hint below.
      if place == nil, let label = finding.label {
        finding.label = nil
        finding.hints = [label] + finding.hints
      }
      finding.span = place
      findings.append(finding)
      return nil
    case .success(let bytes):
      return SourceDecoder.decode(bytes, name: name, findings: &findings)
    }
  }

  private struct ReadFailure: Error {
    let finding: Finding
    init(_ finding: Finding) { self.finding = finding }
  }

  private static func read(_ path: String, name: String) -> Result<[UInt8], ReadFailure> {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      let code = errno
      return .failure(
        ReadFailure(
          code == ENOENT || code == ENOTDIR
            ? .fileMissing(name, similar: similarFile(to: path))
            : .fileUnreadable(name, reason: String(cString: strerror(code)))))
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let reason = String(cString: strerror(errno))
      return .failure(ReadFailure(.fileUnreadable(name, reason: reason)))
    }
    if status.st_mode & S_IFMT == S_IFDIR { return .failure(ReadFailure(.fileIsFolder(name))) }
    // A pipe reports no size, so the limit is checked while reading too.
    if Int(status.st_size) > maximumBytes { return .failure(ReadFailure(.fileTooLarge(name))) }
    var bytes: [UInt8] = []
    while bytes.count <= maximumBytes {
      var count = 0
      // Safety: only the bytes that `read` has written are counted as initialized.
      let chunk = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, filled in
        repeat {
          count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        } while count < 0 && errno == EINTR
        filled = max(0, count)
      }
      if count < 0 {
        let reason = String(cString: strerror(errno))
        return .failure(ReadFailure(.fileUnreadable(name, reason: reason)))
      }
      if count == 0 { break }
      bytes += chunk
    }
    if bytes.count > maximumBytes { return .failure(ReadFailure(.fileTooLarge(name))) }
    if bytes.isEmpty { return .failure(ReadFailure(.fileEmpty(name))) }
    return .success(bytes)
  }

  /// Returns the name of a YAML file in the same folder that was probably meant.
  private static func similarFile(to path: String) -> String? {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { String(path[...$0]) } ?? "."
    let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
    guard let directory = opendir(folder) else { return nil }
    defer { closedir(directory) }
    var names: [String] = []
    while names.count < 1_000, let entry = readdir(directory) {
      // Safety: d_name ends with a zero byte inside the entry, which lives until the next readdir.
      let found = withUnsafePointer(to: &entry.pointee.d_name) { field in
        field.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if found.hasSuffix(".yaml") || found.hasSuffix(".yml") { names.append(found) }
    }
    return Suggestion.closest(to: name, among: names.sorted())
  }
}

extension Finding {
  static func fileMissing(_ name: String, similar: String?) -> Finding {
    // A dotted key path without a value looks like a file name.
    let isOverride = name.contains(".") && !name.contains("/") && !name.hasSuffix("ml")
    return Finding(
      101, "there is no file `\(name)`", label: similar.map { "did you mean `\($0)`?" },
      hints: isOverride
        ? ["an override needs `=` and a value: `\(name)=...`"]
        : similar == nil ? ["check the path and the current folder"] : [])
  }

  static func fileIsFolder(_ name: String) -> Finding {
    Finding(102, "`\(name)` is a folder", hints: ["name a YAML file in it"])
  }

  static func fileUnreadable(_ name: String, reason: String) -> Finding {
    Finding(
      103, "`\(name)` cannot be read", notes: ["the system says: \(reason)"],
      hints: ["check the file's permissions and its disk"])
  }

  static func fileEmpty(_ name: String) -> Finding {
    Finding(
      104, "`\(name)` is empty",
      hints: ["write the spec, or restore the file if it was lost"])
  }

  static func fileTooLarge(_ name: String) -> Finding {
    Finding(
      105, "`\(name)` is larger than \(YAMLLoader.maximumBytes >> 20) MiB",
      hints: ["keep data in a table and name the table here"])
  }
}

/// A run of a scalar's content and the source bytes that it came from.
struct ContentPiece {
  var content: Range<Int>
  var source: Range<Int>
  /// Whether content and source are the same bytes. If not, the run as a unit maps to the source
  /// range as a unit.
  var isVerbatim: Bool
  /// Whether the source is a line break of a block scalar.
  var isLineBreak = false
}

extension Explanation {
  static let yamlLoaderFindings: [Explanation] = [
    Explanation(
      101, "no such file",
      cause: """
        There is no file at the path. A path in `extends` is relative to the file that contains \
        it; a path on the command line is relative to the current folder.
        """,
      example: .file("extends: «bse.yaml»\n"),
      fix: "Correct the path, or move the file there."),
    Explanation(
      102, "a folder instead of a file",
      cause: """
        The path is a folder, and a YAML file is needed.
        """,
      example: .commands("holdout check --offline data"),
      fix: "Name the file. For all files of a folder, let the shell expand `experiments/*.yaml`."),
    Explanation(
      103, "a file that cannot be read",
      cause: """
        The file exists, but the system cannot read it; the note has the reason. Usually a \
        permission is missing; sometimes a link leads in a circle or a disk has failed.
        """,
      example: .commands("ln -s loop.yaml loop.yaml\nholdout check --offline loop.yaml"),
      fix: "Look at the file with `ls -l`, then fix its permissions, the link, or the disk."),
    Explanation(
      104, "an empty file",
      cause: """
        The file has no content, not even a comment. Usually it was lost while it was saved or \
        copied.
        """,
      example: .commands("truncate --size 0 spec.yaml\nholdout check --offline spec.yaml"),
      fix: "Write the spec, or restore the file from your version control."),
    Explanation(
      105, "a file that is too large",
      cause: """
        A spec has a few hundred lines; a file of more than 16 MiB is data, or was written by \
        mistake. It is not read.
        """,
      example: .commands(
        """
        yes 'C1,2025-09-18' | head -c 17000000 > data/orders.csv
        holdout check --offline data/orders.csv
        """),
      fix: "Name the spec, not the data: a spec names its data with `table`, `parquet` or `csv`."),
  ]
}
