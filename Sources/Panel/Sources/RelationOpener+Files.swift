internal import Diagnostics
internal import Files
internal import Foundation
internal import OrderedCollections
internal import Spec
internal import Warehouse

/// Opening the files of a source.
extension RelationOpener {
  mutating func open(
    _ files: FilesSpec, of source: SourceSpec, alsoRead: Set<String>
  ) throws -> RawRelation {
    let found = try SourceFiles(files, folder: projectFolder).files
    for file in found {
      guard let refusal = access.refusal(file.path) else { continue }
      throw FindingsError(.fileNotReadable(file.shown, refusal, at: files.span))
    }
    var reading = FileReading(source, files, alsoRead: alsoRead)
    switch files.format {
    case .parquet: return try openParquet(found, source, &reading)
    case .csv: return try openCSV(found, source, &reading)
    case .json: return try openJSON(found, source, &reading)
    }
  }

  private mutating func relation(
    _ groups: [FileReading.Group], _ source: SourceSpec, _ reading: inout FileReading,
    isStored: Bool = false
  ) throws -> RawRelation {
    let (sql, types, file) = reading.combine(groups, namesFiles: isStored)
    try reading.findings.throwIfErrors()
    notes[source.name.value] = reading.findings
    return RawRelation(
      sql: sql, isRereadable: reading.spec.format == .parquet, types: types,
      fileColumn: file)
  }

  // MARK: - Parquet

  private mutating func openParquet(
    _ files: [SourceFiles.File], _ source: SourceSpec, _ reading: inout FileReading
  ) throws -> RawRelation {
    read[source.name.value] = files.map { ReadFile(file: $0, dialect: nil, isDecoded: false) }
    func scan(_ files: [SourceFiles.File]) -> String {
      let paths = files.map { SQL.literal($0.path) }
      let list = paths.count == 1 ? paths[0] : "[\(paths.joined(separator: ", "))]"
      return "read_parquet(\(list), hive_partitioning = false)"
    }
    if files.count == 1 {
      let group = FileReading.Group(
        files: files, scan: scan(files), columns: try types(of: scan(files)))
      return try relation([group], source, &reading)
    }
    let columns = try parquetColumns(files.map(\.path))
    var groups: OrderedDictionary<[String], [SourceFiles.File]> = [:]
    for file in files {
      let own = columns[file.path] ?? []
      groups[own.flatMap { [$0.name, $0.type] }, default: []].append(file)
    }
    return try relation(
      groups.values.map { files in
        FileReading.Group(
          files: files, scan: scan(files), columns: columns[files[0].path] ?? [])
      }, source, &reading)
  }

  /// Returns the columns of Parquet files from their footers.
  private func parquetColumns(
    _ paths: [String]
  ) throws(WarehouseError) -> [String: [(name: String, type: String)]] {
    let list = paths.map(SQL.literal).joined(separator: ", ")
    let rows = try engine.connection.query(
      "SELECT file_name, name, CAST(coalesce(num_children, 0) AS BIGINT) AS children, "
        + "duckdb_type FROM parquet_schema([\(list)]) ORDER BY file_name, column_id"
    ).collect()
    var columns: [String: [(name: String, type: String)]] = [:]
    // The children of a nested column follow it.
    var pending: [String: Int] = [:]
    for batch in rows {
      for row in 0..<batch.rowCount {
        let file = batch.columns[0].text(row) ?? ""
        let children = batch.columns[2].integer(row) ?? 0
        guard let left = pending[file] else {
          pending[file] = 0
          continue
        }
        pending[file] = (left > 0 ? left - 1 : 0) + children
        if left == 0 {
          columns[file, default: []].append(
            (batch.columns[1].text(row) ?? "", batch.columns[3].text(row) ?? "VARCHAR"))
        }
      }
    }
    return columns
  }

  // MARK: - CSV

