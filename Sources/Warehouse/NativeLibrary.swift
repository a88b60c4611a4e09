internal import Files
internal import Foundation

/// Where the native libraries are that are loaded at run time.
///
/// A library is code, so it is never taken from the working directory or a folder above it: a project may
/// hold anything. Looked for in this order:
///
/// 1. the file that an environment variable names, whatever it is;
/// 2. the program's own place: `.native/lib`, `../lib/holdout` and `../lib` beside it, and for a build
///    `.native/lib` of the package, where `scripts/setup` puts it;
/// 3. an ADBC driver manifest, for drivers;
/// 4. the folders of the system.
///
/// What is found in 2 to 4 has to belong to root or to the user, with every folder above it.
public struct NativeLibrary {
  /// The library's file; nil where there is none that may be loaded.
  public private(set) var path: String?
  /// Where it was looked for in vain, a line each.
  public private(set) var looked: [String] = []

  /// The path under which the dynamic linker finds a library, or nil.
  /// - Parameters:
  ///   - file: the library's file name, `libduckdb.so`.
  ///   - variable: the environment variable that overrides the search.
  ///   - manifest: the name of an ADBC driver manifest, `duckdb`.
  public static func path(
    of file: String, variable: String, manifest: String? = nil
  ) -> String? {
    NativeLibrary(file, variables: [variable], manifest: manifest).path
  }

  /// Looks for a library.
  /// - Parameter variables: environment variables that override the search, the first that is set.
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

  /// Takes the first file of that name that may be loaded.
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

  /// Takes what `shared = "..."` or `linux_amd64 = "..."` names in an ADBC manifest.
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

  /// Folders that come with the program.
  private static let programFolders: [String] = {
    guard let program = Files.realPath("/proc/self/exe") else { return [] }
    let own = Files.parent(of: program)
    var folders = ["\(own)/.native/lib"]
    // Below a package's .build the program's own place is the package.
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
