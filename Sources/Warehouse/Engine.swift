internal import Files
internal import Foundation
internal import Glibc

/// The embedded engine: an in-memory DuckDB database and the connection used by a run.
public final class Engine {
  /// Settings of the engine.
  public struct Settings: Sendable {
    /// The number of threads.
    public var threads: Int
    /// The folder to which the engine spills data that does not fit into memory.
    public var temporaryFolder: String?

    /// Creates settings.
    public init(threads: Int, temporaryFolder: String? = nil) {
      self.threads = threads
      self.temporaryFolder = temporaryFolder
    }
  }

  /// The connection used by a run.
  public let connection: Connection
  /// The engine's version, such as `v2.0.0`.
  public let version: String
  private let database: Database
  private let threads: Int
  /// Further folders to which a confined engine may write files; set it before calling `confine`.
  public var outputFolders: [String] = []
  /// Whether the engine is confined.
  public internal(set) var isConfined = false
  var spill: SpillFolder?
  /// A folder that a confined engine may read and write, removed with the engine; nil before it is
  /// confined.
  public var spillFolder: String? { spill?.path }

  /// Opens an empty in-memory database.
  /// - Throws: `WarehouseError` with code `libraryMissing` if DuckDB cannot be found.
  public init(_ settings: Settings) throws(WarehouseError) {
    let library = NativeLibrary(
      "libduckdb.so", variables: ["HOLDOUT_DUCKDB"], manifest: "duckdb")
    guard let path = library.path else {
      throw WarehouseError(.libraryMissing, library.looked.joined(separator: "\n"))
    }
    threads = settings.threads
    let driver = try Driver(path: path, entryPoint: "duckdb_adbc_init")
    database = try Database(driver: driver, options: [("path", ":memory:")])
    connection = try Self.connect(database)
    version = try connection.scalar("SELECT version()") ?? "unknown"
    var statements = [
      "SET threads = \(settings.threads)",
      // Order does not matter, because rows leave the engine with their entity's index or go to a
      // file. With this setting a streamed result has no order, not even under ORDER BY.
      "SET preserve_insertion_order = false",
      // A COPY that fails while other threads are still writing its file may wait for them forever
      // (DuckDB 2.0.0, AsyncWriteQueue::AbortWrites). Without such threads it cannot.
      "SET async_threads = 0",
      // Nothing may access the network in the middle of a run.
      "SET autoinstall_known_extensions = false",
    ]
    if let folder = settings.temporaryFolder {
      statements.append("SET temp_directory = \(SQL.literal(folder))")
    }
    for statement in statements { try connection.execute(statement) }
  }

  /// Opens another connection to the same database, for use by another thread.
  public func connect() throws(WarehouseError) -> Connection { try Self.connect(database) }

  private static func connect(_ database: Database) throws(WarehouseError) -> Connection {
    let connection = try Connection(database)
    for setting in ["errors_as_json = true", "TimeZone = 'UTC'", "enable_progress_bar = false"] {
      try connection.execute("SET \(setting)")
    }
    return connection
  }

  /// The compression of a Parquet file.
  public enum Compression: String, Sendable {
    /// Small; for files that are kept.
    case zstd
    /// Fast; for files that are read again immediately.
    case none = "uncompressed"
  }

  /// Writes a query's rows to a Parquet file, completely or not at all.
  ///
  /// The file is written next to its destination and then renamed over it.
  /// - Throws: `WarehouseError` if the query fails or the file cannot be written.
  public func writeParquet(
    _ query: String, to path: String, compression: Compression = .zstd
  ) throws(WarehouseError) {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    let scratch: Scratch
    do throws(FileError) {
      scratch = try Scratch.file(in: folder.isEmpty ? "/" : folder)
    } catch {
      throw WarehouseError(.query, error.reason)
    }
    try copy(query, to: scratch.path, compression: compression)
    do throws(FileError) {
      try scratch.take(path)
    } catch {
      throw WarehouseError(.query, error.reason)
    }
  }

  /// Writes a query's rows directly to a Parquet file; a failure removes the file.
  ///
  /// - Parameters:
  ///   - groupSize: the rows per row group, which are held in memory until it is written; nil is
  ///     the engine's default, 122,880.
  ///   - isMarked: whether the file's metadata says that Holdout wrote it, so that it may be
  ///     replaced later.
  ///   - rowsHash: the `RowsHash.of` the rows, stored in the file's metadata.
  /// - Throws: `WarehouseError` if the query fails or the file cannot be written.
  public func copy(
    _ query: String, to path: String, compression: Compression = .zstd, groupSize: Int? = nil,
    isMarked: Bool = false, rowsHash: String? = nil
  ) throws(WarehouseError) {
    try connection.copy(
      query, to: path, compression: compression, groupSize: groupSize, isMarked: isMarked,
      rowsHash: rowsHash)
  }

