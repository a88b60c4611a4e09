internal import Diagnostics
internal import Spec

extension ChampionRecipe {
  /// The spec that a champion's lists are read and labelled with: experiments/NAME.yaml where it is still
  /// the promoted recipe, as it says where lists are published today and how far the data reach; else
  /// the promoted one.
  /// - Parameter dataThrough: the last day that is fully observed; nil: as the spec says.
  /// - Throws: `FindingsError` where the spec has errors with that day.
  func outcomes(
    dataThrough: CalendarDate?
  ) throws(FindingsError) -> (spec: ExperimentSpec, remarks: [String]) {
    let file = file(dataThrough: dataThrough)
    guard !file.findings.hasErrors, let spec = member(of: file)?.spec else {
      throw FindingsError(file.findings)
    }
    let hasChanged = current != nil && same == nil
    return (
      spec,
      hasChanged
        ? ["\(shown) has changed since the promotion; the promoted spec is taken, with its `score`"]
        : []
    )
  }
}
