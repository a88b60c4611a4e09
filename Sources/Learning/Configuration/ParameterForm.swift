/// The form that a parameter's value must have before LightGBM may receive it.
///
/// LightGBM does not validate lists: it reads past the end of a list that is too short, an index
/// out of range corrupts its heap, and an integer of more than 32 bits is misread. It checks the
/// ranges of single numbers itself.
enum ParameterForm: Sendable {
  /// A 32-bit integer.
  case integer
  /// A finite number.
  case number
  case flag
  case word(Set<String>)
  /// One integer per feature, within a range.
  case wholePerFeature(ClosedRange<Int>)
  /// One finite number per feature.
  case numberPerFeature
  /// Any number of integers within a range.
  case integers(ClosedRange<Int>)
  /// Any number of finite numbers.
  case numbers
  /// Groups of feature indices: `[0,1],[2,3]`.
  case featureGroups

  private static let int32 = Int(Int32.min)...Int(Int32.max)

  /// The form of every parameter that a user may set, by canonical LightGBM name.
  static let all: [String: ParameterForm] = {
    let integers = """
      num_leaves max_depth min_data_in_leaf bagging_freq bagging_seed feature_fraction_seed extra_seed \
      max_drop drop_seed min_data_per_group max_cat_threshold max_cat_to_onehot top_k max_bin \
      min_data_in_bin bin_construct_sample_cnt data_random_seed objective_seed \
      lambdarank_truncation_level metric_freq multi_error_top_k
      """
    let numbers = """
      learning_rate histogram_pool_size min_sum_hessian_in_leaf bagging_fraction pos_bagging_fraction \
      neg_bagging_fraction feature_fraction feature_fraction_bynode max_delta_step lambda_l1 lambda_l2 \
      linear_lambda min_gain_to_split drop_rate skip_drop top_rate other_rate cat_l2 cat_smooth \
      monotone_penalty refit_decay_rate cegb_tradeoff cegb_penalty_split path_smooth sigmoid alpha \
      fair_c poisson_max_delta_step tweedie_variance_power lambdarank_position_bias_regularization
      """
    let flags = """
      bagging_by_query extra_trees xgboost_dart_mode uniform_drop is_enable_sparse enable_bundle \
      use_missing zero_as_missing feature_pre_filter boost_from_average reg_sqrt lambdarank_norm \
      is_provide_training_metric
      """
    var forms: [String: ParameterForm] = [
      "boosting": .word(["gbdt", "gbrt", "rf", "random_forest", "dart", "goss"]),
      "data_sample_strategy": .word(["bagging", "goss"]),
      "monotone_constraints_method": .word(["basic", "intermediate", "advanced"]),
      "monotone_constraints": .wholePerFeature(-1...1),
      // LightGBM stores a bin's index in 32 bits and allocates memory for every bin of every
      // feature.
      "max_bin_by_feature": .wholePerFeature(2...65_536),
      "feature_contri": .numberPerFeature,
      "cegb_penalty_feature_lazy": .numberPerFeature,
      "cegb_penalty_feature_coupled": .numberPerFeature,
      "interaction_constraints": .featureGroups,
      "label_gain": .numbers,
      "eval_at": .integers(1...Int(Int32.max)),
      "auc_mu_weights": .numbers,
    ]
    for (names, form) in [(integers, integer), (numbers, number), (flags, flag)] {
      for name in names.split(separator: " ") { forms[String(name)] = form }
    }
    return forms
  }()

