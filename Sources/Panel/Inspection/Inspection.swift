public import Diagnostics
public import Spec

/// What `holdout inspect` found in files and tables, as the sources of a new spec.
///
/// In: files, or tables of a connection. Out, for each of them: the type that every value has, the
/// likely key and days, and what a person must know to choose the class of each column. All rows
/// are read, in a few passes of the engine; only a head of them reaches Swift.
public struct Inspection: Sendable {
  /// One source for each file or table, in the given order.
  public internal(set) var sources: [InspectedSource]
}

/// A file, a glob, or a table, as a source.
public struct InspectedSource: Sendable {
  /// Where the rows are.
  public enum Location: Sendable {
    /// Files, relative to the project folder.
    ///
    /// - Parameters:
    ///   - encoding: the probable encoding of a CSV file that is not UTF-8.
    ///   - delimiter: the character between the fields of a CSV file, if all files share it.
    case files(String, FilesSpec.Format, encoding: String?, delimiter: String?)
    /// A table or a view.
    case table(String, connection: String)
  }

  /// How the rows relate to entities and time; columns are indices into `columns`.
  public enum Shape: Sendable {
    /// One row per key.
    case entity(created: Int?)
    /// Versions of a key's row.
    case history(validFrom: Int, validTo: Int)
    /// Any number of rows per key. Without a column of days, there is no time.
    case events(time: Int?, knownAt: Int?)
  }

  /// The likely key.
  public struct Key: Sendable {
    /// The index of its column.
    public let column: Int
    /// Whether no value occurs twice.
    public let isUnique: Bool
    /// The other source whose keys the values are.
    public let link: KeyLink?
  }

  /// The name in the spec.
  public internal(set) var name: String
  /// Where the rows are.
  public let location: Location
  /// The number of rows.
  public let rowCount: Int
  /// The columns in the order of the table.
  public internal(set) var columns: [InspectedColumn]
  /// The likely key; nil if no column qualifies.
  public internal(set) var key: Key?
  /// Other columns that have a distinct value in every row and are named like a key.
  public internal(set) var otherKeys: [Int] = []
  /// How the rows relate to entities and time.
  public internal(set) var shape = Shape.entity(created: nil)
}

/// The keys of another source in which the values of a column are found.
public struct KeyLink: Sendable {
  /// The name of the other source.
  public let source: String
  /// The key of the other source.
  public let column: String
  /// The share of the rows with a value whose value is a key there, in [0, 1].
  public let matchedShare: Double
}

/// A column as it was found.
public struct InspectedColumn: Sendable {
  /// The reason that a spec cannot read the column as it is.
  public enum Obstacle: Sendable {
    /// It contains lists, structures, or maps; the engine's type.
    case nested(String, hasFields: Bool)
    /// The header has the name more than once.
    case repeatedName
  }

  /// A type that nearly all values have.
  public struct NearMiss: Sendable {
    /// The type, with the form of the values.
    public let reading: ColumnReading
    /// The number of rows with another value.
    public let others: Int
    /// The first of these values by text; all of them if there are fewer than four.
    public let examples: [String]
  }

  /// The name in the table.
  public let name: String
  /// The name in the spec: the same, unless a spec does not allow it.
  public internal(set) var identifier: String
  /// The type that every value has.
  public internal(set) var reading = ColumnReading(.text)
  /// The readings that fit every value, if there are several and only a person can choose.
  public internal(set) var choices: [ColumnReading] = []
  /// For text, the type that nearly all values have; otherwise, the column's own type if some of
  /// its values are not valid in a spec.
  public internal(set) var nearMiss: NearMiss?
  /// The number of rows with a value.
  public internal(set) var presentCount = 0
  /// The number of distinct values.
  public internal(set) var distinctCount = 0
  /// Whether `distinctCount` is exact; an estimate may be off by a tenth.
  public internal(set) var isDistinctExact = false
  /// The first distinct values in the order of the rows, at most three.
  public internal(set) var examples: [String] = []
  /// The smallest and the largest value of numbers and days, as text.
  public internal(set) var extremes: (low: String, high: String)?
  /// Whether numbers are written with leading zeros, which a number would lose.
  public internal(set) var hasLeadingZeros = false
  /// The reason that the column cannot be read as it is.
  public internal(set) var obstacle: Obstacle?

  /// The class that the name suggests in a source with one row per key; only a person can know it.
  public var likelyClass: ColumnSpec.ColumnClass? {
    SourceNames.likelyClass(name, isDay: reading.type == .date)
  }

  init(name: String) {
    self.name = name
    identifier = name
  }
}

/// A file or a table to inspect.
public struct InspectionTarget: Sendable {
  enum Kind {
    case files(FilesSpec)
    case table(Located<String>, connection: Located<String>)
  }

  let kind: Kind
  /// The name of the source.
  let name: String
  let span: SourceSpan

  /// A path or a glob.
  /// - Parameters:
  ///   - path: relative to the project folder, or absolute; its place is the argument.
  ///   - format: the format; nil for the one that the name tells, otherwise CSV.
  public init(file path: Located<String>, format: FilesSpec.Format? = nil) {
    kind = .files(FilesSpec([path], format: format ?? Self.format(of: path.value)))
    name = SourceNames.name(ofFile: path.value)
    span = path.span
  }

  /// A table or a view of a connection in holdout.yaml.
  public init(table: Located<String>, connection: Located<String>) {
    kind = .table(table, connection: connection)
    name = SourceNames.name(ofTable: table.value)
    span = table.span
  }

  /// The format that a file's name tells.
  static func format(of path: String) -> FilesSpec.Format {
    let name = SourceNames.withoutCompression(path.lowercased())
    if [".parquet", ".pq"].contains(where: name.hasSuffix) { return .parquet }
    return [".json", ".jsonl", ".ndjson"].contains(where: name.hasSuffix) ? .json : .csv
  }
}
