public import Diagnostics
internal import Files
internal import Foundation
public import Runs

/// The folder models/NAME: the champion's files, and every promoted version in versions/.
///
/// A version's files never change. The champion's files are also copied next to `versions`, for
/// anyone who uses the folder directly. They are replaced one by one after the registry has its
/// record. Nothing in this folder changes unless the registry is locked.
struct ModelFolder: Sendable {
  let name: String
  let path: String
  /// The folder's name in findings.
  let shown: String
  /// The name in findings of the folder of all names.
  private let parent: String
  private let projectFolder: String

  /// The names of files that an artifact may have.
  private static let known = ModelArtifact.names + ModelArtifact.refitNames

  init(_ name: String, project: Project) {
    self.name = name
    projectFolder = project.folder
    parent = project.models
    shown = "\(parent)/\(name)"
    path = "\(projectFolder)/\(shown)"
  }

  /// The names that have a folder, sorted.
  static func names(_ project: Project) -> [String] {
    let parent = project.modelsFolder
    return entries(parent).filter { ModelName.isValid($0) && Files.isFolder("\(parent)/\($0)") }
  }

  func versionPath(_ runId: String) -> String { "\(path)/versions/\(runId)" }

  /// The names in a folder, sorted; none if there is no folder.
  private static func entries(_ path: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  /// The names of the files in an artifact's folder, including its refit's, such as
  /// `refit/model.txt`; sorted.
  private static func files(_ path: String) -> [String] {
    entries(path).flatMap { name in
      guard name == StoredRun.refitFolder,
        let inner = try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(name)")
      else { return [name] }
      // An empty folder, which an interrupted change may leave, does not count.
      return inner.sorted().map { "\(name)/\($0)" }
    }
  }

  /// The versions without a record.
  func unrecorded(_ records: [RegistryRecord]) -> [String] {
    let known = Set(records.filter { $0.name == name }.map(\.runId))
    return Self.entries("\(path)/versions").filter { !$0.hasPrefix(".") && !known.contains($0) }
  }

  // MARK: - Checking

  /// A link in the folder's path that leads out of the project.
  func outwardLink(_ runId: String?) -> Finding? {
    var folders = ["models", parent, shown, "\(shown)/versions"]
    if let runId { folders.append("\(shown)/versions/\(runId)") }
    let home = URL(fileURLWithPath: projectFolder).resolvingSymlinksInPath().path
    for folder in folders {
      let target = URL(fileURLWithPath: "\(projectFolder)/\(folder)").resolvingSymlinksInPath().path
      if target != home, !target.hasPrefix(home + "/") { return .outwardLink(folder, target) }
    }
    return nil
  }

  /// The problems with the files of a promoted version.
  /// - Parameter names: the files to check; nil for all.
  func versionProblems(_ record: RegistryRecord, only names: Set<String>? = nil) -> [Finding] {
    if let link = outwardLink(record.runId) { return [link] }
    // An unrecorded refit would be the model that scores.
    let files = Set(record.files.keys).union(ModelArtifact.refitNames)
    return (names.map(files.intersection) ?? files).sorted().compactMap { file in
      problem(
        FileState.read(file, in: versionPath(record.runId)), "versions/\(record.runId)/\(file)",
        record.files[file], record)
    }
  }

  /// The problem with a file that should have a hash.
  private func problem(
    _ state: FileState, _ place: String, _ expected: String?, _ record: RegistryRecord
  ) -> Finding? {
    switch state {
    case .content(let bytes):
      if Fingerprint.of(bytes) == expected { return nil }
      let reason = expected == nil ? "no record promoted it" : "its content was changed"
      return .changedFile("\(shown)/\(place)", reason, record)
    case .absent:
      return expected == nil ? nil : .changedFile("\(shown)/\(place)", "it is not there", record)
    case .other(let reason): return .changedFile("\(shown)/\(place)", reason, record)
    }
  }

  /// The state of the champion's own files.
  enum State {
    /// They are all the champion's.
    case complete
    /// A promotion was interrupted while it replaced them: each is the champion's or an earlier
    /// one's.
    case unfinished
    case wrong([Finding])
  }

  /// Compares the champion's own files with the records.
  /// - Parameter isTorn: whether the registry ends in an incomplete record. A promotion of one of
  ///   the unrecorded versions may then have got this far.
  func state(_ records: [RegistryRecord], isTorn: Bool) -> State {
    if let link = outwardLink(nil) { return .wrong([link]) }
    let own = records.filter { $0.name == name }
    let champion = own.last
    var earlier = own.isEmpty ? [] : [own.dropLast().last?.files ?? [:]]
    if isTorn { earlier += unrecorded(records).map(fingerprints) }
    let names = Set(Self.known).union(champion?.files.keys.map(\.self) ?? [])
      .union(earlier.flatMap(\.keys))
    var isComplete = true
    var findings: [Finding] = []
    for file in names.sorted() {
      let state = FileState.read(file, in: path)
      let expected = champion?.files[file]
      if case .other(let reason) = state {
        findings.append(.changedFile("\(shown)/\(file)", reason, champion))
        continue
      }
      let actual: String? =
        if case .content(let bytes) = state { Fingerprint.of(bytes) } else { nil }
      if actual == expected { continue }
      isComplete = false
      if earlier.contains(where: { $0[file] == actual }) { continue }
      let reason =
        actual == nil
        ? "it is not there"
        : expected == nil ? "no record promoted it" : "its content was changed"
      findings.append(.changedFile("\(shown)/\(file)", reason, champion))
    }
    return findings.isEmpty ? (isComplete ? .complete : .unfinished) : .wrong(findings)
  }

  private func fingerprints(ofVersion runId: String) -> [String: String] {
    var fingerprints: [String: String] = [:]
    for file in Self.known {
      guard case .content(let bytes) = FileState.read(file, in: versionPath(runId)) else {
        continue
      }
      fingerprints[file] = Fingerprint.of(bytes)
    }
    return fingerprints
  }

  /// The files next to the champion's that belong to none of the records.
  func strangers(_ records: [RegistryRecord]) -> [String] {
    let own = records.filter { $0.name == name }
    var strangers = unrecorded(records).map { "\(shown)/versions/\($0)" }
    let files = Set(own.last?.files.keys.map(\.self) ?? [])
    strangers += Self.files(path).filter {
      $0 != "versions" && !files.contains($0) && !Self.isDraft($0)
    }.map { "\(shown)/\($0)" }
    for record in Dictionary(grouping: own, by: \.runId).values.compactMap(\.last) {
      strangers += Self.files(versionPath(record.runId)).filter { record.files[$0] == nil }
        .map { "\(shown)/versions/\(record.runId)/\($0)" }
    }
    return strangers.sorted()
  }

  // MARK: - Changing

  /// Stores an artifact among the versions, replacing an unrecorded one with the same name.
  func store(_ artifact: ModelArtifact, as runId: String) throws(FileError) {
    try Files.makeFolder("\(path)/versions")
    let draft = try Scratch.folder(in: "\(path)/versions")
    for (file, bytes) in artifact.files.sorted(by: { $0.key < $1.key }) {
      try Files.makeFolder(Self.folder(of: "\(draft.path)/\(file)"))
      try Files.create(bytes, at: "\(draft.path)/\(file)")
    }
    try draft.exchange(with: versionPath(runId))
    var folder = path
    while folder.count > projectFolder.count {
      try Files.sync(folder)
      folder = Self.folder(of: folder)
    }
    try Files.sync(projectFolder)
  }

  /// Makes a version's files the champion's own, or removes them if there is no champion, and
  /// removes what killed processes left. No other process interferes: the registry is locked.
  func refresh(_ record: RegistryRecord?) throws(FileError) {
    let files = record?.files ?? [:]
    for (file, expected) in files.sorted(by: { $0.key < $1.key }) {
      if Fingerprint.of(file: "\(path)/\(file)") == expected { continue }
      let source = "\(versionPath(record?.runId ?? ""))/\(file)"
      let bytes = try Files.read(source, followsLinks: false)
      try Files.makeFolder(Self.folder(of: "\(path)/\(file)"))
      try Files.write(bytes, to: "\(path)/\(file)")
    }
    for file in Self.files(path) where Self.isDraft(file) || isOutdated(file, files) {
      try Files.remove("\(path)/\(file)")
    }
    for name in Self.entries("\(path)/versions") where Self.isDraft(name) {
      try Files.remove("\(path)/versions/\(name)")
    }
    let refit = "\(path)/\(StoredRun.refitFolder)"
    // A folder with an unknown file stays and is reported.
    if Self.entries(refit).isEmpty {
      try Files.remove(refit)
    } else {
      try Files.sync(refit)
    }
    if Files.isFolder(path) { try Files.sync(path) }
  }

  private static func folder(of path: String) -> String {
    (path as NSString).deletingLastPathComponent
  }

  /// Whether a file is an artifact's, but not the champion's.
  private func isOutdated(_ file: String, _ files: [String: String]) -> Bool {
    Self.known.contains(file) && files[file] == nil
  }

  private static func isDraft(_ file: String) -> Bool {
    let name = (file as NSString).lastPathComponent
    return name.hasPrefix(".") && name.hasSuffix(".tmp")
  }
}

/// The files of a run that go into production.
public struct ModelArtifact: Sendable {
  /// By name: everything that scoring needs, and the record of how the model was made.
  let files: [String: Data]

