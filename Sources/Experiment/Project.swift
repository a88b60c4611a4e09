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

  /// Where an experiment's results go.
  public func resultsFolder(of name: String) -> String {
    let results = spec.results
    return (results.hasPrefix("/") ? results : "\(folder)/\(results)") + "/\(name)"
  }

  /// Where panels and finished runs are kept.
  public var cacheFolder: String {
    spec.cache.hasPrefix("/") ? spec.cache : "\(folder)/\(spec.cache)"
  }
}
