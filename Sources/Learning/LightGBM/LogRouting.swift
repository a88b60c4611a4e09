internal import CLightGBM
internal import Glibc
internal import Synchronization

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
