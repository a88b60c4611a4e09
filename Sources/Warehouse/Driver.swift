internal import CADBC
internal import Dispatch
internal import Glibc

/// An ADBC driver: a shared library whose entry point filled in a table of functions.
///
/// Drivers stay loaded for the life of the process, as unloading them is not safe with their own
/// threads around.
public final class Driver: Sendable {
  // Safety: written once by the entry point during init and only read afterwards; the functions in
  // it may be called from any thread, as ADBC demands of drivers.
  nonisolated(unsafe) let functions: UnsafeMutablePointer<AdbcDriver>
  /// The library's path.
  public let path: String

  /// Loads a driver.
  /// - Parameters:
  ///   - path: the shared library.
  ///   - entryPoint: `duckdb_adbc_init`, or `AdbcDriverInit` for most others.
  /// - Throws: `WarehouseError` when the library or its entry point is missing, or refuses.
  public init(path: String, entryPoint: String) throws(WarehouseError) {
    guard let library = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
      throw WarehouseError(.libraryMissing, String(cString: dlerror()))
    }
    guard let symbol = dlsym(library, entryPoint) else {
      throw WarehouseError(.libraryMissing, "\(path) has no function `\(entryPoint)`")
    }
    // Safety: the symbol is a driver entry point, whose type ADBC fixes.
    let initialise = unsafeBitCast(symbol, to: AdbcDriverInitFunction.self)
    let functions = UnsafeMutablePointer<AdbcDriver>.allocate(capacity: 1)
    functions.initialize(to: AdbcDriver())
    var error = AdbcError()
    let status = initialise(Int32(HOLDOUT_ADBC_VERSION), functions, &error)
    do throws(WarehouseError) {
      try check(status, entryPoint, &error)
    } catch {
      functions.deallocate()
      throw error
    }
    self.path = path
    self.functions = functions
  }
}

/// Turns a driver's status into an error, with the driver's message, and frees that message.
func check(
  _ status: AdbcStatusCode, _ function: String, _ error: inout AdbcError, statement: String? = nil,
  code: WarehouseError.Code = .query
) throws(WarehouseError) {
  guard status != 0 else { return }
  let text = error.message.map { String(cString: $0) } ?? "\(function) failed with status \(status)"
  let state = withUnsafeBytes(of: error.sqlstate) { bytes in
    bytes.contains(0) ? nil : String(decoding: bytes, as: UTF8.self)
  }
  error.release?(&error)
  var failure = EngineMessage(text).error(code, statement: statement)
  failure.state = state
  throw failure
}

/// How long something that another process holds is waited for.
public struct Patience: Sendable {
  public let seconds: Double

  public init(seconds: Double) { self.seconds = seconds }

  /// Not at all.
  public static let none = Patience(seconds: 0)

  /// Tries until nobody holds what is needed any longer, or patience ends.
  /// - Throws: The error of the last try.
  public func trying<Value>(
    _ body: () throws(WarehouseError) -> Value
  ) throws(WarehouseError) -> Value {
    let end = DispatchTime.now() + seconds
    // Processes that began to wait together try at different moments.
    var pause = 10_000 + UInt32(getpid() % 17) * 1000
    while true {
      do throws(WarehouseError) {
        return try body()
      } catch {
        guard error.isHeld, DispatchTime.now() < end else { throw error }
      }
      usleep(pause)
      pause = min(pause * 2, 100_000 + UInt32(getpid() % 17) * 1000)
    }
  }
}

extension WarehouseError {
  /// Whether another process holds what is needed, so that a later try may succeed.
  public var isHeld: Bool {
    // A DuckDB file; a lock of PostgreSQL that was not had within `lock_timeout`; an SQLite file.
    message.contains("Could not set lock on file") || state == "55P03"
      || message.contains("database is locked")
  }

  /// Who holds it, `/usr/bin/duckdb (PID 4711)`, where the engine says so.
  public var holder: String? {
    guard let start = message.firstRange(of: "Conflicting lock is held in ") else { return nil }
    let rest = message[start.upperBound...]
    return rest.firstRange(of: ")").map { String(rest[..<$0.upperBound]) }
  }
}
