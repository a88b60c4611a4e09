extension Connection {
  /// Connects to a database for reading alone: nothing that is run changes it, where the database can
  /// promise that.
  ///
  /// SQLite opens the file read-only and makes none; PostgreSQL's session is read-only; other drivers are
  /// asked for a read-only connection, which not all of them have.
  /// - Parameters:
  ///   - driver: as for `init(driver:uri:)`.
  ///   - timeout: seconds after which the database itself ends a statement, where it can.
  /// - Throws: `WarehouseError`, with code `libraryMissing` where there is no such driver.
  public convenience init(
    readingFrom driver: String, uri: String, timeout: Double? = nil
  ) throws(WarehouseError) {
    let name = driver.lowercased()
    let isSQLite = name.contains("sqlite")
    try self.init(driver: driver, uri: isSQLite ? Self.readOnlySQLite(uri) : uri)
    if isSQLite {
      try execute("PRAGMA query_only = 1")
    } else if name.contains("postgresql") || uri.hasPrefix("postgres") {
      try execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
      if let timeout { try execute("SET statement_timeout = \(Int(max(1, timeout * 1000)))") }
    } else {
      askForReadOnly()
    }
  }

  /// A file's path, or a `file:` URI, as one that SQLite opens for reading and does not make.
  static func readOnlySQLite(_ uri: String) -> String {
    guard uri != ":memory:", !uri.isEmpty else { return uri }
    guard uri.hasPrefix("file:") else {
      let escaped = uri.reduce(into: "") { text, character in
        switch character {
        case "%": text += "%25"
        case "?": text += "%3f"
        case "#": text += "%23"
        default: text.append(character)
        }
      }
      return "file:\(escaped)?mode=ro"
    }
    // The last `mode` would not win over an earlier one, so any other goes.
    let parts = uri.split(separator: "?", maxSplits: 1).map(String.init)
    let options = (parts.count > 1 ? parts[1] : "").split(separator: "&")
      .filter { !$0.hasPrefix("mode=") || $0 == "mode=memory" }.map(String.init)
    let mode = options.contains("mode=memory") ? [] : ["mode=ro"]
    return "\(parts[0])?\((options + mode).joined(separator: "&"))"
  }
}