  /// Runs `work` with row order preserved: that of an ORDER BY, or the order in which rows were
  /// read.
  /// - Parameter onOneThread: whether to use only one thread. Rows waiting for their turn take
  ///   memory.
  /// - Throws: What `work` throws.
  public func keepingOrder<Failure: Error>(
    onOneThread: Bool = false, _ work: () throws(Failure) -> Void
  ) throws(Failure) {
    try? connection.execute("SET preserve_insertion_order = true")
    if onOneThread { try? connection.execute("SET threads = 1") }
    defer {
      try? connection.execute("SET preserve_insertion_order = false")
      if onOneThread { try? connection.execute("SET threads = \(threads)") }
    }
    try work()
  }

  /// The format of a file that rows are written to.
  public enum FileFormat: String, CaseIterable, Sendable { case parquet, csv }

  /// Concatenates the rows of Parquet files into one file; a Parquet file is marked as Holdout's.
  /// - Parameters:
  ///   - columns: the SQL after SELECT, which chooses the columns.
  ///   - format: the format of the file.
  /// - Throws: `WarehouseError` if a file cannot be read or the output cannot be written.
  public func joinParquet(
    _ pieces: [String], to path: String, columns: String = "*", format: FileFormat = .parquet
  ) throws(WarehouseError) {
    let list = pieces.map(SQL.literal).joined(separator: ", ")
    let query = "SELECT \(columns) FROM read_parquet([\(list)])"
    // With several threads, the rows of a CSV file are written in the order in which they arrive.
    try keepingOrder(onOneThread: format == .csv) { () throws(WarehouseError) in
      switch format {
      case .parquet: try copy(query, to: path, isMarked: true)
      case .csv:
        try connection.execute("COPY (\(query)) TO \(SQL.literal(path)) (FORMAT csv, HEADER)")
      }
    }
  }
}

/// A hash over all rows of a table, independent of their order, which can be stored in a Parquet
/// file.
public enum RowsHash {
  /// The key in the file's metadata.
  static let key = "holdout.rows"

  /// Returns SQL for the hash of the rows of anything that can follow FROM.
  ///
  /// Each row is hashed as text, which a Parquet file reproduces exactly. MD5 detects changes by a
  /// disk; it does not protect against deliberate changes.
  private static func sql(_ rows: String) -> String {
    "SELECT count(*) || ' ' || coalesce(bit_xor(md5_number(CAST(listed AS VARCHAR))), 0) "
      + "FROM (SELECT * FROM \(rows)) AS listed"
  }

  /// Computes the hash of the rows of anything that can follow FROM.
  /// - Throws: `WarehouseError`.
  public static func of(
    _ rows: String, _ connection: Connection
  ) throws(WarehouseError) -> String? {
    try connection.scalar(sql(rows))
  }

  /// Returns whether a Parquet file still has the rows that it was written with; nil if it stores
  /// no hash.
  /// - Throws: `WarehouseError` if the file cannot be read.
  public static func isIntact(
    _ path: String, _ connection: Connection
  ) throws(WarehouseError) -> Bool? {
    let file = SQL.literal(path)
    let written = try connection.scalar(
      "SELECT decode(value) FROM parquet_kv_metadata(\(file)) "
        + "WHERE decode(key) = \(SQL.literal(key))")
    guard let written else { return nil }
    return try of("read_parquet(\(file), hive_partitioning = false)", connection) == written
  }
}

extension Connection {
  /// Does the same as `Engine.copy`, on this connection.
  public func copy(
    _ query: String, to path: String, compression: Engine.Compression, groupSize: Int? = nil,
    isMarked: Bool = false, rowsHash: String? = nil
  ) throws(WarehouseError) {
    let group = groupSize.map { ", ROW_GROUP_SIZE \($0)" } ?? ""
    var notes = isMarked ? ["\(SQL.literal(OutputMark.parquetKey)): 'yes'"] : []
    if let rowsHash { notes.append("\(SQL.literal(RowsHash.key)): \(SQL.literal(rowsHash))") }
    let mark = notes.isEmpty ? "" : ", KV_METADATA {\(notes.joined(separator: ", "))}"
    do throws(WarehouseError) {
      try execute(
        // USE_TMP_FILE false, because over an existing file the engine would write through a
        // temporary file, which does not have the existing file's lock.
        "COPY (\(query)) TO \(SQL.literal(path)) (FORMAT parquet, USE_TMP_FILE false, "
          + "COMPRESSION \(compression.rawValue)\(group)\(mark))")
    } catch {
      unlink(path)
      throw error
    }
  }

  /// Returns the first column of the first row as text, or nil.
  public func scalar(_ sql: String) throws(WarehouseError) -> String? {
    let rows = try query("SELECT CAST(value AS VARCHAR) FROM (\(sql)) AS single(value)")
    return try rows.next()?.columns.first?.text(0)
  }

