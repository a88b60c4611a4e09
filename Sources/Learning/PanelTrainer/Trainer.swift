/// What grows the trees of a model.
///
/// Both grow LightGBM's trees. The panel trainer uses that most values of an entity stay in their
/// bin from one cutoff to the next; the library takes every parameter.
public enum Trainer: String, Sendable, Hashable, Codable, CaseIterable {
  /// Holdout's own trainer; see docs/learner.md.
  case panel
  /// LightGBM's library.
  case library
}

/// The parameter for which a configuration needs the library.
public struct LibraryNeed: Sendable, Hashable, Codable {
  /// LightGBM's canonical name of the parameter, such as `path_smooth`.
  public let parameter: String

  /// Creates a need.
  public init(parameter: String) { self.parameter = parameter }
}

extension LearnerConfiguration {
  /// The values of parameters for which the panel trainer grows the library's trees; any other
  /// value of one of them needs the library. Parameters that are not listed are either supported
  /// with all of their values or have no effect on a binary label.
  private static let supported: [(parameter: String, values: Set<String>)] = [
    ("boosting", ["gbdt", "gbrt"]),
    ("data_sample_strategy", ["bagging"]),
    ("bagging_by_query", ["false", "-", "0"]),
    ("feature_fraction_bynode", ["1", "1.0"]),
    ("extra_trees", ["false", "-", "0"]),
    ("max_delta_step", ["0", "0.0"]),
    ("path_smooth", ["0", "0.0"]),
    ("monotone_constraints_method", ["basic"]),
    ("monotone_penalty", ["0", "0.0"]),
    ("interaction_constraints", []),
    ("feature_contri", []),
    ("cegb_penalty_split", ["0", "0.0"]),
    ("cegb_penalty_feature_lazy", []),
    ("cegb_penalty_feature_coupled", []),
    ("zero_as_missing", ["false", "-", "0"]),
    ("histogram_pool_size", ["-1", "-1.0"]),
  ]

  /// Returns why only the library grows trees for this configuration: the first such parameter in
  /// a fixed order. nil if the panel trainer grows the same trees.
  public func libraryNeed(with library: LightGBMLibrary) -> LibraryNeed? {
    if quantizedGradients { return LibraryNeed(parameter: "use_quantized_grad") }
    let values = givenTexts(with: library).mapValues { $0.lowercased() }
    return Self.supported.first { entry in
      values[entry.parameter].map { !entry.values.contains($0) } ?? false
    }.map { LibraryNeed(parameter: $0.parameter) }
  }

  /// Returns the trainer for this configuration if none is asked for: the panel trainer where it
  /// grows the same trees.
  public func trainer(with library: LightGBMLibrary) -> Trainer {
    libraryNeed(with: library) == nil ? .panel : .library
  }
}
