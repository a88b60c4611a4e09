internal import Columns
public import Diagnostics
internal import Files
internal import Foundation
internal import Learning
internal import Panel
public import Runs
public import Spec
internal import Synchronization
internal import Warehouse

/// Writes an experiment's panel to a file, Parquet or CSV by the name's suffix. Columns: key,
/// cutoff, role, label, then each feature by name. Rows are sorted by cutoff, then key.
public struct PanelExport {
  /// Which category levels are written.
  public enum Levels: String, CaseIterable, Sendable {
    /// The levels that the learner distinguishes: `missing` for missing values, `other` for rare
    /// ones.
    case learner
    /// The values as in the sources, null when missing.
    case raw
  }

  public let project: Project
  public let settings: RunSettings
  public let levels: Levels

  public init(project: Project, settings: RunSettings, levels: Levels = .learner) {
    self.project = project
    self.settings = settings
    self.levels = levels
  }

  /// Writes the train, calibrate and test cutoffs.
  ///
  /// An existing file is replaced only if Holdout wrote it, or with `force`.
  /// - Returns: the number of rows, and the warnings raised.
  /// - Throws: `FindingsError`.
  public func write(_ spec: ExperimentSpec, to path: String, force: Bool = false) throws -> (
    rows: Int, warnings: [Finding]
  ) {
    try Self.check(path, force: force)
    let format = try Self.format(path)
    let engine = try NativeLibraries.engine(threads: settings.threads)
    engine.outputFolders = [Files.parent(of: path)]
    settings.progress(StepProgress(.stage(.sources)))
    let builder = try PanelBuilder(
      spec, project: project.spec, projectFolder: project.folder, engine: engine)
    let cutoffs = builder.timeline.cutoffs.filter(\.role.hasRows)
    // Each cutoff goes into its own file, so that only the cutoffs being built are in memory.
    let parent = Files.parent(of: path)
    Scratch.removeAbandoned(in: parent)
    let scratch: Scratch
    do {
      scratch = try Scratch.folder(in: parent)
    } catch {
      throw FindingsError(.cannotWriteFile(path, error.reason))
    }
    let folder = scratch.path
    let (counts, levels) = try self.pieces(cutoffs, spec, builder, engine, in: folder, of: path)
    // A cutoff without rows has no column types. If all are empty, one is kept so that a file is
    // written.
    let filled = zip(cutoffs, counts).filter { $1 > 0 }.map(\.0)
    let pieces = (filled.isEmpty ? cutoffs.suffix(1) : filled[...])
      .map { Self.piece($0, in: folder) }
    settings.progress(StepProgress(.stage(.writing)))
    let file = "panel.\(format.rawValue)"
    let columns = PanelColumns(spec: spec, levels: levels, format: format).sql
    try Self.writing(path) {
      try engine.joinParquet(
        pieces, to: "\(folder)/\(file)", columns: columns, format: format)
    }
    // Check again, because the file may have appeared while the panel was built.
    try Self.check(path, force: force)
    do {
      try scratch.place(file, at: path)
    } catch {
      throw FindingsError(.cannotWriteFile(path, error.reason))
    }
    return (counts.reduce(0, +), builder.findings)
  }

  /// The format that a file's suffix asks for.
  private static func format(_ path: String) throws(FindingsError) -> Engine.FileFormat {
    let suffix = (path as NSString).pathExtension
    guard let format = Engine.FileFormat(rawValue: suffix.lowercased()) else {
      throw FindingsError(.unknownSuffix(path))
    }
    return format
  }

  /// Writes each cutoff's rows into a file. Returns their numbers, and the category levels that a
  /// learner takes from the train rows.
  private func pieces(
    _ cutoffs: [Cutoff], _ spec: ExperimentSpec, _ builder: PanelBuilder, _ engine: Engine,
    in folder: String, of path: String
  ) throws -> (counts: [Int], levels: [Int: CategoryLevels]) {
    let keys = try builder.keys()
    let counted = LevelCounts(levels == .learner ? spec : nil)
    settings.progress(StepProgress(.stage(.panel), done: 0, of: cutoffs.count))
    var written: [Result<Int, WarehouseError>] = []
    try engine.keepingOrder {
      written = try builder.rows(
        of: cutoffs, threads: settings.threads,
        progress: { [settings] done in
          settings.progress(StepProgress(.stage(.panel), done: done, of: cutoffs.count))
        },
        take: { block, levels, connection in
          counted.add(block, levels)
          return Result { () throws(WarehouseError) in
            try Self.write(
              block, spec, keys: keys, levels: levels, connection,
              to: Self.piece(block.cutoff, in: folder))
            return block.rowCount
          }
        })
    }
    return (try Self.writing(path) { try written.map { try $0.get() } }, counted.levels)
  }

