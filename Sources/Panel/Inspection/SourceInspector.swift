internal import Diagnostics
internal import Foundation
public import Spec
public import Warehouse

/// Inspects files and tables of a project, with an engine that is locked to the project's folders.
public struct SourceInspector {
  private let engine: Engine
  private let folder: String
  private let project: ProjectSpec

  /// Locks an engine to the folders of a project.
  /// - Throws: `WarehouseError` if that fails.
  public init(
    project: ProjectSpec, projectFolder: String, engine: Engine
  ) throws(WarehouseError) {
    try engine.confine(project.confinement(folder: projectFolder))
    self.engine = engine
    self.project = project
    folder = projectFolder
  }

  /// Inspects files and tables.
  /// - Parameter progress: called with the name of each before it is read.
  /// - Throws: `FindingsError` with every finding about files and tables that cannot be read.
  public func inspect(
    _ targets: [InspectionTarget], progress: (String) -> Void = { _ in }
  ) throws -> Inspection {
    var opener = RelationOpener(
      engine: engine, projectFolder: folder, project: project, lockTimeout: .none)
    let names = SourceNames.distinct(targets.map(\.name))
    var sources: [InspectedSource] = []
    var relations: [RawRelation] = []
    var findings: [Finding] = []
    for (target, name) in zip(targets, names) {
      progress(target.span.text)
      do {
        let (source, relation) = try inspect(target, named: name, &opener)
        sources.append(source)
        relations.append(relation)
      } catch let error as FindingsError {
        findings += error.findings
      }
    }
    try findings.throwIfErrors()
    let roles = try SourceRoles(sources, KeyDatabase(engine: engine, relations: relations))
    try opener.close()
    return Inspection(sources: roles.sources)
  }

  // MARK: - One source

  private func inspect(
    _ target: InspectionTarget, named name: String, _ opener: inout RelationOpener
  ) throws -> (InspectedSource, RawRelation) {
    do {
      return try inspect(target, named: name, encoding: nil, &opener)
    } catch let error as FindingsError {
      guard case .files(let files) = target.kind, files.format == .csv,
        error.findings.allSatisfy({ $0.id == TextEncoding.findingID }),
        let encoding = try TextEncoding.guess(SourceFiles(files, folder: folder))
      else { throw error }
      return try inspect(target, named: name, encoding: encoding, &opener)
    }
  }

  private func inspect(
    _ target: InspectionTarget, named name: String, encoding: String?,
    _ opener: inout RelationOpener
  ) throws -> (InspectedSource, RawRelation) {
    let (source, fields) = try source(target, named: name, encoding: encoding, opener)
    do {
      let relation = try opener.open(source, alsoRead: Set(fields))
      let read = opener.read[name] ?? []
      let names = relation.types.map(\.name)
      let end = SourceNames.validity(names).map { names[$0.to] }
      let scan = SourceScan(
        engine: engine, relation: ordered(relation, by: fields),
        repeated: Set(read.flatMap { $0.dialect?.repeated ?? [] }.map { $0.lowercased() }),
        openEnded: Set([end].compactMap(\.self)))
      var (rowCount, columns) = try scan.columns()
      let identifiers = SourceNames.distinct(columns.map { SourceNames.identifier($0.name) })
      for index in columns.indices { columns[index].identifier = identifiers[index] }
      let inspected = InspectedSource(
        name: name, location: location(target, encoding, read), rowCount: rowCount,
        columns: columns)
      return (inspected, relation)
    } catch let error as FindingsError {
      throw error
    } catch {
      // A file may be unreadable for other reasons than the engine's, such as its permissions.
      let problem = error as? WarehouseError ?? WarehouseError(.query, "\(error)")
      throw FindingsError(opener.finding(source, problem))
    }
  }

