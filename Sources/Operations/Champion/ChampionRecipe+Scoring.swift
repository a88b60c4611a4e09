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
    if current != nil, !isAsPromoted, same == nil {
      throw FindingsError(
        .specChanged(
          shown, runId: champion.runId, at: String(champion.record.at.prefix(10)), differences))
    }
    let file = file(dataThrough: dataThrough, isAsPromoted: isAsPromoted)
    guard !file.findings.hasErrors, let spec = member(of: file)?.spec else {
      throw FindingsError(file.findings)
    }
    return spec
  }
}
