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
    /// Files, relative to the project folder.
    case file(FilesSpec)
  }

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

/// The files of a source, and what the spec says of the form they are in.
public struct FilesSpec: Sendable {
  public enum Format: String, CaseIterable, Sendable { case parquet, csv, json }

  /// Paths and globs, at least one, relative to the project folder.
  public var paths: [Located<String>]
  public var format: Format
  /// How CSV files are written, as far as the spec says so.
  public var csv: CSVSettings

  /// Where the first path is written, which findings about all of the files point at.
  public var span: SourceSpan { paths[0].span }

  public init(
    _ paths: [Located<String>], format: Format, csv: CSVSettings = CSVSettings()
  ) {
    precondition(!paths.isEmpty, "a source of files names one")
    self.paths = paths
    self.format = format
    self.csv = csv
  }
}

/// How CSV files are written, as far as the spec says so; what it leaves out is decided by a file's first
/// record.
public struct CSVSettings: Sendable {
  public enum Header: Sendable {
    /// The first record names the columns.
    case firstRecord
    /// There is no such record; the columns are `column0`, `column1`, ...
    case none
    /// There is no such record; the columns are these.
    case names([Located<String>])
  }

  /// The name of the encoding; nil: UTF-8.
  public var encoding: Located<String>?
  /// The character between two fields.
  public var delimiter: Located<String>?
  /// The character around a field; empty: there is none.
  public var quote: Located<String>?
  /// The character before a quote within a field; nil: a quote is written twice.
  public var escape: Located<String>?
  /// Texts that are null in every column.
  public var nulls: [Located<String>] = []
  public var header = Header.firstRecord
  /// How many lines stand before the header.
  public var skip = 0

  public init() {}
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
  /// For dates written as text: the strptime formats they are read in, `iso` standing for ISO 8601; none:
  /// ISO 8601 alone.
  public var formats: [Located<String>]
  /// For text that may be a JSON object: the field whose value is meant.
  public var jsonField: Located<String>?
  /// How values are written.
  public var form = ValueForm()

  public init(
    name: Located<String>, from: Located<String>? = nil, type: ColumnType,
    columnClass: ColumnClass, formats: [Located<String>] = [], jsonField: Located<String>? = nil,
    form: ValueForm = ValueForm()
  ) {
    self.name = name
    self.from = from
    self.type = type
    self.columnClass = columnClass
    self.formats = formats
    self.jsonField = jsonField
    self.form = form
  }

  /// The column as the table calls it.
  public var physicalName: Located<String> { from ?? name }
}

/// What the spec says of how a column's values are written, and which of them are values at all.
public struct ValueForm: Sendable {
  /// The values that stand for null.
  public var nulls: [String] = []
  /// The characters that are taken out of a number's text.
  public var strip = ""
  /// Whether a number's text has a comma where its fraction begins.
  public var hasDecimalComma = false
  /// The days that are possible.
  public var days = ValueForm.usualDays

  /// The days that a date may be of unless its column says otherwise: 1900-01-01 to 2200-12-31.
  public static let usualDays = CalendarDate(days: -25_567)...CalendarDate(days: 84_370)

  public init() {}
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

/// What a source's data promise, to be checked before anything is trained.
public struct ContractSpec: Sendable {
  public enum Promise: Sendable {
    /// None of these columns is ever null.
    case notNull([Located<String>])
    /// No two rows agree in all of these columns.
    case unique([Located<String>])
    /// The column holds only these values, as text.
    case acceptedValues([String], column: Located<String>)
    /// The column's values lie in this closed range; both ends as written.
    case between(low: Located<String>, high: Located<String>, column: Located<String>)
    /// Every value matches this regular expression.
    case matches(Located<String>, column: Located<String>)
    /// The share of nulls is below this, in (0, 1].
    case nullRateBelow(Located<Double>, column: Located<String>)
    /// There are this many rows.
    case rowCount(ClosedRange<Int>)
    /// The column's latest date is at most this far from data_through.
    case freshWithin(Located<Period>, column: Located<String>)
    /// These dates are never after data_through.
    case noFuture([Located<String>])
    /// Every value of the column stands in another source's column.
    case relationship(Located<ColumnReference>, column: Located<String>)
  }

  public var promise: Promise
  /// The whole contract.
  public var span: SourceSpan
}
