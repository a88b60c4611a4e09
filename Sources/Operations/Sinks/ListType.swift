/// What the values of a list's column are: the types that all databases know.
enum ListType: Equatable {
  case text
  case date
  /// A moment in UTC, with its zone.
  case moment
  /// Without a zone; in UTC by agreement.
  case timestamp
  case flag
  /// Whole numbers of 2, 4 or 8 bytes.
  case integer(bytes: Int)
  /// Numbers of 4 or 8 bytes.
  case real(bytes: Int)

  /// The type in which a column of the embedded engine is written.
  /// - Parameter name: as DESCRIBE gives it.
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

  /// The type of a column of which only the name is known; those of features are text.
  init(standardFor column: String) {
    self =
      switch column {
      case "cutoff_date": .date
      case "scored_at": .moment
      case "selected": .flag
      case "score", "margin": .real(bytes: 8)
      default: column.hasPrefix("rank_") ? .integer(bytes: 4) : .text
      }
  }

  /// The name under which the embedded engine knows the type.
  var engineName: String { name(in: .duckdb) }

  /// Whether a column of this type takes the values of another unchanged.
  ///
  /// A column without a zone takes moments, which are in UTC in either.
  func holds(_ other: ListType) -> Bool {
    switch (self, other) {
    case (.timestamp, .moment): true
    case (.integer(let own), .integer(let others)), (.real(let own), .real(let others)):
      own >= others
    default: self == other
    }
  }
}
