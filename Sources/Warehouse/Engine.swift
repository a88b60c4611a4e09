internal import Files
internal import Foundation
internal import Glibc

/// The embedded engine: a DuckDB database in memory, and the connection that a run works on.
public final class Engine {
  public struct Settings: Sendable {
    public var threads: Int
    /// Where the engine puts what does not fit into memory.
    public var temporaryFolder: String?

    public init(threads: Int, temporaryFolder: String? = nil) {
      self.threads = threads
      self.temporaryFolder = temporaryFolder
    }
  }

  public let connection: Connection
  /// The engine's version, `v2.0.0`.
  public let version: String
  private let database: Database
  private let threads: Int
  /// Further folders that a confined engine writes files into; set before it is confined.
  public var outputFolders: [String] = []
  /// Whether the engine is locked.
  public internal(set) var isConfined = false
  var spill: SpillFolder?
  /// A folder that a confined engine may read and write, gone with the engine; nil before it is confined.
  public var spillFolder: String? { spill?.path }

  /// Opens an empty database in memory.
  /// - Throws: `WarehouseError` with code `libraryMissing` when there is no DuckDB to load.
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
      // Rows leave the engine with their entity's number or into a file; a streamed result is in no
      // order then, not even under an ORDER BY.
      "SET preserve_insertion_order = false",
      // A COPY that fails while other threads still write its file may wait for them for ever
      // (DuckDB 2.0.0, AsyncWriteQueue::AbortWrites); without such threads it cannot.
      "SET async_threads = 0",
      // Nothing may reach for the network in the middle of a run.
      "SET autoinstall_known_extensions = false",
    ]
    if let folder = settings.temporaryFolder {
      statements.append("SET temp_directory = \(SQL.literal(folder))")
    }
    for statement in statements { try connection.execute(statement) }
  }

  /// A further connection to the same database, for another thread.
  public func connect() throws(WarehouseError) -> Connection { try Self.connect(database) }

  private static func connect(_ database: Database) throws(WarehouseError) -> Connection {
    let connection = try Connection(database)
    for setting in ["errors_as_json = true", "TimeZone = 'UTC'", "enable_progress_bar = false"] {
      try connection.execute("SET \(setting)")
    }
    return connection
  }

  /// How a Parquet file's pages are kept.
  public enum Compression: String, Sendable {
    /// Small; for files that stay.
    case zstd
    /// Quick; for files that are read again at once.
    case none = "uncompressed"
  }

  /// Writes a query's rows to a Parquet file, whole or not at all.
  ///
  /// The file is written beside its destination and then renamed over it.
  /// - Throws: `WarehouseError` when the query fails or the file cannot be written.
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

  /// Writes a query's rows to a Parquet file at this very path, which a failure leaves no file at.
  ///
  /// - Parameter groupSize: the rows that are packed together, and held in memory until they are;
  ///   nil: the engine's own, 122,880.
  /// - Parameter isMarked: whether the file says in its metadata that Holdout has written it, so that
  ///   it may be replaced later.
  /// - Parameter rowsHash: `RowsHash.of` the rows, which the file is to carry.
  /// - Throws: `WarehouseError` when the query fails or the file cannot be written.
  public func copy(
    _ query: String, to path: String, compression: Compression = .zstd, groupSize: Int? = nil,
    isMarked: Bool = false, rowsHash: String? = nil
  ) throws(WarehouseError) {
    try connection.copy(
      query, to: path, compression: compression, groupSize: groupSize, isMarked: isMarked,
      rowsHash: rowsHash)
  }

  /// Does some work in which rows keep their order: that of an ORDER BY, or the one they were read in.
  /// - Parameter onOneThread: uses one thread only: rows that wait for their turn take memory.
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

  /// The form of a file that rows are written to.
  public enum FileFormat: String, CaseIterable, Sendable { case parquet, csv }

  /// Writes the rows of Parquet files into one file, file after file; a Parquet file is marked as Holdout's.
  /// - Parameters:
  ///   - columns: what is written of them, as SQL behind SELECT.
  ///   - format: the form of the file.
  /// - Throws: `WarehouseError` when one of them cannot be read or the file cannot be written.
  public func joinParquet(
    _ pieces: [String], to path: String, columns: String = "*", format: FileFormat = .parquet
  ) throws(WarehouseError) {
    let list = pieces.map(SQL.literal).joined(separator: ", ")
    let query = "SELECT \(columns) FROM read_parquet([\(list)])"
    // Several threads write the rows of a CSV file as they come.
    try keepingOrder(onOneThread: format == .csv) { () throws(WarehouseError) in
      switch format {
      case .parquet: try copy(query, to: path, isMarked: true)
      case .csv:
        try connection.execute("COPY (\(query)) TO \(SQL.literal(path)) (FORMAT csv, HEADER)")
      }
    }
  }
}

