public import Diagnostics
public import OrderedCollections

/// A table that features, cohort or label read, and when the values of its columns became known.
public struct SourceSpec: Sendable {
  /// Where the rows are.
  public enum Location: Sendable {
    /// A table or view of a connection in holdout.yaml; a nil connection means `default`.
    case table(Located<String>, connection: Located<String>?)
    /// A query run on a connection; nil means that the embedded engine itself runs it.
    case query(SQLText, connection: Located<String>?)
    /// Files, relative to the project folder.
    case file(FilesSpec)
  }

  /// How rows relate to entities and time.
  public enum Shape: Sendable {
    /// One row per key. `created` names the date column from which the row exists.
    case entity(created: Located<String>?)
    /// Versions of a key's row. A version is valid from the day `validFrom` until the day before
    /// `validTo` or, if `isInclusive`, until that day itself.
    case history(validFrom: Located<String>, validTo: Located<String>, isInclusive: Bool)
    /// Any number of rows per key, each known from the later of its two days.
    case events(time: Located<String>, knownAt: Located<String>?)
  }

  /// What is done with several rows of one key.
  public enum Duplicates: String, CaseIterable, Sendable {
    /// A duplicate key is a finding.
    case error
    /// The row that comes first by the `order` columns is kept.
    case first
    /// The row that comes last by the `order` columns is kept.
    case last
  }

  /// The name of the source.
  public var name: Located<String>
  /// Where the rows are.
  public var location: Location
  /// The column with the row's key, as text; a trailing `.0` is stripped.
  public var key: Located<String>
  /// The column that refers to this source: an entity has the rows whose key is its value there, as
  /// of the cutoff. Nil if the source's keys are the entities' own.
  public var foreignKey: Located<ColumnReference>?
  /// How rows relate to entities and time.
  public var shape: Shape
  /// The last fully observed day.
  public var dataThrough: Located<CalendarDate>?
  /// The first day from which the data are complete; nil means the day of the first row.
  public var dataFrom: Located<CalendarDate>?
  /// What is done with several rows of one key.
  public var duplicates: Duplicates
  /// The columns that decide which of several rows of a key is kept; all other columns break ties.
  public var duplicateOrder: [Located<String>]
  /// Whether rows without a key are dropped and counted; if false, they are a finding.
  public var dropsNullKeys: Bool
  /// The listed columns by name; columns that are not listed cannot be read.
  public var columns: OrderedDictionary<String, ColumnSpec>
  /// The promises about the data.
  public var contracts: [ContractSpec]
  /// How the instants of its dates become days.
  public var clock = DayClock()

  /// Creates a source with one row per key, without columns or promises.
  public init(name: Located<String>, location: Location, key: Located<String>) {
    self.name = name
    self.location = location
    self.key = key
    shape = .entity(created: nil)
    duplicates = .error
    duplicateOrder = []
    dropsNullKeys = false
    columns = [:]
    contracts = []
  }

  init(
    name: Located<String>, location: Location, key: Located<String>, shape: Shape,
    dataThrough: Located<CalendarDate>?, dataFrom: Located<CalendarDate>?, duplicates: Duplicates,
    duplicateOrder: [Located<String>], dropsNullKeys: Bool,
    columns: OrderedDictionary<String, ColumnSpec>, contracts: [ContractSpec], clock: DayClock
  ) {
    self.name = name
    self.location = location
    self.key = key
    self.shape = shape
    self.dataThrough = dataThrough
    self.dataFrom = dataFrom
    self.duplicates = duplicates
    self.duplicateOrder = duplicateOrder
    self.dropsNullKeys = dropsNullKeys
    self.columns = columns
    self.contracts = contracts
    self.clock = clock
  }

  /// Whether the source has any number of dated rows per key.
  public var isEvents: Bool { if case .events = shape { true } else { false } }

  /// Whether the rows are events that also have the day on which they became known.
  public var hasKnownAt: Bool {
    if case .events(_, .some) = shape { true } else { false }
  }
}

/// The files of a source and their format.
public struct FilesSpec: Sendable {
  /// The format of files.
  public enum Format: String, CaseIterable, Sendable { case parquet, csv, json }

  /// Paths and globs relative to the project folder; at least one.
  public var paths: [Located<String>]
  /// The format of the files.
  public var format: Format
  /// How CSV files are written, as far as the spec says.
  public var csv: CSVSettings

  /// The position of the first path, for findings about all of the files.
  public var span: SourceSpan { paths[0].span }

  /// Creates the description of one or more files.
  public init(
    _ paths: [Located<String>], format: Format, csv: CSVSettings = CSVSettings()
  ) {
    precondition(!paths.isEmpty, "a source of files names one")
    self.paths = paths
    self.format = format
    self.csv = csv
  }
}

/// How CSV files are written, as far as the spec says; the rest is inferred from a file's first
/// record.
public struct CSVSettings: Sendable {
  /// Where the names of the columns come from.
  public enum Header: Sendable {
    /// The first record names the columns.
    case firstRecord
    /// No record names the columns; they are `column0`, `column1`, ...
    case none
    /// No record names the columns; they are these.
    case names([Located<String>])
  }

  /// The name of the encoding; nil means UTF-8.
  public var encoding: Located<String>?
  /// The character between two fields.
  public var delimiter: Located<String>?
  /// The character around a field; empty for none.
  public var quote: Located<String>?
  /// The character before a quote within a field; nil means that a quote is doubled.
  public var escape: Located<String>?
  /// Texts that mean null in every column.
  public var nulls: [Located<String>] = []
  /// Where the names of the columns come from.
  public var header = Header.firstRecord
  /// The number of lines before the header.
  public var skip = 0

