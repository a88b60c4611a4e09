internal import Diagnostics
internal import Foundation
internal import OrderedCollections
internal import Spec
internal import Warehouse

/// How the files of a source are read: in groups of files of one format, with every setting
/// specified that the engine would otherwise guess.
///
/// CSV and JSON are read as text, Parquet with the types of the files. If these differ, a column
/// gets a type that represents all of them and from which the declared type reads every value
/// exactly; otherwise there is a finding.
struct FileReading {
  /// Files that the engine reads in one call.
  struct Group {
    let files: [SourceFiles.File]
    /// The call.
    let scan: String
    /// The columns that it returns.
    let columns: [(name: String, type: String)]
  }

  let source: SourceSpec
  let spec: FilesSpec
  /// The columns of the source that promises of other sources refer to.
  let alsoRead: Set<String>
  private(set) var findings: [Finding] = []

  init(_ source: SourceSpec, _ spec: FilesSpec, alsoRead: Set<String>) {
    self.source = source
    self.spec = spec
    self.alsoRead = alsoRead
  }

  /// The table's column names that the spec uses.
  var wanted: [String] {
    var seen: Set<String> = []
    return (source.physicalNames.map(\.value) + alsoRead.sorted())
      .filter { seen.insert($0.lowercased()).inserted }
  }

  /// Combines groups into one relation.
  ///
  /// - Parameter namesFiles: whether rows keep the file they are from in a column, because they
  ///   will be stored; otherwise the engine knows it.
  /// - Returns: SQL that can follow FROM, the columns, and, if there are several files, SQL for a
  ///   row's file.
  mutating func combine(
    _ groups: [Group], namesFiles: Bool
  ) -> (sql: String, types: [(name: String, type: String)], file: String?) {
    let hasPartitions = groups.contains { $0.files.contains { !$0.partitions.isEmpty } }
    let paths = groups.flatMap(\.files).map { SQL.literal($0.path) }
    // An enum stores an index for each path, so rows do not contain the text.
    let file =
      paths.count > 1 ? "TRY_CAST(filename AS ENUM(\(paths.joined(separator: ", "))))" : nil
    if groups.count == 1, !hasPartitions, !namesFiles || file == nil {
      return (groups[0].scan, groups[0].columns, file)
    }
    var types: OrderedDictionary<String, (name: String, types: OrderedSet<String>)> = [:]
    for (name, type) in groups.flatMap(\.columns) {
      types[name.lowercased(), default: (name, [])].types.append(type)
    }
    var columns: [(name: String, type: String)] = []
    for (name, found) in types.values {
      let declared = source.columns.values.first {
        $0.physicalName.value.lowercased() == name.lowercased()
      }
      if let type = CommonType(of: found, declared, isKey: isKey(name)).type {
        columns.append((name, type))
      } else {
        findings.append(.typesDiffer(declared, name, in: source, types: typesByFile(groups, name)))
        columns.append((name, "VARCHAR"))
      }
    }
    reportAbsent(columns.map(\.name), groups)
    let folders = partitions(groups, columns.map(\.name))
    let queries = groups.map { group in
      let values = columns.map { column in
        let own = group.columns.first { $0.name.lowercased() == column.name.lowercased() }
        let name = SQL.identifier(column.name)
        guard let own else { return "CAST(NULL AS \(column.type)) AS \(name)" }
        return own.type == column.type
          ? SQL.identifier(own.name) + (own.name == column.name ? "" : " AS \(name)")
          : "CAST(\(SQL.identifier(own.name)) AS \(column.type)) AS \(name)"
      }
      let said = folders.map { "\(Self.value(of: $0, group.files)) AS \(SQL.identifier($0))" }
      let names = file.map { ["\($0) AS \(Self.fileColumn)"] } ?? []
      return "SELECT \((values + said + names).joined(separator: ", ")) FROM \(group.scan)"
    }
    return (
      "(\(queries.joined(separator: " UNION ALL ")))", columns + folders.map { ($0, "VARCHAR") },
      file == nil ? nil : Self.fileColumn
    )
  }

  /// The column with a row's file; its name cannot be that of a column in a file.
  static let fileColumn = SQL.identifier("\u{1}file")

  private func isKey(_ name: String) -> Bool {
    (source.columns[source.key.value]?.from ?? source.key).value.lowercased() == name.lowercased()
  }

  // MARK: - Folders

  /// Returns the columns whose values come from folder names. A column that the files have
  /// themselves is read from the files.
  private mutating func partitions(_ groups: [Group], _ columns: [String]) -> [String] {
    let names = Set(columns.map { $0.lowercased() })
    var folders: OrderedSet<String> = []
    var clashes: OrderedSet<String> = []
    for partition in groups.flatMap(\.files).flatMap(\.partitions) {
      if !names.contains(partition.column.lowercased()) {
        folders.append(partition.column)
      } else if partition.isOpen {
        clashes.append(partition.column)
      }
    }
    for column in clashes { findings.append(.folderAndColumn(column, spec, in: source)) }
    return Array(folders)
  }

  private static func value(of column: String, _ files: [SourceFiles.File]) -> String {
    let values = files.map { file in
      file.partitions.last { $0.column == column }?.value.map(SQL.literal)
        ?? "CAST(NULL AS VARCHAR)"
    }
    if Set(values).count == 1, let value = values.first { return value }
    let paths = files.map { SQL.literal($0.path) }
    return "map([\(paths.joined(separator: ", "))], [\(values.joined(separator: ", "))])[filename]"
  }

