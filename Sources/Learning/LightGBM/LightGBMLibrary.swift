internal import CLightGBM
internal import Foundation
internal import Glibc
internal import Synchronization

/// A loaded LightGBM library: what datasets and boosters are made with.
///
/// Load it once and hand it around. It stays mapped until the process ends, because its OpenMP
/// threads do. Nothing it logs reaches standard output: warnings are kept by the dataset or
/// booster that caused them.
// Safety: all stored properties are immutable; the functions behind them are called under
// `ThreadCountGate`, which keeps LightGBM's process-wide thread count steady for each operation.
public final class LightGBMLibrary: @unchecked Sendable {
  /// Where the library was loaded from.
  public let path: String
  /// LightGBM's own name of each parameter, with the other names it answers to.
  public let parameterAliases: [String: [String]]

  let functions: LightGBMFunctions
  let canonicalNames: [String: String]

  /// Loads a library file and resolves every function that Holdout calls.
  ///
  /// OpenMP's threads are told to sleep while they wait, unless the environment decides: spinning,
  /// their default, makes training several times slower where other work wants the cores. OpenMP
  /// reads that from the environment as it is loaded, so load before other threads read it.
  ///
  /// - Throws: `libraryUnavailable` with the loader's reason; `missingSymbol` naming the symbol.
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

  /// Runs C calls on the calling thread, with a steady thread count and the log led to `log`.
  ///
  /// Blocks while an operation with another thread count is under way. `threads` is how many
  /// threads LightGBM may use inside one call, whatever the call's parameters say; nil for calls that
  /// give the same on any number: they take what is set, and wait for nobody.
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

  /// Runs C calls on several threads at once, each with LightGBM on that thread alone.
  ///
  /// LightGBM's thread count stays what it is for the operations beside this one: OpenMP is told on
  /// each of these threads to open no team. `body` gets the number of its thread, from 0; the error of
  /// the lowest is thrown.
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
      // The limit is the thread's own, and the thread goes on to other work.
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

  /// Reads a text of unknown length: asks again with a larger buffer when the first was too small.
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
  /// LightGBM's own name for a parameter or one of its aliases; nil when it knows no such name.
  public func canonicalName(of name: String) -> String? { canonicalNames[name] }

  /// Every name and alias that LightGBM knows, sorted: what a misspelt name is compared with.
  public var parameterNames: [String] { canonicalNames.keys.sorted() }
}

/// Lets operations run side by side only while they use the same number of OpenMP threads.
///
/// LightGBM keeps its thread count in one variable of the process and sizes buffers by it, so a
/// second operation with another count could make a first one write past its buffers. Whoever
/// asks for another count waits until those before it have left; the order is first come, first
/// served. Work that must overlap therefore asks for one count throughout: a lane of a suite trains,
/// bins, and predicts with the same number of threads, and an operation that is the same on any number
/// takes the number that is set.
// Safety: every mutable property is read and written only while `condition` is locked.
package final class ThreadCountGate: @unchecked Sendable {
  private let condition = NSCondition()
  private var nextTicket = 0
  private var admittedTickets = 0
  private var insideCount = 0
  /// The count of the operations inside, or of the last one; 0 before the first.
  private var threadCount = 0

  /// Makes a gate of its own; LightGBM is called behind `shared` only.
  package init() {}

  /// The one gate: the variable that it guards is one per process, not per handle.
  package static let shared = ThreadCountGate()

  /// Blocks until an operation with this many threads may run.
  /// - Parameters:
  ///   - threads: nil for an operation that may run with any count; it waits for no other.
  ///   - change: called with the count by the first one in.
  /// - Returns: the count that holds until `leave`.
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

  /// Ends what `enter` began.
  package func leave() {
    condition.lock()
    defer { condition.unlock() }
    insideCount -= 1
    if insideCount == 0 { condition.broadcast() }
  }
}

/// Leads LightGBM's log to the collector of the operation that a thread works for.
///
/// LightGBM's log callback is thread-local and takes no context; where none is set, the text goes
/// to standard output, which belongs to Holdout's data. So every thread of an operation, LightGBM's
/// OpenMP workers included, gets the callback and the number of its collector.
enum LogRouting {
  /// What each thread of a team needs to register itself.
  private struct Registration {
    let register: lgbm_register_log_callback
    let collector: UInt
  }

  private struct Registry {
    var collectors: [UInt: LogCollector] = [:]
    var lastNumber: UInt = 0
  }

  private static let registry = Mutex(Registry())

  /// The thread-local slot that holds a collector's number; nil when the system has none left.
  private static let slot: pthread_key_t? = {
    var key = pthread_key_t()
    return pthread_key_create(&key, nil) == 0 ? key : nil
  }()

  /// Sets the calling thread, and the OpenMP workers it commands, to a collector; returns the
  /// collector's number, to be given to `detach`.
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

  /// Forgets a collector: what its threads log later is dropped.
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
