public import Diagnostics
public import YAML

/// What became of one spec: the experiment if it can be run, and everything found on the way.
public struct LoadedSpec: Sendable {
  /// The experiment; nil exactly when `findings` has an error.
  public var spec: ExperimentSpec?
  /// The composed spec with every default filled in, without `extends` and `sweep`; nil when the
  /// files could not be read or composed.
  public var resolved: Node?
  /// Everything found, sorted by place.
  public var findings: [Finding]

  /// The resolved spec as YAML that stands by itself: read again, it gives the same experiment.
  public var resolvedText: String? { resolved.map(YAMLWriter.write) }
}
