import Diagnostics
import OrderedCollections
import YAML

extension SpecDecoder {
  /// Checks cutoffs and label against the days that the sources cover.
  mutating func checkTime(cutoffs: CutoffsSpec?, label: LabelSpec?) {
    if let cutoffs { checkStep(cutoffs) }
    guard let label else { return }
    if let cutoffs { checkGaps(cutoffs, label) }
    // The label is known as far as all of its sources are.
    var sources: [(source: SourceSpec, through: Located<CalendarDate>)] = []
    for name in label.sourceNames {
      guard let source = catalog.sources[name] else { return }
      guard let dataThrough = source.dataThrough else {
        // A `data_through` that cannot be parsed has its own finding.
        let written = root.fields("sources")?.fields(name)?.key("data_through")
        if written == nil, root.key("data_through") == nil {
          findings.append(.labelWithoutDataThrough(label.span, source))
        }
        return
      }
      sources.append((source, dataThrough))
    }
    guard let (source, dataThrough) = sources.min(by: { $0.through.value < $1.through.value })
    else { return }
    let observed = min(dataThrough.value, root.date("as_of")?.value ?? dataThrough.value)
    if let asOf = root.date("as_of"), asOf.value > dataThrough.value {
      findings.append(.asOfAfterData(asOf, dataThrough))
    }
    if let cutoffs { checkNumber(of: cutoffs.train, cutoffs, through: observed) }
    guard let cutoffs, case .date(let last) = cutoffs.last else { return }
    guard cutoffs.cadence.allows(last.value) else {
      // Whether its labels are complete only matters for a day that can be a cutoff.
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

  /// Reports cutoffs from a day on that are more than a role can have.
  private mutating func checkNumber(
    of role: CutoffsSpec.RoleCutoffs, _ cutoffs: CutoffsSpec, through observed: CalendarDate
  ) {
    guard case .from(let first) = role.extent,
      let step = (role.cadence ?? cutoffs.cadence).period
    else { return }
    // No unit is shorter than this, so there may be fewer, but never so many.
    let days =
      switch step.unit {
      case .days: step.count
      case .weeks: step.count * 7
      case .months: step.count * 31
      case .years: step.count * 366
      }
    if (observed.days - first.days) / max(days, 1) > SpecLanguage.maximumCutoffs {
      findings.append(.tooManyCutoffs(from: first, at: role.span))
    }
  }

  /// Warns if the horizon is always shorter than the step between cutoffs. Days that are listed one
  /// by one have no such step.
  private mutating func checkGaps(_ cutoffs: CutoffsSpec, _ label: LabelSpec) {
    if label.horizon.value.count > 0, isShorter(label.horizon.value, than: cutoffs) {
      findings.append(
        .gapsBetweenWindows(
          label.horizon, every: root.fields("cutoffs")?["every"]?.span ?? cutoffs.span))
    }
  }

  /// Reports a step that would leave folds where they are. The calendar effects of a longer step
  /// can only be checked once the last cutoff is known.
  private mutating func checkStep(_ cutoffs: CutoffsSpec) {
    guard cutoffs.folds.value > 1, let step = cutoffs.step, isShorter(step.value, than: cutoffs)
    else { return }
    findings.append(
      .stepTooShort(step, every: root.fields("cutoffs")?["every"]?.span ?? cutoffs.span))
  }

  /// Returns whether a period is always shorter than the step between cutoffs.
  private func isShorter(_ period: Period, than cutoffs: CutoffsSpec) -> Bool {
    guard let every = cutoffs.cadence.period else { return false }
    // Months differ in length, so the period must be shorter than the step from every month's end.
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
    let calibrate = Located(cutoffs.calibrate.count ?? 0, at: cutoffs.calibrate.span)
    let count = calibrate.value
    if calibration.fit.value != .calibrate {
      if count > 0 {
        findings.append(.calibrateCutoffsBeside(calibration.fit, calibrate))
      } else if calibration.method.value == .none {
        findings.append(.fitsNothing(calibration.fit))
      } else if calibration.fit.value == .test {
        findings.append(.calibratedOnTest(calibration.fit.span))
      }
      return
    }
    if count == 0, calibration.method.value != .none {
      findings.append(.nothingToCalibrateOn(calibrate, calibration.method))
    }
    if count > 0, calibration.method.value == .none {
      findings.append(.calibratesNothing(calibrate, calibration.method))
    }
  }

  mutating func checkEarlyStopping(cutoffs: CutoffsSpec?, model: ModelSpec?) {
    // How many there are from a day on is only known with the last cutoff.
    guard let train = cutoffs?.train.count, let validation = model?.earlyStopping?.validationCutoffs
    else { return }
    if validation.value >= train {
      findings.append(.validatesOnAllTrainCutoffs(validation, train: train))
    }
  }

  /// Checks that rankings use category features that are chosen.
  mutating func checkRankings(features: [FeatureSpec]) {
    let categories = features.filter(\.expression.isCategory).map(\.name.value)
    let all = features.map(\.name.value)
    for name in root.fields("score")?.names("rank_within") ?? []
    where !categories.contains(name.value) {
      findings.append(.notACategory(name, isFeature: all.contains(name.value), categories))
    }
  }

  /// Adds the held-back warnings and warns about unused sources in the spec's own file.
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
  /// The time between cutoffs; nil if they are listed.
  fileprivate var period: Period? {
    switch self {
    case .monthEnd: Period(1, .months)
    case .quarterEnd: Period(3, .months)
    case .weekly: Period(1, .weeks)
    case .every(let period): period
    case .listed: nil
    }
  }

  /// Returns whether a day can be a cutoff of this cadence.
  fileprivate func allows(_ date: CalendarDate) -> Bool {
    switch self {
    case .monthEnd: date.isLastOfMonth
    case .quarterEnd: date.isLastOfMonth && date.civil.month % 3 == 0
    case .weekly(let weekday): date.weekday == weekday
    case .every: true
    case .listed(let days): days.contains(date)
    }
  }

  /// Returns the last day on or before `date` that can be a cutoff of this cadence.
  fileprivate func nearest(to date: CalendarDate) -> CalendarDate? {
    if case .listed(let days) = self { return days.last { $0 <= date } }
    // The longest gap between cutoffs of any other cadence is a quarter.
    return (0...92).lazy.map { CalendarDate(days: date.days - $0) }.first {
      allows($0) && $0.civil.year >= 1
    }
  }
}