  /// Returns the source that reads a target, and the fields of JSON objects to read.
  private func source(
    _ target: InspectionTarget, named name: String, encoding: String?, _ opener: RelationOpener
  ) throws -> (SourceSpec, fields: [String]) {
    let located = Located(name, at: target.span)
    // No column has this name. It makes no delimiter of a CSV file likelier than another.
    var key = "\u{1}"
    switch target.kind {
    case .table(let table, let connection):
      return (
        SourceSpec(
          name: located, location: .table(table, connection: connection),
          key: Located(key, at: target.span)), []
      )
    case .files(var files):
      let path = files.paths[0].value
      let file = path.split(separator: "/").last.map(String.init) ?? path
      if DataAccess.fileName(file) == .other, !file.lowercased().hasSuffix(".txt") {
        throw FindingsError(.fileOfUnknownKind(path, at: target.span))
      }
      files.csv.encoding = encoding.map { Located($0, at: target.span) }
      let fields = files.format == .json ? try opener.fields(of: files, named: located) : []
      key = fields.first ?? key
      let source = SourceSpec(
        name: located, location: .file(files), key: Located(key, at: target.span))
      return (source, fields)
    }
  }

  /// Returns rows with their columns in the order in which the objects of a JSON file have them.
  private func ordered(_ relation: RawRelation, by fields: [String]) -> RawRelation {
    guard !fields.isEmpty else { return relation }
    var ranks: [String: Int] = [:]
    for (rank, field) in fields.enumerated() where ranks[field] == nil { ranks[field] = rank }
    let types = relation.types.enumerated().sorted { left, right in
      (ranks[left.element.name] ?? fields.count, left.offset)
        < (ranks[right.element.name] ?? fields.count, right.offset)
    }.map(\.element)
    return RawRelation(
      sql: relation.sql, isRereadable: relation.isRereadable, types: types,
      fileColumn: relation.fileColumn, others: relation.others, nested: relation.nested)
  }

  private func location(
    _ target: InspectionTarget, _ encoding: String?, _ read: [RelationOpener.ReadFile]
  ) -> InspectedSource.Location {
    switch target.kind {
    case .table(let table, let connection):
      return .table(table.value, connection: connection.value)
    case .files(let files):
      let delimiters = Set(read.compactMap(\.dialect?.delimiter))
      return .files(
        files.paths[0].value, files.format, encoding: encoding,
        delimiter: delimiters.count == 1 ? delimiters.first : nil)
    }
  }
}

extension RelationOpener {
  /// Returns the names of the fields of the objects in JSON files, in the order in which the
  /// objects have them.
  fileprivate func fields(
    of files: FilesSpec, named name: Located<String>
  ) throws -> [String] {
    let found = try SourceFiles(files, folder: projectFolder).files
    for file in found {
      guard let refusal = access.refusal(file.path) else { continue }
      throw FindingsError(.fileNotReadable(file.shown, refusal, at: files.span))
    }
    do throws(WarehouseError) {
      return try engine.connection.texts(
        "SELECT key FROM (SELECT unnest(keys) AS key, generate_subscripts(keys, 1) AS position "
          + "FROM (SELECT json_keys(json) AS keys FROM \(Self.objects(found)))) "
          + "GROUP BY key ORDER BY min(position), key")
    } catch {
      let source = SourceSpec(
        name: name, location: .file(files), key: Located("", at: files.span))
      throw FindingsError(finding(source, error))
    }
  }
}

extension TextEncoding {
  /// The finding about text that is not UTF-8.
  fileprivate static let findingID = Finding.ID(348)

  /// Returns the probable encoding of files that are not UTF-8, by its name in a spec; nil if they
  /// are compressed, or have no common encoding.
  fileprivate static func guess(_ files: SourceFiles) throws -> String? {
    var guesses: Set<String> = []
    for file in files.files {
      guard try RelationOpener.compression(of: file.path) == "none" else { return nil }
      let data = try Data(contentsOf: URL(filePath: file.path), options: .alwaysMapped)
      guard !isUTF16(Array(data.prefix(1024))) else {
        guesses.insert("utf-16")
        continue
      }
      data.withUnsafeBytes { bytes in
        guard bytes.contains(where: { $0 >= 0x80 }) else { return }
        // In Latin-1, 0x80 to 0x9F are control characters, which text does not contain.
        let isWindows = bytes.contains { (0x80...0x9F).contains($0) }
        guesses.insert(isWindows ? "windows-1252" : "latin-1")
      }
    }
    if guesses == ["windows-1252", "latin-1"] { return "windows-1252" }
    return guesses.count == 1 ? guesses.first : nil
  }
}
