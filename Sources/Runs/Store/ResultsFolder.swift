package import Diagnostics
package import Files
package import Foundation
internal import Warehouse

/// The folder results/NAME: every run's folder under `runs/`, and the latest run's metrics.
///
/// A run is published in two steps, each a single `rename`. First its complete folder moves into
/// place. Then `runs/.publishing` is written with the run's name, which commits the change:
/// `runs/latest` and the two copies beside `runs`, feature_importance.csv and metrics.json, are
/// updated, and `runs/.publishing` is removed. If the process is killed in between, the next
/// command that reads the folder finishes the update (`completePublication`), so all three always
/// belong to one run.
package struct ResultsFolder {
  package let path: String

  package init(_ path: String) { self.path = path }

  /// Makes the folder and removes what killed runs left behind. Called once per run, before its
  /// work begins.
  /// - Throws: `FindingsError` when the folder cannot be written.
  package func prepare() throws(FindingsError) {
    try writing { () throws(FileError) in
      try Files.makeFolder(runs)
      // Find out before the work, not after it, whether the folder can be written.
      let probe = try Scratch.folder(in: runs)
      removeLeftovers(isThorough: true)
      try completePublication()
      _ = consume probe
    }
  }

  /// The reason a file operation failed, in the system's words.
  package static func reason(_ error: any Error) -> String {
    if let error = error as? WarehouseError { return error.message }
    if let error = error as? FileError { return error.reason }
    let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    let code = (cause ?? error as NSError)
    if code.domain == NSPOSIXErrorDomain { return String(cString: strerror(Int32(code.code))) }
    let known: [CocoaError.Code: Int32] = [
      .fileNoSuchFile: ENOENT, .fileReadNoSuchFile: ENOENT, .fileWriteNoPermission: EACCES,
      .fileReadNoPermission: EACCES, .fileWriteOutOfSpace: ENOSPC, .fileWriteFileExists: EEXIST,
      .fileWriteVolumeReadOnly: EROFS,
    ]
    if let number = (error as? CocoaError).flatMap({ known[$0.code] }) {
      return String(cString: strerror(number))
    }
    // Foundation has no message for a file in the place of the new folder.
    return (error as? CocoaError)?.code == .fileWriteUnknown
      ? "a file may have the name of a folder" : (error as NSError).localizedDescription
  }

  /// The file in a run's folder that holds its audit, once a gate has asked for one.
  package static let auditFile = "audit.json"

  /// The file in `runs` that names the latest run.
  static let latestFile = "latest"

  /// The file in `runs` that names the run being made the latest.
  private static let publishingFile = ".publishing"

  /// The files of the latest run that are copied beside `runs`.
  private static let copies = ["feature_importance.csv", "metrics.json"]

  private var runs: String { "\(path)/runs" }
  private var publishing: String { "\(runs)/\(Self.publishingFile)" }

  /// A run's folder.
  package func run(_ runId: String) -> String { "\(runs)/\(runId)" }

  // MARK: - Publishing

  /// Makes a new folder for a run's files, to be filled and then published.
  package func draft() throws(FindingsError) -> Scratch {
    do throws(FileError) {
      return try Scratch.folder(in: runs)
    } catch {
      throw unwritable(error)
    }
  }

  /// Publishes a draft and makes its metrics and importance the latest.
  ///
  /// A run's name is derived from everything that decides its result, so an existing folder of that
  /// name holds the same files. In that case the existing folder stays and the draft is removed.
  package func publish(_ draft: consuming Scratch, as runId: String) throws(FindingsError) {
    let run = run(runId)
    do throws(FileError) {
      // If two processes make the same run, the second finds the first one's complete folder.
      let lock = try FileLock(runs)
      if Self.isSame(draft.path, run) {
        _ = consume draft
      } else {
        try Self.keepAdditions(of: run, in: draft.path)
        try draft.exchange(with: run)
      }
      try putLatest(runId)
      lock.unlock()
    } catch {
      throw unwritable(error)
    }
  }

  /// Makes a run's metrics and importance the latest, unless they already are.
  package func makeLatest(_ runId: String) throws(FindingsError) {
    try writing { () throws(FileError) in
      let lock = try FileLock(runs)
      try putLatest(runId)
      lock.unlock()
    }
  }

  /// Does the work of `makeLatest`. The caller holds the lock on `runs`.
  private func putLatest(_ runId: String) throws(FileError) {
    let run = run(runId)
    let importance = try Files.read("\(run)/\(Self.copies[0])")
    let metrics = try Files.read("\(run)/\(Self.copies[1])")
    let latest = Data("\(runId)\n".utf8)
    let (importancePlace, metricsPlace) = ("\(path)/\(Self.copies[0])", "\(path)/\(Self.copies[1])")
    let latestPlace = "\(runs)/\(Self.latestFile)"
    func isCurrent(_ bytes: Data, _ place: String) -> Bool {
      (try? Files.read(place, followsLinks: false)) == bytes
    }
    let isDone = (
      latest: isCurrent(latest, latestPlace), importance: isCurrent(importance, importancePlace),
      metrics: isCurrent(metrics, metricsPlace)
    )
    if isDone.latest, isDone.importance, isDone.metrics {
      return try Files.remove(publishing)
    }
    // All bytes are on disk before the commit, so that little more than renames follows it.
    let latestDraft = try filled(latest, in: runs)
    let importanceDraft = try filled(importance, in: path)
    let metricsDraft = try filled(metrics, in: path)
    try Files.write(latest, to: publishing)
    if isDone.latest { _ = consume latestDraft } else { try latestDraft.take(latestPlace) }
    if isDone.importance {
      _ = consume importanceDraft
    } else {
      try importanceDraft.take(importancePlace)
    }
    if isDone.metrics { _ = consume metricsDraft } else { try metricsDraft.take(metricsPlace) }
    try Files.remove(publishing)
    try Files.sync(runs)
  }

  private func filled(_ bytes: Data, in folder: String) throws(FileError) -> Scratch {
    let scratch = try Scratch.file(in: folder)
    try scratch.fill(with: bytes)
    try Files.sync(scratch.path)
    return scratch
  }

  /// Finishes the publication that a killed process began. Waits for a process that is still
  /// publishing.
  /// - Throws: `FileError` when that fails, as in a read-only folder.
  package func completePublication() throws(FileError) {
    guard FileKind(at: publishing) != nil else { return }
    let lock = try FileLock(runs)
    if let runId = try? Self.name(in: publishing),
      Self.copies.allSatisfy({ Files.isFile("\(run(runId))/\($0)") })
    {
      try putLatest(runId)
    } else {
      try Files.remove(publishing)
    }
    lock.unlock()
  }

  /// Replaces a run's resolved spec when only its later uses have changed, and puts the new hash
  /// into the run's record.
  package func putSpec(_ text: String, of runId: String) throws(FindingsError) {
    let run = run(runId)
    let (bytes, hash) = (Data(text.utf8), Fingerprint.of(Data(text.utf8)))
    let places = ["spec.yaml", "\(StoredRun.refitFolder)/spec.yaml"].filter {
      Files.isFile("\(run)/\($0)")
    }
    var record = try RunRecord.read(run)
    let isCurrent =
      places.allSatisfy { (try? Files.read("\(run)/\($0)", followsLinks: false)) == bytes }
      && (record.files == nil || record.files?["spec.yaml"] == hash)
    if isCurrent { return }
    do {
      // The spec and its hash change in one step.
      let lock = try FileLock(runs)
      let draft = try Scratch.folder(in: runs)
      let hasHashes = record.files != nil
      try Files.duplicate(run, to: draft.path, except: places + (hasHashes ? ["run.json"] : []))
      for place in places { try Files.create(bytes, at: "\(draft.path)/\(place)") }
      if hasHashes {
        record.files?["spec.yaml"] = hash
        try Files.create(record.sealedJSON(), at: "\(draft.path)/run.json")
      }
      try draft.exchange(with: run)
      lock.unlock()
    } catch {
      throw FindingsError(.unwritable(path, Self.reason(error)))
    }
  }

  /// Writes a file of a run, unless it already holds these bytes, without scratch space among the
  /// run's files.
  private static func put(
    _ bytes: Data, at path: String, scratchIn folder: String
  ) throws(FileError) {
    if (try? Files.read(path, followsLinks: false)) == bytes { return }
    let scratch = try Scratch.file(in: folder)
    try scratch.fill(with: bytes)
    try scratch.take(path)
  }

  /// Stores an audit among the files of a run.
  package static func putAudit(_ bytes: Data, of run: StoredRun) throws(FileError) {
    let parent = (run.folder as NSString).deletingLastPathComponent
    let isKept = (parent as NSString).lastPathComponent == "runs"
    try put(bytes, at: run.path(auditFile), scratchIn: isKept ? parent : run.folder)
  }

  // MARK: - Reading

  /// The id of the latest run; nil when this machine has no run.
  /// - Throws: `FindingsError` when `runs/latest` does not name a folder beside it.
  package func latestRunId() throws(FindingsError) -> String? {
    // A read-only folder can still be read: `runs/.publishing` then names the latest run.
    try? completePublication()
    for file in [Self.publishingFile, Self.latestFile] {
      let place = "\(runs)/\(file)"
      guard FileKind(at: place) != nil else { continue }
      let name: String
      do throws(FileError) {
        name = try Self.name(in: place)
      } catch {
        throw FindingsError(.badLatest(place, error.reason))
      }
      if FileKind(at: run(name)) == .link {
        throw FindingsError(.badLatest(place, "`\(name)` is a symbolic link"))
      }
      return name
    }
    return nil
  }

  /// The name of the run that a file contains.
  /// - Throws: `FileError` when the file contains anything else.
  private static func name(in file: String) throws(FileError) -> String {
    let bytes = try Files.read(file, followsLinks: false, limit: 4096)
    let name = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .newlines)
    // The same rule as for the names of runs and promoted models. Such a name cannot lead
    // elsewhere.
    guard name.utf8.count <= 200, !name.hasPrefix("."),
      name.wholeMatch(of: #/[A-Za-z0-9._@=,+-]+/#) != nil
    else { throw FileError(file, EINVAL, "it does not contain the name of a run") }
    return name
  }

  // MARK: - Leftovers

  /// Removes what killed processes left behind, including those of earlier versions.
  /// - Parameter isThorough: whether every run's own folder is searched.
  func removeLeftovers(isThorough: Bool) {
    Leftovers.remove(in: path)
    // Earlier versions: `.RUN_ID.PID.tmp`, `.old-RUN_ID.PID.tmp`, and `.PID.tmp`.
    Leftovers.remove(in: runs) { $0.hasPrefix(".") && $0.hasSuffix(".tmp") }
    guard isThorough else { return }
    for name in (try? Files.names(in: runs)) ?? [] where FileKind(at: run(name)) == .folder {
      Leftovers.remove(in: run(name)) { $0.hasPrefix("predictions.parquet.") }
    }
  }

  // MARK: - Runs of one name

  /// Copies the audit and the refit of a run that is about to be replaced, unless the draft has its
  /// own. Runs of one name have the same spec and data, so audits find the same and refits learn
  /// the same.
  private static func keepAdditions(of run: String, in draft: String) throws(FileError) {
    let (audit, refit) = (auditFile, StoredRun.refitFolder)
    if Files.isFile("\(run)/\(audit)") {
      try Files.create(try Files.read("\(run)/\(audit)"), at: "\(draft)/\(audit)")
    }
    // A refit beside any other model than the one it was written with cannot be trusted.
    guard Files.isFolder("\(run)/\(refit)"), FileKind(at: "\(draft)/\(refit)") == nil,
      FileManager.default.contentsEqual(atPath: "\(run)/model.txt", andPath: "\(draft)/model.txt"),
      let record = try? RunRecord.read("\(run)/\(refit)"),
      (try? RunFiles(folder: "\(run)/\(refit)", hashes: record.files).checkAll()) != nil
    else { return }
    try Files.makeFolder("\(draft)/\(refit)")
    for name in try Files.names(in: "\(run)/\(refit)") where Files.isFile("\(run)/\(refit)/\(name)")
    {
      // Gates and similar settings may differ, because they do not decide a run's identity.
      let source = name == "spec.yaml" ? "\(draft)/\(name)" : "\(run)/\(refit)/\(name)"
      try Files.create(try Files.read(source), at: "\(draft)/\(refit)/\(name)")
    }
  }

  /// Whether a run's folder holds a draft's files, ignoring the timings in run.json. The folder may
  /// also hold an audit, and a refit that the draft was not asked for.
  private static func isSame(_ draft: String, _ run: String) -> Bool {
    let manager = FileManager.default
    let refit = StoredRun.refitFolder
    let hasRefit = manager.fileExists(atPath: "\(draft)/\(refit)")
    func files(_ folder: String) throws -> [String] {
      try manager.subpathsOfDirectory(atPath: folder).filter { name in
        name != auditFile && name != refit && (hasRefit || !name.hasPrefix("\(refit)/"))
      }.sorted()
    }
    guard let names = try? files(draft), let others = try? files(run), names == others
    else { return false }
    /// The hashes in the record beside a file; nil when the record itself is damaged.
    func hashes(_ folder: String, _ name: String) -> [String: String]? {
      let folder = ("\(folder)/\(name)" as NSString).deletingLastPathComponent
      return try? RunRecord.read(folder).files
    }
    return names.allSatisfy { name in
      if (name as NSString).lastPathComponent == "run.json" {
        return hashes(run, name) != nil && hashes(run, name) == hashes(draft, name)
      }
      return manager.contentsEqual(atPath: "\(draft)/\(name)", andPath: "\(run)/\(name)")
    }
  }

  // MARK: - Failures

  private func writing(_ work: () throws(FileError) -> Void) throws(FindingsError) {
    do throws(FileError) {
      try work()
    } catch {
      throw unwritable(error)
    }
  }

  private func unwritable(_ error: FileError) -> FindingsError {
    FindingsError(.unwritable(path, error.reason))
  }
}

