/// A kind of database, with its names for columns and types.
enum ListDialect: String, CaseIterable {
  case duckdb
  case postgresql
  case sqlite

  /// The kind of database behind a driver, given by its name or its library's path; nil if lists
  /// cannot be written there.
  init?(driver: String) {
    let file = driver.split(separator: "/").last.map(String.init) ?? driver
    guard
      let found = [ListDialect.postgresql, .sqlite].first(where: { file.contains($0.rawValue) })
    else { return nil }
    self = found
  }

  /// A column's name for comparisons: only PostgreSQL is case-sensitive.
  func folded(_ column: String) -> String {
    self == .postgresql ? column : column.lowercased()
  }
}

extension ListType {
  /// The type's name in a table definition.
  func name(in dialect: ListDialect) -> String {
    switch (dialect, self) {
    case (.duckdb, .text): "VARCHAR"
    case (.postgresql, .text): "text"
    case (.sqlite, .text): "TEXT"
    case (.postgresql, .date): "date"
    case (_, .date): "DATE"
    case (.postgresql, .moment): "timestamptz"
    // SQLite has no time zones, and its functions read a text without one as UTC.
    case (.sqlite, .moment): "TIMESTAMP"
    case (_, .moment): "TIMESTAMP WITH TIME ZONE"
    case (.postgresql, .timestamp): "timestamp"
    case (_, .timestamp): "TIMESTAMP"
    case (.postgresql, .flag): "boolean"
    case (_, .flag): "BOOLEAN"
    case (.sqlite, .integer): "INTEGER"
    case (_, .integer(2)): dialect == .duckdb ? "SMALLINT" : "smallint"
    case (_, .integer(4)): dialect == .duckdb ? "INTEGER" : "integer"
    case (_, .integer): dialect == .duckdb ? "BIGINT" : "bigint"
    case (.sqlite, .real): "REAL"
    case (.duckdb, .real(let bytes)): bytes == 4 ? "FLOAT" : "DOUBLE"
    case (.postgresql, .real(let bytes)): bytes == 4 ? "real" : "double precision"
    }
  }

  /// The type of a table's column; nil for one that no list has.
  /// - Parameter name: the type's name in the database's catalog.
  init?(_ name: String, in dialect: ListDialect) {
    let plain = String(name.lowercased().prefix { $0 != "(" })
    let known: ListType? =
      switch dialect {
      case .duckdb: Self.duckdb[plain]
      case .postgresql: Self.postgresql[plain]
      case .sqlite: Self.sqlite[plain]
      }
    guard let known else { return nil }
    self = known
  }

  private static let duckdb: [String: ListType] = [
    "varchar": .text, "date": .date, "timestamp": .timestamp,
    "timestamp with time zone": .moment, "boolean": .flag, "smallint": .integer(bytes: 2),
    "integer": .integer(bytes: 4), "bigint": .integer(bytes: 8),
    "float": .real(bytes: 4), "double": .real(bytes: 8),
  ]

  /// By their names in `pg_type`.
  private static let postgresql: [String: ListType] = [
    "text": .text, "varchar": .text, "date": .date, "timestamp": .timestamp,
    "timestamptz": .moment, "bool": .flag,
    "int2": .integer(bytes: 2), "int4": .integer(bytes: 4), "int8": .integer(bytes: 8),
    "float4": .real(bytes: 4), "float8": .real(bytes: 8),
  ]

  /// SQLite stores integers of any size, and all other numbers in 8 bytes, whatever a column's
  /// type.
  private static let sqlite: [String: ListType] = [
    "text": .text, "varchar": .text, "date": .date, "timestamp": .timestamp, "datetime": .timestamp,
    "boolean": .flag, "integer": .integer(bytes: 8), "int": .integer(bytes: 8),
    "smallint": .integer(bytes: 8), "bigint": .integer(bytes: 8), "real": .real(bytes: 8),
    "float": .real(bytes: 8), "double": .real(bytes: 8), "double precision": .real(bytes: 8),
  ]
}

/// The types of a list's columns, which all databases have.
enum ListType: Equatable {
  case text
  case date
  /// A time in UTC, with its zone.
  case moment
  /// Without a zone; in UTC by convention.
  case timestamp
  case flag
  /// Integers of 2, 4 or 8 bytes.
  case integer(bytes: Int)
  /// Floating-point numbers of 4 or 8 bytes.
  case real(bytes: Int)

  /// The type in which a column of the embedded engine is written.
  /// - Parameter name: the type's name in the output of DESCRIBE.
  init(engineType name: String) {
    self =
      switch name.prefix(while: { $0 != "(" }) {
      case "DATE": .date
      case "BOOLEAN": .flag
      case "TIMESTAMP WITH TIME ZONE": .moment
      case "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS": .timestamp
      case "TINYINT", "UTINYINT", "SMALLINT": .integer(bytes: 2)
      case "USMALLINT", "INTEGER": .integer(bytes: 4)
      case "UINTEGER", "BIGINT": .integer(bytes: 8)
      case "FLOAT": .real(bytes: 4)
      case "DOUBLE", "DECIMAL", "HUGEINT", "UBIGINT", "UHUGEINT": .real(bytes: 8)
      default: .text
      }
  }

  /// The type of a column when only its name is known; feature columns are text.
  init(defaultFor column: String) {
    self =
      switch column {
      case "cutoff_date": .date
      case "scored_at": .moment
      case "selected": .flag
      case "score", "margin": .real(bytes: 8)
      default: column.hasPrefix("rank_") ? .integer(bytes: 4) : .text
      }
  }

  /// The type's name in the embedded engine.
  var engineName: String { name(in: .duckdb) }

  /// Whether a column of this type stores the values of another type unchanged.
  ///
  /// A column without a zone accepts moments, because both are in UTC.
  func holds(_ other: ListType) -> Bool {
    switch (self, other) {
    case (.timestamp, .moment): true
    case (.integer(let own), .integer(let others)), (.real(let own), .real(let others)):
      own >= others
    default: self == other
    }
  }
}
