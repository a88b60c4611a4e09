public import Diagnostics
internal import Foundation
public import Spec

/// The files of a source: its paths and globs, resolved in the project folder.
///
/// The files are sorted by path, without duplicates. `*`, `?` and `[...]` match within a name, but
/// not a dot at its start; `**` matches any number of folders. A folder written as `column=...` in
/// the path gives every row below it a value of that column. Folders that the path does not name,
/// and those above the project, give none.
public struct SourceFiles: Sendable {
  /// A file and the values that its folders give to all its rows.
  public struct File: Sendable {
    /// The absolute path.
    public let path: String
    /// The path as written in the spec, or relative to the project folder.
    public let shown: String
    let partitions: [Partition]
  }

  /// The value that a folder `column=value` gives to the rows below it.
  struct Partition: Sendable {
    let column: String
    /// The value; nil means null.
    let value: String?
    /// Whether the path leaves the value open, as in `column=*`.
    let isOpen: Bool
  }

  /// The files, at least one.
  public let files: [File]

  /// Finds the files of a source.
  /// - Throws: `FindingsError` for a path without a file and for a folder.
  public init(_ spec: FilesSpec, folder: String) throws(FindingsError) {
    var files: [String: File] = [:]
    var findings: [Finding] = []
    for path in spec.paths {
      let found = Self.matches(path.value, folder: folder)
      if found.isEmpty { findings.append(Self.missing(path, spec.format, folder: folder)) }
      for file in found where files[file.path] == nil { files[file.path] = file }
    }
    if !findings.isEmpty { throw FindingsError(findings) }
    self.files = files.values.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }

  private static func missing(
    _ path: Located<String>, _ format: FilesSpec.Format, folder: String
  ) -> Finding {
    if isGlob(path.value) { return .noMatchingFile(path, folder: folder) }
    return FileManager.default.fileExists(atPath: absolute(path.value, folder))
      ? .sourceIsFolder(path, format) : .missingSource(path, folder: folder)
  }

  private static func absolute(_ path: String, _ folder: String) -> String {
    path.hasPrefix("/") ? path : "\(folder)/\(path)"
  }

  private static func isGlob(_ path: some StringProtocol) -> Bool {
    path.contains { "*?[".contains($0) }
  }

  private static func isFile(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && !isFolder.boolValue
  }

  // MARK: - Globs

  /// Returns the files that a path or a glob names; empty if there are none.
  private static func matches(_ pattern: String, folder: String) -> [File] {
    let parts = pattern.split(separator: "/").map(String.init)
    let start = pattern.hasPrefix("/") ? "" : folder
    // The name of a file may contain characters of a glob.
    let literal = absolute(pattern, folder)
    if !isGlob(pattern) || isFile(literal) {
      guard isFile(literal) else { return [] }
      let partitions = parts.dropLast().compactMap { partition(pattern: $0, name: $0) }
      return [File(path: literal, shown: pattern, partitions: partitions)]
    }
    var found: [File] = []
    walk(parts[...], in: start, []) { path, partitions in
      let shown =
        path.hasPrefix(folder + "/") ? String(path.dropFirst(folder.utf8.count + 1)) : path
      found.append(File(path: path, shown: shown, partitions: partitions))
    }
    return found
  }

  private static func walk(
    _ parts: ArraySlice<String>, in folder: String, _ partitions: [Partition],
    _ found: (String, [Partition]) -> Void
  ) {
    guard let part = parts.first else { return }
    let rest = parts.dropFirst()
    if part == "**" {
      // The glob may end here, which means every file below.
      walk(rest.isEmpty ? ["*"] : rest, in: folder, partitions, found)
      for name in names(in: folder) where !name.hasPrefix(".") && isFolder("\(folder)/\(name)") {
        walk(parts, in: "\(folder)/\(name)", partitions, found)
      }
      return
    }
    let matching =
      isGlob(part)
      ? names(in: folder.isEmpty ? "/" : folder).filter { fnmatch(part, $0, FNM_PERIOD) == 0 }
      : [part]
    for name in matching {
      let path = "\(folder)/\(name)"
      if rest.isEmpty {
        if isFile(path) { found(path, partitions) }
      } else {
        let own = partition(pattern: part, name: name)
        walk(rest, in: path, partitions + [own].compactMap(\.self), found)
      }
    }
  }

  private static func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  /// Returns whether a path is a folder and not a link to one, which could lead in a circle.
  private static func isFolder(_ path: String) -> Bool {
    let type = (try? FileManager.default.attributesOfItem(atPath: path))?[.type]
    return type as? FileAttributeType == .typeDirectory
  }

  /// Returns the value of a folder's name, if the path names a column there.
  private static func partition(pattern: String, name: String) -> Partition? {
    guard pattern.contains("="), let sign = name.firstIndex(of: "="), sign > name.startIndex else {
      return nil
    }
    let value = String(name[name.index(after: sign)...])
    return Partition(
      column: String(name[..<sign]),
      value: value == "__HIVE_DEFAULT_PARTITION__" ? nil : value.removingPercentEncoding ?? value,
      isOpen: isGlob(pattern))
  }
}
