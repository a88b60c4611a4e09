import Experiment
import Foundation
import HoldoutTestSupport
import Learning
import Panel
import Spec
import Testing

@Suite struct EarlyStopTests {
  private static func cutoff(_ date: String, windowEnd: String) throws -> Cutoff {
    Cutoff(
      date: try #require(CalendarDate(date)), role: .train,
      windowEnd: try #require(CalendarDate(windowEnd)))
  }

  /// Month ends whose windows are three months long.
  private static func train() throws -> [Cutoff] {
    try [
      ("2024-01-31", "2024-04-30"), ("2024-02-29", "2024-05-29"), ("2024-03-31", "2024-06-30"),
      ("2024-04-30", "2024-07-30"), ("2024-05-31", "2024-08-31"), ("2024-06-30", "2024-09-30"),
    ].map { try cutoff($0, windowEnd: $1) }
  }

  private static func days(_ days: [CalendarDate]) -> [String] { days.map(\.description) }

  @Test func `validation cutoffs are as far from what is learned as test is from train`() throws {
    let spec = try AccountsBench.spec()
    let one = ValidationSplit(validating: 1, spec.cutoffs, train: try Self.train())
    #expect(Self.days(one.validation) == ["2024-06-30"])
    // A window that ends on the first validation day is over by then.
    #expect(Self.days(one.fitted) == ["2024-01-31", "2024-02-29", "2024-03-31"])
    let two = ValidationSplit(validating: 2, spec.cutoffs, train: try Self.train())
    #expect(Self.days(two.validation) == ["2024-05-31", "2024-06-30"])
    #expect(Self.days(two.fitted) == ["2024-01-31", "2024-02-29"])
    let open = try AccountsBench.spec("cutoffs: {embargo: none}")
    let all = ValidationSplit(validating: 2, open.cutoffs, train: try Self.train())
    #expect(
      Self.days(all.fitted) == ["2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30"])
  }

  @Test func `with too few cutoffs nothing is left to learn from`() throws {
    let spec = try AccountsBench.spec()
    let train = Array(try Self.train().suffix(3))
    #expect(ValidationSplit(validating: 1, spec.cutoffs, train: train).fitted.isEmpty)
    #expect(ValidationSplit(validating: 3, spec.cutoffs, train: train).fitted.isEmpty)
  }

  @Test func `the number of trees is that of the lowest log loss on the validation rows`() throws {
    let bench = try AccountsBench()
    let limit = 40
    let overlay = """
      model: {params: {num_iterations: \(limit), num_leaves: 6, learning_rate: 0.4},
        early_stopping: {rounds: 6, cutoffs: 2}}
      """
    let builder = try bench.builder(overlay)
    let train = try builder.blocks(builder.timeline[.train], threads: 1)
    let (texts, library) = (try PanelTexts(builder), try NativeTestLibrary.loadLightGBM())
    let settings = RunSettings(threads: 1)
    let model = try TrainedModel(
      builder.spec, train: train, texts: texts, library: library, settings: settings)
    let stop = try #require(model.earlyStop)
    // The same by hand: a model of its own for each number of trees.
    let fitted = train.filter { stop.split.fitted.contains($0.cutoff.date) }
    let validation = train.filter { stop.split.validation.contains($0.cutoff.date) }
    #expect(validation.count == 2 && !fitted.isEmpty && stop.limit == limit)
    let labels = validation.flatMap(\.labels)
    let losses = try (1...limit).map { trees in
      let trial = try TrainedModel(
        builder.spec, train: fitted, trees: trees, texts: texts, library: library,
        settings: settings)
      return zip(try trial.margins(validation, threads: 1), labels).reduce(0) { sum, row in
        let probability = 1 / (1 + exp(-row.0))
        return sum - log(row.1 == 1 ? probability : 1 - probability)
      } / Double(labels.count)
    }
    var best = 0
    for place in losses.indices {
      if place - best >= 6 { break }
      if losses[place] < losses[best] { best = place }
    }
    #expect(stop.search.trees == best + 1)
    #expect(best + 1 < limit, "the search has to end before its limit to say anything")
    // Sums of some hundred terms near 0.1, in another order.
    #expect(abs(stop.search.logLoss - losses[best]) < 1e-9)
    // The model itself has learned from all train rows.
    let whole = try TrainedModel(
      builder.spec, train: train, trees: best + 1, texts: texts, library: library,
      settings: settings)
    #expect(model.predictor.modelText == whole.predictor.modelText)
  }
}
