extension LearnerConfiguration {
  /// Returns all problems with the user's parameters, in their order.
  /// - Parameter features: the model's features; nil if unknown, in which case lists are not
  ///   checked against them.
  public func problems(
    with library: LightGBMLibrary, features: FeatureShape? = nil
  ) -> [ParameterProblem] {
    var problems: [ParameterProblem] = []
    var seen: [String: String] = [:]
    var values: [String: String] = [:]
    for parameter in parameters {
      guard let name = library.canonicalName(of: parameter.name) else {
        problems.append(.unknown(name: parameter.name))
        continue
      }
      if let reason = Self.reserved[name] {
        problems.append(.reserved(name: parameter.name, reason: reason))
      }
      if let other = seen.updateValue(parameter.name, forKey: name) {
        problems.append(.repeated(name: parameter.name, other: other))
      }
      values[name] = parameter.text
      if !Self.isWellFormed(parameter.text) {
        problems.append(.malformed(name: parameter.name, text: parameter.text))
      } else if let form = ParameterForm.all[name],
        let reason = form.problem(parameter.text, features: features)
      {
        problems.append(
          form.isList
            ? .list(name: parameter.name, reason: reason)
            : .unreadable(name: parameter.name, text: parameter.text, reason: reason))
      }
    }
    problems += parameters.filter {
      library.canonicalName(of: $0.name) == "monotone_constraints_method"
        && $0.text.lowercased() == "advanced" && values["monotone_constraints"] == nil
    }.map {
      // Otherwise LightGBM reads constraints for which it has allocated no memory, and crashes.
      .unreadable(
        name: $0.name, text: $0.text, reason: "needs `monotone_constraints` to be `advanced`")
    }
    for parameter in parameters {
      guard let name = library.canonicalName(of: parameter.name), Self.reserved[name] == nil,
        let missing = ParameterCompany.missing(
          for: name, among: values, hasCategories: features.map { !$0.categories.isEmpty })
      else { continue }
      problems.append(
        .ineffective(name: parameter.name, without: missing.without, hint: missing.hint))
    }
    return problems
  }

  /// Checks the parameters before LightGBM receives them.
  ///
  /// - Throws: `invalidParameter` for the first fatal problem.
  func check(
    with library: LightGBMLibrary, features: FeatureShape?
  ) throws(LearningError) {
    if let problem = problems(with: library, features: features).first(where: \.isFatal) {
      throw LearningError(.invalidParameter, problem.message)
    }
  }

  /// Returns the problems with the parameters that set the number of trees, under any of their
  /// names.
  public static func problems(
    ofIterations parameters: [Parameter]
  ) -> [ParameterProblem] {
    let unsound = parameters.filter { (Int($0.text) ?? 0) < 1 }.map { parameter in
      ParameterProblem.notACount(name: parameter.name, text: parameter.text)
    }
    let repeated = zip(parameters.dropFirst(), parameters).map { parameter, other in
      ParameterProblem.repeated(name: parameter.name, other: other.name)
    }
    return unsound + repeated
  }

  private static func isWellFormed(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "=") }
  }

  /// The parameters that Holdout sets, each with the spec key that controls it or the reason that
  /// none does.
  static let reserved: [String: String] = {
    let groups: [(reason: String, names: String)] = [
      ("the label is binary", "objective num_class task metric"),
      ("it is read before training begins", "num_iterations"),
      ("`model.seed` decides it", "seed"),
      ("`model.class_weight` weighs the classes", "is_unbalance scale_pos_weight"),
      ("the thread count depends on the machine, not on the experiment", "num_threads"),
      ("results must not depend on the thread count", "deterministic"),
      ("the histogram layout is fixed", "force_row_wise force_col_wise"),
      ("Holdout collects the log", "verbosity"),
      ("categories come from the feature's type", "categorical_feature"),
      (
        "`model.quantized_gradients` sets it",
        "use_quantized_grad num_grad_quant_bins quant_train_renew_leaf stochastic_rounding"
      ),
      (
        "`model.early_stopping` finds the number of trees",
        "early_stopping_round early_stopping_min_delta first_metric_only"
      ),
      ("rows are streamed, which linear leaves do not allow", "linear_tree"),
      (
        "it names a file that no fingerprint covers",
        """
        config forcedbins_filename forcedsplits_filename parser_config_file
        """
      ),
      (
        "training runs in this process, on the CPU",
        """
        device_type gpu_platform_id gpu_device_id gpu_device_id_list gpu_use_dp num_gpu \
        tree_learner num_machines local_listen_port time_out machine_list_filename machines
        """
      ),
      (
        "the rows come from the panel",
        """
        data valid header label_column weight_column group_column ignore_column two_round \
        pre_partition save_binary precise_float_parser
        """
      ),
      (
        "models are read and written by Holdout",
        """
        input_model output_model output_result saved_feature_importance_type snapshot_freq \
        convert_model convert_model_language
        """
      ),
      (
        "predictions are margins of all trees",
        """
        predict_contrib predict_leaf_index predict_raw_score predict_disable_shape_check \
        start_iteration_predict num_iteration_predict pred_early_stop pred_early_stop_freq \
        pred_early_stop_margin
        """
      ),
    ]
    var reserved: [String: String] = [:]
    for group in groups {
      for name in group.names.split(separator: " ") { reserved[String(name)] = group.reason }
    }
    return reserved
  }()
}

extension ParameterProblem {
  /// Whether training is impossible. An ineffective parameter is not fatal and only causes a
  /// warning.
  public var isFatal: Bool {
    if case .ineffective = self { false } else { true }
  }

  /// The problem in words: lower case, no period, the user's text in backticks.
  public var message: String {
    switch self {
    case .unknown(let name): "LightGBM has no parameter `\(name)`"
    case .reserved(let name, _): "`\(name)` is set by Holdout itself"
    case .repeated(let name, let other): "`\(name)` and `\(other)` are the same parameter"
    case .malformed(let name, let text):
      text.isEmpty ? "`\(name)` has no value" : "`\(text)` cannot be the value of `\(name)`"
    case .notACount(let name, _): "`\(name)` must be a whole number above 0"
    case .list(let name, let reason), .unreadable(let name, _, let reason): "`\(name)` \(reason)"
    case .ineffective(let name, let without, _): "`\(name)` has no effect \(without)"
    }
  }
}

/// A problem with one of the user's parameters; the caller turns it into a finding.
public enum ParameterProblem: Sendable, Hashable {
  /// LightGBM has no parameter of that name and would only warn.
  case unknown(name: String)
  /// Holdout sets the parameter, from the spec key named by `reason`.
  case reserved(name: String, reason: String)
  /// Two names of the same parameter are given; LightGBM would drop one.
  case repeated(name: String, other: String)
  /// The value has characters that a parameter string cannot contain: spaces, `=` or control
  /// characters.
  case malformed(name: String, text: String)
  /// The number of trees is not a positive integer.
  case notACount(name: String, text: String)
  /// A list that LightGBM would read past its end or misread.
  case list(name: String, reason: String)
  /// A number or a word that LightGBM would misread.
  case unreadable(name: String, text: String, reason: String)
  /// The parameter has no effect because something is missing: ``without `bagging_freq` ``.
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
