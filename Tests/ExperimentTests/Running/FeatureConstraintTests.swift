import Columns
import Diagnostics
import Experiment
import Foundation
import HoldoutTestSupport
import Learning
import Panel
import Spec
import Testing

/// Models of accounts whose size makes them buy sooner.
@Suite struct FeatureConstraintTests {
  private struct Fitted {
    let model: TrainedModel
    let train: [PanelBlock]
    let names: [String]

    /// - Parameters:
    ///   - constraints: keys of `model`.
    ///   - overlay: other keys of the spec.
    init(_ constraints: String = "", _ overlay: String = "") throws {
      let bench = try AccountsBench()
      let parameters =
        "num_iterations: 60, num_leaves: 12, min_data_in_leaf: 10, feature_fraction_bynode: 0.5"
      let builder = try bench.builder(
        "model: {params: {\(parameters)}\(constraints.isEmpty ? "" : ", ")\(constraints)}\n"
          + overlay)
      train = try builder.blocks(builder.timeline[.train], threads: 1)
      names = builder.spec.features.map(\.name.value)
      model = try TrainedModel(
        builder.spec, train: train, texts: PanelTexts(builder),
        library: NativeTestLibrary.loadLightGBM(), settings: RunSettings(threads: 1))
    }

    /// The margins of some rows, once for each value that a feature is set to.
    func margins(_ feature: String, _ grid: [Double]) throws -> [[Double]] {
      let index = try #require(names.firstIndex(of: feature))
      let block = train[0].rows(Array(0..<50))
      return try grid.map { value in
        var columns = block.features.columns
        columns[index] = .double([Double](repeating: value, count: block.rowCount))
        let changed = PanelBlock(
          cutoff: block.cutoff, entities: block.entities, labels: block.labels,
          features: FeatureBlock(rowCount: block.rowCount, columns: columns))
        return try model.margins([changed], threads: 1)
      }
    }

    /// The pairs of features that are tested on one path of a tree, and all that are tested.
    var paths: (pairs: Set<[String]>, used: Set<String>) {
      var (pairs, used): (Set<[String]>, Set<String>) = ([], [])
      for tree in model.predictor.modelText.components(separatedBy: "\nTree=").dropFirst() {
        func numbers(_ name: String) -> [Int] {
          let line = tree.split(separator: "\n").first { $0.hasPrefix("\(name)=") }
          return (line?.dropFirst(name.count + 1) ?? "").split(separator: " ").compactMap {
            Int($0)
          }
        }
        let (features, left, right) = (
          numbers("split_feature"), numbers("left_child"), numbers("right_child")
        )
        func visit(_ node: Int, above: Set<String>) {
          guard node >= 0, node < features.count else { return }
          let name = names[features[node]]
          used.insert(name)
          for other in above where other != name { pairs.insert([name, other].sorted()) }
          visit(left[node], above: above.union([name]))
          visit(right[node], above: above.union([name]))
        }
        visit(0, above: [])
      }
      return (pairs, used)
    }
  }

  private static let grid = stride(from: -5.0, through: 110, by: 1).map { $0 }

  /// Whether any row's margin rises, or falls, from one value of the grid to the next.
  private static func moves(_ margins: [[Double]]) -> (rises: Bool, falls: Bool) {
    let steps = zip(margins, margins.dropFirst()).flatMap { zip($0, $1).map { $1 - $0 } }
    return (steps.contains { $0 > 0 }, steps.contains { $0 < 0 })
  }

  @Test(arguments: [("size", "increasing"), ("size", "decreasing"), ("age", "increasing")])
  func `the margin moves in one direction only`(_ feature: String, _ direction: String) throws {
    let grid = feature == "size" ? Self.grid : Self.grid.map { 8 * $0 }
    let free = Self.moves(try Fitted().margins(feature, grid))
    #expect(free.rises && free.falls)
    let bound = Self.moves(
      try Fitted("monotone: {\(feature): \(direction)}").margins(feature, grid))
    #expect(direction == "increasing" ? !bound.falls : !bound.rises)
  }

  @Test func `two directions are those of their features, whatever their order`() throws {
    let constraints = "monotone: {age: decreasing, size: increasing}"
    let fitted = try Fitted(constraints)
    #expect(fitted.names.firstIndex(of: "age") == 0 && fitted.names.firstIndex(of: "size") == 1)
    #expect(try !Self.moves(fitted.margins("size", Self.grid)).falls)
    #expect(try !Self.moves(fitted.margins("age", Self.grid.map { 8 * $0 })).rises)
    // The features in another order have the same constraints by name.
    let turned = try Fitted(constraints, "features: [visits, size, segment, region, age]")
    #expect(turned.names == ["visits", "size", "segment", "region", "age"])
    #expect(try !Self.moves(turned.margins("size", Self.grid)).falls)
    #expect(try !Self.moves(turned.margins("age", Self.grid.map { 8 * $0 })).rises)
  }

  @Test func `features of different groups are on no path together`() throws {
    let free = try Fitted().paths
    #expect(free.pairs.contains(["age", "size"]) && free.pairs.contains(["size", "visits"]))
    let bound = try Fitted("interactions: [[size], [age, region]]").paths
    let allowed: Set<[String]> = [["age", "region"], ["segment", "visits"]]
    #expect(bound.pairs.isSubset(of: allowed), "\(bound.pairs)")
    #expect(!bound.pairs.isEmpty)
    // Features that no group names are a group of their own, and are used.
    #expect(bound.used.contains("size") && bound.used.contains("visits"))
    // A feature of two groups goes with either, and with one of them at a time.
    let shared = try Fitted("interactions: [[size, age], [size, visits]]").paths
    #expect(
      shared.pairs.isSubset(of: [["age", "size"], ["size", "visits"], ["region", "segment"]]),
      "\(shared.pairs)")
  }

  @Test func `constraints by position are warned of, and refused beside names`() throws {
    func found(_ overlay: String) throws -> [String] {
      let spec = try AccountsBench.spec(overlay)
      return try ExperimentRunner.parameterFindings(spec.model, features: spec.features).map {
        "\($0.severity) \($0.id)"
      }
    }
    #expect(try found("model: {monotone: {size: increasing}, interactions: [[size]]}") == [])
    #expect(
      try found("model: {params: {mc: [0, 1, 0, 0, 0]}}") == ["warning H519"])
    #expect(
      try found("model: {params: {interaction_constraints: \"[0,1],[2,3,4]\"}}")
        == ["warning H519"])
    #expect(
      try found("model: {monotone: {size: increasing}, params: {mc: [0, 1, 0, 0, 0]}}")
        == ["error H519"])
    // What is wrong with the list comes first.
    #expect(try found("model: {params: {mc: [0, 1]}}") == ["error H530"])
    // The names count as the parameter that others need.
    let method = "params: {monotone_constraints_method: advanced}"
    #expect(try found("model: {\(method)}").first == "error H531")
    #expect(try found("model: {monotone: {size: increasing}, \(method)}") == [])
  }

  @Test func `a run with other constraints is another run`() throws {
    let bench = try AccountsBench()
    try bench.run("model: {monotone: {size: increasing}}")
    try bench.run("model: {monotone: {size: decreasing}}")
    try bench.run("model: {interactions: [[size]]}")
    let runs = bench.names(in: "results/accounts/runs").filter { $0 != "latest" }
    #expect(runs.count == 3)
    let models = try Set(runs.map { try bench.data("results/accounts/runs/\($0)/model.txt") })
    #expect(models.count == 3)
  }
}