  private mutating func openCSV(
    _ files: [SourceFiles.File], _ source: SourceSpec, _ reading: inout FileReading
  ) throws -> RawRelation {
    let settings = reading.spec.csv
    let encoding = settings.encoding.flatMap { $0.value == "utf-8" ? nil : $0 }
    var groups: OrderedDictionary<CSVDialect, [SourceFiles.File]> = [:]
    var findings: [Finding] = []
    var opened: [ReadFile] = []
    let scratch = encoding == nil ? nil : try ScratchFolder(engine)
    var decoded: [String: String] = [:]
    read[source.name.value] = files.map { ReadFile(file: $0, dialect: nil, isDecoded: false) }
    for (index, file) in files.enumerated() {
      var path = file.path
      if let encoding, try Self.compression(of: path) != "none" {
        findings.append(.packedEncoding(file.shown, encoding, of: source))
        continue
      }
      if let encoding, encoding.value != "utf-16", TextEncoding.isWideUTF8(path) {
        findings.append(.alreadyUTF8(file.shown, encoding, of: source))
        continue
      }
      if let encoding, let scratch {
        path = "\(scratch.path)/\(index).csv"
        decoded[file.path] = path
        if let finding = decode(file, encoding, to: path, source) {
          findings.append(finding)
          continue
        }
      }
      do {
        let (start, compression) = try start(of: path)
        guard !start.starts(with: Array("PAR1".utf8)) else {
          let words = ["`\(file.shown)` is a Parquet file"]
          findings.append(.unreadableFile(source, reading.spec, words))
          continue
        }
        let dialect = try CSVDialect(
          settings, wanted: reading.wanted, start: start, compression: compression)
        groups[dialect, default: []].append(file)
        opened.append(ReadFile(file: file, dialect: dialect, isDecoded: encoding != nil))
        let repeated = dialect.repeated.filter { name in
          reading.wanted.contains { $0.lowercased() == name.lowercased() }
        }
        findings += repeated.map { .columnTwice($0, in: file.shown, of: source, reading.spec) }
      } catch let problem as CSVDialect.Problem {
        switch problem {
        case .empty: findings.append(.emptyFile(file.shown, of: source, reading.spec))
        case .encoding(let name):
          findings.append(.encoding(name, file.shown, line: 1, of: source, reading.spec))
        }
      }
    }
    read[source.name.value] = opened
    try findings.throwIfErrors()
    let nulls = settings.nulls.map(\.value)
    let all = groups.map { dialect, files in
      FileReading.Group(
        files: files,
        scan: dialect.scan(files.map { decoded[$0.path] ?? $0.path }, nulls: nulls),
        columns: dialect.columns.map { ($0, "VARCHAR") })
    }
    let rows = try relation(all, source, &reading)
    guard scratch != nil else { return rows }
    // The decoded file is temporary, and its name has no meaning to the user.
    let table = try keep("SELECT * FROM \(rows.sql)", as: source)
    return RawRelation(sql: table, isRereadable: false, types: rows.types)
  }

  private func decode(
    _ file: SourceFiles.File, _ encoding: Located<String>, to path: String, _ source: SourceSpec
  ) -> Finding? {
    do {
      try TextEncoding.decode(file.path, from: encoding.value, to: path)
      return nil
    } catch {
      return .notDecoded(file.shown, encoding, of: source, error)
    }
  }

  /// Returns the first bytes of a file, decompressed, with enough lines for its first record.
  private func start(of path: String) throws -> (bytes: [UInt8], compression: String) {
    let handle = try FileHandle(forReadingFrom: URL(filePath: path))
    defer { try? handle.close() }
    let bytes = [UInt8](try handle.read(upToCount: 1 << 20) ?? Data())
    let compression = Self.compression(bytes)
    guard compression != "none" else { return (bytes, compression) }
    // The delimiter \u{1} does not occur in text files and there is no quote, so each line is
    // returned unchanged.
    var lines: [String] = []
    try engine.keepingOrder {
      let rows = try engine.connection.query(
        "SELECT line FROM read_csv(\(SQL.literal(path)), auto_detect = false, "
          + "columns = {'line': 'VARCHAR'}, delim = '\u{1}', quote = '', escape = '', "
          + "header = false, compression = '\(compression)', hive_partitioning = false) LIMIT 1000"
      ).collect()
      lines = rows.flatMap { batch in (0..<batch.rowCount).map { batch.columns[0].text($0) ?? "" } }
    }
    return (Array(lines.joined(separator: "\n").utf8), compression)
  }

