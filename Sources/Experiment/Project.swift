internal import Diagnostics
public import Files
public import Spec

/// A project folder and what its holdout.yaml says.
public struct Project: Sendable {
  /// The folder that the paths of sources and results are relative to.
  public let folder: String
  public let spec: ProjectSpec

  public init(folder: String, spec: ProjectSpec) {
    self.folder = folder
    self.spec = spec
  }

  /// The folders below which specs may have files read.
  public var roots: ReadingRoots { spec.readingRoots(folder: folder) }

  /// Where an experiment's results go.
  public func resultsFolder(of name: String) -> String {
    let results = spec.results
    return (results.hasPrefix("/") ? results : "\(folder)/\(results)") + "/\(name)"
  }

  /// Refuses results that a link would lead elsewhere: a pull request may bring links, and only
  /// holdout.yaml says where results go.
  /// - Throws: `FindingsError`.
  func checkResults(of name: String) throws(FindingsError) {
    let base = spec.results.hasPrefix("/") ? spec.results : "\(folder)/\(spec.results)"
    // What is not there yet has no links.
    guard let real = Files.realPath(base) else { return }
    let isOwn = !spec.results.hasPrefix("/") && !spec.results.split(separator: "/").contains("..")
    let isInside = !isOwn || ReadingRoots(project: folder).contains(real)
    guard isInside,
      ReadingRoots(project: real).objection(toWriting: "\(real)/\(name)/runs/x") == nil
    else { throw FindingsError(.resultsElsewhere(resultsFolder(of: name))) }
  }

  /// Where promoted models are, as findings call it.
  public static let models = "models/prospects"

  /// Where promoted models are.
  public var modelsFolder: String { "\(folder)/\(Self.models)" }

  /// Where panels and finished runs are kept.
  public var cacheFolder: String {
    spec.cache.hasPrefix("/") ? spec.cache : "\(folder)/\(spec.cache)"
  }
}
