internal import Files
internal import Foundation

/// A search for a native library that is loaded at run time.
///
/// A library is code, so it is never loaded from the working directory or a folder above it: a
/// project may contain anything. The search order is:
///
/// 1. the file named by an environment variable, whatever it is;
/// 2. the program's own folders: `.native/lib`, `../lib/holdout` and `../lib` next to it, and for a
///    build the package's `.native/lib`, where `scripts/setup` installs it;
/// 3. an ADBC driver manifest, for drivers;
/// 4. the system's folders.
///
/// A library found in 2 to 4, and every folder above it, must belong to root or to the user.
public struct NativeLibrary {
  /// The library's file; nil if there is none that may be loaded.
  public private(set) var path: String?
  /// The places that were searched without success, one line each.
  public private(set) var looked: [String] = []

  /// Returns the path of a library for the dynamic linker, or nil.
  /// - Parameters:
  ///   - file: the library's file name, such as `libduckdb.so`.
  ///   - variable: the environment variable that overrides the search.
  ///   - manifest: the name of an ADBC driver manifest, such as `duckdb`.
  public static func path(
    of file: String, variable: String, manifest: String? = nil
  ) -> String? {
    NativeLibrary(file, variables: [variable], manifest: manifest).path
  }

  /// Searches for a library.
  /// - Parameter variables: environment variables that override the search; the first that is set
  ///   counts.
  public init(_ file: String, variables: [String], manifest: String? = nil) {
    let environment = ProcessInfo.processInfo.environment
    for variable in variables {
      if let path = environment[variable], !path.isEmpty {
        self.path = path
        return
      }
    }
    looked.append("\(variables.joined(separator: " and ")): not set")
    if take(Self.programFolders, file) { return }
    if let manifest {
      for folder in Self.manifestFolders(environment) {
        if takeManifest("\(folder)/\(manifest).toml") { return }
      }
    }
    _ = take(["/usr/local/lib", "/usr/lib/x86_64-linux-gnu", "/usr/lib", "/lib"], file)
  }

  /// Selects the first file of that name that may be loaded.
  private mutating func take(_ folders: [String], _ file: String) -> Bool {
    folders.contains { take("\($0)/\(file)") }
  }

  private mutating func take(_ path: String) -> Bool {
    guard Files.isFile(path) else {
      looked.append("\(path): not there")
      return false
    }
    if let objection = Ownership.objection(to: path) {
      looked.append("\(path): not loaded, as \(objection)")
      return false
    }
    self.path = path
    return true
  }

  /// Selects the library that `shared = "..."` or `linux_amd64 = "..."` names in an ADBC manifest.
  private mutating func takeManifest(_ manifest: String) -> Bool {
    guard Files.isFile(manifest) else {
      looked.append("\(manifest): not there")
      return false
    }
    if let objection = Ownership.objection(to: manifest) {
      looked.append("\(manifest): not read, as \(objection)")
      return false
    }
    let text = (try? Files.read(manifest, limit: 1 << 20)).map {
      String(decoding: $0, as: UTF8.self)
    }
    for line in (text ?? "").split(separator: "\n") {
      let parts = line.split(separator: "=", maxSplits: 1)
        .map { $0.trimmingCharacters(in: .whitespaces) }
      guard parts.count == 2, parts[0] == "shared" || parts[0] == "linux_amd64" else { continue }
      let named = parts[1].trimmingCharacters(in: CharacterSet(charactersIn: "\"'"))
      return take(named.hasPrefix("/") ? named : "\(Files.parent(of: manifest))/\(named)")
    }
    looked.append("\(manifest): names no library")
    return false
  }

  /// The folders that are installed with the program.
  private static let programFolders: [String] = {
    guard let program = Files.realPath("/proc/self/exe") else { return [] }
    let own = Files.parent(of: program)
    var folders = ["\(own)/.native/lib"]
    // A program below a package's .build folder belongs to that package.
    if let build = own.range(of: "/.build/", options: .backwards) {
      folders.append("\(own[..<build.lowerBound])/.native/lib")
    } else {
      let above = Files.parent(of: own)
      folders += ["\(above)/.native/lib", "\(above)/lib/holdout", "\(above)/lib"]
    }
    return folders
  }()

  private static func manifestFolders(_ environment: [String: String]) -> [String] {
    let named = environment["ADBC_DRIVER_PATH"]?.split(separator: ":").map(String.init) ?? []
    let home = environment["HOME"].map { ["\($0)/.config/adbc/drivers"] } ?? []
    return named.filter { $0.hasPrefix("/") } + home.filter { $0.hasPrefix("/") }
      + ["/etc/adbc/drivers"]
  }
}
