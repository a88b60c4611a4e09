import Foundation
import Glibc
import HoldoutTestSupport
import Testing

/// Promotions that meet each other, a signal or a full disk: nothing is lost, nothing is half there.
@Suite struct ParallelPromotionTests {
  private static func order(_ project: TestProject) throws -> [Int] {
    try PromoteCommandTests.lines(project).compactMap { line in
      line.firstMatch(of: #/"sequence":([0-9]+)/#).flatMap { Int($0.1) }
    }
  }

  @Test func `twenty promotions at once are all recorded`() throws {
    let (project, ids) = try PromoteCommandTests.project()
    let all = try (0..<20).map { number in
      try project.start(
        "promote", ids[number % 2], "--as", "name\(number)", "--override", "a test", "--threads",
        "1")
    }
    for running in all {
      let result = try running.wait()
      #expect(result.end == .exit(0), "\(result)")
    }
    #expect(try Self.order(project) == Array(1...20))
    let verified = try project.holdout("verify")
    #expect(verified.end == .exit(0) && verified.errors.isEmpty, "\(verified)")
    #expect(verified.output.split(separator: "\n").count == 21)
  }

  @Test func `twenty changes of one name at once are recorded one after the other`() throws {
    let (project, ids) = try PromoteCommandTests.project()
    for id in ids { try PromoteCommandTests.promote(project, id) }
    let all = try (0..<20).map { number in
      number < 4
        ? try project.start(
          "promote", ids[number % 2], "--override", "a test", "--threads", "1")
        : try project.start("rollback", "shop", "--to", ids[number % 2], "--reason", "a test")
    }
    var written = 0
    for running in all {
      let result = try running.wait()
      #expect(result.end == .exit(0), "\(result)")
      if !result.output.contains("already the champion") { written += 1 }
    }
    #expect(try Self.order(project) == Array(1...(2 + written)))
    let runs = try PromoteCommandTests.lines(project).compactMap { line in
      line.firstMatch(of: #/"run_id":"([^"]+)"/#).map { String($0.1) }
    }
    #expect(zip(runs, runs.dropFirst()).allSatisfy { $0 != $1 }, "\(runs)")
    let verified = try project.holdout("verify")
    #expect(verified.end == .exit(0) && verified.errors.isEmpty, "\(verified)")
  }

  @Test func `kill -9 leaves the old champion or the new one`() throws {
    let (project, ids) = try PromoteCommandTests.project()
    try PromoteCommandTests.promote(project, ids[0])
    var caught = 0
    for attempt in 0..<24 {
      let before = try PromoteCommandTests.lines(project)
      // A name of its own every other time, so that a first promotion is stopped as well.
      let name = attempt.isMultiple(of: 2) ? "shop" : "name\(attempt)"
      let target = before.last?.contains(#""run_id":"\#(ids[0])""#) == true ? ids[1] : ids[0]
      let running = try project.start(
        "promote", target, "--as", name, "--override", "a test", "--threads", "1")
      let versions = project.names(in: "models/\(name)/versions").count
      let folder = "models/\(name)"
      _ = running.wait { _ in
        project.names(in: "\(folder)/versions").count > versions
          || project.names(in: folder).contains { $0.hasSuffix(".tmp") }
          || (try? PromoteCommandTests.lines(project).count > before.count) == true
      }
      // Each time a little later, so that the signal meets other files.
      usleep(UInt32(attempt) * 400)
      running.send(SIGKILL)
      if try running.wait().end == .signal(SIGKILL) { caught += 1 }
      let history = try project.holdout("history")
      #expect(history.end == .exit(0), "\(history)")
      let verified = try project.holdout("verify")
      #expect(verified.end == .exit(0), "\(attempt): \(verified)")
      let after = try PromoteCommandTests.lines(project)
      #expect(after.starts(with: before))
      #expect(after.count <= before.count + 1)
    }
    #expect(caught > 0, "no promotion was caught")
    for id in ids { try PromoteCommandTests.promote(project, id) }
    let verified = try project.holdout("verify")
    #expect(verified.end == .exit(0), "\(verified)")
    #expect(
      try project.data("models/shop/model.txt")
        == project.data("results/shop/runs/\(ids[1])/model.txt"))
  }

  /// Writes that a limit on the size of files refuses, which needs no special rights.
  @Test(arguments: [1, 2, 4, 8, 16, 32])
  func `a disk that is full promotes nothing, and what was there stays`(_ kilobytes: Int) throws {
    let (project, ids) = try PromoteCommandTests.project()
    for id in ids { try PromoteCommandTests.promote(project, id) }
    try PromoteCommandTests.promote(project, ids[0])
    let before = project.contents(of: "models")
    let lines = try PromoteCommandTests.lines(project)
    let result = try project.shell(
      """
      trap '' XFSZ; ulimit -f \(kilobytes)
      exec "$HOLDOUT" promote \(ids[1]) --as other --override x 2>&1 > /dev/null | cat >&2
      exit ${PIPESTATUS[0]}
      """)
    let isFull = result.refuses("H703")
    #expect(isFull || result.end == .exit(0), "\(result)")
    let kept = project.contents(of: "models").filter { before[$0.key] != nil }
    #expect(kept == before)
    #expect(try PromoteCommandTests.lines(project).starts(with: lines))
    #expect(try PromoteCommandTests.lines(project).count == lines.count + (isFull ? 0 : 1))
    #expect(try project.holdout("verify").end == .exit(0))
    try PromoteCommandTests.promote(project, ids[1], as: "other")
    #expect(try project.holdout("verify").errors.isEmpty)
  }
}
