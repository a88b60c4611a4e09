internal import Files
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

  /// The first column of the first row as an integer, or nil.
  public func count(_ sql: String) throws(WarehouseError) -> Int? {
    try scalar(sql).flatMap { Int($0) }
  }
}
