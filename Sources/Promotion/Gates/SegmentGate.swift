internal import Diagnostics
internal import Evaluation
package import Runs
internal import Spec

/// Checks that the scores hold equally well in all levels of a run's segments.
extension GateCheck {
  /// One check per segment; a single one that does not apply for a spec without segments.
  /// - Throws: `FindingsError` if the run's curves cannot be read or were changed.
  static func segments(
    of run: StoredRun, _ evaluation: EvaluationSpec, _ setting: Gates.Setting<Gates.Segments>
  ) throws(FindingsError) -> [GateCheck] {
    let names = setting.value.names ?? evaluation.segments.map(\.name.value)
    guard !names.isEmpty else {
      return [
        GateCheck(
          name: "segments", outcome: .notApplicable, origin: setting.origin,
          result: .noSegments)
      ]
    }
    guard let curves = try run.curves() else {
      return names.map {
        GateCheck(
          name: "segments.\($0)", outcome: .inconclusive, origin: setting.origin,
          result: .levelsNotCompared)
      }
    }
    return names.map { name in
      curves.segments.first { $0.name == name }.map {
        GateCheck(segment: $0, positives: run.record.nouns.many, setting)
      }
        ?? GateCheck(
          name: "segments.\(name)", outcome: .inconclusive, origin: setting.origin,
          result: .noSegment(name))
    }
  }

  /// Checks one segment: it fails if the levels differ by more than chance, and one of them by more
  /// than the largest ratio. Without enough positives to find a difference, finding none is
  /// inconclusive.
  /// - Parameter positives: what the spec calls positive entities.
  package init(
    segment: RunCurves.Segment, positives: String, _ setting: Gates.Setting<Gates.Segments>
  ) {
    let study = segment.study
    func check(
      _ outcome: Outcome, _ result: Result, _ figures: [String: Double] = [:]
    ) -> GateCheck {
      GateCheck(
        name: "segments.\(segment.name)", outcome: outcome, origin: setting.origin,
        result: result, figures: figures)
    }
    guard let alike = study.alike else {
      self = check(.inconclusive, .oneLevel)
      return
    }
    let (smallest, largest) = (setting.value.smallestP, setting.value.largestRatio)
    let levels = study.levels.map { (name: segment.name(of: $0), figures: $0.figures) }
    let small = study.small.map { (name: "\(study.smallLevels) small levels", figures: $0) }
    let ratios = (levels + [small].compactMap(\.self)).compactMap { level in
      study.relativeRatio(level.figures).map { Levels.Ratio(name: level.name.shortened, ratio: $0) }
    }
    let lowest = ratios.min { $0.ratio < $1.ratio }
    let highest = ratios.max { $0.ratio < $1.ratio }
    func found(_ found: Levels.Found) -> Result {
      .levels(
        Levels(pValue: alike.pValue, count: alike.levels, found: found, noun: positives))
    }
    var figures = ["p": alike.pValue, "smallest_p": smallest, "largest_ratio": largest]
    figures["lowest"] = lowest?.ratio
    figures["highest"] = highest?.ratio
    guard alike.pValue < smallest, let lowest, let highest else {
      self =
        study.canCompareLevels
        ? check(.pass, found(.alike), figures) : check(.inconclusive, found(.tooFew), figures)
      return
    }
    let isWithin = largest > 1 && highest.ratio <= largest && lowest.ratio >= 1 / largest
    self = check(
      isWithin ? .pass : .fail,
      found(.differ(lowest: lowest, highest: highest, largestRatio: largest)), figures)
  }
}
