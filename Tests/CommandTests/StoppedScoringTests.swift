import Foundation
import Glibc
import HoldoutTestSupport
import Testing

/// A scoring that is stopped, or that runs beside others, leaves whole lists.
@Suite(.serialized) struct StoppedScoringTests {
  @Test func `kill -9 at any moment leaves table and file each whole, and the next run completes`()
    throws
  {
    let project = try ScoringProject.make()
    try ScoringProject.score(project, "--cutoff", ScoringProject.cutoff, "--top-k", "5")
    let file = "lists/shop_\(ScoringProject.cutoff).parquet"
    let clock = ContinuousClock()
    var whole = try clock.measure {
      try ScoringProject.score(project, "--cutoff", ScoringProject.cutoff, "--top-k", "5")
    }
    var stopped = 0
    for number in 0..<20 {
      // The list that is being written has 4 or 5 rows of each of the four groups.
      let start = clock.now
      let running = try project.start(
        "score", "shop", "--threads", "1", "--allow-silent-sources", "--cutoff",
        ScoringProject.cutoff, "--top-k", number % 2 == 0 ? "4" : "5")
      // Moments all over the run, more of them towards its end, where it writes.
      let moment = whole * (Double(number + 1) / 20).squareRoot()
      usleep(
        UInt32(
          moment.components.seconds * 1_000_000 + moment.components.attoseconds / 1_000_000_000_000)
      )
      running.send(SIGKILL)
      if try running.wait().end == .signal(SIGKILL) {
        stopped += 1
      } else {
        // The machine has become faster since.
        whole = min(whole, clock.now - start) * 0.9
      }
      let rows = try ScoringProject.table(project).count
      #expect([16, 20].contains(rows), "the table has \(rows) rows")
      let published = try project.scalar("SELECT count(*) FROM '\(file)'")
      #expect(["16", "20"].contains(published), "the file has \(published ?? "no") rows")
    }
    #expect(stopped > 5, "most runs were done before the signal came")
    try ScoringProject.score(project, "--cutoff", ScoringProject.cutoff, "--top-k", "3")
    #expect(try ScoringProject.table(project).count == 12)
    #expect(try project.scalar("SELECT count(*) FROM '\(file)'") == "12")
    #expect(project.names(in: "lists") == ["shop_\(ScoringProject.cutoff).parquet"])
  }

  @Test func `ten scorings of different days at once all publish their lists`() throws {
    let project = try ScoringProject.make()
    let days = (10..<20).map { "2024-07-\($0)" }
    let running = try days.map { day in
      try project.start(
        "score", "shop", "--threads", "1", "--allow-silent-sources", "--cutoff", day, "--top-k",
        "5")
    }
    for one in running {
      let result = try one.wait()
      #expect(result.end == .exit(0), "\(result)")
    }
    let lists = try ScoringProject.table(
      project,
      "SELECT cutoff_date, count(*), count(DISTINCT id) FROM lists GROUP BY 1 ORDER BY 1")
    #expect(lists == days.map { [$0, "20", "20"] }, "\(lists)")
    #expect(project.names(in: "lists").count == 10)
  }
}
