package import Diagnostics
package import Files
internal import Foundation
internal import Warehouse

/// The folder results/NAME: every run's folder below `runs/`, and the latest run's metrics.
///
/// A run is published in two steps, each of them one `rename`. First its folder takes its place, with
/// every file in it. Then `runs/.publishing` names the run, which decides: `runs/latest` and the two
/// copies beside `runs`, feature_importance.csv and metrics.json, follow, and `runs/.publishing` goes.
/// Where a process is killed among them, the next command that looks at the folder puts the rest in
/// place (`completePublication`), so that the three are of one run.
package struct ResultsFolder {
  let path: String

  package init(_ path: String) { self.path = path }

  /// Makes the folder and removes what killed runs left behind: once for a run, before its work begins.
  /// - Throws: `FindingsError` when the folder cannot be written.
  package func prepare() throws(FindingsError) {
    try writing { () throws(FileError) in
      try Files.makeFolder(runs)
      // Whether it can be written is better known before the work than after it.
      let probe = try Scratch.folder(in: runs)
      removeLeftovers(isThorough: true)
      try completePublication()
      _ = consume probe
    }
  }

  /// Why an operation on files failed, in the system's words.
  static func reason(_ error: any Error) -> String {
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
    // Foundation has no words for a file in the place where a folder is to be made.
    return (error as? CocoaError)?.code == .fileWriteUnknown
      ? "a file may be in the place of a folder" : (error as NSError).localizedDescription
  }

  /// The file in a run's folder that holds its audit, once a gate has asked for one.
  static let auditFile = "audit.json"

  /// The file in `runs` that names the latest run.
  static let latestFile = "latest"

  /// The file in `runs` that names the run which is being made the latest.
  private static let publishingFile = ".publishing"

  /// The files of the latest run that are copied beside `runs`.
  private static let copies = ["feature_importance.csv", "metrics.json"]

  private var runs: String { "\(path)/runs" }
  private var publishing: String { "\(runs)/\(Self.publishingFile)" }

  /// A run's folder.
  package func run(_ runId: String) -> String { "\(runs)/\(runId)" }

  // MARK: - Publishing

  /// A new folder for a run's files, to be filled and then published.
  package func draft() throws(FindingsError) -> Scratch {
    do throws(FileError) {
      return try Scratch.folder(in: runs)
    } catch {
      throw unwritable(error)
    }
  }

  /// Puts a draft in its place and makes its metrics and importance the latest.
  ///
  /// A run's name follows from all that decides its result, so a folder of that name that is already
  /// there holds the same files; it then stays, and the draft goes.
  package func publish(_ draft: consuming Scratch, as runId: String) throws(FindingsError) {
    let run = run(runId)
    do throws(FileError) {
      // Of two processes that have the same run, the second finds the complete folder of the first.
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

  /// Makes a run's metrics and importance the latest, where they are not yet.
  package func makeLatest(_ runId: String) throws(FindingsError) {
    try writing { () throws(FileError) in
      let lock = try FileLock(runs)
      try putLatest(runId)
      lock.unlock()
    }
  }

  /// As `makeLatest`, by the holder of the lock on `runs`.
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
    // All bytes are on the disk before the decision, so that little more than renames follows it.
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

  /// Puts in place what a killed process had still to put there of a run that it was publishing.
  ///
  /// One that is at work is waited for.
  /// - Throws: `FileError` where that cannot be done, as in a folder that cannot be written.
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

  /// Puts the resolved spec of a run, of which only what is done with it may have changed, in its place,
  /// and its hash into the run's record.
  func putSpec(_ text: String, of runId: String) throws(FindingsError) {
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

  /// Writes a file of a run, unless it holds these bytes, without scratch space among the run's files.
  private static func put(
    _ bytes: Data, at path: String, scratchIn folder: String
  ) throws(FileError) {
    if (try? Files.read(path, followsLinks: false)) == bytes { return }
    let scratch = try Scratch.file(in: folder)
    try scratch.fill(with: bytes)
    try scratch.take(path)
  }

  /// Keeps an audit among the files of a run.
  static func putAudit(_ bytes: Data, of run: StoredRun) throws(FileError) {
    let parent = (run.folder as NSString).deletingLastPathComponent
    let isKept = (parent as NSString).lastPathComponent == "runs"
    try put(bytes, at: run.path(auditFile), scratchIn: isKept ? parent : run.folder)
  }

  // MARK: - Reading

  /// The id of the latest run; nil where no run is kept on this machine.
  /// - Throws: `FindingsError` where `runs/latest` does not name a folder beside it.
  package func latestRunId() throws(FindingsError) -> String? {
    // A folder that cannot be written can still be read: what decides is then what was to follow.
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

  /// The name of a run that a file holds.
  /// - Throws: `FileError` where it holds anything else.
  private static func name(in file: String) throws(FileError) -> String {
    let bytes = try Files.read(file, followsLinks: false, limit: 4096)
    let name = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .newlines)
    // As runs and what is promoted are named, which leads nowhere else.
    guard name.utf8.count <= 200, !name.hasPrefix("."),
      name.wholeMatch(of: #/[A-Za-z0-9._@=,+-]+/#) != nil
    else { throw FileError(file, EINVAL, "it does not hold the name of a run") }
    return name
  }

  // MARK: - Leftovers

  /// Removes what killed processes left, those of earlier versions included.
  /// - Parameter isThorough: whether every run's own folder is looked at.
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

  /// Copies the audit and the refit of a run that is about to be replaced, where the draft has none. Of
  /// runs of one name spec and data are the same, and so is what an audit finds and a refit learns.
  private static func keepAdditions(of run: String, in draft: String) throws(FileError) {
    let (audit, refit) = (auditFile, StoredRun.refitFolder)
    if Files.isFile("\(run)/\(audit)") {
      try Files.create(try Files.read("\(run)/\(audit)"), at: "\(draft)/\(audit)")
    }
    // Beside another model than the one that was written with it, a refit is not to be trusted.
    guard Files.isFolder("\(run)/\(refit)"), FileKind(at: "\(draft)/\(refit)") == nil,
      FileManager.default.contentsEqual(atPath: "\(run)/model.txt", andPath: "\(draft)/model.txt"),
      let record = try? RunRecord.read("\(run)/\(refit)"),
      (try? RunFiles(folder: "\(run)/\(refit)", hashes: record.files).checkAll()) != nil
    else { return }
    try Files.makeFolder("\(draft)/\(refit)")
    for name in try Files.names(in: "\(run)/\(refit)") where Files.isFile("\(run)/\(refit)/\(name)")
    {
      // Gates and the like may be others, as they do not decide what a run is.
      let source = name == "spec.yaml" ? "\(draft)/\(name)" : "\(run)/\(refit)/\(name)"
      try Files.create(try Files.read(source), at: "\(draft)/\(refit)/\(name)")
    }
  }

  /// Whether a run's folder holds a draft's files, run.json with its timings apart. An audit, and a refit
  /// that the draft was not asked for, may be beside them.
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
    /// The hashes that the record beside a name has; nil where the record itself is damaged.
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

/// What killed commands left in the folders of a project.
public enum Leftovers {
  /// Removes it from the project's folders for results, the cache, and models, and completes what they
  /// were publishing. What is being written stays.
  ///
  /// A failure is no reason to stop: the next command tries again.
  public static func remove(from project: Project) {
    // Without a name the path ends in a slash.
    let results = String(project.resultsFolder(of: "").dropLast())
    for name in (try? Files.names(in: results)) ?? [] where !name.hasPrefix(".") {
      let folder = ResultsFolder("\(results)/\(name)")
      // A link may lead to the files of another project.
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

  /// Removes the scratch space that nobody fills from a folder, and Foundation's, which earlier versions
  /// used and which has no lock.
  /// - Parameter isOutdated: what else earlier versions left, by its name.
  static func remove(in folder: String, isOutdated: (String) -> Bool = { _ in false }) {
    guard FileKind(at: folder) == .folder else { return }
    Scratch.removeAbandoned(in: folder)
    for name in (try? Files.names(in: folder)) ?? []
    where !Scratch.isName(name) && (name.hasPrefix(".dat.nosync") || isOutdated(name)) {
      try? Files.remove("\(folder)/\(name)")
    }
  }

  /// Removes what was left in the system's folder for temporary files, by earlier versions as
  /// `holdout-UUID.parquet` and `holdout-PID-UUID.json`. Other projects share the folder and may use such
  /// a version at this moment, so that only files of this user that are an hour old go.
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
