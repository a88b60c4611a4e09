/// What is wrong with one of the user's parameters; the caller words it as a finding.
public enum ParameterProblem: Sendable, Hashable {
  /// LightGBM knows no such name and would only warn.
  case unknown(name: String)
  /// Holdout sets it, from the key of the spec that `reason` names.
  case reserved(name: String, reason: String)
  /// Two names of one parameter are given; LightGBM would drop one.
  case repeated(name: String, other: String)
  /// The value has characters that cannot stand in a parameter string: spaces, `=` or controls.
  case malformed(name: String, text: String)
  /// Nothing happens without another parameter.
  case ineffective(name: String, without: String)
}
