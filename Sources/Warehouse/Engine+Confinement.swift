internal import Files
internal import Glibc

extension Engine {
  /// What an engine that runs SQL of a spec may touch and take.
  public struct Confinement: Sendable {
    /// Folders whose files may be read and written.
    public var folders: [String]
    /// DuckDB files that may be attached wherever they are.
    public var databases: [String]
    /// The folder below which goes what does not fit into memory.
    public var spillFolder: String
    /// The most bytes of memory; nil: as the engine decides, 80 % of the machine's.
    public var memory: Int?

    public init(folders: [String], databases: [String], spillFolder: String, memory: Int? = nil) {
      self.folders = folders
      self.databases = databases
      self.spillFolder = spillFolder
      self.memory = memory
    }
  }

  /// Settings that Holdout itself changes later on; none of them opens anything.
  private static let changeable = [
    "threads", "preserve_insertion_order", "search_path", "schema", "errors_as_json", "TimeZone",
    "enable_progress_bar",
  ]

  /// Locks the engine, for good: no file outside of the folders, no network, no extension, and no setting
  /// that would change that.
  ///
  /// A COPY into one of the folders still works, so SQL of a spec has to be looked at besides.
  /// - Throws: `WarehouseError`; the engine is not to be used then.
  public func confine(_ limits: Confinement) throws(WarehouseError) {
    guard !isConfined else { return }
    let spill = SpillFolder(below: limits.spillFolder)
    let spillPath = spill?.path ?? limits.spillFolder
    let folders = (limits.folders + outputFolders + [spillPath]).flatMap(Self.spellings)
    let files = limits.databases.flatMap { path in
      Self.spellings(path).flatMap { [$0, "\($0).wal", "\($0).wal.checkpoint", "\($0).tmp"] }
    }
    var statements = [
      // Settings that name folders come before the access that they need is gone.
      "SET temp_directory = \(SQL.literal(spillPath))",
      "SET allowed_directories = \(Self.list(folders))", "SET allowed_paths = \(Self.list(files))",
      "SET autoload_known_extensions = false", "SET autoinstall_known_extensions = false",
      "SET allow_community_extensions = false", "SET allow_unsigned_extensions = false",
      "SET allow_persistent_secrets = false",
      "SET disabled_filesystems = 'HTTPFileSystem,S3FileSystem,HuggingFaceFileSystem'",
    ]
    if let free = Self.freeBytes(limits.spillFolder) {
      statements.append("SET max_temp_directory_size = '\(max(free / 2, 1 << 20) / 1024)KiB'")
    }
    if let memory = limits.memory {
      statements.append("SET memory_limit = '\(max(memory, 1 << 20) / 1024)KiB'")
    }
    statements += [
      "SET enable_external_access = false",
      "SET allowed_configs = \(Self.list(Self.changeable))", "SET lock_configuration = true",
    ]
    for statement in statements { try connection.execute(statement) }
    self.spill = spill
    isConfined = true
  }

  private static func list(_ texts: [String]) -> String {
    "[\(texts.map(SQL.literal).joined(separator: ", "))]"
  }

  /// A path as it is written and as it resolves; the engine compares texts in some places and real paths
  /// in others.
  private static func spellings(_ path: String) -> [String] {
    let real = Files.realPath(path)
    return real == nil || real == path ? [path] : [path, real ?? path]
  }

  private static func freeBytes(_ path: String) -> Int? {
    var folder = path
    while !Files.isFolder(folder), folder != "/", folder != "." {
      folder = Files.parent(of: folder)
    }
    var status = statvfs()
    guard statvfs(folder, &status) == 0 else { return nil }
    return Int(min(Double(status.f_bavail) * Double(status.f_frsize), 1e18))
  }
}

/// A folder of an engine's own for what does not fit into memory, gone with the engine.
final class SpillFolder {
  private let scratch: Scratch
  var path: String { scratch.path }

  /// Makes it in the nearest folder above that exists, so that no other is left behind; nil where none
  /// can be made.
  init?(below wanted: String) {
    var folder = wanted
    while !Files.isFolder(folder), folder != "/", folder != "." {
      folder = Files.parent(of: folder)
    }
    Scratch.removeAbandoned(in: folder)
    do throws(FileError) {
      scratch = try Scratch.folder(in: folder)
    } catch {
      // A checkout that may not be written to.
      guard let other = try? Scratch.folder(in: "/tmp") else { return nil }
      scratch = other
    }
  }
}