  // MARK: - Parts that differ

  private func typesByFile(_ groups: [Group], _ name: String) -> [(file: String, type: String)] {
    groups.compactMap { group in
      let column = group.columns.first { $0.name.lowercased() == name.lowercased() }
      return column.map { (group.files[0].shown, $0.type) }
    }
  }

  /// Reports columns that the spec reads and some files lack. Without the key or a time column, a
  /// file cannot be read.
  private mutating func reportAbsent(_ columns: [String], _ groups: [Group]) {
    let placing = Set(source.placingNames.map { $0.value.lowercased() })
    let known = Set(columns.map { $0.lowercased() })
    for name in source.physicalNames where known.contains(name.value.lowercased()) {
      let without = groups.filter { group in
        !group.columns.contains { $0.name.lowercased() == name.value.lowercased() }
      }.flatMap(\.files).filter { file in
        !file.partitions.contains { $0.column.lowercased() == name.value.lowercased() }
      }
      guard let first = without.first else { continue }
      findings.append(
        .absentInParts(
          name, in: source, example: first.shown, count: without.count,
          of: groups.reduce(0) { $0 + $1.files.count },
          isFatal: placing.contains(name.value.lowercased())))
    }
  }
}

/// A type that represents the values of several types such that the declared type reads each
/// exactly.
struct CommonType {
  /// The type; nil if there is none.
  let type: String?

  private static let integers: Set<String> = [
    "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER",
  ]
  private static let wide: Set<String> = ["UBIGINT", "HUGEINT", "UHUGEINT"]

  init(of types: OrderedSet<String>, _ column: ColumnSpec?, isKey: Bool) {
    // A file in which a column is always null tells nothing about its type.
    let real = types.filter { $0 != "\"NULL\"" }
    let declared = isKey ? .text : column?.type
    let isPlain =
      (column?.formats ?? []).isEmpty
      && (column.map { $0.form.strip.isEmpty && !$0.form.hasDecimalComma } ?? true)
    func all(_ test: (String) -> Bool) -> Bool { real.allSatisfy(test) }
    let isNumeric = all { Self.isNumeric($0) }
    let isDay = all { $0 == "DATE" || $0.hasPrefix("TIMESTAMP") }
    if real.isEmpty {
      type = "VARCHAR"
    } else if real.count == 1 {
      type = real[0]
    } else if column?.jsonField != nil, all({ ColumnParser.hasFields($0) || $0 == "VARCHAR" }) {
      type = all { ColumnParser.hasFields($0) } ? "JSON" : nil
    } else if all({ Self.integers.contains($0) }) {
      type = "BIGINT"
    } else if all({ Self.integers.contains($0) || Self.wide.contains($0) }) {
      type = real.contains("UHUGEINT") ? "VARCHAR" : "HUGEINT"
    } else if isNumeric, declared == .number {
      type = "DOUBLE"
    } else if isDay, declared == .date {
      type = "TIMESTAMP"
    } else if declared == .text || declared == nil || declared == .flag {
      type = "VARCHAR"
    } else if all({ Self.isNumeric($0) || $0 == "VARCHAR" || isDay }) || isDay
      || (declared == .date && all { $0 == "VARCHAR" || $0 == "DATE" || $0.hasPrefix("TIMESTAMP") })
    {
      // Use text, unless the column's text is declared to have a special format.
      type = isPlain ? "VARCHAR" : nil
    } else {
      type = nil
    }
  }

  private static func isNumeric(_ type: String) -> Bool {
    integers.contains(type) || wide.contains(type) || ["DOUBLE", "FLOAT"].contains(type)
      || type.hasPrefix("DECIMAL")
  }
}

extension SourceSpec {
  /// The position of the files' paths; nil for other sources.
  var fileSpan: SourceSpan? {
    if case .file(let files) = location { files.span } else { nil }
  }

  /// Whether the rows are in CSV files.
  var isCSV: Bool {
    if case .file(let files) = location { files.format == .csv } else { false }
  }

  /// Whether a query of the embedded engine can read the source.
  var isEmbedded: Bool {
    switch location {
    case .file: true
    case .table(_, let connection), .query(_, let connection): connection == nil
    }
  }

  /// The columns without which a row cannot be used, the key and the times, by their names in the
  /// table.
  var placingNames: [Located<String>] {
    let places: [Located<String>] =
      switch shape {
      case .entity(let created): [created].compactMap(\.self)
      case .history(let from, let to, _): [from, to]
      case .events(let time, let knownAt): [time, knownAt].compactMap(\.self)
      }
    return ([key] + places).map { columns[$0.value]?.from ?? $0 }
  }

  /// Every column of the table that the spec names, without duplicates.
  var physicalNames: [Located<String>] {
    var promised: [Located<String>] = []
    for contract in contracts {
      switch contract.promise {
      case .notNull(let names), .unique(let names), .noFuture(let names): promised += names
      case .acceptedValues(_, let name), .between(_, _, let name), .matches(_, let name),
        .nullRateBelow(_, let name), .freshWithin(_, let name), .relationship(_, let name):
        promised.append(name)
      case .rowCount: break
      }
    }
    let names =
      placingNames + columns.values.map(\.physicalName)
      + (duplicateOrder + promised).map { columns[$0.value]?.from ?? $0 }
    var seen: Set<String> = []
    return names.filter { seen.insert($0.value.lowercased()).inserted }
  }
}
