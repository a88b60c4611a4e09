import Foundation
import Glibc
import HoldoutTestSupport
import Testing

/// A run that is stopped at any moment leaves the results from before whole, and nothing that the
/// next run stumbles over.
@Suite struct KilledRunTests {
  enum Moment: String, CaseIterable {
    case sources = "loading sources"
    case panel = "building the panel"
    case training = "training"
    case evaluation = "evaluating"
    case writing = "writing results"
  }

  /// Starts a run with many trees and stops it as soon as it has reached a moment.
  /// - Returns: how it ended; nil when it was faster than the signal.
  private func stop(
    _ project: TestProject, _ signal: Int32, at moment: Moment
  ) throws -> ProgramResult? {
    let running = try project.start(
      "run", "shop.yaml", "name=shop", "--threads", "1", "--fresh",
      "model.params.num_iterations=400",
      "evaluation.intervals.resamples=2000")
    let hasReached = running.wait { $0.errors.contains("shop: \(moment.rawValue)") }
    if hasReached { running.send(signal) }
    let result = try running.wait()
    return result.end == .signal(signal) ? result : nil
  }

  @Test(arguments: Moment.allCases)
  func `kill -9 leaves the last results whole and the next run works`(_ moment: Moment) throws {
    let project = try TestProject(withResults: true)
    let before = project.contents(of: "results")
    var stopped = 0
    for _ in 0..<3 where try stop(project, SIGKILL, at: moment) != nil {
      stopped += 1
      let kept = project.contents(of: "results").filter { before.keys.contains($0.key) }
      #expect(kept == before)
    }
    #expect(stopped > 0, "the run was always done before the signal came")
    try project.runs()
    let after = project.runIds()
    #expect(!after.contains { $0.hasPrefix(".") }, "\(after)")
    #expect(
      project.names(in: "results/shop") == ["feature_importance.csv", "metrics.json", "runs"])
    for (name, content) in before {
      #expect(try project.data("results/\(name)") == content, "\(name)")
    }
  }

  @Test func `kill -9 among the files of a run leaves no half run behind`() throws {
    let project = try TestProject(withResults: true)
    let before = project.contents(of: "results")
    var caught = 0
    for attempt in 0..<8 {
      let running = try project.start(
        "run", "shop.yaml", "name=shop", "--threads", "1", "model.seed=\(attempt)")
      let known = Set(project.runIds())
      let hasDraft = running.wait { _ in
        project.runIds().contains {
          $0.contains("2024-12-31") && !known.contains($0)
        }
      }
      // Later attempts die a little later, so that the signal meets different files.
      usleep(UInt32(attempt) * 2000)
      running.send(SIGKILL)
      let result = try running.wait()
      if hasDraft, result.end == .signal(SIGKILL) { caught += 1 }
      let runs = project.runIds().filter { !$0.hasPrefix(".") }
      for run in runs {
        #expect(
          project.names(in: "results/shop/runs/\(run)") == TestProject.runFiles, "half a run")
      }
      let latest = try project.data("results/shop/metrics.json")
      #expect(
        try runs.contains { try project.data("results/shop/runs/\($0)/metrics.json") == latest })
    }
    #expect(caught > 0, "no run was caught while it wrote")
    try project.runs()
    #expect(!project.runIds().contains { $0.hasPrefix(".") })
    #expect(
      project.names(in: "results/shop") == ["feature_importance.csv", "metrics.json", "runs"])
    for (name, content) in before {
      #expect(try project.data("results/\(name)") == content, "\(name)")
    }
  }

  @Test func `an interrupted run ends as one and leaves the results`() throws {
    let project = try TestProject(withResults: true)
    let before = project.contents(of: "results")
    let running = try project.start(
      "run", "shop.yaml", "name=shop", "--threads", "1", "model.params.num_iterations=3000")
    try #require(running.wait { $0.errors.contains("shop: training") })
    running.send(SIGINT)
    let result = try running.wait(seconds: 10)
    #expect(result.end == .signal(SIGINT) || result.end == .exit(130), "\(result)")
    #expect(!result.output.contains("roc_auc"))
    #expect(project.contents(of: "results") == before)
    try project.runs()
  }

  @Test func `two runs of one spec at the same time do not disturb each other`() throws {
    let project = try TestProject(withResults: true)
    let before = project.contents(of: "results")
    let both = try (0..<2).map { _ in
      try project.start("run", "shop.yaml", "--threads", "1")
    }
    for running in both {
      let result = try running.wait()
      #expect(result.end == .exit(0), "\(result)")
    }
    #expect(project.contents(of: "results") == before)
  }
}
