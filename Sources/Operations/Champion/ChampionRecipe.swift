internal import Diagnostics
internal import Files
internal import Foundation
internal import Panel
internal import Promotion
internal import Runs
internal import Spec

/// A champion's recipe, as it was promoted and as the project has it now.
///
/// If the champion was run with arguments or as a member of a sweep, its recipe is looked for in
/// experiments/NAME.yaml both as the file is and with those values applied.
struct ChampionRecipe {
  /// The champion's own spec.
  let promoted: LoadedSpec
  let promotedPath: String
  /// experiments/NAME.yaml; nil if there is no such file.
  let current: LoadedSpecFile?
  /// The path of experiments/NAME.yaml for people.
  let shown: String
  /// The folders that specs may read files from.
  let roots: ReadingRoots
  /// The arguments that turn experiments/NAME.yaml into the champion's recipe; none if the file
  /// needs none or is another recipe.
  private let arguments: [String]
  /// The experiment in experiments/NAME.yaml; nil if it is another recipe.
  let same: LoadedSpec?
  /// The keys in which experiments/NAME.yaml differs, if it is another recipe.
  let differences: [(key: String, before: String, now: String)]

  /// - Throws: `FindingsError` if a spec is invalid.
  init(_ run: StoredRun, name: String, project: Project) throws(FindingsError) {
    _ = try run.spec()
    roots = project.roots
    promotedPath = run.path("spec.yaml")
    guard let own = SpecLoader.load(path: promotedPath).members.first else {
      throw FindingsError(
        .unreadableRunFile(promotedPath, what: "a run's spec", "it does not describe an experiment")
      )
    }
    promoted = own
    let file = "experiments/\(name).yaml"
    let isHere = FileManager.default.currentDirectoryPath == project.folder
    shown = isHere ? file : "\(project.folder)/\(file)"
    guard FileManager.default.fileExists(atPath: "\(project.folder)/\(file)") else {
      (current, same, arguments, differences) = (nil, nil, [], [])
      return
    }
    let loaded = SpecLoader.load(path: shown, roots: roots)
    guard !loaded.findings.hasErrors else { throw FindingsError(loaded.findings) }
    current = loaded
    if let found = Self.member(of: loaded, like: own) {
      (same, arguments, differences) = (found, [], [])
      return
    }
    // An argument selects one member of a sweep. The name is the run's own: retraining must not
    // write into the results of the experiment in the file.
    let values = (run.record.variations ?? []).filter(Self.isOfRecipe)
    let variations =
      values + ["name=\(JSONText.quoted(own.spec?.name.value ?? run.record.name))"]
    let varied = SpecLoader.load(path: shown, overrides: Self.overrides(variations), roots: roots)
    let found = values.isEmpty ? nil : Self.member(of: varied, like: own)
    same = found
    arguments = found == nil ? [] : variations
    // Leaves out the differences that the arguments would have removed anyway.
    let others = varied.findings.hasErrors || values.isEmpty ? loaded : varied
    differences =
      others.members.map { $0.recipeDifferences(from: own) }.min { $0.count < $1.count } ?? []
  }

  /// Whether a value is part of a recipe. The observed days and the findings accepted for them are
  /// not.
  private static func isOfRecipe(_ argument: String) -> Bool {
    let path = argument.prefix { $0 != "=" }.split(separator: ".")
    if let first = path.first, ["data_through", "as_of", "accept"].contains(first) { return false }
    return !(path.first == "sources" && ["data_through", "data_from"].contains(path.last))
  }

  /// The experiment in a file that has the champion's recipe, whatever its observed days.
  func member(of file: LoadedSpecFile) -> LoadedSpec? { Self.member(of: file, like: promoted) }

  private static func member(of file: LoadedSpecFile, like promoted: LoadedSpec) -> LoadedSpec? {
    file.members.first { $0.recipeText == promoted.recipeText }
  }

  /// The spec whose gates and policy apply; nil for the champion's own.
  var settings: ExperimentSpec? { same?.spec ?? current?.specs.first }

  /// A warning if experiments/NAME.yaml is now another recipe, or matches the champion's only with
  /// values that it does not contain.
  var findings: [Finding] {
    current != nil && same == nil ? [.recipeChanged(shown)] : unwritten
  }

