internal import Diagnostics
internal import Evaluation
internal import Learning
internal import Panel
internal import Spec
internal import Warehouse

/// Everything one run of a spec found out, before any of it is written.
struct ExperimentRun {
  let spec: ExperimentSpec
  let timeline: Timeline
  let counts: RoleCounts
  let cutoffCounts: [CutoffCounts]
  let model: TrainedModel
  let calibrator: Calibrator
  /// The calibrate and test cutoffs' rows, scored, in the order of cutoff, then entity.
  let scored: [ScoredBlock]
  let evaluation: RunEvaluation
  let caveats: Caveats
  let warnings: [Finding]

  /// Runs a spec: panel, training, calibration, evaluation.
  /// - Throws: `FindingsError` for what the spec or its data are to blame for.
  init(
    _ spec: ExperimentSpec, builder: PanelBuilder, library: LightGBMLibrary, settings: RunSettings
  ) throws {
    let timeline = builder.timeline
    var counts = RoleCounts()
    var cutoffCounts: [CutoffCounts] = []
    var blocks: [Role: [PanelBlock]] = [:]
    let cutoffs = timeline.cutoffs.filter { $0.role != .immature }
    let built = cutoffs.filter { $0.role != .embargoed }
    settings.progress(RunProgress(stage: .panel, done: 0, total: built.count))
    let all = try builder.blocks(built, threads: settings.threads) { done in
      settings.progress(RunProgress(stage: .panel, done: done, total: built.count))
    }
    for block in all { blocks[block.cutoff.role, default: []].append(block) }
    let byDate = Dictionary(uniqueKeysWithValues: all.map { ($0.cutoff, $0.counts) })
    for cutoff in cutoffs {
      let counted = try byDate[cutoff] ?? builder.counts(cutoff)
      counts.add(counted)
      cutoffCounts.append(counted)
    }
    let train = blocks.removeValue(forKey: .train) ?? []
    let model = try TrainedModel(
      spec, train: train, builder: builder, library: library, settings: settings)
    settings.progress(RunProgress(stage: .scoring, done: 0, total: 0))
    let calibrate = blocks[.calibrate] ?? []
    let test = blocks[.test] ?? []
    let margins = try model.margins(calibrate + test, threads: settings.threads)
    let split = calibrate.reduce(0) { $0 + $1.rowCount }
    let calibrator = try Self.calibrator(
      spec, margins: Array(margins[..<split]), labels: calibrate.flatMap(\.labels),
      buyers: counts.buyerCount(.calibrate))
    let scores = calibrator.apply(margins)
    scored = ScoredBlock.split(calibrate + test, margins: margins, scores: scores)
    settings.progress(RunProgress(stage: .evaluation, done: 0, total: 0))
    evaluation = try RunEvaluation(
      spec, builder: builder, model: model, train: train, calibrate: calibrate, test: test,
      margins: Array(margins[split...]), scores: Array(scores[split...]),
      threads: settings.threads)
    self.spec = spec
    self.timeline = timeline
    self.counts = counts
    self.cutoffCounts = cutoffCounts
    self.model = model
    self.calibrator = calibrator
    caveats = Caveats(spec, builder: builder)
    warnings = builder.findings
  }

  private static func calibrator(
    _ spec: ExperimentSpec, margins: [Double], labels: [UInt8], buyers: Int
  ) throws -> Calibrator {
    let method = CalibrationMethod(rawValue: spec.calibration.method.value.rawValue) ?? .auto
    do throws(CalibrationError) {
      return try Calibrator.fit(
        method: method, margins: margins, labels: labels, distinctBuyers: buyers)
    } catch {
      throw FindingsError(.cannotCalibrate(spec, error.description))
    }
  }
}

/// A cutoff's rows with margin and score.
struct ScoredBlock {
  let cutoff: Cutoff
  let entities: [Int32]
  let labels: [UInt8]
  let margins: [Double]
  let scores: [Double]

  /// Deals margins and scores of consecutive blocks out to them.
  static func split(
    _ blocks: [PanelBlock], margins: [Double], scores: [Double]
  ) -> [ScoredBlock] {
    var start = 0
    return blocks.map { block in
      let range = start..<(start + block.rowCount)
      start = range.upperBound
      return ScoredBlock(
        cutoff: block.cutoff, entities: block.entities, labels: block.labels,
        margins: Array(margins[range]), scores: Array(scores[range]))
    }
  }
}

extension PanelBlock {
  /// The block's rows and buyers.
  var counts: CutoffCounts {
    CutoffCounts(
      cutoff: cutoff, rows: rowCount,
      buyers: labels.indices.filter { labels[$0] == 1 }.map { entities[$0] })
  }
}
