public import Diagnostics

/// What became of a spec and the values its `sweep` wants tried.
public struct LoadedSweep: Sendable {
  /// One spec per combination, the first key changing slowest, named `NAME@num_leaves=15`; without
  /// a sweep the spec itself; none when the files cannot be composed or the sweep is malformed.
  public var members: [LoadedSpec]
  /// Everything found in any member, each once, sorted by place.
  public var findings: [Finding]
}
