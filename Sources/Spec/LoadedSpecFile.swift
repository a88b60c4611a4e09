public import Diagnostics
public import YAML

/// What became of a spec file: the experiments it describes, and everything found on the way.
public struct LoadedSpecFile: Sendable {
  /// The file's path as given.
  public var path: String
  /// One experiment, or one per combination of a sweep, the first path changing slowest, named
  /// `NAME@num_leaves=15`; none when the files cannot be composed.
  public var members: [LoadedSpec]
  /// How the members of a sweep are thinned out before they are run; nil: they are not.
  public var halving: HalvingSpec?
  /// The composed spec with every default filled in, its `sweep` included; nil when the files could
  /// not be read or composed.
  public var resolved: Node?
  /// Everything found in any member, each once, sorted by place.
  public var findings: [Finding]

  /// The experiments; empty exactly when `findings` has an error.
  public var specs: [ExperimentSpec] { findings.hasErrors ? [] : members.compactMap(\.spec) }

  /// The experiment of a file that describes one; nil for a sweep of several.
  public var spec: ExperimentSpec? { specs.count == 1 ? specs[0] : nil }

  /// The resolved spec as YAML that stands by itself: read again, it gives the same experiments.
  public var resolvedText: String? { resolved.map(YAMLWriter.write) }
}
