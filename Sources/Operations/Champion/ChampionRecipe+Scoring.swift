internal import Diagnostics
internal import Promotion
internal import Spec

extension ChampionRecipe {
  /// The spec that a champion scores with: experiments/NAME.yaml, which has to be the promoted recipe still,
  /// with its days and its settings; the promoted spec where there is no such file.
  /// - Parameters:
  ///   - dataThrough: the last observed day; nil: as the spec says.
  ///   - isAsPromoted: whether experiments/NAME.yaml is not looked at.
  ///   - champion: whose recipe this is.
  /// - Throws: `FindingsError` where the recipe has changed, or the spec has errors with that day.
  func scoring(
    dataThrough: CalendarDate?, isAsPromoted: Bool, of champion: PromotedModel
  ) throws(FindingsError) -> ExperimentSpec {
    var path = promotedPath
    if let current, !isAsPromoted {
      guard same != nil else {
        let now = current.members.first
        throw FindingsError(
          .specChanged(
            shown, runId: champion.runId, at: String(champion.record.at.prefix(10)),
            now?.recipeDifferences(from: promoted) ?? []))
      }
      path = shown
    }
    let file = SpecLoader.load(path: path, overrides: overrides(dataThrough), roots: roots)
    guard !file.findings.hasErrors, let spec = member(of: file)?.spec else {
      throw FindingsError(file.findings)
    }
    return spec
  }

  /// What moves a spec to another last observed day.
  func overrides(_ dataThrough: CalendarDate?) -> [Override] {
    guard let dataThrough else { return [] }
    var texts = ["data_through=\(dataThrough)"]
    // What caps the days that may be known has to move with them.
    if (same ?? promoted).spec?.asOf != nil { texts.append("as_of=\(dataThrough)") }
    return texts.enumerated().map { Override($0.element, number: $0.offset + 1) }
  }
}
