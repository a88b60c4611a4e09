import Evaluation
import Experiment
import HoldoutTestSupport
import Learning
import Panel
import Spec
import Testing

@Suite struct LogisticLearnerTests {
  private static let logistic = "model: {params: null, learner: logistic}\n"
  private static let settings = RunSettings(threads: 1)

  /// The train rows of a spec, and what training needs beside them.
  private struct Rows {
    private let bench: AccountsBench
    let builder: PanelBuilder
    let train: [PanelBlock]
    let texts: PanelTexts
    let library: LightGBMLibrary

    init(_ overlay: String) throws {
      // A builder loads the sources into the bench's database, so each has a bench of its own.
      bench = try AccountsBench()
      builder = try bench.builder(overlay)
      train = try builder.blocks(builder.timeline[.train], threads: 1)
      texts = try PanelTexts(builder)
      library = try NativeTestLibrary.loadLightGBM()
    }

    func model(threads: Int = 1) throws -> TrainedModel {
      try TrainedModel(
        builder.spec, train: train, texts: texts, library: library,
        settings: RunSettings(threads: threads))
    }
  }

  @Test func `the learner is the model that is the baseline beside trees`() throws {
    let trees = try Rows("")
    let baseline = try #require(
      try LogisticBaseline(
        trees.builder.spec, trees.model(), train: trees.train, calibrate: [], test: trees.train,
        texts: trees.texts, threads: 1))
    // The baseline draws with seed 0; another seed changes the last digits.
    let own = try Rows("model: {params: null, learner: logistic, seed: 0}\n")
    let model = try own.model()
    #expect(model.predictor.modelText == baseline.model.modelText)
    #expect(try model.margins(own.train, threads: 2) == baseline.margins)
    #expect(try own.model(threads: 2).predictor.modelText == model.predictor.modelText)
    let read = try PredictorText.predictor(model.predictor.modelText, library: own.library)
    #expect(read.modelText == model.predictor.modelText && read is LogisticRegression)
    #expect(model.earlyStop == nil && model.sample == nil)
  }

  @Test func `a text of trees gives trees`() throws {
    let rows = try Rows("")
    let model = try rows.model()
    let read = try PredictorText.predictor(model.predictor.modelText, library: rows.library)
    #expect(read is Booster && read.modelText == model.predictor.modelText)
    #expect(throws: LearningError.self) {
      try PredictorText.predictor("neither", library: rows.library)
    }
  }

  @Test func `sampled negatives are weighted, so that the mean probability is the base rate`()
    throws
  {
    let all = try Rows(Self.logistic)
    let sampled = try Rows(Self.logistic + "sample: {negatives: 0.3}\n")
    let model = try sampled.model()
    let use = try #require(model.sample)
    #expect(use.weight > 2)
    // A penalty does not touch the intercept, so the mean probability of the rows that were learned
    // is their base rate, and that of all rows is near it.
    let margins = try model.margins(all.train, threads: 1)
    let mean = margins.reduce(0) { $0 + Logistic.probability($1) } / Double(margins.count)
    let positives = all.train.reduce(0) { $0 + $1.labels.count { $0 == 1 } }
    let rate = Double(positives) / Double(margins.count)
    #expect(abs(mean - rate) < 0.2 * rate, "\(mean) \(rate)")
    // Without weights it would be about three times as high.
    let balanced = try Rows(
      "model: {params: null, learner: logistic, class_weight: balanced}\n")
    let heavy = try balanced.model().margins(all.train, threads: 1)
    let half = heavy.reduce(0) { $0 + Logistic.probability($1) } / Double(heavy.count)
    #expect(half > 2 * rate)
  }

  @Test func `cross-fitting fits a regression for each fold`() throws {
    let rows = try Rows(Self.logistic)
    let crossFit = try CrossFit(
      rows.builder.spec, folds: 3, train: rows.train, texts: rows.texts, library: rows.library,
      logOddsPerMargin: 1, settings: Self.settings)
    #expect(crossFit.margins.count == rows.train.reduce(0) { $0 + $1.rowCount })
    #expect(crossFit.margins.allSatisfy { $0.isFinite })
    let own = try rows.model().margins(rows.train, threads: 1)
    #expect(Set(crossFit.margins) != Set(own))
  }
}
