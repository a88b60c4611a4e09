internal import Diagnostics
internal import Experiment
internal import Files
internal import Foundation
internal import Panel
internal import Promotion
internal import Spec

/// Where the recipe of a champion is written, and what the project says of it now.
///
/// A champion that was run with arguments, or as a member of a sweep, is looked for in experiments/NAME.yaml
/// as it stands, and with those values in it.
struct ChampionRecipe {
  /// The champion's own spec.
  let promoted: LoadedSpec
  let promotedPath: String
  /// experiments/NAME.yaml; nil where there is no such file.
  let current: LoadedSpecFile?
  /// What experiments/NAME.yaml is called.
  let shown: String
  /// The folders below which specs may have files read.
  let roots: ReadingRoots
  /// The arguments that make the champion's recipe of experiments/NAME.yaml; none where it says it all, or
  /// is another recipe.
  private let arguments: [String]
  /// What experiments/NAME.yaml says of the experiment; nil where it is another recipe.
  let same: LoadedSpec?
  /// The keys by which experiments/NAME.yaml differs, where it is another recipe.
  let differences: [(key: String, before: String, now: String)]

  /// - Throws: `FindingsError` where a spec is not one.
  init(_ run: StoredRun, name: String, project: Project) throws(FindingsError) {
    _ = try run.spec()
    roots = project.roots
    promotedPath = run.path("spec.yaml")
    guard let own = SpecLoader.load(path: promotedPath).members.first else {
      throw FindingsError(
        .unreadableRunFile(promotedPath, what: "a run's spec", "it describes no experiment"))
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
    // An argument takes a path out of a sweep, and the name is the run's own: retraining must not write
    // into the results of what the file says.
    let values = (run.record.variations ?? []).filter(Self.isOfRecipe)
    let variations =
      values + ["name=\(JSONText.quoted(own.spec?.name.value ?? run.record.name))"]
    let varied = SpecLoader.load(path: shown, overrides: Self.overrides(variations), roots: roots)
    let found = values.isEmpty ? nil : Self.member(of: varied, like: own)
    same = found
    arguments = found == nil ? [] : variations
    // Told without what the arguments would have changed anyway.
    let others = varied.findings.hasErrors || values.isEmpty ? loaded : varied
    differences =
      others.members.map { $0.recipeDifferences(from: own) }.min { $0.count < $1.count } ?? []
  }

  /// Whether a value is part of a recipe: the days that data reach to, and what was accepted of them, are
  /// not.
  private static func isOfRecipe(_ argument: String) -> Bool {
    let path = argument.prefix { $0 != "=" }.split(separator: ".")
    if let first = path.first, ["data_through", "as_of", "accept"].contains(first) { return false }
    return !(path.first == "sources" && path.last == "data_through")
  }

  /// The experiment of a file that is of the champion's recipe, whatever days it reaches to.
  func member(of file: LoadedSpecFile) -> LoadedSpec? { Self.member(of: file, like: promoted) }

  private static func member(of file: LoadedSpecFile, like promoted: LoadedSpec) -> LoadedSpec? {
    file.members.first { $0.recipeText == promoted.recipeText }
  }

  /// The spec whose gates and policy count; nil: the champion's own.
  var settings: ExperimentSpec? { same?.spec ?? current?.specs.first }

  /// A warning where experiments/NAME.yaml has become another recipe, or is the champion's only with values
  /// that it does not say.
  var findings: [Finding] {
    current != nil && same == nil ? [.recipeChanged(shown)] : unwritten
  }

  /// A warning where experiments/NAME.yaml is the champion's recipe only with values that it does not say.
  var unwritten: [Finding] {
    arguments.isEmpty ? [] : [.unwrittenValues(shown, Array(arguments.dropLast()))]
  }

  /// The recipe on data through a day: experiments/NAME.yaml where it is that, else the promoted spec.
  /// - Parameters:
  ///   - dataThrough: the last observed day; nil: as the spec says.
  ///   - isAsPromoted: whether experiments/NAME.yaml is not looked at.
  ///   - accepting: findings that are accepted besides those of experiments/NAME.yaml, and why.
  func file(
    dataThrough: CalendarDate?, isAsPromoted: Bool = false,
    accepting: [(id: String, reason: String)] = []
  ) -> LoadedSpecFile {
    let isCurrent = same != nil && !isAsPromoted
    // What the promoted run accepted of its data says nothing of later data.
    var texts = isCurrent ? arguments : ["accept=null"]
    if let dataThrough {
      texts.append("data_through=\(dataThrough)")
      // What caps the days that may be known has to move with them.
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
  ///   - dataThrough: nil: the day that experiments/NAME.yaml says.
  ///   - before: the champion's record.
  ///   - accepting: as `file(dataThrough:isAsPromoted:accepting:)`.
  /// - Throws: `FindingsError` where the day is not known, or the spec has errors with it.
  func rolled(
    to dataThrough: CalendarDate?, since before: RunRecord,
    accepting: [(id: String, reason: String)]
  ) throws -> LoadedSpecFile {
    if dataThrough == nil { try checkLater(than: before) }
    let file = file(dataThrough: dataThrough, accepting: accepting)
    guard !file.findings.hasErrors else { throw FindingsError(file.findings) }
    return file
  }

  /// Refuses an experiments/NAME.yaml that does not say of itself that there is more to know.
  private func checkLater(than before: RunRecord) throws {
    guard current != nil else {
      throw FindingsError(.unknownDay(before, note: "there is no `\(shown)` that would say so"))
    }
    guard let spec = same?.spec else {
      throw FindingsError(
        .unknownDay(before, note: "`\(shown)` is no longer the champion's recipe"))
    }
    let through = try Timeline(spec).dataThrough
    guard through.description > before.dataThrough else {
      throw FindingsError(.unknownDay(before, note: "`\(shown)` says \(through)"))
    }
  }
}

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
