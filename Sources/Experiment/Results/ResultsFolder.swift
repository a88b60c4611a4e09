internal import Diagnostics
internal import Files
internal import Foundation
internal import Warehouse

/// The folder results/NAME: the latest run's metrics, and every run's folder below `runs/`.
///
/// Nothing is ever half-written: files and folders are made beside their place and renamed into it,
/// metrics.json last. A run that is killed leaves the results before it whole.
struct ResultsFolder {
  let path: String

  init(_ path: String) { self.path = path }

  /// Makes the folder and removes what killed runs left behind: once for a run, before its work begins.
  /// - Throws: `FindingsError` when the folder cannot be written.
  func prepare() throws(FindingsError) {
    let manager = FileManager.default
    do {
      try manager.createDirectory(
        atPath: "\(path)/runs", withIntermediateDirectories: true)
      let probe = "\(path)/runs/.\(getpid()).tmp"
      try manager.createDirectory(atPath: probe, withIntermediateDirectories: false)
      try manager.removeItem(atPath: probe)
      for name in try manager.contentsOfDirectory(atPath: "\(path)/runs")
      where name.hasPrefix(".") && name.hasSuffix(".tmp") && !Self.isAlive(name) {
        try manager.removeItem(atPath: "\(path)/runs/\(name)")
      }
    } catch {
      throw FindingsError(.unwritable(path, Self.reason(error)))
    }
  }

  /// Whether the process that a temporary name ends in still runs.
  static func isAlive(_ name: String) -> Bool {
    guard let number = name.split(separator: ".").dropLast().last, let id = Int32(number) else {
      return false
    }
    return kill(id, 0) == 0 || errno == EPERM
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
    // Foundation has no words for a file that stands where a folder is to be made.
    return (error as? CocoaError)?.code == .fileWriteUnknown
      ? "a file may stand where a folder is to be made" : (error as NSError).localizedDescription
  }

  /// The file in a run's folder that holds its audit, once a gate has asked for one.
  static let auditFile = "audit.json"

  /// The file in `runs` that names the latest run.
  static let latestFile = "latest"

  /// A new folder for a run's files, to be filled and then published.
  func draft(_ runId: String) throws(FindingsError) -> String {
    let draft = "\(path)/runs/.\(runId).\(getpid()).tmp"
    do {
      try? FileManager.default.removeItem(atPath: draft)
      try FileManager.default.createDirectory(atPath: draft, withIntermediateDirectories: true)
      return draft
    } catch {
      throw FindingsError(.unwritable(path, Self.reason(error)))
    }
  }

  /// Puts a draft in its place and makes its metrics and importance the latest.
  ///
  /// A run's name follows from all that decides its result, so a folder of that name that is already
  /// there holds the same files; it then stays, and the draft goes.
  func publish(_ draft: String, as runId: String) throws(FindingsError) {
    let run = run(runId)
    let manager = FileManager.default
    // Of two processes that have the same run, the second finds the folder of the first whole, or none.
    let lock = try lock()
    defer { close(lock) }
    do {
      if Self.isSame(draft, run) {
        try manager.removeItem(atPath: draft)
      } else {
        try Self.keepAdditions(of: run, in: draft)
        let old = "\(path)/runs/.old-\(runId).\(getpid()).tmp"
        if manager.fileExists(atPath: run) { try manager.moveItem(atPath: run, toPath: old) }
        try manager.moveItem(atPath: draft, toPath: run)
        try? manager.removeItem(atPath: old)
      }
    } catch {
      throw FindingsError(.unwritable(path, Self.reason(error)))
    }
    try makeLatest(runId)
  }

  /// Waits for other processes that put runs into the folder, and holds them off until the descriptor is closed.
  private func lock() throws(FindingsError) -> Int32 {
    let descriptor = open("\(path)/runs", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unwritable(errno) }
    while flock(descriptor, LOCK_EX) != 0 {
      let reason = errno
      guard reason != EINTR else { continue }
      close(descriptor)
      throw unwritable(reason)
    }
    return descriptor
  }

  private func unwritable(_ code: Int32) -> FindingsError {
    FindingsError(.unwritable(path, String(cString: strerror(code))))
  }

  /// Puts the resolved spec of a run, of which only what is done with it may have changed, in its place,
  /// and its hash into the run's record.
  func putSpec(_ text: String, of runId: String) throws(FindingsError) {
    let run = run(runId)
    do {
      for folder in [run, "\(run)/\(StoredRun.refitFolder)"] where Files.isFolder(folder) {
        try Files.write(Data(text.utf8), to: "\(folder)/spec.yaml", onlyIfChanged: true)
      }
      var record = try RunRecord.read(run)
      let hash = Fingerprint.of(Data(text.utf8))
      guard record.files?["spec.yaml"] != hash else { return }
      record.files?["spec.yaml"] = hash
      try Files.write(record.sealedJSON(), to: "\(run)/run.json")
    } catch let error as FindingsError {
      throw error
    } catch {
      throw FindingsError(.unwritable(path, Self.reason(error)))
    }
  }

  /// A run's folder.
  func run(_ runId: String) -> String { "\(path)/runs/\(runId)" }

  /// Makes a run's metrics and importance the latest, where they are not yet.
  func makeLatest(_ runId: String) throws(FindingsError) {
    let run = run(runId)
    func put(_ content: Data, _ file: String) throws {
      guard FileManager.default.contents(atPath: file) != content else { return }
      try content.write(to: URL(fileURLWithPath: file), options: .atomic)
    }
    do {
      for file in ["feature_importance.csv", "metrics.json"] {
        let content = try Data(contentsOf: URL(fileURLWithPath: "\(run)/\(file)"))
        try put(content, "\(path)/\(file)")
      }
      try put(Data("\(runId)\n".utf8), "\(path)/runs/\(Self.latestFile)")
    } catch {
      throw FindingsError(.unwritable(path, Self.reason(error)))
    }
  }

  /// Copies the audit and the refit of a run that is about to be replaced, where the draft has none. Of
  /// runs of one name spec and data are the same, and so is what an audit finds and a refit learns.
  private static func keepAdditions(of run: String, in draft: String) throws {
    let manager = FileManager.default
    let (audit, refit) = (auditFile, StoredRun.refitFolder)
    if manager.fileExists(atPath: "\(run)/\(audit)") {
      try manager.copyItem(atPath: "\(run)/\(audit)", toPath: "\(draft)/\(audit)")
    }
    // Beside another model than the one that was written with it, a refit is not to be trusted.
    guard manager.fileExists(atPath: "\(run)/\(refit)"),
      !manager.fileExists(atPath: "\(draft)/\(refit)"),
      manager.contentsEqual(atPath: "\(run)/model.txt", andPath: "\(draft)/model.txt"),
      let record = try? RunRecord.read("\(run)/\(refit)"),
      (try? RunFiles(folder: "\(run)/\(refit)", hashes: record.files).checkAll()) != nil
    else { return }
    try manager.copyItem(atPath: "\(run)/\(refit)", toPath: "\(draft)/\(refit)")
    // Gates and the like may be others, as they do not decide what a run is.
    try manager.removeItem(atPath: "\(draft)/\(refit)/spec.yaml")
    try manager.copyItem(atPath: "\(draft)/spec.yaml", toPath: "\(draft)/\(refit)/spec.yaml")
  }

  /// Whether a run's folder holds a draft's files, run.json with its timings apart. An audit, and a refit
  /// that the draft was not asked for, may stand beside them.
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
}