/// Removes what killed commands left in the folders of a project.
public enum Leftovers {
  /// Removes leftovers from the project's folders for results, the cache and models, and completes
  /// interrupted publications. Files that are being written stay.
  ///
  /// Failures are ignored, because the next command tries again.
  public static func remove(from project: Project) {
    // With an empty name the path ends in a slash.
    let results = String(project.resultsFolder(of: "").dropLast())
    for name in (try? Files.names(in: results)) ?? [] where !name.hasPrefix(".") {
      let folder = ResultsFolder("\(results)/\(name)")
      // A link may lead to another project's files.
      guard FileKind(at: folder.path) == .folder,
        FileKind(at: "\(folder.path)/runs") != .link
      else { continue }
      folder.removeLeftovers(isThorough: false)
      try? folder.completePublication()
    }
    let models = project.modelsFolder
    for name in (try? Files.names(in: models)) ?? []
    where FileKind(at: "\(models)/\(name)") == .folder {
      for folder in ["", "/versions", "/\(StoredRun.refitFolder)"] {
        remove(in: "\(models)/\(name)\(folder)")
      }
    }
    for folder in ["", "/traces"] { remove(in: project.cacheFolder + folder) }
    let entries = "\(project.cacheFolder)/entries"
    for name in (try? Files.names(in: entries)) ?? [] where name.utf8.count == 2 {
      // Earlier versions: `KEY.PID.NUMBER.tmp`.
      remove(in: "\(entries)/\(name)") { $0.hasSuffix(".tmp") && $0.utf8.count > 64 }
    }
    removeTemporaryFiles()
  }