  private static func compression(_ start: some Sequence<UInt8>) -> String {
    start.starts(with: [0x1F, 0x8B])
      ? "gzip" : start.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) ? "zstd" : "none"
  }

  /// Returns the compression of a file according to its first bytes.
  static func compression(of path: String) throws -> String {
    let handle = try FileHandle(forReadingFrom: URL(filePath: path))
    defer { try? handle.close() }
    return compression(try handle.read(upToCount: 4) ?? Data())
  }

  /// Returns findings about repeated headers in the CSV files of a source.
  func secondHeaders(of source: SourceSpec) -> [Finding] {
    guard case .file(let files) = source.location else { return [] }
    return (read[source.name.value] ?? []).compactMap { file in
      let header = file.dialect?.secondHeader(in: file.file.path)
      return header.map {
        .secondHeader(file.file.shown, line: $0.line, text: $0.text, of: source, files)
      }
    }
  }

  // MARK: - JSON

  private mutating func openJSON(
    _ files: [SourceFiles.File], _ source: SourceSpec, _ reading: inout FileReading
  ) throws -> RawRelation {
    read[source.name.value] = files.map { ReadFile(file: $0, dialect: nil, isDecoded: false) }
    let marked = try files.filter { try Self.isMarkedArray($0.path) }
    try marked.map { .markedJSON($0.shown, of: source, reading.spec) }.throwIfErrors()
    let folders = Set(files.flatMap(\.partitions).map { $0.column.lowercased() })
    var names = reading.wanted.filter { !folders.contains($0.lowercased()) }
    var rows = try loadJSON(names, files, source, &reading)
    let columns = names.map(SQL.identifier)
    let counts =
      columns.map { "count(\($0))" }
      + columns.map { "count(*) FILTER (WHERE \($0)[1] IN ('{', '['))" }
    let row = try engine.connection.query(
      "SELECT \(counts.joined(separator: ", ")) FROM \(rows.sql)"
    ).next()
    func count(_ index: Int) -> Int { row?.columns[index].integer(0) ?? 0 }
    for (index, name) in names.enumerated() where count(names.count + index) > 0 {
      let path = SQL.literal("$.\"\(name)\"")
      let found = try engine.connection.query(
        "SELECT count(*) FILTER (WHERE type = 'OBJECT'), count(*) FILTER (WHERE type = 'ARRAY') "
          + "FROM (SELECT json_type(json, \(path)) AS type FROM \(Self.objects(files)))"
      ).next()
      let (objects, lists) = (found?.columns[0].integer(0) ?? 0, found?.columns[1].integer(0) ?? 0)
      if objects + lists > 0 { rows.nested[name] = objects > 0 ? .structure : .list }
    }
    let empty = names.indices.filter { count($0) == 0 }
    guard !empty.isEmpty else { return rows }
    // A field that is always null exists; one that no object has does not.
    let keys = try engine.connection.texts(
      "SELECT DISTINCT unnest(json_keys(json)) AS key FROM \(Self.objects(files)) ORDER BY 1")
    let absent = empty.filter { !keys.contains(names[$0]) }
    guard !absent.isEmpty, !keys.isEmpty else { return rows }
    // Names are compared ignoring case, as in the engine.
    var missing: Set<String> = []
    var isSpeltOtherwise = false
    for index in absent {
      if let key = keys.first(where: { $0.lowercased() == names[index].lowercased() }) {
        names[index] = key
        isSpeltOtherwise = true
      } else {
        missing.insert(names[index])
      }
    }
    let known = names.filter { !missing.contains($0) }
    if isSpeltOtherwise { rows = try loadJSON(known, files, source, &reading) }
    return RawRelation(
      sql: rows.sql, isRereadable: false, types: rows.types.filter { !missing.contains($0.name) },
      fileColumn: rows.fileColumn,
      others: keys.filter { !known.contains($0) }, nested: rows.nested)
  }

  /// Returns whether a file is an array after a byte order mark, which the engine does not read.
  private static func isMarkedArray(_ path: String) throws -> Bool {
    let handle = try FileHandle(forReadingFrom: URL(filePath: path))
    defer { try? handle.close() }
    let start = try handle.read(upToCount: 64) ?? Data()
    guard start.starts(with: [0xEF, 0xBB, 0xBF]) else { return false }
    return start.dropFirst(3).first { !" \n\r\t".utf8.contains($0) } == UInt8(ascii: "[")
  }

  /// Reads fields of the objects in JSON files, each as text: numbers digit by digit, objects as
  /// JSON.
  private mutating func loadJSON(
    _ names: [String], _ files: [SourceFiles.File], _ source: SourceSpec,
    _ reading: inout FileReading
  ) throws -> RawRelation {
    let list = files.map { SQL.literal($0.path) }.joined(separator: ", ")
    let columns = names.map { "\(SQL.literal($0)): 'VARCHAR'" }.joined(separator: ", ")
    let group = FileReading.Group(
      files: files,
      scan: "read_json([\(list)], columns = {\(columns)}, auto_detect = false, format = 'auto', "
        + "hive_partitioning = false)",
      columns: names.map { ($0, "VARCHAR") })
    let rows = try relation([group], source, &reading, isStored: true)
    let table = try keep("SELECT * FROM \(rows.sql)", as: source)
    return RawRelation(
      sql: table, isRereadable: false, types: rows.types, fileColumn: rows.fileColumn)
  }

  static func objects(_ files: [SourceFiles.File]) -> String {
    let list = files.map { SQL.literal($0.path) }.joined(separator: ", ")
    return "read_json_objects([\(list)], format = 'auto', hive_partitioning = false)"
  }

  /// Keeps rows in the engine's memory, because reading them again would take as long again.
  private func keep(_ query: String, as source: SourceSpec) throws(WarehouseError) -> String {
    let table = "memory.fetched.\(SQL.identifier(source.name.value))"
    try engine.connection.execute("CREATE SCHEMA IF NOT EXISTS memory.fetched")
    try engine.connection.execute("CREATE OR REPLACE TABLE \(table) AS \(query)")
    return table
  }
}

/// A folder that exists as long as this object.
private final class ScratchFolder {
  private let scratch: Scratch
  var path: String { scratch.path }

  /// Creates the folder where the engine may read.
  init(_ engine: Engine) throws {
    scratch = try Scratch.folder(in: engine.spillFolder ?? NSTemporaryDirectory())
  }
}
