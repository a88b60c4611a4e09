import Foundation
import Operations
import Testing
import Warehouse

/// How many rows the list has; nil where nobody asks for the benchmark.
private let askedRows = ProcessInfo.processInfo.environment["HOLDOUT_BENCHMARK"].flatMap {
  Int($0)
}

/// Measures how long a list takes into table and file, and what the process needs at most:
/// `HOLDOUT_BENCHMARK=411000 swift test -c release --filter SinkBenchmark`.
@Suite(.serialized, .enabled(if: askedRows != nil)) struct SinkBenchmark {
  @Test(arguments: SinkCase.Kind.present)
  func `a list of 25 columns, written and written again`(_ kind: SinkCase.Kind) throws {
    try SinkCase.run(kind) { lists in
      let extra = (0..<17).map { "'a value of ' || (i % 1000 + \($0)) AS column_\($0)" }
        .joined(separator: ", ")
      for _ in 0..<2 {
        let before = Self.peak
        var written: WrittenList?
        let time = try ContinuousClock().measure {
          written = try lists.write(askedRows ?? 0, extra: extra)
        }
        #expect(written?.rows == askedRows)
        print(
          "\(kind): \(askedRows ?? 0) rows, \(written?.replaced ?? 0) replaced, staged and written",
          "in \(time), peak memory \(before) -> \(Self.peak) MB")
      }
    }
  }

  /// The most memory that the process has held, in megabytes.
  private static var peak: Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
    return (line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) / 1024
  }
}
