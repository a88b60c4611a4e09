import Glibc
import Synchronization

/// Ends the process when one input takes too long, by the processor time of the fuzzing thread.
///
/// Wall-clock time would count what other tests take of the machine.
final class FuzzWatchdog: Sendable {
  /// The processor seconds that an input may take.
  static let limit = 5.0

  private struct State {
    var number = 0
    var start = 0.0
    var isDone = false
  }

  private let seed: UInt64
  private let clock: clockid_t
  private let state = Mutex(State())

  /// Watches the calling thread, which must live until `stop`.
  init(seed: UInt64) {
    self.seed = seed
    var clock = clockid_t()
    pthread_getcpuclockid(pthread_self(), &clock)
    self.clock = clock
  }

  /// Starts to look on every tenth of a second, from a thread of its own.
  func start() {
    let watch = Unmanaged.passRetained(self)
    var thread = pthread_t()
    // Safety: the thread takes over the reference that was retained for it.
    let status = pthread_create(
      &thread, nil,
      { watch in
        if let watch {
          Unmanaged<FuzzWatchdog>.fromOpaque(watch).takeRetainedValue().watch()
        }
        return nil
      }, watch.toOpaque())
    if status == 0 { pthread_detach(thread) } else { watch.release() }
  }

  /// Notes that the next input is taken up.
  func begin(_ number: Int) {
    let now = processorTime
    state.withLock {
      $0.number = number
      $0.start = now
    }
  }

  /// Ends the watch; the thread's clock is not read after this returns.
  func stop() { state.withLock { $0.isDone = true } }

  /// The processor seconds of the thread that is watched.
  var processorTime: Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  private func watch() {
    while true {
      usleep(100_000)
      let late: Int? = state.withLock { state in
        if state.isDone { return -1 }
        return processorTime - state.start > Self.limit ? state.number : nil
      }
      guard let late else { continue }
      if late < 0 { return }
      let message =
        "fuzz: HANG: seed \(seed), input \(late) took more than \(Self.limit) s of processor time\n"
      _ = message.withCString { write(STDERR_FILENO, $0, strlen($0)) }
      abort()
    }
  }
}
