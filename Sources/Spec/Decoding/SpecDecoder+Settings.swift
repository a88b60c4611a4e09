import Diagnostics
import OrderedCollections
import YAML

extension SpecDecoder {
  mutating func decodeCutoffs() -> CutoffsSpec? {
    guard let fields = root.fields("cutoffs"), let cadence = cadence(fields),
      let train = roleCutoffs(fields, "train"), let calibrate = roleCutoffs(fields, "calibrate"),
      let test = fields.integer("test"), let last = last(fields), let embargo = embargo(fields),
      let folds = fields.integer("folds"),
      let arithmetic = fields.word("month_arithmetic", as: MonthArithmetic.self)
    else { return nil }
    if embargo == .none { findings.append(.noEmbargo(at: fields["embargo"]?.span ?? fields.span)) }
    if folds.value > 1, fields["step"] == nil { findings.append(.foldsWithoutStep(folds)) }
    return CutoffsSpec(
      span: root.key("cutoffs")?.span ?? fields.span, cadence: cadence, train: train,
      calibrate: calibrate, test: test, last: last, embargo: embargo, folds: folds,
      step: fields.period("step"), monthArithmetic: arithmetic.value)
  }

  private mutating func roleCutoffs(
    _ fields: Fields, _ role: String
  ) -> CutoffsSpec.RoleCutoffs? {
    if let count = fields.integer(role) { return CutoffsSpec.RoleCutoffs(count) }
    guard let own = fields.fields(role) else { return nil }
    let cadence = cadence(own)
    if let count = own.integer("count") {
      return CutoffsSpec.RoleCutoffs(.count(count.value), cadence: cadence, at: count.span)
    }
    return own.date("from").map {
      CutoffsSpec.RoleCutoffs(.from($0.value), cadence: cadence, at: $0.span)
    }
  }

  private mutating func cadence(_ fields: Fields) -> CutoffsSpec.Cadence? {
    if let period = fields.period("every") { return .every(period.value) }
    if fields["every"]?.sequence != nil { return listed(fields.items("every").compactMap(\.date)) }
    switch fields.text("every")?.value {
    case "month_end": return .monthEnd
    case "quarter_end": return .quarterEnd
    case .some(let word):
      return SpecLanguage.weekdays.firstIndex(of: word).map { .weekly(weekday: $0 + 1) }
    case nil: return nil
    }
  }

  /// Returns a list of cutoffs, with a finding for the first that is not after the one before it.
  private mutating func listed(_ days: [Located<CalendarDate>]) -> CutoffsSpec.Cadence {
    if let (before, day) = zip(days, days.dropFirst()).first(where: { $1.value <= $0.value }) {
      findings.append(.cutoffsNotAscending(day, after: before))
    }
    return .listed(Set(days.map(\.value)).sorted())
  }

  private func last(_ fields: Fields) -> CutoffsSpec.Last? {
    if let date = fields.date("last") { return .date(date) }
    return fields.text("last")?.value == "latest_mature" ? .latestMature : nil
  }

  private func embargo(_ fields: Fields) -> CutoffsSpec.Embargo? {
    if let period = fields.period("embargo") { return .extended(period.value) }
    return switch fields.text("embargo")?.value {
    case "horizon": .horizon
    case "none": CutoffsSpec.Embargo.none
    default: nil
    }
  }

  mutating func decodeModel() -> ModelSpec? {
    guard let fields = root.fields("model") else { return nil }
    var parameters: [ModelSpec.Parameter] = []
    for entry in fields.fields("params")?.mapping.entries ?? [] {
      let texts = (entry.value.sequence ?? [entry.value]).compactMap(\.parameterText)
      parameters.append(
        ModelSpec.Parameter(
          name: entry.key, value: Located(texts.joined(separator: ","), at: entry.value.span)))
    }
    guard let weight = classWeight(fields), let seed = fields.integer("seed"),
      let trainer = fields.word("trainer", as: ModelSpec.Trainer.self),
      let learner = decodeLearner(fields, parameters)
    else { return nil }
    return ModelSpec(
      learner: learner, trainer: trainer, span: root.key("model")?.span ?? fields.span,
      preset: fields.word("preset", as: ModelPreset.self)?.value ?? .none, classWeight: weight,
      parameters: parameters, constraints: FeatureConstraints(fields),
      quantizedGradients: fields["quantized_gradients"]?.boolean ?? false,
      earlyStopping: earlyStopping(fields), seed: seed.value)
  }

  private func earlyStopping(_ fields: Fields) -> ModelSpec.EarlyStopping? {
    guard let own = fields.fields("early_stopping"), let rounds = own.integer("rounds"),
      let cutoffs = own.integer("validation_cutoffs")
    else { return nil }
    return ModelSpec.EarlyStopping(
      span: fields.key("early_stopping")?.span ?? own.span, rounds: rounds.value,
      validationCutoffs: cutoffs)
  }

  private func classWeight(_ fields: Fields) -> ModelSpec.ClassWeight? {
    if let number = fields.number("class_weight") { return .positive(number.value) }
    return switch fields.text("class_weight")?.value {
    case "none": ModelSpec.ClassWeight.none
    case "balanced": .balanced
    default: nil
    }
  }

  func decodeSample() -> SampleSpec? {
    guard let node = root.fields("sample")?["negatives"] else { return nil }
    let count = node.perPositive?.map { SampleSpec.Negatives.perPositive($0) }
    return (count ?? node.number?.map { .share($0) }).map { SampleSpec(negatives: $0) }
  }