  /// Creates the default settings.
  public init() {}
}

/// A column of a source: its type, and when its values became known.
public struct ColumnSpec: Sendable {
  /// The type of a column's values.
  public enum ColumnType: String, CaseIterable, Sendable {
    case text, integer, number, date, flag
  }

  /// When a column's values became known.
  public enum ColumnClass: String, CaseIterable, Sendable {
    /// Never changes once the row exists.
    case `static`
    /// A date that is itself the moment it became known; it reads as null at earlier cutoffs.
    case event
    /// Read from versioned rows as of the cutoff.
    case history
    /// Only today's value exists.
    case current
  }

  /// The column's name in the spec.
  public var name: Located<String>
  /// The column's name in the table, if different.
  public var from: Located<String>?
  /// The type of its values.
  public var type: ColumnType
  /// When its values became known.
  public var columnClass: ColumnClass
  /// For dates written as text: the accepted strptime formats, with `iso` for ISO 8601. Empty means
  /// only ISO 8601.
  public var formats: [Located<String>]
  /// For text that may be a JSON object: the field whose value is used.
  public var jsonField: Located<String>?
  /// How values are written.
  public var form = ValueForm()

  /// Creates a column.
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

  /// The column's name in the table.
  public var physicalName: Located<String> { from ?? name }
}

/// How a column's values are written, and which of them are valid.
public struct ValueForm: Sendable {
  /// The values that mean null.
  public var nulls: [String] = []
  /// The characters that are removed from a number's text.
  public var strip = ""
  /// Whether numbers are written with a decimal comma.
  public var hasDecimalComma = false
  /// The range of valid days.
  public var days = ValueForm.usualDays
  /// Whether dates are whole days: their time of day says nothing, and they keep the day that is
  /// written, whatever the clock of days.
  public var isWholeDays = false

  /// The range of valid days by default: 1900-01-01 to 2200-12-31.
  public static let usualDays = CalendarDate(days: -25_567)...CalendarDate(days: 84_370)

  /// Creates the default form.
  public init() {}
}

extension OrderedDictionary<String, SourceSpec> {
  /// Returns the columns through which entities find the rows of a source: the one that refers to it,
  /// then the one that refers to that column's source, and so on; empty if its keys are the entities'.
  public func foreignKeys(of source: String) -> [Located<ColumnReference>] {
    var found: [Located<ColumnReference>] = []
    var seen: Set<String> = []
    var name = source
    // A spec with a cycle has an error, but the rest of it is still decoded.
    while seen.insert(name).inserted, let key = self[name]?.foreignKey {
      found.append(key)
      name = key.value.source
    }
    return found
  }

  /// Returns the sources through which a row of an event source finds its row of another source: the
  /// first has the keys of the events, each further one is referred to by a column of the one before
  /// it, and the last is the other source itself.
  /// - Returns: nil if the other source has events itself, or if no column leads from the keys of the
  ///   events to it.
  public func path(fromEvents events: String, to source: String) -> [String]? {
    guard let own = self[events], self[source]?.isEvents == false else { return nil }
    var path = [source]
    while let first = self[path[0]] {
      guard first.foreignKey?.value != own.foreignKey?.value else { return path }
      guard let key = first.foreignKey?.value, !path.contains(key.source) else { return nil }
      path.insert(key.source, at: 0)
    }
    return nil
  }

  /// Returns the names of the sources that a condition on an event source can read, as of the day of
  /// each row, in the order written.
  public func readable(fromEvents events: String) -> [String] {
    keys.filter { path(fromEvents: events, to: $0) != nil }
  }
}

/// A reference `source.column` in a spec.
public struct ColumnReference: Hashable, Sendable, CustomStringConvertible {
  /// The name of the source.
  public var source: String
  /// The name of the column.
  public var column: String

  /// Creates a reference.
  public init(source: String, column: String) {
    self.source = source
    self.column = column
  }

  /// The reference as written in a spec.
  public var description: String { "\(source).\(column)" }
}

/// A promise about a source's data, checked before anything is trained.
public struct ContractSpec: Sendable {
  /// What is promised about the data.
  public enum Promise: Sendable {
    /// None of these columns is ever null.
    case notNull([Located<String>])
    /// No two rows agree in all of these columns.
    case unique([Located<String>])
    /// The column holds only these values, as text.
    case acceptedValues([String], column: Located<String>)
    /// The column's values are in this closed range; both ends are as written.
    case between(low: Located<String>, high: Located<String>, column: Located<String>)
    /// Every value matches this regular expression.
    case matches(Located<String>, column: Located<String>)
    /// The share of nulls is below this, in (0, 1].
    case nullRateBelow(Located<Double>, column: Located<String>)
    /// The number of rows is in this range.
    case rowCount(ClosedRange<Int>)
    /// The column's latest date is at most this far from data_through.
    case freshWithin(Located<Period>, column: Located<String>)
    /// These dates are never after data_through.
    case noFuture([Located<String>])
    /// Every value of the column occurs in another source's column.
    case relationship(Located<ColumnReference>, column: Located<String>)
  }

  /// What is promised about the data.
  public var promise: Promise
  /// The position of the complete contract.
  public var span: SourceSpan
}
