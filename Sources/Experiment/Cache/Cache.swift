internal import Cryptography
public import Diagnostics
internal import Files
package import Foundation
internal import Glibc
public import Runs
internal import Spec
internal import Synchronization

/// A folder of cached results, each stored under the key of its inputs (`CacheInputs`).
///
/// Entries are only added and removed, never changed, so any number of processes may share the
/// folder. An entry begins with the SHA-256 of its key and content. An entry that is damaged, or
/// stored under the wrong key, is removed and made again.
///
/// A cache that is not trusted or cannot be written costs time and nothing else: entries then go to
/// a scratch folder that lasts as long as this object.
///
/// Safe to use from any thread.
public final class Cache: Sendable {
  /// The cache folder named by holdout.yaml.
  public let folder: String
  /// The most bytes that entries may use once a command is done; nil: a limit set by the disk.
  let declaredLimit: Int?
  /// Whether entries in the folder are read, added and removed.
  let isTrusted: Bool
  /// Whether to ignore entries that existed before.
  private let isFresh: Bool
  private let report: @Sendable (Finding) -> Void
  private let state = Mutex(State())

  private struct State: ~Copyable {
    /// The keys that this process has added.
    var made: Set<String> = []
    /// The keys that this process has read or added.
    var used: Set<String> = []
    /// The keys whose entry in the folder is damaged and could not be removed.
    var discarded: Set<String> = []
    var isWritable = true
    /// Whether only the scratch folder is read.
    var isSetAside = false
    /// The folder for entries that cannot go to the cache folder.
    var scratch: Scratch?
  }

  /// - Parameters:
  ///   - isFresh: whether to make everything again.
  ///   - report: called with a warning when the folder is not used or cannot be written, once for
  ///     each.
  public init(
    project: Project, isFresh: Bool = false,
    report: @escaping @Sendable (Finding) -> Void = { _ in }
  ) {
    folder = project.cacheFolder
    declaredLimit = project.spec.cacheSize
    self.isFresh = isFresh
    self.report = report
    let objection = CacheObjection(project)
    isTrusted = objection == nil
    if let objection {
      report(.unusedCache(folder, objection))
      return
    }
    do throws(FileError) {
      try prepare()
    } catch {
      cannotWrite(error)
    }
  }

  /// Makes the folder and has git ignore it.
  private func prepare() throws(FileError) {
    let entries = "\(folder)/entries"
    if Files.isFolder(entries) { return }
    // A folder with other files in it, as when holdout.yaml names the wrong one, is not hidden from
    // git.
    let others = ((try? Files.names(in: folder)) ?? []).filter { $0 != "traces" }
    try Files.makeFolder(entries)
    let ignored = "\(others.isEmpty ? folder : entries)/.gitignore"
    if FileKind(at: ignored) == nil { try Files.write(Data("*\n".utf8), to: ignored) }
  }

  /// An input of every entry: the content of this executable, because another build may work
  /// differently under the same version.
  private static let program: String = {
    let path = "/proc/self/exe"
    return Fingerprint.of(file: path) ?? "unknown"
  }()

  /// Starts the inputs of a piece of work done by this program.
  package func inputs(_ kind: String) -> CacheInputs {
    CacheInputs(kind).adding("program", Self.program)
  }

  private static func path(_ key: String, in folder: String) -> String {
    "\(folder)/entries/\(key.prefix(2))/\(key)"
  }

  // MARK: - Reading

  /// The files that may hold an entry, this process's own first.
  private func places(_ key: String) -> [String] {
    state.withLock { state in
      guard !isFresh || state.made.contains(key) else { return [] }
      var places: [String] = []
      if let scratch = state.scratch?.path { places.append(Self.path(key, in: scratch)) }
      if isTrusted, !state.isSetAside, !state.discarded.contains(key) {
        places.append(Self.path(key, in: folder))
      }
      return places
    }
  }

  /// The content of an entry; nil when there is none that is complete and undamaged.
  package func entry(_ inputs: CacheInputs) -> Data? {
    let key = inputs.key
    for path in places(key) {
      guard let data = try? Files.read(path, followsLinks: false) else { continue }
      let content = data.dropFirst(SHA256.byteCount)
      guard data.count >= SHA256.byteCount,
        Self.digest(content, of: key).elementsEqual(data.prefix(SHA256.byteCount))
      else {
        discard(inputs)
        continue
      }
      // Record the time of last use, which `prune` sorts by.
      utimensat(AT_FDCWD, path, nil, 0)
      state.withLock { _ = $0.used.insert(key) }
      return content
    }
    return nil
  }

  /// The decoded content of an entry. An entry that cannot be decoded is removed.
  package func value<Value>(_ inputs: CacheInputs, _ decode: (Data) -> Value?) -> Value? {
    guard let content = entry(inputs) else { return nil }
    if let value = decode(content) { return value }
    discard(inputs)
    return nil
  }

