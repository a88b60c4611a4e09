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
  /// The number of trees is not a whole number above 0.
  case notACount(name: String, text: String)
  /// A list that LightGBM would read past, or take for another.
  case list(name: String, reason: String)
  /// A number or a word that LightGBM would take for another.
  case unreadable(name: String, text: String, reason: String)
  /// Nothing happens, as something is missing: ``without `bagging_freq` ``.
  case ineffective(name: String, without: String, hint: String)

  /// The parameter's name as the user wrote it.
  public var name: String {
    switch self {
    case .unknown(let name), .reserved(let name, _), .repeated(let name, _),
      .malformed(let name, _), .notACount(let name, _), .list(let name, _),
      .unreadable(let name, _, _), .ineffective(let name, _, _):
      name
    }
  }
}
