internal import Dispatch
internal import Glibc

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
