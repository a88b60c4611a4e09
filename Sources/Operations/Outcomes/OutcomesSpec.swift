internal import Diagnostics
internal import Experiment
internal import Foundation
internal import Promotion
internal import Spec

/// The spec that a champion's lists are read and labelled with.
///
/// That of experiments/NAME.yaml where it is still the promoted recipe, as it says where lists are
/// published today and how far the data reach; else the promoted one.
struct OutcomesSpec {
  let spec: ExperimentSpec
  let remarks: [String]

  /// - Parameter dataThrough: the last day that is fully observed; nil: as the spec says.
  /// - Throws: `FindingsError`.
  init(
    _ champion: PromotedModel, project: Project, dataThrough: CalendarDate?
  ) throws(FindingsError) {
    let overrides = dataThrough.map { [Override("data_through=\($0)", number: 1)] } ?? []
    let promoted = try Self.load(
      StoredRun(folder: champion.folder).path("spec.yaml"), overrides)
    let own = "experiments/\(champion.name).yaml"
    guard FileManager.default.fileExists(atPath: "\(project.folder)/\(own)") else {
      (spec, remarks) = (promoted.spec, [])
      return
    }
    let today = try Self.load("\(project.folder)/\(own)", overrides)
    let isSame = today.recipe == promoted.recipe
    spec = isSame ? today.spec : promoted.spec
    remarks =
      isSame
      ? []
      : ["\(own) has changed since the promotion; the promoted spec is taken, with its `score`"]
  }

  private static func load(
    _ path: String, _ overrides: [Override]
  ) throws(FindingsError) -> (spec: ExperimentSpec, recipe: String?) {
    let file = SpecLoader.load(path: path, overrides: overrides)
    guard !file.findings.hasErrors, let spec = file.spec else {
      throw FindingsError(file.findings)
    }
    return (spec, file.members.first?.recipeText)
  }
}