  /// Returns the texts of the first column, without nulls.
  public func texts(_ sql: String) throws(WarehouseError) -> [String] {
    try query(sql).collect().flatMap { batch in
      (0..<batch.rowCount).compactMap { batch.columns[0].text($0) }
    }
  }

  /// Returns the first column of the first row as an integer, or nil.
  public func count(_ sql: String) throws(WarehouseError) -> Int? {
    try scalar(sql).flatMap { Int($0) }
  }
}

extension Engine {
  /// How a DuckDB file is attached.
  public enum Access: String, Sendable {
    /// Many processes may read a file at the same time.
    case readOnly = "READ_ONLY"
    /// Only one process may write a file, and no other may read it meanwhile. A missing file is
    /// created.
    case readWrite = "READ_WRITE"
  }

  /// Attaches a DuckDB file as another database of the engine.
  ///
  /// - Parameter lockTimeout: how long to wait while another process is writing the file or, for
  ///   `readWrite`, has it open at all.
  /// - Throws: `WarehouseError`; its `isHeld` is true if the time limit was reached.
  public func attach(
    _ path: String, as name: String, _ access: Access, lockTimeout: LockTimeout
  ) throws(WarehouseError) {
    try lockTimeout.trying { () throws(WarehouseError) in
      try connection.execute(
        "ATTACH \(SQL.literal(path)) AS \(SQL.identifier(name)) (\(access.rawValue))")
    }
  }

  /// Detaches a database, which lets other processes write to its file.
  /// - Throws: `WarehouseError` if no database has that name.
  public func detach(_ name: String) throws(WarehouseError) {
    try connection.execute("DETACH \(SQL.identifier(name))")
  }

  /// Returns the names under which a file is attached.
  public func attachments(of path: String) throws(WarehouseError) -> [String] {
    let real = Self.realPath(path)
    let rows = try connection.query(
      "SELECT database_name, path FROM duckdb_databases() WHERE path IS NOT NULL ORDER BY 1")
    return try rows.collect().flatMap { batch in
      (0..<batch.rowCount).filter { row in
        batch.columns[1].text(row).map(Self.realPath) == real
      }.compactMap { batch.columns[0].text($0) }
    }
  }

  private static func realPath(_ path: String) -> String {
    URL(filePath: path).resolvingSymlinksInPath().path
  }
}

extension Engine {
  /// The limits of an engine that runs SQL from a spec.
  public struct Confinement: Sendable {
    /// Folders whose files may be read and written.
    public var folders: [String]
    /// DuckDB files that may be attached, wherever they are.
    public var databases: [String]
    /// The folder below which data that does not fit into memory is spilled.
    public var spillFolder: String
    /// The maximum memory in bytes; nil is the engine's default, 80 % of the machine's.
    public var memory: Int?

    /// Creates limits.
    public init(folders: [String], databases: [String], spillFolder: String, memory: Int? = nil) {
      self.folders = folders
      self.databases = databases
      self.spillFolder = spillFolder
      self.memory = memory
    }
  }

  /// Settings that Holdout itself changes later; none of them grants access to anything.
  private static let changeable = [
    "threads", "preserve_insertion_order", "search_path", "schema", "errors_as_json", "TimeZone",
    "enable_progress_bar",
  ]

  /// Locks the engine permanently: no files outside the folders, no network, no extensions, and no
  /// setting that would allow them again.
  ///
  /// A COPY to one of the folders still works, so a spec's SQL must be checked separately.
  /// - Throws: `WarehouseError`; the engine must not be used then.
  public func confine(_ limits: Confinement) throws(WarehouseError) {
    guard !isConfined else { return }
    let spill = SpillFolder(below: limits.spillFolder)
    let spillPath = spill?.path ?? limits.spillFolder
    let folders = (limits.folders + outputFolders + [spillPath]).flatMap(Self.spellings)
    let files = limits.databases.flatMap { path in
      Self.spellings(path).flatMap { [$0, "\($0).wal", "\($0).wal.checkpoint", "\($0).tmp"] }
    }
    var statements = [
      // Set folders before the access that these settings need is removed.
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

  /// Returns a path as written and as resolved, because the engine compares texts in some places
  /// and real paths in others.
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

/// A folder for data that does not fit into memory, removed with its owner, usually an engine.
public final class SpillFolder {
  private let scratch: Scratch
  /// The folder's path.
  public var path: String { scratch.path }

  /// Creates the folder in the nearest existing parent of `wanted`, so that no other folder is left
  /// behind; nil if it cannot be created.
  public init?(below wanted: String) {
    var folder = wanted
    while !Files.isFolder(folder), folder != "/", folder != "." {
      folder = Files.parent(of: folder)
    }
    Scratch.removeAbandoned(in: folder)
    do throws(FileError) {
      scratch = try Scratch.folder(in: folder)
    } catch {
      // The checkout may be read-only.
      guard let other = try? Scratch.folder(in: "/tmp") else { return nil }
      scratch = other
    }
  }
}
