internal import Columns
internal import CLightGBM
internal import Foundation
internal import Glibc
internal import Synchronization

// Safety: all stored properties are immutable; the functions behind them are called under
// `ThreadCountGate`, which keeps LightGBM's process-wide thread count constant during each
// operation.
/// A loaded LightGBM library, from which datasets and boosters are created.
///
/// Load it once and share it. It stays mapped until the process ends, because its OpenMP threads
/// do. Nothing that it logs reaches standard output: warnings are kept by the dataset or booster
/// that caused them.
public final class LightGBMLibrary: @unchecked Sendable {
  /// The path from which the library was loaded.
  public let path: String
  /// LightGBM's canonical parameter names, each with its aliases.
  public let parameterAliases: [String: [String]]

  let functions: LightGBMFunctions
  let canonicalNames: [String: String]

  /// Loads a library file and resolves every function that Holdout calls.
  ///
  /// OpenMP threads are set to sleep while they wait, unless the environment says otherwise. Their
  /// default, spinning, makes training several times slower if other work needs the cores. OpenMP
  /// reads the setting from the environment when it is loaded, so load the library before other
  /// threads read the environment.
  ///
  /// - Throws: `libraryUnavailable` with the loader's reason; `missingSymbol` with the symbol's
  ///   name.
  public init(path: String) throws(LearningError) {
    if getenv("GOMP_SPINCOUNT") == nil { setenv("OMP_WAIT_POLICY", "passive", 0) }
    guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
      let reason = dlerror().map { String(cString: $0) } ?? "no reason given"
      throw LearningError(
        .libraryUnavailable, reason,
        function: "dlopen")
    }
    self.path = path
    functions = try LightGBMFunctions(library: handle, path: path)
    parameterAliases = try Self.readAliases(functions)
    canonicalNames = parameterAliases.reduce(into: [:]) { names, entry in
      names[entry.key] = entry.key
      for alias in entry.value { names[alias] = entry.key }
    }
  }

  /// Runs C calls on the calling thread, with a constant thread count and the log sent to `log`.
  ///
  /// Blocks while an operation with another thread count is running. `threads` is the number of
  /// threads that LightGBM may use in one call, whatever the call's parameters say. It is nil for
  /// calls whose result does not depend on the thread count: they use the current count and never
  /// wait for an operation with another one.
  func perform<Result: ~Copyable>(
    threads: Int?, log: LogCollector,
    _ body: (LightGBMFunctions) throws(LearningError) -> Result
  ) throws(LearningError) -> Result {
    if let threads { try Self.check(threads: threads) }
    let count = ThreadCountGate.shared.enter(threads: threads) {
      _ = functions.setMaximumThreads(Int32($0))
    }
    defer { ThreadCountGate.shared.leave() }
    let number = LogRouting.attach(log, functions: functions, threads: count)
    defer { LogRouting.detach(number) }
    return try body(functions)
  }

  /// Runs C calls on several threads at once, with LightGBM limited to one thread in each.
  ///
  /// LightGBM's thread count is unchanged for concurrent operations: on each of these threads,
  /// OpenMP is set to open no team. `body` receives the index of its thread, from 0. If several
  /// fail, the error of the lowest index is thrown.
  func performSideBySide(
    threads: Int, log: LogCollector,
    _ body: @Sendable (Int, LightGBMFunctions) throws(LearningError) -> Void
  ) throws(LearningError) {
    try Self.check(threads: threads)
    let functions = functions
    ThreadCountGate.shared.enter(threads: functions.teamLimit == nil ? 1 : threads) {
      _ = functions.setMaximumThreads(Int32($0))
    }
    defer { ThreadCountGate.shared.leave() }
    let failures = Parallel.map(threads, threads: threads) { thread -> LearningError? in
      let number = LogRouting.attach(log, functions: functions, threads: 1)
      defer { LogRouting.detach(number) }
      // The limit belongs to the thread, which is reused for other work, so restore it.
      let levels = functions.teamLimit?.get() ?? 0
      functions.teamLimit?.set(0)
      defer { functions.teamLimit?.set(levels) }
      do throws(LearningError) {
        try body(thread, functions)
        return nil
      } catch {
        return error
      }
    }
    if let error = failures.lazy.compactMap({ $0 }).first { throw error }
  }

  private static func check(threads: Int) throws(LearningError) {
    guard (1...1024).contains(threads) else {
      throw LearningError(.invalidParameter, "the thread count must be 1 to 1024, not \(threads)")
    }
  }

  private static func readAliases(
    _ functions: LightGBMFunctions
  ) throws(LearningError) -> [String: [String]] {
    let text = try Self.readText("LGBM_DumpParamAliases", functions) { length, needed, buffer in
      functions.dumpParameterAliases(length, needed, buffer)
    }
    guard let aliases = try? JSONDecoder().decode([String: [String]].self, from: Data(text.utf8))
    else {
      throw LearningError(
        .callFailed, "the list of parameter names is not the JSON object expected",
        function: "LGBM_DumpParamAliases")
    }
    return aliases
  }

  /// Reads a text of unknown length: retries with a larger buffer if the first was too small.
  static func readText(
    _ name: String, _ functions: LightGBMFunctions,
    _ read: (Int64, UnsafeMutablePointer<Int64>, UnsafeMutablePointer<CChar>?) -> Int32
  ) throws(LearningError) -> String {
    var needed: Int64 = 1 << 20
    while true {
      let capacity = needed
      var bytes = [CChar](repeating: 0, count: Int(capacity))
      let status = bytes.withUnsafeMutableBufferPointer { read(capacity, &needed, $0.baseAddress) }
      try functions.check(status, name)
      if needed <= capacity {
        return bytes.withUnsafeBytes { String(decoding: $0.prefix(Int(needed) - 1), as: UTF8.self) }
      }
    }
  }
}