  mutating func decodeCalibration() -> CalibrationSpec? {
    guard let fields = root.fields("calibration"),
      let method = fields.word("method", as: CalibrationSpec.Method.self),
      let fit = calibrationFit(fields)
    else { return nil }
    let bounds = fields.word("bounds", as: CalibrationSpec.Bounds.self)
    if let bounds, method.value != .isotonic, method.value != .auto {
      findings.append(.boundsNothing(bounds, method))
    }
    return CalibrationSpec(
      span: root.key("calibration")?.span ?? fields.span, method: method, fit: fit,
      bounds: bounds?.value ?? .jeffreys)
  }

  private mutating func calibrationFit(_ fields: Fields) -> Located<CalibrationSpec.Fit>? {
    guard let word = fields.text("fit") else { return nil }
    let folds = fields.integer("folds")
    if word.value != "cross_fit", let key = fields.key("folds") {
      findings.append(.foldsOfNoCrossFit(key))
    }
    switch word.value {
    case "calibrate": return word.map { _ in .calibrate }
    case "cross_fit": return word.map { _ in .crossFit(folds: folds?.value ?? 5) }
    case "test": return word.map { _ in .test }
    default: return nil
    }
  }

  mutating func decodeEvaluation() -> EvaluationSpec? {
    guard let fields = root.fields("evaluation"), let intervals = fields.fields("intervals"),
      let resamples = intervals.integer("resamples"), let level = intervals.number("level"),
      let seed = intervals.integer("seed"), let minimum = fields.integer("min_positives")
    else { return nil }
    checkRepeats("top_k", fields)
    checkRepeats("top_percent", fields)
    checkRepeats("baselines", fields)
    // Beside a logistic regression, the baseline of that name would be the same model.
    let baselines = Self.baselines(fields).filter { !($0 == .logistic && learnsLogistic) }
    return EvaluationSpec(
      topK: fields.items("top_k").compactMap(\.integer?.value),
      topPercent: fields.items("top_percent").compactMap(\.number?.value),
      segments: decodeSegments(fields), resamples: resamples.value, level: level.value,
      seed: seed.value, minimumPositives: minimum.value, cluster: decodeCluster(fields),
      baselines: baselines)
  }

  /// The baselines that are asked for, in the order in which they are evaluated.
  private static func baselines(_ fields: Fields) -> [EvaluationSpec.Baseline] {
    let words = Set(fields.texts("baselines").map(\.value))
    return EvaluationSpec.Baseline.allCases.filter { words.contains($0.rawValue) }
  }

  mutating func decodeGates(_ evaluation: EvaluationSpec?) -> GatesSpec? {
    // A malformed segment has its own finding.
    let segments = root.fields("evaluation")?.names("segments").map(\.value)
    var decoder = GatesDecoder(
      metrics: evaluation?.metrics, segments: segments ?? [], baselines: evaluation?.baselines,
      learnsLogistic: learnsLogistic)
    defer { findings += decoder.findings }
    return decoder.gates(in: root)
  }

  /// Checks that every `{...}` in a text is a known placeholder.
  mutating func checkPlaceholders(_ text: SQLText, _ known: [String]) {
    for match in text.text.matches(of: /\{[^{}]*\}/) where !known.contains(String(match.output)) {
      let utf8 = text.text.utf8
      let start = utf8.distance(from: utf8.startIndex, to: match.range.lowerBound)
      let place = text.span(of: start..<start + match.output.utf8.count)
      findings.append(.unknownPlaceholder(String(match.output), known: known, at: place))
    }
  }

  /// Reports items that occur twice in a list; numbers are compared as numbers.
  mutating func checkRepeats(_ key: String, _ fields: Fields) {
    var numbers: Set<Double> = []
    var texts: Set<String> = []
    for item in fields.items(key) {
      let isNew =
        item.number.map { numbers.insert($0.value).inserted }
        ?? item.text.map { texts.insert($0.value).inserted } ?? true
      if !isNew { findings.append(.repeated(key, item)) }
    }
  }
}

extension Node {
  /// The value as the learner reads it.
  fileprivate var parameterText: String? {
    switch scalar?.value {
    case .bool(let flag): flag ? "true" : "false"
    case .integer(let number): String(number)
    case .float(let number):
      number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : "\(number)"
    case .string(let text): text
    case .null, nil: nil
    }
  }
}

extension SpecDecoder {
  /// Decodes `evaluation.segments`. A column is read as a feature would read it: as of the cutoff,
  /// and only if it is not `current`, unless `look_ahead` allows it.
  mutating func decodeSegments(_ fields: Fields) -> [SegmentSpec] {
    checkRepeats("segments", fields)
    return fields.items("segments").compactMap { item in
      guard let written = item.column else {
        return item.text.map { SegmentSpec(input: .feature($0)) }
      }
      let reference =
        written.value == Self.labelEvent ? labelColumn(standingAt: written.span) : written
      guard let reference else { return nil }
      checkRowUse(reference, .segment)
      return SegmentSpec(input: .column(reference))
    }
  }

  /// Checks that segments without a source are chosen features. Anything but a name has its own
  /// finding.
  mutating func checkSegments(features: [FeatureSpec]) {
    let chosen = features.map(\.name.value)
    for name in root.fields("evaluation")?.names("segments") ?? []
    where name.value.isIdentifier && !chosen.contains(name.value) {
      let columns = catalog.sources.values.filter { source in
        source.columns[name.value].map { ColumnPurpose.segment.types.contains($0.type) } ?? false
          && !source.isEvents
      }.map { ColumnReference(source: $0.name.value, column: name.value) }
      findings.append(.segmentOfNothing(name, features: chosen, columns: columns))
    }
  }
}
