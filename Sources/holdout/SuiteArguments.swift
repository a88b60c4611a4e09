import ArgumentParser
import Experiment
import Foundation
import Spec

/// How a suite of experiments is run.
struct SuiteArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Models fitted side by side at most. Default: one per thread.", valueName: "number"))
  var jobs: Int?

  @Flag(help: "Make everything anew, whatever has been made before.")
  var fresh = false

  mutating func validate() throws {
    if let jobs, !(1...1024).contains(jobs) {
      throw ValidationError("--jobs takes a number from 1 to 1024")
    }
  }

  /// - Parameter memory: what all models that are being fitted may take together; nil: 80 % of the machine's.
  func machine(threads: Int, memory: Int?) -> SuiteMachine {
    let all = Int(clamping: ProcessInfo.processInfo.physicalMemory)
    return SuiteMachine(threads: threads, jobs: jobs, memory: memory ?? all / 5 * 4)
  }
}
