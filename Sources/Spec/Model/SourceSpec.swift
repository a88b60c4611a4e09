public import Diagnostics
public import OrderedCollections

/// A table that features, cohort or label read, and what each of its columns may know.
public struct SourceSpec: Sendable {
  /// Where the rows are.
  public enum Location: Sendable {
    /// A table or view of a connection of holdout.yaml (nil: the connection `default`).
    case table(Located<String>, connection: Located<String>?)
    /// A query run on a connection; nil: run by the embedded engine itself.
    case query(SQLText, connection: Located<String>?)
    /// A file, or a glob of files, relative to the project folder.
    case file(Located<String>, format: FileFormat)
  }

  public enum FileFormat: String, CaseIterable, Sendable { case parquet, csv, json }

  /// How rows relate to entities and time.
  public enum Shape: Sendable {
    /// One row per key. `created` names the date column from which on the row exists.
    case entity(created: Located<String>?)
    /// Versions of a key's row: valid on days from `validFrom` until the day before `validTo` or, where
    /// `isInclusive`, until that day itself.
    case history(validFrom: Located<String>, validTo: Located<String>, isInclusive: Bool)
    /// Any number of rows per key, each known from the later of its two days on.
    case events(time: Located<String>, knownAt: Located<String>?)
  }

  public enum Duplicates: String, CaseIterable, Sendable {
    /// A key that stands twice is a finding.
    case error
    /// The row that comes first by the `order` columns is kept.
    case first
    /// The row that comes last by the `order` columns is kept.
    case last
  }

  public var name: Located<String>
  public var location: Location
  /// The column that holds the entity's key, as text; a trailing `.0` is stripped.
  public var key: Located<String>
  public var shape: Shape
  /// The last day fully observed.
  public var dataThrough: Located<CalendarDate>?
  public var duplicates: Duplicates
  /// The columns that decide which of several rows of a key is kept; ties fall to all other columns.
  public var duplicateOrder: [Located<String>]
  /// True: rows without a key are dropped and counted. False: they are a finding.
  public var dropsNullKeys: Bool
  /// The listed columns by name; what is not listed cannot be read.
  public var columns: OrderedDictionary<String, ColumnSpec>
  /// What the data promise.
  public var contracts: [ContractSpec]

  /// Whether the rows are events that became known on a day of their own.
  public var hasKnownAt: Bool {
    if case .events(_, .some) = shape { true } else { false }
  }
}

/// A column of a source: its type, and when its values became known.
public struct ColumnSpec: Sendable {
  public enum ColumnType: String, CaseIterable, Sendable {
    case text, integer, number, date, flag
  }

  public enum ColumnClass: String, CaseIterable, Sendable {
    /// Never changes once the row exists.
    case `static`
    /// A date that is itself the moment it became known; after the cutoff it reads as null.
    case event
    /// Read from versioned rows as of the cutoff.
    case history
    /// Only today's value exists.
    case current
  }

  public var name: Located<String>
  /// The column's name in the table, where it differs.
  public var from: Located<String>?
  public var type: ColumnType
  public var columnClass: ColumnClass
  /// For dates written as text: accepted strptime formats beside ISO 8601.
  public var formats: [Located<String>]
  /// For text that may be a JSON object: the field whose value is meant.
  public var jsonField: Located<String>?

  public init(
    name: Located<String>, from: Located<String>? = nil, type: ColumnType,
    columnClass: ColumnClass, formats: [Located<String>] = [], jsonField: Located<String>? = nil
  ) {
    self.name = name
    self.from = from
    self.type = type
    self.columnClass = columnClass
    self.formats = formats
    self.jsonField = jsonField
  }
}

/// A reference `source.column` in a spec.
public struct ColumnReference: Hashable, Sendable, CustomStringConvertible {
  public var source: String
  public var column: String

  public init(source: String, column: String) {
    self.source = source
    self.column = column
  }

  public var description: String { "\(source).\(column)" }
}
