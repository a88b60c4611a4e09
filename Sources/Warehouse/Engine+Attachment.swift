internal import Foundation

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
