import Diagnostics
import OrderedCollections

extension SpecDecoder {
  /// Checks cutoffs and label against the days the sources cover.
  mutating func checkTime(cutoffs: CutoffsSpec?, label: LabelSpec?) {
    guard let label else { return }
    let name =
      switch label.event {
      case .date(let column): column.value.source
      case .row(let source, _): source.value
      }
    guard let source = catalog.sources[name] else { return }
    guard let dataThrough = source.dataThrough else {
      findings.append(.labelWithoutDataThrough(label.span, source))
      return
    }
    let observed = min(dataThrough.value, root.date("as_of")?.value ?? dataThrough.value)
    if let asOf = root.date("as_of"), asOf.value > dataThrough.value {
      findings.append(.asOfAfterData(asOf, dataThrough))
    }
    guard let cutoffs, case .date(let last) = cutoffs.last else { return }
    let end = last.value
      .adding(label.horizon.value, arithmetic: cutoffs.monthArithmetic)
      .adding(label.settle, arithmetic: cutoffs.monthArithmetic)
    if end > observed {
      findings.append(.lastNotMature(last, windowEnd: end, observed: observed, source))
    }
    if !cutoffs.cadence.allows(last.value) {
      findings.append(.lastOffCadence(last))
    }
  }

  mutating func checkCalibration(cutoffs: CutoffsSpec?, calibration: CalibrationSpec?) {
    guard let cutoffs, let calibration else { return }
    let count = cutoffs.calibrate.value
    if count == 0, calibration.method.value != .none {
      findings.append(.nothingToCalibrateOn(cutoffs.calibrate, calibration.method))
    }
    if count > 0, calibration.method.value == .none {
      findings.append(.calibratesNothing(cutoffs.calibrate, calibration.method))
    }
  }

  /// Segments and rankings go by category features that are chosen.
  mutating func checkSegments(features: [FeatureSpec]) {
    let categories = features.filter(\.expression.isCategory).map(\.name.value)
    let all = features.map(\.name.value)
    for (map, key) in [("evaluation", "by"), ("score", "rank_by")] {
      for name in root.fields(map)?.texts(key) ?? [] where !categories.contains(name.value) {
        findings.append(
          .notACategory(name, "\(map).\(key)", isFeature: all.contains(name.value), categories))
      }
    }
  }

  /// Warns of sources that nothing reads.
  mutating func reportUnused() {
    guard !findings.hasErrors else { return }
    for source in catalog.sources.values where !catalog.used.contains(source.name.value) {
      findings.append(.unusedSource(source.name))
    }
  }
}

extension CutoffsSpec.Cadence {
  /// Whether a day can be a cutoff of this cadence.
  fileprivate func allows(_ date: CalendarDate) -> Bool {
    switch self {
    case .monthEnd: date.isLastOfMonth
    case .quarterEnd: date.isLastOfMonth && date.civil.month % 3 == 0
    case .weekly(let weekday): date.weekday == weekday
    case .every: true
    }
  }
}