  private static func piece(_ cutoff: Cutoff, in folder: String) -> String {
    "\(folder)/\(cutoff.date).parquet"
  }

  /// Runs work on files. Failures are reported for the file that was asked for.
  private static func writing<Value>(
    _ path: String, _ work: () throws -> Value
  ) throws(FindingsError) -> Value {
    do {
      return try work()
    } catch {
      throw FindingsError(.cannotWriteFile(path, ResultsFolder.reason(error)))
    }
  }

  private static func write(
    _ block: PanelBlock, _ spec: ExperimentSpec, keys: [String], levels: (Int) -> [String],
    _ connection: Connection, to piece: String
  ) throws(WarehouseError) {
    // Other connections hold the tables of other cutoffs.
    let scratch = "panel rows \(block.cutoff.date)"
    let columns = block.features.columns
    try connection.ingest(
      batch(block, spec, keys: keys, levels: levels), into: scratch, appending: false)
    let features = spec.features.enumerated().map { index, feature in
      value(index, feature, columns[index]) + " AS \(SQL.identifier(feature.name.value))"
    }
    let selected = (["key", "cutoff", "role", "label"] + features).joined(separator: ", ")
    try connection.copy(
      "SELECT \(selected) FROM \(SQL.identifier(scratch))", to: piece, compression: .none)
    try connection.execute("DROP TABLE \(SQL.identifier(scratch))")
  }

  /// Rejects a path that cannot be written, or that holds anything but a panel written by Holdout.
  private static func check(_ path: String, force: Bool) throws(FindingsError) {
    if let objection = Files.objection(toReplacing: path, force: force) {
      throw FindingsError(.notReplaced(objection, canForce: FileKind(at: path) == .file))
    }
    guard FileManager.default.isWritableFile(atPath: Files.parent(of: path)) else {
      throw FindingsError(.cannotWriteFile(path, "no such folder, or no permission"))
    }
  }

  /// The rows in the order of their entities, which is the order of the keys.
  private static func batch(
    _ block: PanelBlock, _ spec: ExperimentSpec, keys: [String], levels: (Int) -> [String]
  ) -> ExportBatch {
    let count = block.rowCount
    let zeros = [Int32](repeating: 0, count: count)
    var columns: [(name: String, values: ExportBatch.Values)] = [
      ("key", .text(block.entities.map { keys[Int($0)] })),
      ("cutoff", .date([Int32](repeating: Int32(block.cutoff.date.days), count: count))),
      ("role", .category(zeros, texts: [block.cutoff.role.rawValue])),
      ("label", .int8(block.labels.map { Int8($0) })),
    ]
    for (index, column) in block.features.columns.enumerated() {
      let isCategory = spec.features[index].expression.isCategory
      columns.append(("f\(index)", column.exported(levels: isCategory ? levels(index) : nil)))
    }
    return ExportBatch(rowCount: count, columns: columns)
  }

  /// A scratch column, with missing values turned back into null.
  private static func value(
    _ index: Int, _ feature: FeatureSpec, _ column: FeatureColumn
  ) -> String {
    let name = "f\(index)"
    if feature.expression.isCategory { return "nullif(\(name), '')" }
    return switch column {
    case .int8: "nullif(\(name), -128)"
    case .int16, .int32: "nullif(\(name), -2147483648)"
    case .float, .double: "CASE WHEN isnan(\(name)) THEN NULL ELSE \(name) END"
    }
  }
}

extension FeatureColumn {
  /// The column for the engine. Category codes become their texts; a missing one becomes the empty
  /// text.
  fileprivate func exported(levels: [String]?) -> ExportBatch.Values {
    func category(_ codes: some Sequence<Int32>, _ levels: [String]) -> ExportBatch.Values {
      let missing = Int32(levels.count)
      return .category(codes.map { $0 < 0 ? missing : $0 }, texts: levels + [""])
    }
    switch self {
    case .int8(let values):
      return levels.map { category(values.lazy.map { Int32($0) }, $0) } ?? .int8(values)
    case .int16(let values):
      return levels.map { category(values.lazy.map { Int32($0) }, $0) }
        ?? .int32(values.map { $0 == .min ? .min : Int32($0) })
    case .int32(let values):
      return levels.map { category(values, $0) } ?? .int32(values)
    case .float(let values): return .float(values)
    case .double(let values): return .double(values)
    }
  }
}

