public import Diagnostics
public import YAML

/// What became of one experiment of a spec file.
public struct LoadedSpec: Sendable {
  /// The experiment; nil exactly when `findings` has an error.
  public var spec: ExperimentSpec?
  /// The learner's settings; there also when something else is wrong.
  public var model: ModelSpec?
  /// The composed spec with every default filled in, without `extends` and `sweep`; nil when it is no
  /// map at all.
  public var resolved: Node?
  /// Everything found, sorted by place.
  public var findings: [Finding]

  /// The resolved spec as YAML that stands by itself: read again, it gives the same experiment.
  public var resolvedText: String? { resolved.map(YAMLWriter.write) }

  /// The part of it that decides a run's results: equal texts, equal runs. Gates judge a run that is
  /// there already.
  public var identityText: String? { resolved.map { YAMLWriter.write($0.without("gates")) } }

  /// The part of it that decides what the panel holds: equal texts, equal panels.
  public var panelText: String? {
    resolved.map { resolved in
      let others = ["name", "description", "model", "calibration", "evaluation", "score", "gates"]
      return YAMLWriter.write(others.reduce(resolved) { $0.without($1) })
    }
  }
}
