internal import Diagnostics
internal import Experiment
internal import Files
internal import Foundation
internal import Panel
internal import Promotion
internal import Spec

/// Where the recipe of a champion is written, and what the project says of it now.
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
      current = nil
      return
    }
    let loaded = SpecLoader.load(path: shown, roots: roots)
    guard !loaded.findings.hasErrors else { throw FindingsError(loaded.findings) }
    current = loaded
  }

  /// The experiment of a file that is of the champion's recipe, whatever days it reaches to.
  func member(of file: LoadedSpecFile) -> LoadedSpec? {
    file.members.first { $0.recipeText == promoted.recipeText }
  }

  /// What experiments/NAME.yaml says of the experiment.
  var same: LoadedSpec? { current.flatMap(member) }

  /// The spec whose gates and policy count; nil: the champion's own.
  var settings: ExperimentSpec? { same?.spec ?? current?.spec }

  /// A warning where experiments/NAME.yaml has become another recipe.
  var findings: [Finding] {
    current != nil && same == nil ? [.recipeChanged(shown)] : []
  }

  /// The recipe on data through a day.
  /// - Parameters:
  ///   - dataThrough: nil: the day that experiments/NAME.yaml says.
  ///   - before: the champion's record.
  /// - Throws: `FindingsError` where the day is not known, or the spec has errors with it.
  func rolled(
    to dataThrough: CalendarDate?, since before: RunRecord
  ) throws -> LoadedSpecFile {
    guard let dataThrough else { return try later(than: before) }
    let file = SpecLoader.load(
      path: same == nil ? promotedPath : shown, overrides: overrides(dataThrough), roots: roots)
    guard !file.findings.hasErrors else { throw FindingsError(file.findings) }
    return file
  }

  /// experiments/NAME.yaml, which has to say of itself that there is more to know.
  private func later(than before: RunRecord) throws -> LoadedSpecFile {
    guard let current else {
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
    return current
  }
}
