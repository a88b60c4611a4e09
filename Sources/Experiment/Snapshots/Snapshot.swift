public import Diagnostics
internal import Files
internal import Foundation
internal import OrderedCollections
internal import Panel
internal import Runs
public import Spec

// Snapshots
//
// - In: the sources of a spec.
// - Out: a folder with one Parquet file per source and snapshot.json, which has the SHA-256 of each
//   file and of itself; later, how the sources differ from it.

/// The rows of a spec's sources as they were on an earlier day, in a folder that `SnapshotWriter`
/// wrote.
public struct Snapshot: Sendable {
  /// The folder.
  public let folder: String
  /// The last day that the label's source had observed completely.
  public var day: CalendarDate { record.day }
  let record: SnapshotRecord

  /// The name of the file that describes a snapshot.
  static let recordFile = "snapshot.json"

  /// Opens a snapshot to compare a spec's sources with it.
  /// - Parameter path: the snapshot's folder, or the snapshot.json in it.
  /// - Throws: `FindingsError` if its files are not as they were written, or if it has none of the
  ///   spec's sources.
  public init(_ path: String, for spec: ExperimentSpec) throws(FindingsError) {
    let isRecord = (path as NSString).lastPathComponent == Self.recordFile && Files.isFile(path)
    let named = isRecord ? Files.parent(of: path) : path
    folder = named.count > 1 && named.hasSuffix("/") ? String(named.dropLast()) : named
    record = try SnapshotRecord(in: folder)
    try record.checkFiles(in: folder)
    let isKnown = record.sources.contains { kept in
      spec.sources[kept.name].map(kept.isComparable) ?? false
    }
    guard isKnown else { throw FindingsError(.otherSources(folder, record, spec)) }
  }
}

/// The contents of a snapshot.json.
struct SnapshotRecord: SealedDocument {
  /// A declared column of a source.
  struct Column: Codable {
    let name: String
    let type: String
    let columnClass: String

    enum CodingKeys: String, CodingKey {
      case name, type
      case columnClass = "class"
    }
  }

  /// A column that places the rows of a source in time.
  struct Day: Codable, Equatable {
    /// The key of the spec that names the column: `created`, `valid_from`, `valid_to`, `time` or
    /// `known_at`.
    let key: String
    let column: String
  }

  /// A source and the file with its rows.
  struct Source: Codable {
    let name: String
    let file: String
    let sha256: String
    let rows: Int
    let dataThrough: CalendarDate
    let days: [Day]
    /// How instants became days; nil for the days that are written.
    let clock: String?
    let columns: [Column]

    init(
      _ source: SourceSpec, file: String, sha256: String, rows: Int, dataThrough: CalendarDate
    ) {
      name = source.name.value
      self.file = file
      self.sha256 = sha256
      self.rows = rows
      self.dataThrough = dataThrough
      days = source.placingDays.map { Day(key: $0.key, column: $0.column) }
      clock = Self.clock(source)
      columns = source.columns.values.map { column in
        Column(
          name: column.name.value, type: column.type.rawValue,
          columnClass: column.columnClass.rawValue)
      }
    }

    /// Whether rows of a source can be compared with these: they are placed in time in the same
    /// way, by the same days.
    func isComparable(_ source: SourceSpec) -> Bool {
      days.map(\.key) == source.placingDays.map(\.key) && clock == Self.clock(source)
    }

    fileprivate static func clock(_ source: SourceSpec) -> String? {
      let clock = source.clock
      guard !clock.isPlain else { return nil }
      return [clock.zone, clock.end, clock.convertedFrom].compactMap(\.self)
        .joined(separator: " ")
    }

    /// The rows to compare with.
    func kept(in folder: String) -> KeptRows {
      KeptRows(
        path: "\(folder)/\(file)",
        types: Dictionary(
          columns.compactMap { column in
            ColumnSpec.ColumnType(rawValue: column.type).map { (column.name, $0) }
          }, uniquingKeysWith: { first, _ in first }),
        day: dataThrough)
    }
  }

  /// The version of the record and of the files.
  let schema: Int
  /// The name of the experiment that was given.
  let experiment: String
  /// The last day that the label's source had observed completely.
  let day: CalendarDate
  /// In the order of the spec.
  let sources: [Source]
  /// The SHA-256 of the text without this line.
  var recordSha256: String?

  static let currentSchema = 1

  init(experiment: String, day: CalendarDate, sources: [Source]) {
    schema = Self.currentSchema
    self.experiment = experiment
    self.day = day
    self.sources = sources
  }

