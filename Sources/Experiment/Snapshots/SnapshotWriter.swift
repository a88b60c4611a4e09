public import Diagnostics
internal import Files
internal import Foundation
internal import OrderedCollections
internal import Panel
public import Runs
public import Spec
internal import Warehouse

/// Keeps the rows of a spec's sources in a folder, so that a later audit can tell whether the past
/// was rewritten.
///
/// The folder's content depends only on the rows and the spec, never on the clock.
public struct SnapshotWriter {
  public let project: Project
  public let threads: Int
  /// Called before each source is read.
  public let progress: ProgressHandler

  public init(
    project: Project, threads: Int, progress: @escaping ProgressHandler = { _ in }
  ) {
    self.project = project
    self.threads = threads
    self.progress = progress
  }

  /// What was written, or was there already.
  public struct Written: Sendable {
    /// The folder.
    public let folder: String
    /// The last day that the label's source has observed completely.
    public let day: CalendarDate
    /// The sources with the numbers of their rows.
    public let sources: [(name: String, rows: Int)]
    /// Whether the folder is new; if not, it had the same snapshot.
    public let isNew: Bool
    /// Warnings raised while the sources were read.
    public let warnings: [Finding]
  }

  /// Writes a snapshot of every source of a spec. A different one is never replaced.
  /// - Parameter folder: the folder to write; nil: `snapshots/NAME/DAY` in the project's folder.
  /// - Throws: `FindingsError`.
  public func write(_ spec: ExperimentSpec, to folder: String? = nil) throws -> Written {
    guard let day = spec.dataThrough else {
      throw Timeline.Problem.unobserved(source: spec.label.sourceName)
    }
    let folder = try folder ?? defaultFolder(spec, day)
    let scratch = try Self.writing(folder) {
      try Files.makeFolder(Files.parent(of: folder))
      let parent = Files.realPath(Files.parent(of: folder)) ?? Files.parent(of: folder)
      Scratch.removeAbandoned(in: parent)
      return try Scratch.folder(in: parent)
    }
    let engine = try NativeLibraries.engine(threads: threads)
    engine.outputFolders = [scratch.path]
    let reader = try SnapshotReader(
      spec, project: project.spec, projectFolder: project.folder, engine: engine)
    var sources: [SnapshotRecord.Source] = []
    for (index, source) in spec.sources.values.enumerated() {
      progress(
        StepProgress(.source(source.name.value), done: index, of: spec.sources.count))
      let through = source.dataThrough?.value ?? day
      let file = "\(source.name.value).parquet"
      let path = "\(scratch.path)/\(file)"
      let rows = try Self.writing(folder) { try reader.write(source, to: path) }
      guard let rows else { continue }
      guard let hash = Fingerprint.of(file: path) else {
        throw FindingsError(.snapshotNotWritten(folder, "`\(file)` cannot be read again"))
      }
      sources.append(
        SnapshotRecord.Source(
          source, file: file, sha256: hash, rows: rows,
          dataThrough: min(through, spec.asOf?.value ?? through)))
    }
    try reader.close()
    try reader.findings.throwIfErrors()
    let record = SnapshotRecord(experiment: spec.name.value, day: day, sources: sources)
    let text = try record.sealedJSON()
    let isNew = try Self.isNew(folder, text)
    if isNew {
      try Self.writing(folder) {
        try Files.create(text, at: "\(scratch.path)/\(Snapshot.recordFile)")
      }
      do throws(FileError) {
        try scratch.take(folder)
      } catch {
        throw FindingsError(.snapshotNotWritten(folder, error.reason))
      }
    }
    return Written(
      folder: folder, day: day, sources: sources.map { ($0.name, $0.rows) }, isNew: isNew,
      warnings: reader.findings)
  }

  /// - Throws: `FindingsError` if a link leads elsewhere: a pull request may add links.
  private func defaultFolder(
    _ spec: ExperimentSpec, _ day: CalendarDate
  ) throws(FindingsError) -> String {
    let folder = "\(project.folder)/snapshots/\(spec.name.value)/\(day)"
    let roots = ReadingRoots(project: project.folder)
    guard roots.objection(toWriting: "\(folder)/\(Snapshot.recordFile)") == nil else {
      throw FindingsError(.snapshotNotWritten(folder, "a link leads outside the project"))
    }
    return folder
  }

  /// Whether nothing is at a folder's path; false if it has the same snapshot.
  /// - Throws: `FindingsError` if it has anything else, or if the snapshot was changed.
  private static func isNew(_ folder: String, _ text: Data) throws(FindingsError) -> Bool {
    guard FileKind(at: folder) != nil else { return true }
    if (try? Files.names(in: folder))?.isEmpty == true { return true }
    guard let kept = try? Files.read("\(folder)/\(Snapshot.recordFile)") else {
      throw FindingsError(.snapshotNotReplaced(folder, nil))
    }
    let record = try SnapshotRecord(in: folder)
    guard kept == text else { throw FindingsError(.snapshotNotReplaced(folder, record)) }
    try record.checkFiles(in: folder)
    return false
  }

  /// Runs work on files. Failures are reported for the folder that was asked for.
  private static func writing<Value: ~Copyable>(
    _ folder: String, _ work: () throws -> Value
  ) throws(FindingsError) -> Value {
    do {
      return try work()
    } catch let error as FindingsError {
      throw error
    } catch {
      throw FindingsError(.snapshotNotWritten(folder, ResultsFolder.reason(error)))
    }
  }
}

// MARK: - Findings

extension Finding {
  /// Reports a folder that has something else than the snapshot to be written: H432.
  /// - Parameter record: the snapshot that it has; nil: none.
  fileprivate static func snapshotNotReplaced(
    _ folder: String, _ record: SnapshotRecord?
  ) -> Finding {
    Finding(
      432,
      record == nil
        ? "`\(folder)` exists and is not a snapshot, so it is not replaced"
        : "`\(folder)` has a different snapshot, which is not replaced",
      notes: record.map { record in
        [
          "it is of `\(record.experiment)`, with data through \(record.day)",
          "a snapshot proves what the data were when it was written",
        ]
      } ?? [],
      hints: ["name another folder with `--out`"])
  }

  fileprivate static func snapshotNotWritten(_ folder: String, _ reason: String) -> Finding {
    Finding(
      703, "`\(folder)` cannot be written: \(reason)",
      hints: ["check its permissions and the free space, or name another folder with `--out`"])
  }
}

extension Explanation {
  static let snapshotWriterFindings: [Explanation] = [
    Explanation(
      432, "a snapshot that would be replaced",
      cause: """
        The folder already has a snapshot, and the data or the declared columns have changed since \
        it was written. A snapshot proves what the data were, so it is never replaced. If the \
        data differ although `data_through` is the same, the past was rewritten: an audit with \
        `--earlier` and a later `data_through` says where.
        """,
      example: .changingData(
        between: "holdout snapshot spec.yaml", and: "holdout snapshot spec.yaml"),
      fix: """
        Name another folder with `--out`. Remove the old snapshot only if it was written by \
        mistake.
        """)
  ]
}
