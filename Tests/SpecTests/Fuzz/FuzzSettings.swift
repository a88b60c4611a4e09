import Foundation
import HoldoutTestSupport

/// How long and from which seed to fuzz, as the environment says.
struct FuzzSettings {
  /// The wall-clock seconds of a run.
  var seconds = 30.0
  /// The seed; the same one gives the same inputs in the same order.
  var seed: UInt64 = 1
  /// The only input to try, by its number.
  var input: Int?

  /// Reads `HOLDOUT_FUZZ_SECONDS`, `HOLDOUT_FUZZ_SEED` and `HOLDOUT_FUZZ_INPUT`.
  static var fromEnvironment: FuzzSettings {
    let environment = ProcessInfo.processInfo.environment
    var settings = FuzzSettings()
    if let text = environment["HOLDOUT_FUZZ_SECONDS"], let seconds = Double(text) {
      settings.seconds = seconds
    }
    if let text = environment["HOLDOUT_FUZZ_SEED"], let seed = UInt64(text) { settings.seed = seed }
    settings.input = environment["HOLDOUT_FUZZ_INPUT"].flatMap { Int($0) }
    return settings
  }

  /// The folder that evidence is kept in.
  static var folder: String { "\(Repository.folder)/.build/fuzz" }
}
