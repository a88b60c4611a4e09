import Foundation
import HoldoutTestSupport
import Testing

/// Successive halving: a sweep's combinations are thinned out before they are run.
@Suite struct HalvingTests {
  private static let sweep = """

    sweep:
      model.params.num_leaves: [2, 3, 5, 7, 9]
      model.params.learning_rate: [0.001, 0.2]
      halving: {factor: 3, trees: 2, cutoffs: 2}
    """

  private func project() throws -> TestProject {
    let project = try TestProject()
    try project.write("shop.yaml", Shop.spec + Self.sweep)
    return project
  }

  private func table(_ result: ProgramResult) -> [String] {
    result.output.split(separator: "\n").map(String.init).filter { line in
      // A line of the table, and not that of a run that has just ended.
      line.hasPrefix("shop@") && !line.contains(": done, ") && !line.contains(": kept, ")
    }
  }

  @Test func `the best of each round go on, and only what is left is run`() throws {
    let project = try project()
    let result = try project.holdout("run", "shop.yaml", "--threads", "2")
    try #require(result.end == .exit(0), "\(result)")
    let lines = table(result)
    #expect(lines.count == 10)
    let first = lines.filter { $0.contains("dropped in round 1 of 2: 4 of 10 went on") }
    let second = lines.filter { $0.contains("dropped in round 2 of 2: 2 of 4 went on") }
    #expect(first.count == 6, "\(lines)")
    #expect(second.count == 2, "\(lines)")
    func score(_ line: String) -> Double {
      line.split(separator: " ").last.flatMap { Double($0) } ?? .nan
    }
    // A run's own line ends with its caveats, of which there are none.
    let run = lines.filter { !$0.contains("dropped") }.compactMap { $0.split(separator: " ").first }
    let names = project.names(in: "results")
    #expect(names.count == 2)
    #expect(names == run.map(String.init).sorted())
    #expect(first.map(score).allSatisfy { $0 > 0 && $0 < 1 })
  }

  @Test func `the same go on with any number of threads, and when it is run again`() throws {
    let project = try project()
    let alone = try project.holdout("run", "shop.yaml", "--threads", "1", "--fresh")
    let side = try project.holdout("run", "shop.yaml", "--threads", "4", "--fresh")
    let again = try project.holdout("run", "shop.yaml")
    #expect(table(alone).count == 10, "\(alone)")
    #expect(table(side) == table(alone))
    #expect(table(again) == table(alone))
  }

  @Test func `a trial sees neither calibrate nor test cutoffs`() throws {
    let project = try project()
    let before = try project.holdout("run", "shop.yaml")
    // Without the buyers of the last months the labels of calibrate and test are others, and those of a
    // trial's rows are not.
    try project.changeData(
      "UPDATE customers SET first_licence = NULL WHERE first_licence > DATE '2024-03-31';")
    let after = try project.holdout("run", "shop.yaml", "name=shop", "evaluation.min_positives=1")
    func dropped(_ result: ProgramResult) -> [String] {
      table(result).filter { $0.contains("dropped") }
    }
    #expect(!dropped(before).isEmpty)
    #expect(dropped(after) == dropped(before), "\(after)")
  }
}