  /// Returns what is wrong with a value, as it follows the parameter's name; nil if nothing is.
  /// - Parameter features: the model's features; nil if unknown.
  func problem(_ text: String, features: FeatureShape?) -> String? {
    switch self {
    case .integer:
      // LightGBM itself reports text that is not a number.
      guard let value = Double(text), Int32(text) == nil else { return nil }
      return value.isFinite && value == value.rounded()
        ? "must be a whole number from \(Int32.min) to \(Int32.max)"
        : value.isFinite ? "must be a whole number" : "must be a finite number"
    case .number: return Double(text)?.isFinite == false ? "must be a finite number" : nil
    case .flag: return nil
    case .word(let words):
      return words.contains(text.lowercased())
        ? nil : "must be \(words.sorted().map { "`\($0)`" }.joined(separator: ", "))"
    case .wholePerFeature(let range):
      return Self.count(text, features)
        ?? Self.integers(text, range)
        ?? (range == -1...1 ? Self.monotone(text, features) : nil)
    case .numberPerFeature: return Self.count(text, features) ?? Self.numbers(text)
    case .integers(let range): return Self.integers(text, range)
    case .numbers: return Self.numbers(text)
    case .featureGroups: return Self.groups(text, features)
    }
  }

  /// Whether the value is a list, for which `problem` gives the complete explanation.
  var isList: Bool {
    switch self {
    case .integer, .number, .flag, .word: false
    case .wholePerFeature, .numberPerFeature, .integers, .numbers, .featureGroups: true
    }
  }

  // MARK: - Lists

  private static func items(_ text: String) -> [Substring] {
    text.split(separator: ",", omittingEmptySubsequences: false)
  }

  private static func count(_ text: String, _ features: FeatureShape?) -> String? {
    guard let features, items(text).count != features.count else { return nil }
    return "needs one number for each of the \(features.count) features, and has "
      + "\(items(text).count)"
  }

  private static func integers(_ text: String, _ range: ClosedRange<Int>) -> String? {
    for (place, item) in items(text).enumerated() {
      guard isPlain(item), let value = Int(item), range.contains(value) else {
        return "must hold whole numbers from \(range.lowerBound) to \(range.upperBound), "
          + "and number \(place + 1) is `\(item)`"
      }
    }
    return nil
  }

  private static func numbers(_ text: String) -> String? {
    for (place, item) in items(text).enumerated() {
      guard isPlain(item), let value = Double(item), value.isFinite else {
        return "must hold finite numbers, and number \(place + 1) is `\(item)`"
      }
    }
    return nil
  }

  /// Returns whether a text has only the characters of a decimal number; LightGBM reads no others.
  private static func isPlain(_ item: Substring) -> Bool {
    !item.isEmpty && item.utf8.allSatisfy { "0123456789+-.eE".utf8.contains($0) }
  }

  private static func monotone(_ text: String, _ features: FeatureShape?) -> String? {
    guard let features else { return nil }
    let values = items(text)
    let category = features.categories.sorted().first { index in
      index < values.count && Int(values[index]) != 0
    }
    return category.map {
      "must be 0 for feature number \($0 + 1), \(features.name($0)), which holds categories"
    }
  }

  private static func groups(_ text: String, _ features: FeatureShape?) -> String? {
    let form = "must be groups of features by index, such as `[0,1],[2,3]`"
    guard text.hasPrefix("["), text.hasSuffix("]") else { return form }
    // Between the first bracket and the last, groups are separated by `],[`.
    for group in text.dropFirst().dropLast().split(
      separator: "],[", omittingEmptySubsequences: false)
    {
      for item in items(String(group)) {
        guard !item.isEmpty, item.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else {
          return item.hasPrefix("-")
            ? "names feature \(item), and features are numbered from 0" : form
        }
        guard let index = Int(item), index <= Int32.max else { return form }
        if let features, index >= features.count {
          return "names feature \(index), and the \(features.count) features are 0 to "
            + "\(features.count - 1)"
        }
      }
    }
    return nil
  }
}

/// The features that list parameters refer to.
public struct FeatureShape: Sendable {
  /// The number of features.
  public let count: Int
  /// The indices of the categorical features.
  public let categories: Set<Int>
  private let names: [String]

  /// Creates a shape.
  /// - Parameters:
  ///   - names: the names of all features, in column order.
  ///   - categories: the indices of the categorical features.
  public init(names: [String], categories: Set<Int>) {
    count = names.count
    self.categories = categories
    self.names = names
  }

  func name(_ index: Int) -> String { "`\(names[index])`" }
}
