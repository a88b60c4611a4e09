import Diagnostics
import OrderedCollections
import YAML

extension SpecDecoder {
  /// Checks cutoffs and label against the days the sources cover.
  mutating func checkTime(cutoffs: CutoffsSpec?, label: LabelSpec?) {
    if let cutoffs { checkStep(cutoffs) }
    guard let label else { return }
    if let cutoffs { checkGaps(cutoffs, label) }
    let name =
      switch label.event {
      case .date(let column): column.value.source
      case .row(let source, _): source.value
      }
    guard let source = catalog.sources[name] else { return }
    guard let dataThrough = source.dataThrough else {
      // A day that cannot be read is a finding of its own.
      let written = root.fields("sources")?.fields(name)?.key("data_through")
      if written == nil, root.key("data_through") == nil {
        findings.append(.labelWithoutDataThrough(label.span, source))
      }
      return
    }
    let observed = min(dataThrough.value, root.date("as_of")?.value ?? dataThrough.value)
    if let asOf = root.date("as_of"), asOf.value > dataThrough.value {
      findings.append(.asOfAfterData(asOf, dataThrough))
    }
    guard let cutoffs, case .date(let last) = cutoffs.last else { return }
    guard cutoffs.cadence.allows(last.value) else {
      // When its labels are in does not matter before it is a cutoff at all.
      findings.append(.lastOffCadence(last, nearest: cutoffs.cadence.nearest(to: last.value)))
      return
    }
    if label.immature == .negative {
      if last.value > observed { findings.append(.lastAfterData(last, observed: observed, source)) }
      return
    }
    let end = last.value
      .adding(label.horizon.value, arithmetic: cutoffs.monthArithmetic)
      .adding(label.labelDelay, arithmetic: cutoffs.monthArithmetic)
    if end > observed {
      findings.append(
        .lastNotMature(
          last, settledOn: end, settles: label.labelDelay.count > 0, observed: observed, source))
    }
  }

  /// Warns of a horizon that never reaches from one cutoff to the next.
  private mutating func checkGaps(_ cutoffs: CutoffsSpec, _ label: LabelSpec) {
    if label.horizon.value.count > 0, isShorter(label.horizon.value, than: cutoffs) {
      findings.append(
        .gapsBetweenWindows(
          label.horizon, every: root.fields("cutoffs")?["every"]?.span ?? cutoffs.span))
    }
  }

  /// Refuses a step that leaves folds where they are. What the calendar makes of a longer one shows
  /// when the last cutoff is known.
  private mutating func checkStep(_ cutoffs: CutoffsSpec) {
    guard cutoffs.folds.value > 1, let step = cutoffs.step, isShorter(step.value, than: cutoffs)
    else { return }
    findings.append(
      .stepTooShort(step, every: root.fields("cutoffs")?["every"]?.span ?? cutoffs.span))
  }

  /// Whether a period never reaches from one cutoff to the next.
  private func isShorter(_ period: Period, than cutoffs: CutoffsSpec) -> Bool {
    let every = cutoffs.cadence.period
    // Months differ in length: only what is shorter than every month's step never reaches.
    let starts = (1...12).compactMap { month in
      let length = CalendarDate.lengthOfMonth(month, year: 2023)
      return CalendarDate(year: 2023, month: month, day: length)
    }
    return starts.allSatisfy { start in
      start.adding(period, arithmetic: cutoffs.monthArithmetic)
        < start.adding(every, arithmetic: cutoffs.monthArithmetic)
    }
  }

  mutating func checkCalibration(cutoffs: CutoffsSpec?, calibration: CalibrationSpec?) {
    guard let cutoffs, let calibration else { return }
    let count = cutoffs.calibrate.value
    if calibration.fit.value != .calibrate {
      if count > 0 {
        findings.append(.calibrateCutoffsBeside(calibration.fit, cutoffs.calibrate))
      } else if calibration.method.value == .none {
        findings.append(.fitsNothing(calibration.fit))
      } else if calibration.fit.value == .test {
        findings.append(.calibratedOnTest(calibration.fit.span))
      }
      return
    }
    if count == 0, calibration.method.value != .none {
      findings.append(.nothingToCalibrateOn(cutoffs.calibrate, calibration.method))
    }
    if count > 0, calibration.method.value == .none {
      findings.append(.calibratesNothing(cutoffs.calibrate, calibration.method))
    }
  }

  mutating func checkEarlyStopping(cutoffs: CutoffsSpec?, model: ModelSpec?) {
    guard let cutoffs, let validation = model?.earlyStopping?.validationCutoffs else { return }
    if validation.value >= cutoffs.train.value {
      findings.append(.validatesOnAllTrainCutoffs(validation, train: cutoffs.train))
    }
  }

  /// Segments and rankings go by category features that are chosen.
  mutating func checkSegments(features: [FeatureSpec]) {
    let categories = features.filter(\.expression.isCategory).map(\.name.value)
    let all = features.map(\.name.value)
    for (map, key) in [("evaluation", "segments"), ("score", "rank_within")] {
      for name in root.fields(map)?.names(key) ?? [] where !categories.contains(name.value) {
        findings.append(
          .notACategory(name, "\(map).\(key)", isFeature: all.contains(name.value), categories))
      }
    }
  }

  /// Tells the warnings held back, and warns of sources in the spec's own file that nothing reads.
  mutating func reportHeldBack() {
    guard !findings.hasErrors else { return }
    for source in catalog.sources.values
    where !catalog.used.contains(source.name.value) && source.name.span.file === mainFile {
      findings.append(.unusedSource(source.name))
    }
    findings += heldBack
  }
}

extension CutoffsSpec.Cadence {
  /// How far apart cutoffs are.
  fileprivate var period: Period {
    switch self {
    case .monthEnd: Period(1, .months)
    case .quarterEnd: Period(3, .months)
    case .weekly: Period(1, .weeks)
    case .every(let period): period
    }
  }

  /// Whether a day can be a cutoff of this cadence.
  fileprivate func allows(_ date: CalendarDate) -> Bool {
    switch self {
    case .monthEnd: date.isLastOfMonth
    case .quarterEnd: date.isLastOfMonth && date.civil.month % 3 == 0
    case .weekly(let weekday): date.weekday == weekday
    case .every: true
    }
  }

  /// The last day on or before another that can be a cutoff of this cadence.
  fileprivate func nearest(to date: CalendarDate) -> CalendarDate? {
    // No cadence leaves out more days than a quarter has.
    (0...92).lazy.map { CalendarDate(days: date.days - $0) }.first {
      allows($0) && $0.civil.year >= 1
    }
  }
}