  /// Reads the record in a folder.
  /// - Throws: `FindingsError` if there is none, or if it is not as it was written.
  init(in folder: String) throws(FindingsError) {
    let path = "\(folder)/\(Snapshot.recordFile)"
    let text: Data
    do throws(FileError) {
      text = try Files.read(path)
    } catch {
      throw FindingsError(.damagedSnapshot(path, "it cannot be read: \(error.reason)"))
    }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    guard Seal(text) == .intact, let record = try? decoder.decode(SnapshotRecord.self, from: text)
    else { throw FindingsError(.damagedSnapshot(path, "its content was changed")) }
    guard record.schema == Self.currentSchema else {
      throw FindingsError(
        .damagedSnapshot(path, "a newer version of Holdout wrote it (schema \(record.schema))"))
    }
    self = record
  }

  /// Compares every file with its SHA-256.
  /// - Throws: `FindingsError` with a finding for each file that is missing or was changed.
  func checkFiles(in folder: String) throws(FindingsError) {
    var findings: [Finding] = []
    for source in sources {
      let path = "\(folder)/\(source.file)"
      // A record may name files of its own folder only.
      guard !source.file.contains("/"), let hash = Fingerprint.of(file: path) else {
        findings.append(.damagedSnapshot(path, "it cannot be read"))
        continue
      }
      if hash != source.sha256 {
        findings.append(.damagedSnapshot(path, "its content was changed"))
      }
    }
    try findings.throwIfErrors()
  }
}

// MARK: - Findings

extension Finding {
  /// Reports a file of a snapshot that is not as it was written: H430.
  static func damagedSnapshot(_ path: String, _ reason: String) -> Finding {
    Finding(
      430, "`\(path)` is not the file that `holdout snapshot` wrote: \(reason)",
      hints: ["name the folder of a complete snapshot, or restore this one from a backup"])
  }

  /// Reports a snapshot that has none of the sources of a spec: H431.
  fileprivate static func otherSources(
    _ folder: String, _ record: SnapshotRecord, _ spec: ExperimentSpec
  ) -> Finding {
    func list(_ sources: [(name: String, days: [String])]) -> String {
      sources.map {
        "`\($0.name)`" + ($0.days.isEmpty ? "" : " (\($0.days.joined(separator: ", ")))")
      }
      .joined(separator: ", ")
    }
    let kept = list(
      record.sources.map { ($0.name, $0.days.map(\.key) + [$0.clock].compactMap(\.self)) })
    let declared = list(
      spec.sources.values.map { source in
        (
          source.name.value,
          source.placingDays.map(\.key)
            + [SnapshotRecord.Source.clock(source)].compactMap(\.self)
        )
      })
    return Finding(
      431, "the snapshot `\(folder)` has none of the sources of `\(spec.name.value)`",
      notes: [
        "the snapshot, of `\(record.experiment)`, has \(kept)", "the spec reads \(declared)",
      ],
      hints: ["name a snapshot of this spec, or of one that extends the same base"])
  }
}

extension Explanation {
  static let snapshotFindings: [Explanation] = [
    Explanation(
      430, "a snapshot that was changed",
      cause: """
        snapshot.json has the SHA-256 of every file of a snapshot, and of itself. A file is \
        missing or has another hash. It was edited, or damaged by the disk or a copy, so it does \
        not prove what the data were.
        """,
      example: .commands(
        "holdout snapshot spec.yaml && echo >> snapshots/renewals/2025-09-18/calls.parquet && "
          + "holdout audit spec.yaml --earlier snapshots/renewals/2025-09-18"),
      fix: """
        Compare with another snapshot, or restore this one from a backup. Keep snapshots where \
        nobody edits them.
        """),
    Explanation(
      431, "a snapshot of other sources",
      cause: """
        The snapshot and the spec have no source with the same name that is placed in time in the \
        same way (`created`, `valid_from` and `valid_to`, or `time` and `known_at`). There is \
        nothing to compare.
        """,
      example: .files(
        [
          ("spec.yaml", "extends: base.yaml\n"),
          (
            "other.yaml",
            """
            version: 1
            name: accounts
            data_through: 2025-09-18
            sources:
              accounts:
                table: customers
                connection: shop
                key: id
                created: created
                columns:
                  first_order: {type: date, class: event}
                  size: {type: integer, class: static}
            feature_sets:
              account: [size: {value: accounts.size}]
            cutoffs: {every: month_end, train: 4, calibrate: 1, test: 1}
            cohort: {entity: accounts, where: [not: {happened: accounts.first_order}]}
            label: {event: accounts.first_order, horizon: 1 month}
            features: [account]
            model: {params: {num_iterations: 5}}
            calibration: {method: sigmoid}

            """
          ),
        ],
        "holdout snapshot spec.yaml && "
          + "holdout audit other.yaml --earlier snapshots/renewals/2025-09-18"),
      fix: """
        Name a snapshot of this spec, or of a spec that extends the same base.
        """),
  ]
}
