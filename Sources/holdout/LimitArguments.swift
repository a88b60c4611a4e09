public import ArgumentParser
import Diagnostics
import Files
import Foundation
internal import Runs
public import Spec

extension TimeLimit: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

/// The time and memory that a command may take; overrides holdout.yaml.
struct LimitArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Time after which the command is ended, like 90s, 30m or 2h. Default: holdout.yaml's `timeout`.",
      valueName: "time"))
  var timeout: TimeLimit?

  @Option(
    help: ArgumentHelp(
      "Memory that the command can use, like 8GB. Default: holdout.yaml's `memory`.",
      valueName: "size"))
  var memory: ByteCount?

  /// The project of the working directory, with these limits in place of its own; they apply from
  /// now on.
  /// - Throws: `FindingsError` if holdout.yaml is wrong.
  func project() throws -> Project {
    let found = try SpecArguments.project()
    var spec = found.spec
    if let timeout { spec.timeout = timeout.seconds }
    if let memory { spec.memory = memory.bytes }
    Watchdog.start(timeout: spec.timeout, memory: spec.memory)
    return Project(folder: found.folder, spec: spec)
  }

  /// Starts the limits for a command that works without a project.
  func start() { Watchdog.start(timeout: timeout?.seconds, memory: memory?.bytes) }
}

/// Ends the process when it exceeds its time or its memory.
///
/// It does not wait for running work to notice: everything is written to a temporary file and
/// renamed, so results are complete at every moment. Partial files are removed.
private enum Watchdog {
  /// The smallest memory limit, in bytes. The libraries alone would exceed a smaller one.
  private static let leastMemory = 512_000_000
  /// Seconds between two checks.
  private static let interval = 0.1

  static func start(timeout: Double?, memory: Int?) {
    guard timeout != nil || memory != nil else { return }
    _ = errors
    let clock = ContinuousClock()
    let end = timeout.map { clock.now.advanced(by: .seconds($0)) }
    let most = memory.map { max($0, leastMemory) }
    let thread = Thread {
      while true {
        let left = end.map { clock.now.duration(to: $0) / .seconds(1) } ?? interval
        Thread.sleep(forTimeInterval: max(0, min(left, interval)))
        if let timeout, let end, clock.now >= end { finish(.timeIsOver(timeout)) }
        if let most, let resident, resident > most { finish(.memoryIsOver(most)) }
      }
    }
    thread.name = "watchdog"
    thread.start()
  }

  /// A separate descriptor for standard error, because the process's own is redirected while
  /// LightGBM is loaded.
  private static let errors = FileHandle(fileDescriptor: dup(STDERR_FILENO), closeOnDealloc: false)

  private static func finish(_ finding: Finding) -> Never {
    Terminal.show([finding], errors: errors)
    Scratch.removeAll()
    _exit(2)
  }

  /// The bytes of memory that the process uses now.
  private static var resident: Int? {
    // The process's total pages and its resident pages.
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else {
      return nil
    }
    let fields = text.split(separator: " ")
    return fields.count > 1 ? Int(fields[1]).map { $0 * Int(sysconf(Int32(_SC_PAGESIZE))) } : nil
  }
}

// Findings about limits: H376 and H377.
extension Finding {
  fileprivate static func timeIsOver(_ seconds: Double) -> Finding {
    Finding(
      376, "the command was ended after \(TimeLimit.text(seconds))",
      notes: ["earlier results are complete"],
      hints: ["allow more with `--timeout`, or with `timeout` in holdout.yaml"])
  }

  fileprivate static func memoryIsOver(_ bytes: Int) -> Finding {
    Finding(
      377, "the command was ended because it used more than \(ByteCount.text(bytes)) of memory",
      notes: ["results that were there before are complete"],
      hints: ["allow more with `--memory`, or with `memory` in holdout.yaml"])
  }
}

extension Explanation {
  static let limitArgumentsFindings: [Explanation] = [
    Explanation(
      376, "a command that was ended by the time limit",
      cause: """
        The command took longer than `--timeout`, or `timeout` in holdout.yaml, allows. Partly \
        written files are removed; earlier results are complete.
        """,
      example: .commands("holdout check spec.yaml --timeout 0.01s"),
      fix: """
        Allow more time, or reduce the work: fewer cutoffs, features, combinations of a sweep, or \
        resamples. A spec cannot change the limit.
        """),
    Explanation(
      377, "a command that was ended by the memory limit",
      cause: """
        The process used more memory than `--memory`, or `memory` in holdout.yaml, allows; at \
        least 512 MB are allowed. The engine itself gets 60 % of it and spills the rest to disk.
        """,
      example: .files(
        [("big.sql", "CREATE TABLE t AS SELECT hash(range) AS h FROM range(150000000);\n")],
        "holdout sql big.sql --memory 512MB"),
      fix: "Allow more memory, use fewer threads, or fit fewer models in parallel: `--jobs 1`."),
  ]
}
