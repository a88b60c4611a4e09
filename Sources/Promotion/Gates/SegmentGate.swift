internal import Diagnostics
internal import Evaluation
package import Experiment
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
          sentence: "this spec has no segments")
      ]
    }
    guard let curves = try run.curves() else {
      return names.map {
        GateCheck(
          name: "segments.\($0)", outcome: .inconclusive, origin: setting.origin,
          sentence: "this run is from a version that did not compare levels; run it again with "
            + "`holdout run --fresh`")
      }
    }
    return names.map { name in
      curves.segments.first { $0.name == name }.map {
        GateCheck(segment: $0, positives: run.record.nouns.many, setting)
      }
        ?? GateCheck(
          name: "segments.\(name)", outcome: .inconclusive, origin: setting.origin,
          sentence: "this run has no segment `\(name)`; add it to `evaluation.segments`")
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
      _ outcome: Outcome, _ sentence: String, _ figures: [String: Double] = [:]
    ) -> GateCheck {
      GateCheck(
        name: "segments.\(segment.name)", outcome: outcome, origin: setting.origin,
        sentence: sentence, figures: figures)
    }
    guard let alike = study.alike else {
      self = check(.inconclusive, "its test rows have fewer than two levels to compare")
      return
    }
    let (smallest, largest) = (setting.value.smallestP, setting.value.largestRatio)
    let levels = study.levels.map { (name: segment.name(of: $0), figures: $0.figures) }
    let small = study.small.map { (name: "\(study.smallLevels) small levels", figures: $0) }
    let ratios = (levels + [small].compactMap(\.self)).compactMap { level in
      study.relativeRatio(level.figures).map { (name: level.name.shortened, ratio: $0) }
    }
    let lowest = ratios.min { $0.ratio < $1.ratio }
    let highest = ratios.max { $0.ratio < $1.ratio }
    let test = "p \(NumberText.probability(alike.pValue)) for \(alike.levels) levels"
    var figures = ["p": alike.pValue, "smallest_p": smallest, "largest_ratio": largest]
    figures["lowest"] = lowest?.ratio
    figures["highest"] = highest?.ratio
    guard alike.pValue < smallest, let lowest, let highest else {
      self =
        study.canCompareLevels
        ? check(.pass, "\(test): they do not differ beyond chance", figures)
        : check(
          .inconclusive,
          "\(test), but fewer than two of them have 5 expected \(positives), so no difference could "
            + "be found", figures)
      return
    }
    let range =
      "\(NumberText.metric(lowest.ratio)) in `\(lowest.name)` to "
      + "\(NumberText.metric(highest.ratio)) in `\(highest.name)` (shrunken)"
    let isWithin = largest > 1 && highest.ratio <= largest && lowest.ratio >= 1 / largest
    self = check(
      isWithin ? .pass : .fail,
      isWithin
        ? "\(test): they differ, but by no more than a factor of \(NumberText.exact(largest)): "
          + "\(positives) over expected \(positives), relative to all levels, are \(range)"
        : "\(test): \(positives) over expected \(positives), relative to all levels, are \(range), "
          + "and a factor of \(NumberText.exact(largest)) is allowed", figures)
  }
}
