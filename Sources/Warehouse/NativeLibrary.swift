internal import Foundation

/// Where the native libraries lie that are loaded at run time.
public enum NativeLibrary {
  /// The path under which the dynamic linker finds a library, or nil.
  ///
  /// Looked for in this order: the file that the environment variable names, an ADBC driver manifest
  /// (for drivers), the folders of the system, and `.native/lib` beside or above the working
  /// directory or the program (where `scripts/setup` puts it).
  /// - Parameters:
  ///   - file: the library's file name, `libduckdb.so`.
  ///   - variable: the environment variable that overrides the search.
  ///   - manifest: the name of an ADBC driver manifest, `duckdb`.
  public static func path(
    of file: String, variable: String, manifest: String? = nil
  ) -> String? {
    let environment = ProcessInfo.processInfo.environment
    if let path = environment[variable], !path.isEmpty { return path }
    if let manifest, let path = manifestPath(manifest, environment) { return path }
    let system = ["/usr/local/lib", "/usr/lib/x86_64-linux-gnu", "/usr/lib", "/lib"]
    let candidates =
      system.map { "\($0)/\(file)" } + searchFolders().map { "\($0)/.native/lib/\(file)" }
    return candidates.first { FileManager.default.fileExists(atPath: $0) }
  }

  /// The working directory and the program's folder, each with all the folders above it.
  private static func searchFolders() -> [String] {
    let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
    let starts = [
      FileManager.default.currentDirectoryPath,
      program.map { ($0 as NSString).deletingLastPathComponent },
    ]
    return starts.compactMap(\.self).flatMap { start in
      sequence(first: start) { folder in
        folder == "/" || folder.isEmpty ? nil : (folder as NSString).deletingLastPathComponent
      }
    }
  }

  /// Reads `shared = "..."` or `linux_amd64 = "..."` out of NAME.toml in ADBC's manifest folders.
  private static func manifestPath(_ name: String, _ environment: [String: String]) -> String? {
    let home = environment["HOME"].map { ["\($0)/.config/adbc/drivers"] } ?? []
    let named = environment["ADBC_DRIVER_PATH"]?.split(separator: ":").map(String.init) ?? []
    for folder in named + home + ["/etc/adbc/drivers"] {
      guard let text = try? String(contentsOfFile: "\(folder)/\(name).toml", encoding: .utf8)
      else { continue }
      for line in text.split(separator: "\n") {
        let parts = line.split(separator: "=", maxSplits: 1)
          .map { $0.trimmingCharacters(in: .whitespaces) }
        guard parts.count == 2, parts[0] == "shared" || parts[0] == "linux_amd64" else { continue }
        return parts[1].trimmingCharacters(in: CharacterSet(charactersIn: "\"'"))
      }
    }
    return nil
  }
}
