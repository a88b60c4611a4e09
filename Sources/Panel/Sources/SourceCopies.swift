internal import Diagnostics
internal import Files
public import Spec
internal import Warehouse

/// The rows of sources as they arrived, so that each source is read once although its rows are
/// loaded several times.
///
/// The first load copies each source into a file of the engine in a scratch folder: all rows, all
/// columns, and the exact types. Later loads, each in an engine of its own, read the copies, of which
/// only the columns and blocks that are needed come into memory. Parquet files are not copied,
/// because reading them again is just as cheap.
///
/// A source whose rows cannot be copied is read again by each load, so that everything about it is
/// reported as it is without copies.
///
/// Only one thread may use it at a time.
public final class SourceCopies {
  private struct Copy {
    let path: String
    let rows: RawRelation
  }

  private let folder: SpillFolder
  private var copies: [String: Copy] = [:]
  private var fileCount = 0
  /// Whether the first load is over. Nothing is copied from then on.
  private var isComplete = false

  /// Creates an empty collection; nil if no scratch folder can be created.
  public init?(project: ProjectSpec, projectFolder: String) {
    let limits = project.confinement(folder: projectFolder)
    guard let folder = SpillFolder(below: limits.spillFolder) else { return nil }
    self.folder = folder
  }

  /// Lets an engine that is not confined yet read and write the copies.
  func admit(_ engine: Engine) { engine.outputFolders.append(folder.path) }

  /// Ends the first load.
  func complete() { isComplete = true }

  /// Returns the copy of a source's rows, in an engine that has not asked for it before; nil if
  /// there is none.
  func rows(of source: SourceSpec, in engine: Engine) throws(WarehouseError) -> RawRelation? {
    guard let copy = copies[source.name.value] else { return nil }
    try engine.attach(copy.path, as: Self.database(source), .readOnly, lockTimeout: .none)
    return copy.rows
  }

  /// Copies the rows of a source that was just opened, in the first load.
  /// - Returns: the copy; the rows themselves if they are not copied.
  func keeping(
    _ rows: RawRelation, of source: SourceSpec, openedBy opener: RelationOpener
  ) -> RawRelation {
    guard !isComplete, !rows.isRereadable else { return rows }
    fileCount += 1
    let path = "\(folder.path)/\(fileCount).duckdb"
    do throws(WarehouseError) {
      guard let copy = try copy(rows, of: source, to: path, opener) else {
        discard(path, source, opener.engine)
        return rows
      }
      copies[source.name.value] = Copy(path: path, rows: copy)
      // If it fails, the rows only take memory.
      try? opener.dropFetched(source)
      return copy
    } catch {
      // The rows cannot be read completely, which the load is about to find out and report, or the
      // disk is full.
      discard(path, source, opener.engine)
      return rows
    }
  }

  /// Returns the copy; nil if the engine does not store the exact types.
  private func copy(
    _ rows: RawRelation, of source: SourceSpec, to path: String, _ opener: RelationOpener
  ) throws(WarehouseError) -> RawRelation? {
    let engine = opener.engine
    let database = Self.database(source)
    let table = "\(SQL.identifier(database)).main.\(SQL.identifier("rows"))"
    try engine.attach(path, as: database, .readWrite, lockTimeout: .none)
    // The engine knows the file of a row only while it reads files.
    let file = rows.fileColumn.flatMap { $0 == FileReading.fileColumn ? nil : $0 }
    let fileColumn = file.map { ", \($0) AS \(FileReading.fileColumn)" } ?? ""
    try engine.connection.execute(
      "CREATE TABLE \(table) AS SELECT *\(fileColumn) FROM \(rows.sql)")
    // Other engines open the file, so everything must be in it.
    try engine.connection.execute("CHECKPOINT \(SQL.identifier(database))")
    try engine.detach(database)
    try engine.attach(path, as: database, .readOnly, lockTimeout: .none)
    let (before, after) = (try opener.types(of: rows.sql), try opener.types(of: table))
    guard before.elementsEqual(after.prefix(before.count), by: ==) else { return nil }
    return rows.copied(to: table)
  }

  /// Removes what is left of a copy. Failures only cost space until this object is released.
  private func discard(_ path: String, _ source: SourceSpec, _ engine: Engine) {
    try? engine.detach(Self.database(source))
    for file in [path, "\(path).wal"] { try? Files.remove(file) }
  }

  /// The name of a copy's database in an engine; the space keeps it from equaling a connection's.
  private static func database(_ source: SourceSpec) -> String { "copied \(source.name.value)" }
}

extension RawRelation {
  /// Returns the same rows in another place.
  fileprivate func copied(to table: String) -> RawRelation {
    RawRelation(
      sql: table, isRereadable: false, types: types,
      fileColumn: fileColumn == nil ? nil : FileReading.fileColumn, others: others, nested: nested)
  }
}