  /// The files that every artifact has.
  public static let names = [
    "calibrator.json", "category_levels.json", "feature_importance.csv", "metrics.json",
    "model.txt", "panel.sql", "report.md", "run.json", "spec.yaml",
  ]

  /// The additional files of an artifact whose run was fitted a second time, on all mature data.
  public static let refitNames = [
    "calibrator.json", "category_levels.json", "model.txt", "run.json", "spec.yaml",
  ].map { "\(StoredRun.refitFolder)/\($0)" }

  /// The files that record what the models were trained on.
  static let recordNames: Set<String> = ["run.json", "\(StoredRun.refitFolder)/run.json"]

  /// Reads a run's files.
  /// - Throws: `FindingsError` if one is missing or is not what the run wrote.
  public init(_ run: StoredRun) throws(FindingsError) {
    var files = try Self.content(Self.names, of: run.files, in: run)
    if let refit = try run.refit() {
      let names = Self.refitNames.map { ($0 as NSString).lastPathComponent }
      for (name, bytes) in try Self.content(names, of: refit.files, in: run) {
        files["\(StoredRun.refitFolder)/\(name)"] = bytes
      }
    }
    self.files = files
  }

  private static func content(
    _ names: [String], of files: RunFiles, in run: StoredRun
  ) throws(FindingsError) -> [String: Data] {
    var contents: [String: Data] = [:]
    for name in names {
      switch FileState.read(name, in: files.folder) {
      case .content(let bytes):
        if name == "run.json" {
          try files.checkRecord(bytes)
        } else {
          try files.check(name, Fingerprint.of(bytes))
        }
        contents[name] = bytes
      case .absent: throw FindingsError(.brokenRun(run, name, "it is not there"))
      case .other(let reason): throw FindingsError(.brokenRun(run, name, reason))
      }
    }
    return contents
  }

  /// SHA-256 by name.
  var fingerprints: [String: String] { files.mapValues { Fingerprint.of($0) } }
}