  /// A warning if experiments/NAME.yaml is the champion's recipe only with values that it does not
  /// contain.
  var unwritten: [Finding] {
    arguments.isEmpty ? [] : [.unwrittenValues(shown, Array(arguments.dropLast()))]
  }

  /// The recipe on data through a day: experiments/NAME.yaml if it is that recipe, otherwise the
  /// promoted spec.
  /// - Parameters:
  ///   - dataThrough: the last observed day; nil for the spec's.
  ///   - isAsPromoted: whether to ignore experiments/NAME.yaml.
  ///   - accepting: findings to accept in addition to those of experiments/NAME.yaml, and why.
  func file(
    dataThrough: CalendarDate?, isAsPromoted: Bool = false,
    accepting: [(id: String, reason: String)] = []
  ) -> LoadedSpecFile {
    let isCurrent = same != nil && !isAsPromoted
    // Findings that the promoted run accepted for its data say nothing about later data.
    var texts = isCurrent ? arguments : ["accept=null"]
    if let dataThrough {
      texts.append("data_through=\(dataThrough)")
      // The limit on which days may be known has to move as well.
      if (isCurrent ? same : promoted)?.spec?.asOf != nil { texts.append("as_of=\(dataThrough)") }
    }
    texts += accepting.map { AcceptSpec.argument($0.id, because: $0.reason) }
    return SpecLoader.load(
      path: isCurrent ? shown : promotedPath, overrides: Self.overrides(texts), roots: roots)
  }

  private static func overrides(_ texts: [String]) -> [Override] {
    texts.enumerated().map { Override($0.element, number: $0.offset + 1) }
  }

  /// The recipe on data through a day.
  /// - Parameters:
  ///   - dataThrough: nil for the day in experiments/NAME.yaml.
  ///   - before: the champion's record.
  ///   - accepting: as in `file(dataThrough:isAsPromoted:accepting:)`.
  /// - Throws: `FindingsError` if the day is unknown, or the spec has errors with it.
  func rolled(
    to dataThrough: CalendarDate?, since before: RunRecord,
    accepting: [(id: String, reason: String)]
  ) throws -> LoadedSpecFile {
    if dataThrough == nil { try checkLater(than: before) }
    let file = file(dataThrough: dataThrough, accepting: accepting)
    guard !file.findings.hasErrors else { throw FindingsError(file.findings) }
    return file
  }

  /// Refuses an experiments/NAME.yaml that does not itself give a later day of data.
  private func checkLater(than before: RunRecord) throws {
    guard current != nil else {
      throw FindingsError(.unknownDay(before, note: "there is no `\(shown)`"))
    }
    guard let spec = same?.spec else {
      throw FindingsError(
        .unknownDay(before, note: "`\(shown)` is no longer the champion's spec"))
    }
    let through = try Timeline(spec).dataThrough
    guard through.description > before.dataThrough else {
      throw FindingsError(.unknownDay(before, note: "`\(shown)` says \(through)"))
    }
  }
}

extension ChampionRecipe {
  /// The spec for reading and labeling a champion's lists: experiments/NAME.yaml if it is still the
  /// promoted recipe, with its current publishing settings and observed days; otherwise the
  /// promoted spec.
  /// - Parameter dataThrough: the last fully observed day; nil for the spec's.
  /// - Returns: the spec, and the file that has changed since the promotion, if one has.
  /// - Throws: `FindingsError` if the spec has errors with that day.
  func outcomes(
    dataThrough: CalendarDate?
  ) throws(FindingsError) -> (spec: ExperimentSpec, changed: String?) {
    let file = file(dataThrough: dataThrough)
    guard !file.findings.hasErrors, let spec = member(of: file)?.spec else {
      throw FindingsError(file.findings)
    }
    return (spec, current != nil && same == nil ? shown : nil)
  }
}

extension ChampionRecipe {
  /// The spec that a champion scores with: experiments/NAME.yaml, which must still be the promoted
  /// recipe, with its days and settings; the promoted spec if there is no such file.
  /// - Parameters:
  ///   - dataThrough: the last observed day; nil for the spec's.
  ///   - isAsPromoted: whether to ignore experiments/NAME.yaml.
  ///   - champion: the champion whose recipe this is.
  /// - Throws: `FindingsError` if the recipe has changed, or the spec has errors with that day.
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
