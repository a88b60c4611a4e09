internal import Crypto
public import Diagnostics
internal import Foundation
internal import Glibc
internal import Synchronization

/// A folder of results of work, each under the key of what decides it (`CacheInputs`).
///
/// Nothing in it is ever changed, only added and removed, so that any number of processes may share it. An
/// entry begins with the SHA-256 of the rest: one that was damaged is removed and made again.
///
/// Used from any thread.
public final class Cache: Sendable {
  /// The folder.
  public let folder: String
  /// Whether entries are not read that were there before.
  private let isFresh: Bool
  /// The keys of those that were made since.
  private let made = Mutex(Set<String>())

  /// - Parameters:
  ///   - isFresh: whether everything is to be made anew.
  /// - Throws: `FindingsError` when the folder cannot be written.
  public init(folder: String, isFresh: Bool = false) throws(FindingsError) {
    self.folder = folder
    self.isFresh = isFresh
    do {
      try FileManager.default.createDirectory(
        atPath: "\(folder)/entries", withIntermediateDirectories: true)
      let ignored = "\(folder)/.gitignore"
      if !FileManager.default.fileExists(atPath: ignored) {
        try Data("*\n".utf8).write(to: URL(fileURLWithPath: ignored))
      }
    } catch {
      throw FindingsError(.unwritableCache(folder, ResultsFolder.reason(error)))
    }
  }

  /// What every entry depends on, beside its own inputs: this very program by its content, as another build
  /// may do other work under the same version.
  private static let program: String = {
    let path = "/proc/self/exe"
    return Fingerprint.of(file: path) ?? "unknown"
  }()

  /// The inputs of some work of this program.
  func inputs(_ kind: String) -> CacheInputs {
    CacheInputs(kind).adding("program", Self.program)
  }

  private func path(_ key: String) -> String { "\(folder)/entries/\(key.prefix(2))/\(key)" }

  /// What an entry holds; nil where there is none, or none that is whole.
  func entry(_ inputs: CacheInputs) -> Data? {
    let key = inputs.key
    guard isReadable(key) else { return nil }
    let path = path(key)
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: path)) else { return nil }
    let content = data.dropFirst(SHA256.byteCount)
    guard data.count >= SHA256.byteCount,
      SHA256.hash(data: content).elementsEqual(data.prefix(SHA256.byteCount))
    else {
      unlink(path)
      return nil
    }
    // The time of its last use, which `prune` goes by.
    utimensat(AT_FDCWD, path, nil, 0)
    return content
  }

  /// Whether there is an entry; it may yet turn out to be damaged.
  func has(_ inputs: CacheInputs) -> Bool {
    let key = inputs.key
    return isReadable(key) && access(path(key), F_OK) == 0
  }

  /// The length of an entry in bytes; 0 where there is none.
  func size(_ inputs: CacheInputs) -> Int {
    var status = stat()
    return stat(path(inputs.key), &status) == 0 ? Int(status.st_size) : 0
  }

  private func isReadable(_ key: String) -> Bool {
    !isFresh || made.withLock { $0.contains(key) }
  }

  /// Keeps the result of some work.
  /// - Throws: `FindingsError` when the folder cannot be written.
  func keep(_ content: Data, for inputs: CacheInputs) throws(FindingsError) {
    let key = inputs.key
    let path = path(key)
    var data = Data(SHA256.hash(data: content))
    data.append(content)
    let partial = "\(path).\(getpid()).\(UInt64.random(in: 0...UInt64.max)).tmp"
    mkdir((path as NSString).deletingLastPathComponent, 0o777)
    guard Self.write(data, to: partial), rename(partial, path) == 0 else {
      let reason = String(cString: strerror(errno))
      unlink(partial)
      throw FindingsError(.unwritableCache(folder, reason))
    }
    if isFresh { made.withLock { _ = $0.insert(key) } }
  }

  /// Writes a new file; where that fails, `errno` says why.
  private static func write(_ data: Data, to path: String) -> Bool {
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard file >= 0 else { return false }
    let isWhole = data.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let written = Glibc.write(
          file, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if written < 0, errno != EINTR { return false }
        rest = rest.dropFirst(max(written, 0))
      }
      return true
    }
    let reason = errno
    let isClosed = close(file) == 0
    if !isWhole { errno = reason }
    return isWhole && isClosed
  }

  /// A value as JSON; nil where there is none, or none that can be read.
  func value<Value: Decodable>(_ type: Value.Type, _ inputs: CacheInputs) -> Value? {
    entry(inputs).flatMap { try? JSONDecoder().decode(type, from: $0) }
  }

  func keep(value: some Encodable, for inputs: CacheInputs) throws {
    try keep(try JSONEncoder().encode(value), for: inputs)
  }
}

extension Finding {
  static func unwritableCache(_ folder: String, _ reason: String) -> Finding {
    Finding(
      707, "the cache folder `\(folder)` cannot be written: \(reason)",
      hints: ["free some space, or set `cache` in holdout.yaml to a folder that can be written"])
  }
}