  /// Removes abandoned scratch space from a folder. Also removes Foundation's scratch space, which
  /// earlier versions used and which has no lock.
  /// - Parameter isOutdated: whether a name is another leftover of earlier versions.
  static func remove(in folder: String, isOutdated: (String) -> Bool = { _ in false }) {
    guard FileKind(at: folder) == .folder else { return }
    Scratch.removeAbandoned(in: folder)
    for name in (try? Files.names(in: folder)) ?? []
    where !Scratch.isName(name) && (name.hasPrefix(".dat.nosync") || isOutdated(name)) {
      try? Files.remove("\(folder)/\(name)")
    }
  }

  /// Removes what earlier versions left in the system's folder for temporary files,
  /// `holdout-UUID.parquet` and `holdout-PID-UUID.json`. Other projects share the folder and may be
  /// using such a version now, so only this user's files that are at least an hour old are removed.
  private static func removeTemporaryFiles() {
    let folder = FileManager.default.temporaryDirectory.path
    Scratch.removeAbandoned(in: folder)
    let form = #/holdout-([0-9]+-)?[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}\.(parquet|json)/#
    for name in (try? Files.names(in: folder)) ?? []
    where name.hasPrefix("holdout-") && name.wholeMatch(of: form) != nil {
      var status = stat()
      guard lstat("\(folder)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFREG,
        status.st_uid == getuid(), status.st_mtim.tv_sec < time(nil) - 3600
      else { continue }
      try? Files.remove("\(folder)/\(name)")
    }
  }
}
