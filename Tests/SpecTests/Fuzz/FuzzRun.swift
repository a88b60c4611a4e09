import Foundation
import HoldoutTestSupport

/// Tries inputs one after the other until the time is over.
struct FuzzRun {
  /// How many violations of one promise are kept; more of them say nothing new.
  private static let kept = 3

  let settings: FuzzSettings
  private(set) var inputs = 0
  /// How many inputs were specs, and how many of those gave one.
  private(set) var specs = (tried: 0, accepted: 0)
  /// The violations that are kept, and how many there were of each promise.
  private(set) var violations: [FuzzViolation] = []
  private(set) var counts: [String: Int] = [:]
  /// The wall-clock seconds that the run took.
  private(set) var seconds = 0.0
  /// The most processor seconds that an input took, and its number.
  private(set) var slowest = (seconds: 0.0, number: 0)

  /// Makes a run that has tried nothing.
  init(_ settings: FuzzSettings) { self.settings = settings }

  /// Tries inputs, all on the calling thread.
  /// - Throws: When the seeds cannot be read.
  mutating func run() throws {
    let seeds = try FuzzSeeds(repository: Repository.folder)
    let generator = FuzzGenerator(seeds: seeds, seed: settings.seed)
    let recorder = FuzzRecorder(folder: FuzzSettings.folder)
    let watchdog = FuzzWatchdog(seed: settings.seed)
    watchdog.begin(0)
    watchdog.start()
    defer { watchdog.stop() }
    let clock = ContinuousClock()
    let start = clock.now
    let end = start + .seconds(settings.seconds)
    var number = settings.input ?? 0
    while clock.now < end {
      watchdog.begin(number)
      let before = watchdog.processorTime
      let input = generator.input(number)
      recorder?.record(input)
      take(FuzzCheck(input))
      let spent = watchdog.processorTime - before
      if spent > slowest.seconds { slowest = (spent, number) }
      if settings.input != nil { break }
      number += 1
    }
    seconds = Double((clock.now - start) / .milliseconds(1)) / 1_000
  }

  private mutating func take(_ check: FuzzCheck) {
    var check = check
    check.run()
    inputs += 1
    if case .spec = check.input.kind {
      specs.tried += 1
      specs.accepted += check.isAccepted ? 1 : 0
    }
    // One of each kind is enough of one input.
    var promises: Set<String> = []
    for violation in check.violations where promises.insert(violation.promise).inserted {
      counts[violation.promise, default: 0] += 1
      if counts[violation.promise, default: 0] <= Self.kept { violations.append(violation) }
    }
  }

  /// The share of specs that came through, from 0 to 1.
  var acceptedShare: Double { specs.tried == 0 ? 0 : Double(specs.accepted) / Double(specs.tried) }

  /// What the run did, in one line.
  var summary: String {
    func rounded(_ value: Double, _ digits: Int = 1) -> String {
      String(format: "%.\(digits)f", value)
    }
    return "fuzz: seed \(settings.seed): \(inputs) inputs in \(rounded(seconds)) s "
      + "(\(rounded(Double(inputs) / max(seconds, 0.001))) a second), \(specs.accepted) of "
      + "\(specs.tried) specs came through (\(rounded(100 * acceptedShare)) %), slowest: input "
      + "\(slowest.number) with \(rounded(slowest.seconds, 2)) s, "
      + "\(counts.values.reduce(0, +)) broken promises"
  }
}