  /// The content of an entry, decoded from JSON.
  func value<Value: Decodable>(_ type: Value.Type, _ inputs: CacheInputs) -> Value? {
    value(inputs) { try? JSONDecoder().decode(type, from: $0) }
  }

  /// Whether an entry exists. It may still turn out to be damaged.
  package func has(_ inputs: CacheInputs) -> Bool {
    let key = inputs.key
    guard places(key).contains(where: { FileKind(at: $0) == .file }) else { return false }
    state.withLock { _ = $0.used.insert(key) }
    return true
  }

  /// The length of an entry in bytes; 0 when there is none.
  package func size(_ inputs: CacheInputs) -> Int {
    for path in places(inputs.key) {
      var status = stat()
      if lstat(path, &status) == 0 { return Int(status.st_size) }
    }
    return 0
  }

  /// The keys that this process has read or added.
  package var used: Set<String> { state.withLock { $0.used } }

  private static func digest(_ content: Data, of key: String) -> [UInt8] {
    var hash = SHA256()
    hash.update(Data(key.utf8))
    hash.update(content)
    return hash.finalize()
  }

  // MARK: - Writing

  /// Removes an entry, so that it is made again.
  package func discard(_ inputs: CacheInputs) {
    let key = inputs.key
    for path in places(key) {
      do throws(FileError) {
        try Files.remove(path)
      } catch {
        state.withLock { _ = $0.discarded.insert(key) }
      }
    }
  }

  /// Stores the result of some work.
  /// - Throws: `FindingsError` when neither the folder nor a scratch folder can be written.
  package func keep(_ content: Data, for inputs: CacheInputs) throws(FindingsError) {
    let key = inputs.key
    var data = Data(Self.digest(content, of: key))
    data.append(content)
    if isTrusted, state.withLock({ $0.isWritable }) {
      do throws(FileError) {
        try Self.write(data, key, in: folder)
        state.withLock { state in
          state.made.insert(key)
          state.used.insert(key)
          state.discarded.remove(key)
        }
        return
      } catch {
        cannotWrite(error)
      }
    }
    do throws(FileError) {
      try Self.write(data, key, in: scratchFolder())
    } catch {
      throw FindingsError(.unwritableCache(folder, error, severity: .error))
    }
    state.withLock { state in
      state.made.insert(key)
      state.used.insert(key)
    }
  }

  /// Stores a value as JSON.
  func keep(value: some Encodable, for inputs: CacheInputs) throws {
    try keep(try JSONEncoder().encode(value), for: inputs)
  }

  /// Entries carry their hash, so there is no need to wait for the disk.
  private static func write(_ data: Data, _ key: String, in folder: String) throws(FileError) {
    let path = path(key, in: folder)
    try Files.makeFolder((path as NSString).deletingLastPathComponent)
    try Files.write(data, to: path, isSynced: false)
  }

  /// Sends entries to a scratch folder from here on, and warns the first time.
  private func cannotWrite(_ error: FileError) {
    let isFirst = state.withLock { state in
      defer { state.isWritable = false }
      return state.isWritable
    }
    if isFirst { report(.unwritableCache(folder, error, severity: .warning)) }
  }

  /// Uses only a scratch folder from here on. No other process removes entries from it.
  func setAside() {
    state.withLock { state in
      state.isWritable = false
      state.isSetAside = true
    }
  }

  private func scratchFolder() throws(FileError) -> String {
    try state.withLock { state throws(FileError) in
      if let path = state.scratch?.path { return path }
      let temporary = FileManager.default.temporaryDirectory.path
      Scratch.removeAbandoned(in: temporary)
      let scratch = try Scratch.folder(in: temporary)
      let path = scratch.path
      state.scratch = consume scratch
      return path
    }
  }

  // MARK: - Traces

  /// The path of a file beside the entries; nil when the folder is not to be used.
  func trace(_ name: String) -> String? { isTrusted ? "\(folder)/traces/\(name)" : nil }
}

// Findings for a cache that cannot be used: H707 and H730.
extension Finding {
  static func unwritableCache(
    _ folder: String, _ error: FileError, severity: Severity
  ) -> Finding {
    Finding(
      707, severity, "the cache folder `\(folder)` cannot be written: \(error.reason)",
      notes: severity == .warning
        ? ["nothing is cached: the next command computes it again"]
        : ["nor can a temporary folder, `\(error.path)`"],
      hints: ["free some space, or set `cache` in holdout.yaml to a writable folder"])
  }

  static func unusedCache(_ folder: String, _ objection: CacheObjection) -> Finding {
    Finding(
      730, .warning, "the cache folder `\(folder)` is not used: \(objection.reason)",
      notes: ["entries from others could change results, so everything is computed again"],
      hints: [objection.hint])
  }
}