/// A hash of all rows of a table in whatever order, which a Parquet file can carry.
public enum RowsHash {
  /// Under which a file's metadata has it.
  static let key = "holdout.rows"

  /// SQL for the hash of the rows of something that can stand behind FROM.
  ///
  /// Rows are hashed by their text, which a Parquet file gives back as it was. MD5 finds what a disk
  /// changes; it is no proof against somebody who means to.
  private static func sql(_ rows: String) -> String {
    "SELECT count(*) || ' ' || coalesce(bit_xor(md5_number(CAST(listed AS VARCHAR))), 0) "
      + "FROM (SELECT * FROM \(rows)) AS listed"
  }

  /// - Throws: `WarehouseError`.
  public static func of(
    _ rows: String, _ connection: Connection
  ) throws(WarehouseError) -> String? {
    try connection.scalar(sql(rows))
  }

  /// Whether a Parquet file has the rows that it was written with; nil where it does not say.
  /// - Throws: `WarehouseError` where it cannot be read.
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
  /// As `Engine.copy`, on this connection.
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
        // Into a file that is there already the engine would write by way of another one, which has
        // not its lock.
        "COPY (\(query)) TO \(SQL.literal(path)) (FORMAT parquet, USE_TMP_FILE false, "
          + "COMPRESSION \(compression.rawValue)\(group)\(mark))")
    } catch {
      unlink(path)
      throw error
    }
  }

  /// The first column of the first row as text, or nil.
  public func scalar(_ sql: String) throws(WarehouseError) -> String? {
    let rows = try query("SELECT CAST(value AS VARCHAR) FROM (\(sql)) AS single(value)")
    return try rows.next()?.columns.first?.text(0)
  }

  /// The texts of the first column, without nulls.
  public func texts(_ sql: String) throws(WarehouseError) -> [String] {
    try query(sql).collect().flatMap { batch in
      (0..<batch.rowCount).compactMap { batch.columns[0].text($0) }
    }
  }

  /// The first column of the first row as an integer, or nil.
  public func count(_ sql: String) throws(WarehouseError) -> Int? {
    try scalar(sql).flatMap { Int($0) }
  }
}

extension Engine {
  public enum Access: String, Sendable {
    /// Many processes may read a file at the same time.
    case readOnly = "READ_ONLY"
    /// One process writes a file, and nobody reads it meanwhile. A file that is not there is made.
    case readWrite = "READ_WRITE"
  }

  /// Opens a DuckDB file as a further database of the engine.
  ///
  /// - Parameter patience: how long to wait while another process writes the file, or for `readWrite`
  ///   has it open at all.
  /// - Throws: `WarehouseError`; its `isHeld` tells that patience has ended.
  public func attach(
    _ path: String, as name: String, _ access: Access, patience: Patience
  ) throws(WarehouseError) {
    try patience.trying { () throws(WarehouseError) in
      try connection.execute(
        "ATTACH \(SQL.literal(path)) AS \(SQL.identifier(name)) (\(access.rawValue))")
    }
  }

  /// Closes a further database, which lets other processes write its file.
  /// - Throws: `WarehouseError` where there is none of that name.
  public func detach(_ name: String) throws(WarehouseError) {
    try connection.execute("DETACH \(SQL.identifier(name))")
  }

  /// The names under which a file is attached.
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
