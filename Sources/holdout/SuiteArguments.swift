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

  @Option(
    help: ArgumentHelp(
      "Memory that models being fitted may take together, like 8GB. Default: 80 % of the machine's.",
      valueName: "size"))
  var memory: ByteCount?

  @Flag(help: "Make everything anew, whatever has been made before.")
  var fresh = false

  mutating func validate() throws {
    if let jobs, !(1...1024).contains(jobs) {
      throw ValidationError("--jobs takes a number from 1 to 1024")
    }
  }

  func machine(threads: Int) -> SuiteMachine {
    let all = Int(clamping: ProcessInfo.processInfo.physicalMemory)
    return SuiteMachine(threads: threads, jobs: jobs, memory: memory?.bytes ?? all / 5 * 4)
  }
}
