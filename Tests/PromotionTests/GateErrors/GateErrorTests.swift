import Evaluation
import Foundation
import HoldoutTestSupport
import Learning
import Testing

/// How often a gate errs where the truth is known.
///
/// `scripts/gate-errors` simulates 500 pairs of each kind and prints the rates; the slices here take
/// seconds and fail only where chance would do it once in a million.
@Suite(.serialized) struct GateErrorTests {
  private let simulations = Simulations.asked
  private static let almostImpossible = 1e-6

  private static let configuration = LearnerConfiguration(
    parameters: [
      Parameter("num_leaves", "8"), Parameter("learning_rate", "0.1"),
      Parameter("bagging_fraction", "0.6"), Parameter("bagging_freq", "1"),
      Parameter("feature_fraction", "0.6"), Parameter("min_data_in_leaf", "20"),
    ], iterations: 30)

  @Test func `models that differ only in seed fail the gate at most at its nominal rate`() throws {
    let library = try NativeTestLibrary.loadLightGBM()
    let comparisons = try simulations.each { pair in
      let seed = simulations.seed("seeds", pair)
      let train = SimulatedEntities(seed: seed, entities: Simulations.entities)
      let test = SimulatedEntities(seed: seed ^ 1, entities: Simulations.entities)
      let sides = try [1, 2].map { model in
        test.scored(try Self.margins(library, train, test, seed: 2 * pair + model))
      }
      return try #require(simulations.compare(sides[0], sides[1]))
    }
    simulations.say("pairs of LightGBM models that differ only in seed, fresh data for each pair")
    simulations.report(comparisons)
    expectFewFailures(comparisons)
  }

  private static func margins(
    _ library: LightGBMLibrary, _ train: SimulatedEntities, _ test: SimulatedEntities, seed: Int
  ) throws -> [Double] {
    var configuration = configuration
    configuration.seed = seed
    let encodings = [ColumnEncoding](repeating: .number, count: SimulatedEntities.traits)
    let dataset = try Dataset(
      library: library, blocks: train.blocks,
      names: (0..<SimulatedEntities.traits).map { "trait_\($0)" }, encodings: encodings,
      labels: train.labels.map(Float.init), configuration: configuration, threads: 1)
    return try Booster.train(on: dataset, configuration: configuration, threads: 1)
      .predictMargins(blocks: test.blocks, encodings: encodings, threads: 1)
  }

  @Test func `equally good models are told apart at most at the nominal rate`() throws {
    let comparisons = try simulations.each { pair in
      var test = SimulatedEntities(
        seed: simulations.seed("equal", pair), entities: Simulations.entities)
      return try #require(simulations.compare(test.judged(noise: 1), test.judged(noise: 1)))
    }
    simulations.say("pairs of equally good models: the truth with noise of their own")
    simulations.report(comparisons)
    expectFewFailures(comparisons)
    let apart = Share(comparisons.count { $0.pValue <= 0.05 }, of: comparisons.count)
    #expect(apart.chanceOfSoMany(at: 0.05) > Self.almostImpossible, "\(apart)")
  }

  private func expectFewFailures(_ comparisons: [PairedComparison]) {
    let fails = Share(
      comparisons.count {
        NonInferiority($0, margin: simulations.options().smallestEffect).outcome == .fail
      }, of: comparisons.count)
    #expect(fails.chanceOfSoMany(at: 0.025) > Self.almostImpossible, "\(fails)")
  }

  @Test func `a loss of the whole margin passes at most at the nominal rate`() throws {
    // A margin as great as the true loss, which is as bad as a gate may let through.
    let (poor, good) = (1.6, 0.8)
    let margin = try trueDifference(poor, good)
    let passes = try simulations.each { pair in
      var test = SimulatedEntities(
        seed: simulations.seed("loss", pair), entities: Simulations.entities)
      let base = test.judged(noise: good)
      let comparison = try #require(simulations.compare(base, test.judged(noise: poor)))
      return NonInferiority(comparison, margin: margin).outcome == .pass
    }
    let share = Share(passes.count(where: \.self), of: passes.count)
    simulations.say("candidates that are worse by exactly the margin")
    simulations.say("  gate, pass (nominal 2.5 %): \(share)")
    #expect(share.chanceOfSoMany(at: 0.025) > Self.almostImpossible, "\(share)")
  }

  @Test func `the smallest detectable effect is found four times out of five`() throws {
    let base = 1.6
    // The noise whose true effect equals what comparisons of such models say that they can see.
    var (low, high) = (0.0, base)
    for _ in 0..<6 {
      let noise = (low + high) / 2
      let seen = try stated(base, noise).reduce(0, +) / 20
      if try trueDifference(base, noise) > seen { low = noise } else { high = noise }
    }
    let noise = (low + high) / 2
    let truth = try trueDifference(base, noise)
    let verdicts = try simulations.each { pair in
      try #require(compared(base, noise, "power", pair))
    }
    let share = Share(verdicts.count { $0.verdict == .better }, of: verdicts.count)
    let mean = verdicts.map(\.smallestDetectable).reduce(0, +) / Double(verdicts.count)
    simulations.say("candidates that are better by the smallest detectable effect")
    simulations.say(
      String(format: "  true effect %.4f, stated on average %.4f (ROC AUC)", truth, mean))
    let seen = verdicts.map(\.decisive.difference).reduce(0, +) / Double(verdicts.count)
    simulations.say(String(format: "  found on average %.4f", seen))
    simulations.say("  better (at least 80 %): \(share)")
    #expect(share.chanceOfSoFew(at: 0.8) > Self.almostImpossible, "\(share)")
  }

  private func compared(
    _ base: Double, _ candidate: Double, _ simulation: String, _ pair: Int,
    resamples: Int? = nil
  ) -> PairedComparison? {
    var test = SimulatedEntities(
      seed: simulations.seed(simulation, pair), entities: Simulations.entities)
    let rows = test.judged(noise: base)
    return simulations.compare(rows, test.judged(noise: candidate), resamples: resamples)
  }

  /// The smallest detectable effects that 20 comparisons state.
  private func stated(_ base: Double, _ candidate: Double) throws -> [Double] {
    try simulations.each(20) { pair in
      try #require(compared(base, candidate, "pilot", pair, resamples: 100)).smallestDetectable
    }
  }

  /// By how much the ROC AUC of models with such noise differs on very many rows: second less first.
  private func trueDifference(_ base: Double, _ candidate: Double) throws -> Double {
    var entities = SimulatedEntities(
      seed: 12, entities: simulations.isWhole ? 60_000 : 15_000)
    let areas = try [base, candidate].map { noise in
      try #require(entities.expectedArea(entities.judged(noise: noise).margin))
    }
    return areas[1] - areas[0]
  }
}
