internal import CLightGBM
internal import Foundation
internal import Glibc

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
