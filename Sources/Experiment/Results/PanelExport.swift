public import Diagnostics
internal import Foundation
internal import Panel
public import Spec
internal import Warehouse

/// Writes an experiment's panel to a Parquet file: key, cutoff, role, label, then each feature by
/// name; rows in the order of cutoff, then key.
public struct PanelExport {
  public let project: Project
  public let settings: RunSettings

  public init(project: Project, settings: RunSettings) {
    self.project = project
    self.settings = settings
  }

  /// Writes the train, calibrate and test cutoffs.
  /// - Returns: the number of rows and the warnings that came up.
  /// - Throws: `FindingsError`.
  public func write(_ spec: ExperimentSpec, to path: String) throws -> (
    rows: Int, warnings: [Finding]
  ) {
    let path = try Self.target(path)
    let engine = try NativeLibraries.engine(threads: settings.threads)
    settings.progress(RunProgress(stage: .sources, done: 0, total: 0))
    let builder = try PanelBuilder(
      spec, project: project.spec, projectFolder: project.folder, engine: engine)
    let cutoffs = builder.timeline.cutoffs.filter(\.role.hasRows)
    // Cutoff by cutoff into files of their own: only one cutoff's rows are in memory, and sorted, at
    // a time.
    let folder = "\(path).\(getpid()).pieces"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    Self.removePieces(of: path)
    try Self.writing(path) {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    }
    var rows = 0
    var pieces: [String] = []
    for (number, cutoff) in cutoffs.enumerated() {
      settings.progress(RunProgress(stage: .panel, done: number, total: cutoffs.count))
      let block = try builder.block(cutoff)
      rows += block.rowCount
      // A cutoff without rows knows no types; one is kept so that there is a file at all.
      guard block.rowCount > 0 || (number == cutoffs.count - 1 && pieces.isEmpty) else { continue }
      let piece = "\(folder)/\(number).parquet"
      pieces.append(piece)
      try Self.writing(path) { try write(block, spec, builder, engine, to: piece) }
    }
    settings.progress(RunProgress(stage: .writing, done: 0, total: 0))
    try Self.writing(path) { try engine.joinParquet(pieces, to: path) }
    return (rows, builder.findings)
  }

  /// Removes what runs left that were stopped while they wrote the file.
  private static func removePieces(of path: String) {
    let (folder, name) = (
      (path as NSString).deletingLastPathComponent, (path as NSString).lastPathComponent
    )
    for left in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    where left.hasPrefix("\(name).") && left.hasSuffix(".pieces") {
      let isOwn = left == "\(name).\(getpid()).pieces"
      guard isOwn || !ResultsFolder.isAlive(left) else { continue }
      try? FileManager.default.removeItem(atPath: "\(folder)/\(left)")
    }
  }

  /// Works on files; what fails is told of the file that was asked for.
  private static func writing(_ path: String, _ work: () throws -> Void) throws(FindingsError) {
    do {
      try work()
    } catch {
      throw FindingsError(.cannotWriteFile(path, ResultsFolder.reason(error)))
    }
  }

  private func write(
    _ block: PanelBlock, _ spec: ExperimentSpec, _ builder: PanelBuilder, _ engine: Engine,
    to piece: String
  ) throws(WarehouseError) {
    try engine.connection.ingest(
      batch(block, spec, builder), into: Self.scratch, appending: false)
    let features = spec.features.enumerated().map { index, feature in
      "\(Self.value(index, feature)) AS \(SQL.identifier(feature.name.value))"
    }
    let columns = (["key", "cutoff", "role", "label"] + features).joined(separator: ", ")
    try engine.writeParquet(
      "SELECT \(columns) FROM \(SQL.identifier(Self.scratch)) "
        + "JOIN \(builder.keyTable) USING (entity) ORDER BY entity", to: piece, compression: .none)
    try engine.connection.execute("DROP TABLE \(SQL.identifier(Self.scratch))")
  }

  /// The file that a path leads to, over links: a new one, or one that may be replaced.
  private static func target(_ path: String) throws(FindingsError) -> String {
    let manager = FileManager.default
    let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    if let kind = try? manager.attributesOfItem(atPath: target)[.type] as? FileAttributeType,
      kind != .typeRegular
    {
      throw FindingsError(.cannotWriteFile(path, "it is there, and no file"))
    }
    let folder = (target as NSString).deletingLastPathComponent
    guard manager.isWritableFile(atPath: folder) else {
      throw FindingsError(.cannotWriteFile(path, "no such folder, or no permission"))
    }
    return target
  }

  private static let scratch = "panel rows"

  private func batch(
    _ block: PanelBlock, _ spec: ExperimentSpec, _ builder: PanelBuilder
  ) -> ExportBatch {
    let count = block.rowCount
    var columns: [(name: String, values: ExportBatch.Values)] = [
      ("entity", .int32(block.entities)),
      ("cutoff", .date([Int32](repeating: Int32(block.cutoff.date.days), count: count))),
      ("role", .text([String](repeating: block.cutoff.role.rawValue, count: count))),
      ("label", .int8(block.labels.map { Int8($0) })),
    ]
    for (index, column) in block.features.columns.enumerated() {
      let levels =
        spec.features[index].expression.isCategory ? builder.levels(ofFeature: index) : nil
      columns.append(("f\(index)", column.exported(levels: levels)))
    }
    return ExportBatch(rowCount: count, columns: columns)
  }

  /// A scratch column with missing values as null again.
  private static func value(_ index: Int, _ feature: FeatureSpec) -> String {
    let name = "f\(index)"
    if feature.expression.isCategory { return "nullif(\(name), '')" }
    return "CASE WHEN typeof(\(name)) IN ('DOUBLE', 'FLOAT') THEN "
      + "CASE WHEN isnan(CAST(\(name) AS DOUBLE)) THEN NULL ELSE \(name) END "
      + "WHEN typeof(\(name)) = 'TINYINT' AND \(name) = -128 THEN NULL "
      + "WHEN typeof(\(name)) = 'INTEGER' AND \(name) = -2147483648 THEN NULL ELSE \(name) END"
  }
}

extension FeatureColumn {
  /// The column for the engine; category codes become their texts, a missing one the empty text.
  fileprivate func exported(levels: [String]?) -> ExportBatch.Values {
    func texts(_ codes: some Sequence<Int>, _ levels: [String]) -> ExportBatch.Values {
      .text(codes.map { $0 < 0 ? "" : levels[$0] })
    }
    switch self {
    case .int8(let values):
      return levels.map { texts(values.lazy.map(Int.init), $0) } ?? .int8(values)
    case .int16(let values):
      return levels.map { texts(values.lazy.map(Int.init), $0) }
        ?? .int32(values.map { $0 == .min ? .min : Int32($0) })
    case .int32(let values):
      return levels.map { texts(values.lazy.map(Int.init), $0) } ?? .int32(values)
    case .float(let values): return .float(values)
    case .double(let values): return .double(values)
    }
  }
}