extension LightGBMLibrary {
  /// Returns the canonical name of a parameter or alias; nil if LightGBM does not know it.
  public func canonicalName(of name: String) -> String? { canonicalNames[name] }

  /// Every parameter name and alias that LightGBM knows, sorted; a misspelled name is compared with
  /// them.
  public var parameterNames: [String] { canonicalNames.keys.sorted() }
}

// Safety: every mutable property is read and written only while `condition` is locked.
/// A gate that lets operations run concurrently only if they use the same number of OpenMP threads.
///
/// LightGBM keeps its thread count in a process-wide variable and sizes buffers by it, so a second
/// operation with another count could make the first write past its buffers. An operation that
/// needs another count waits until those before it have left; the order is first come, first
/// served. Work that must overlap therefore uses one count throughout: a lane of a suite trains,
/// bins, and predicts with the same number of threads, and an operation that does not depend on the
/// count uses the current one.
package final class ThreadCountGate: @unchecked Sendable {
  private let condition = NSCondition()
  private var nextTicket = 0
  private var admittedTickets = 0
  private var insideCount = 0
  /// The count of the operations inside, or of the last one; 0 before the first.
  private var threadCount = 0

  /// Creates a separate gate; LightGBM is only called behind `shared`.
  package init() {}

  /// The process-wide gate; the variable that it guards exists once per process, not per handle.
  package static let shared = ThreadCountGate()

  /// Blocks until an operation with this many threads may run.
  /// - Parameters:
  ///   - threads: nil for an operation that can run with any count and so does not wait for a
  ///     change of count.
  ///   - change: called with the count by the first operation that enters.
  /// - Returns: the count that is in effect until `leave`.
  @discardableResult
  package func enter(threads: Int?, change: (Int) -> Void) -> Int {
    condition.lock()
    defer { condition.unlock() }
    let ticket = nextTicket
    nextTicket += 1
    while ticket != admittedTickets
      || (insideCount > 0 && threads != nil && threadCount != threads)
    {
      condition.wait()
    }
    admittedTickets += 1
    let count = threads ?? max(threadCount, 1)
    if insideCount == 0 { change(count) }
    threadCount = count
    insideCount += 1
    condition.broadcast()
    return count
  }

  /// Ends the operation that `enter` began.
  package func leave() {
    condition.lock()
    defer { condition.unlock() }
    insideCount -= 1
    if insideCount == 0 { condition.broadcast() }
  }
}

/// Routes LightGBM's log to the collector of the operation that a thread works for.
///
/// LightGBM's log callback is thread-local and takes no context. Without one, the text goes to
/// standard output, which is reserved for Holdout's data. So every thread of an operation,
/// including LightGBM's OpenMP workers, gets the callback and the number of its collector.
enum LogRouting {
  /// The data with which each thread of a team registers itself.
  private struct Registration {
    let register: lgbm_register_log_callback
    let collector: UInt
  }

  private struct Registry {
    var collectors: [UInt: LogCollector] = [:]
    var lastNumber: UInt = 0
  }

  private static let registry = Mutex(Registry())

  /// The thread-local slot that holds a collector's number; nil if the system has none left.
  private static let slot: pthread_key_t? = {
    var key = pthread_key_t()
    return pthread_key_create(&key, nil) == 0 ? key : nil
  }()

  /// Connects the calling thread, and the OpenMP workers that it commands, to a collector. Returns
  /// the collector's number, to be passed to `detach`.
  static func attach(
    _ collector: LogCollector, functions: LightGBMFunctions, threads: Int
  ) -> UInt {
    let number = registry.withLock { registry in
      registry.lastNumber += 1
      registry.collectors[registry.lastNumber] = collector
      return registry.lastNumber
    }
    var registration = Registration(register: functions.registerLogCallback, collector: number)
    withUnsafeMutablePointer(to: &registration) { pointer in
      setThread(pointer)
      if threads > 1, let parallel = functions.openMPParallel {
        parallel(setThread, pointer, UInt32(threads), 0)
      }
    }
    return number
  }

  /// Removes a collector; anything its threads log later is dropped.
  static func detach(_ number: UInt) {
    registry.withLock { _ = $0.collectors.removeValue(forKey: number) }
  }

  private static let setThread: gomp_team_body = { data in
    guard let registration = data?.assumingMemoryBound(to: Registration.self).pointee else {
      return
    }
    if let slot { pthread_setspecific(slot, UnsafeRawPointer(bitPattern: registration.collector)) }
    _ = registration.register(receive)
  }

  private static let receive: lgbm_log_callback = { text in
    guard let text, let slot else { return }
    let number = UInt(bitPattern: pthread_getspecific(slot))
    let collector = registry.withLock { $0.collectors[number] }
    collector?.receive(String(cString: text), thread: UInt(pthread_self()))
  }
}