/// Counts the category levels of train rows, block by block, from any thread.
private final class LevelCounts: Sendable {
  private let policies: [Int: CategoryPolicy]
  /// By feature: the number of rows of each text, and the number of rows without one.
  private let counts = Mutex<[Int: (texts: [[UInt8]: Int], missing: Int)]>([:])

  /// - Parameter spec: the spec; nil: nothing is counted.
  init(_ spec: ExperimentSpec?) {
    policies = Dictionary(
      uniqueKeysWithValues: (spec?.features ?? []).enumerated().compactMap { index, feature in
        feature.expression.policy.map { (index, $0) }
      })
  }

  func add(_ block: PanelBlock, _ levels: (Int) -> [String]) {
    guard block.cutoff.role == .train else { return }
    for index in policies.keys {
      let texts = levels(index)
      guard
        let found = try? CategoryCounts(
          column: index, of: [block.features], dictionaryCount: texts.count)
      else { preconditionFailure("categories are stored as whole numbers") }
      counts.withLock { counts in
        var own = counts[index] ?? ([:], 0)
        counts[index] = nil
        for (text, count) in zip(texts, found.counts) where count > 0 {
          own.texts[Array(text.utf8), default: 0] += count
        }
        own.missing += found.missing
        counts[index] = own
      }
    }
  }

  /// The levels that a learner would keep, by feature.
  var levels: [Int: CategoryLevels] {
    let counts = counts.withLock { $0 }
    var levels: [Int: CategoryLevels] = [:]
    for (index, policy) in policies {
      let (texts, missing) = counts[index] ?? ([:], 0)
      let entries = texts.map { (text: String(decoding: $0, as: UTF8.self), count: $1) }
      levels[index] = CategoryLevels(
        dictionary: entries.map(\.text),
        counts: CategoryCounts(counts: entries.map(\.count), missing: missing),
        missing: policy.missing, minFrequency: policy.minFrequency)
    }
    return levels
  }
}

/// The SQL expressions that turn a panel's pieces into a file's columns.
private struct PanelColumns {
  let spec: ExperimentSpec
  /// The levels that a learner distinguishes, by feature. Empty: texts stay as they are.
  let levels: [Int: CategoryLevels]
  let format: Engine.FileFormat

  var sql: String {
    let features = spec.features.enumerated().map { index, feature in
      let name = SQL.identifier(feature.name.value)
      guard feature.expression.isCategory else { return name }
      return "\(text(levels[index].map { Self.learned(name, $0) } ?? name)) AS \(name)"
    }
    return (["\(text("key")) AS key", "cutoff", "role", "label"] + features)
      .joined(separator: ", ")
  }

  /// A text in which levels that share a code share one name.
  private static func learned(_ name: String, _ levels: CategoryLevels) -> String {
    let other = SQL.literal(levels.otherName)
    let missing = levels.missing.map { text in
      levels.code(of: text) == CategoryLevels.otherCode ? other : SQL.literal(text)
    }
    let kept = levels.levels.map(SQL.literal).joined(separator: ", ")
    let known =
      kept.isEmpty
      ? other : "coalesce(CAST(TRY_CAST(\(name) AS ENUM(\(kept))) AS VARCHAR), \(other))"
    return "CASE WHEN \(name) IS NULL THEN \(missing ?? "NULL") ELSE \(known) END"
  }

  /// A text as a CSV cell that no spreadsheet runs as a formula.
  private func text(_ value: String) -> String {
    guard format == .csv else { return value }
    // = + - @ and their full-width forms, tab and line breaks.
    let starts = "61, 43, 45, 64, 65309, 65291, 65293, 65312, 9, 10, 13"
    return "CASE WHEN ascii(\(value)) IN (\(starts)) THEN '''' || \(value) ELSE \(value) END"
  }
}

extension CategoryLevels {
  /// A name for the levels that are not kept. No kept level has it.
  fileprivate var otherName: String {
    var name = "other"
    while code(of: name) != Self.otherCode { name = "(\(name))" }
    return name
  }
}
