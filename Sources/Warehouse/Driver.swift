internal import CADBC
internal import Dispatch
internal import Glibc

/// An ADBC driver: a shared library whose entry point filled in a table of functions.
///
/// Drivers stay loaded for the life of the process, because unloading them is unsafe while their
/// own threads run.
public final class Driver: Sendable {
  // Safety: written once by the entry point during init and only read afterwards; its functions may
  // be called from any thread, as ADBC requires of drivers.
  nonisolated(unsafe) let functions: UnsafeMutablePointer<AdbcDriver>
  /// The library's path.
  public let path: String

  /// Loads a driver.
  /// - Parameters:
  ///   - path: the shared library.
  ///   - entryPoint: `duckdb_adbc_init`, or `AdbcDriverInit` for most others.
  /// - Throws: `WarehouseError` if the library or its entry point is missing, or if initialization
  ///   fails.
  public init(path: String, entryPoint: String) throws(WarehouseError) {
    guard let library = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
      throw WarehouseError(.libraryMissing, String(cString: dlerror()))
    }
    guard let symbol = dlsym(library, entryPoint) else {
      throw WarehouseError(.libraryMissing, "\(path) has no function `\(entryPoint)`")
    }
    // Safety: the symbol is a driver entry point, whose type ADBC defines.
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

/// Throws an error with the driver's message if a status reports a failure, and frees that message.
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

/// A time limit for waiting until another process releases a lock.
public struct LockTimeout: Sendable {
  /// The time limit in seconds.
  public let seconds: Double

  /// Creates a time limit.
  public init(seconds: Double) { self.seconds = seconds }

  /// Does not wait.
  public static let none = LockTimeout(seconds: 0)

  /// Retries until the lock is free or the time limit is reached.
  /// - Throws: The error of the last try.
  public func trying<Value>(
    _ body: () throws(WarehouseError) -> Value
  ) throws(WarehouseError) -> Value {
    let end = DispatchTime.now() + seconds
    // The pause depends on the process, so processes that began to wait together do not retry
    // together.
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
  /// Whether another process holds the lock, so that a later try may succeed.
  public var isHeld: Bool {
    // In this order: a DuckDB file, a PostgreSQL lock not acquired within `lock_timeout`, an SQLite
    // file.
    message.contains("Could not set lock on file") || state == "55P03"
      || message.contains("database is locked")
  }

  /// The process that holds the lock, such as `/usr/bin/duckdb (PID 4711)`, if the engine reports
  /// it.
  public var holder: String? {
    guard let start = message.firstRange(of: "Conflicting lock is held in ") else { return nil }
    let rest = message[start.upperBound...]
    return rest.firstRange(of: ")").map { String(rest[..<$0.upperBound]) }
  }
}
