internal import CADBC
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