/// The reason a folder is not used as a cache.
///
/// Anyone who can write an entry can decide results. So a cache is trusted only if this user's own
/// commands filled it: not if it came with a checkout, belongs to another user, or is behind a
/// link.
enum CacheObjection: Equatable {
  /// A link in the path leads out of the project.
  case outside(String)
  /// A component of the path is a link.
  case link(String)
  /// A component of the path belongs to another user.
  case owner(String)
  /// Git tracks this file in the folder.
  case tracked(String)

  /// nil when the folder may be used, or does not exist yet.
  init?(_ project: Project) {
    let folder = project.cacheFolder
    if let place = Self.outside(folder, project: project.folder) {
      self = .outside(place)
      return
    }
    for part in [folder, "\(folder)/entries", "\(folder)/traces"] {
      var status = stat()
      guard lstat(part, &status) == 0 else { continue }
      if part != folder, status.st_mode & S_IFMT == S_IFLNK {
        self = .link(part)
        return
      }
      guard stat(part, &status) == 0, status.st_uid == geteuid() else {
        self = .owner(part)
        return
      }
    }
    guard let file = Self.tracked(folder, project: project.folder) else { return nil }
    self = .tracked(file)
  }

  var reason: String {
    switch self {
    case .outside(let place): "it leads outside the project, to `\(place)`"
    case .link(let part): "`\(part)` is a symbolic link"
    case .owner(let part): "`\(part)` belongs to another user"
    case .tracked(let file): "git tracks a file in it, `\(file)`"
    }
  }

  var hint: String {
    switch self {
    case .outside, .link:
      "remove the link, or set `cache` in holdout.yaml to the folder that it leads to"
    case .owner: "remove the folder, or set `cache` in holdout.yaml to your own folder"
    case .tracked: "remove the folder from git with `git rm -r --cached`, and delete it"
    }
  }

  /// The real location of a folder that is written as part of the project but is outside it; nil
  /// for any other folder.
  private static func outside(_ folder: String, project: String) -> String? {
    let path = URL(fileURLWithPath: folder).standardizedFileURL.path
    let home = URL(fileURLWithPath: project).standardizedFileURL.path
    guard path == home || path.hasPrefix(home == "/" ? home : "\(home)/") else { return nil }
    // Folders that do not exist yet will be made under the nearest one that does.
    var place = path
    while FileKind(at: place) == nil, place != home {
      place = (place as NSString).deletingLastPathComponent
    }
    guard let real = Files.realPath(place) else { return place }
    return ReadingRoots(project: project).contains(real) ? nil : real
  }

  /// A file under a folder that is in the index of the project's git repository.
  private static func tracked(_ folder: String, project: String) -> String? {
    guard Files.isFolder(folder), isInRepository(project) else { return nil }
    let place =
      folder.hasPrefix("\(project)/") ? "./" + folder.dropFirst(project.count + 1) : folder
    // Runs nothing that the repository's own settings could name.
    let result = Subprocess.run(
      "git",
      [
        "-c", "core.fsmonitor=false", "-c", "safe.bareRepository=explicit", "-c",
        "safe.directory=*", "-C", project, "ls-files", "-z", "--", "\(place)/entries",
        "\(place)/traces",
      ])
    guard let result, result.status == 0, !result.output.isEmpty else { return nil }
    return String(decoding: result.output.prefix { $0 != 0 }, as: UTF8.self)
  }

  /// Whether a folder, or one of its parents, has a `.git`.
  private static func isInRepository(_ folder: String) -> Bool {
    var folder = folder
    while true {
      if FileKind(at: "\(folder)/.git") != nil { return true }
      let parent = (folder as NSString).deletingLastPathComponent
      if parent == folder || parent.isEmpty { return false }
      folder = parent
    }
  }
}

extension Explanation {
  static let cacheFindings: [Explanation] = [
    Explanation(
      707, "cache that cannot be written",
      cause: """
        Runs cache the panel's parts and their own results in a folder. It cannot be created or \
        written: a permission is missing, the disk is full, or a file has its name. The command \
        continues without the cache. It is an error only if a temporary folder cannot be written \
        either.
        """,
      example: .commands("mkdir -p .holdout && touch .holdout/cache && holdout run spec.yaml"),
      fix: """
        Free some space (`holdout cache prune --keep 10GB`), correct the permissions, or name \
        another folder with `cache:` in holdout.yaml. Everything in the cache can be computed again.
        """),
    Explanation(
      730, "cache that is not used",
      cause: """
        Whoever writes a cache entry can change results. So a cache is used only if your own \
        commands filled it: not if git tracks a file in it, because then it came with a checkout; \
        not if it belongs to another user; and not behind a link that leads outside the project. \
        The command continues and computes everything again.
        """,
      example: .commands(
        "git init -q && mkdir -p .holdout/cache/entries && touch .holdout/cache/entries/ab "
          + "&& git add -f .holdout && holdout run spec.yaml"),
      fix: """
        Remove the folder from git (`git rm -r --cached .holdout`), delete it, or name your own \
        folder with `cache:` in holdout.yaml.
        """),
  ]
}
