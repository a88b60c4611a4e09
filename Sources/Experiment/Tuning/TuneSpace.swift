internal import Diagnostics
internal import Foundation
internal import Learning
internal import Spec

/// The parameters of the learner that are tuned, each with its range.
public struct TuneSpace: Sendable, Equatable {
  /// In the order of the dimensions of the unit cube; at least one.
  public let parameters: [TuneParameter]
  /// Whether this is the space for rare events, which has no class weights.
  public let isDefault: Bool

  /// The space of `--over`: only these parameters vary.
  public init(_ parameters: [TuneParameter]) {
    self.parameters = parameters
    isDefault = false
  }

  /// The space for rare events: what the best of 240 random configurations had in common.
  ///
  /// - Parameters:
  ///   - hasTrees: whether the number of trees is tuned; early stopping finds it otherwise.
  ///   - hasCategories: whether any feature is a category.
  ///   - rowsPerCluster: the mean number of train rows of a cluster.
  init(hasTrees: Bool, hasCategories: Bool, rowsPerCluster: Double) {
    var parameters: [TuneParameter] = [
      TuneParameter("num_leaves", .whole(3, 31)),
      TuneParameter("learning_rate", .logarithmic(0.02, 0.15)),
    ]
    if hasTrees { parameters.append(TuneParameter("num_iterations", .whole(30, 400))) }
    parameters += [
      TuneParameter("min_sum_hessian_in_leaf", .logarithmic(1, 200)),
      TuneParameter("feature_fraction", TuneRange(0.3, 1)),
      TuneParameter("lambda_l2", .logarithmic(0.01, 100)),
    ]
    if hasCategories {
      // A level of a few clusters has many rows: the same few labels, once per cutoff.
      let least = max(1, (5 * rowsPerCluster).rounded())
      parameters += [
        TuneParameter("cat_smooth", .logarithmic(10, 3000)),
        TuneParameter("max_cat_threshold", .whole(4, 32)),
        TuneParameter("min_data_per_group", .whole(least, 50 * least)),
      ]
    }
    self.parameters = parameters
    isDefault = true
  }

  /// The values at a point of the unit cube, by parameter.
  func values(at point: [Double]) -> [String: Double] {
    Dictionary(
      uniqueKeysWithValues: zip(parameters, point).map { ($0.name, $0.range.value(at: $1)) })
  }

  /// The point of some values; outside of the cube for values outside of their ranges.
  func point(of values: [String: Double]) -> [Double] {
    parameters.map { $0.range.share(of: values[$0.name] ?? $0.defaultValue) }
  }

  /// The learner's own values.
  var defaults: [String: Double] {
    Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, $0.defaultValue) })
  }

  /// The space as one text, equal for equal spaces.
  var text: String {
    parameters.map { "\($0.name)=\($0.range.text)" }.joined(separator: " ")
      + (isDefault ? " class_weight=none" : "")
  }
}

/// A parameter of the learner with the range that is searched.
public struct TuneParameter: Sendable, Equatable {
  /// LightGBM's own name for it, never an alias.
  public let name: String
  public let range: TuneRange

  init(_ name: String, _ range: TuneRange) { (self.name, self.range) = (name, range) }

  /// Reads `model.params.num_leaves=3..31,log`.
  /// - Throws: `TuneParameter.Problem`.
  public init(argument: String) throws(Problem) {
    let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
    let prefix = "model.params."
    guard parts.count == 2, parts[0].hasPrefix(prefix) else { throw .form }
    let name = String(parts[0].dropFirst(prefix.count))
    guard Self.defaults[name] != nil else { throw .unknown(name) }
    guard let range = TuneRange(argument: parts[1]) else { throw .range(parts[1]) }
    self.init(name, range)
  }

  /// Why an argument is no parameter with a range.
  public enum Problem: Error, Sendable, Equatable {
    case form
    /// The parameter is not one that can be tuned.
    case unknown(String)
    case range(String)
  }

  /// The names of the parameters that can be tuned.
  public static var names: [String] { defaults.keys.sorted() }

  /// LightGBM 4.7's own value.
  var defaultValue: Double { Self.defaults[name] ?? 0 }

  /// The parameters that can be tuned, with LightGBM's own values.
  static let defaults: [String: Double] = [
    "bagging_fraction": 1, "bagging_freq": 0, "cat_l2": 10, "cat_smooth": 10,
    "feature_fraction": 1, "feature_fraction_bynode": 1, "lambda_l1": 0, "lambda_l2": 0,
    "learning_rate": 0.1, "max_bin": 255, "max_cat_threshold": 32, "max_cat_to_onehot": 4,
    "max_delta_step": 0, "max_depth": -1, "min_data_in_bin": 3, "min_data_in_leaf": 20,
    "min_data_per_group": 100, "min_gain_to_split": 0, "min_sum_hessian_in_leaf": 1e-3,
    "num_iterations": 100, "num_leaves": 31, "path_smooth": 0,
  ]
}

/// A range of numbers, linear or logarithmic, of all numbers or of integers.
public struct TuneRange: Sendable, Equatable {
  public let low: Double
  public let high: Double
  public let isLogarithmic: Bool
  /// Whether only integers are tried.
  public let isWhole: Bool

  init(_ low: Double, _ high: Double, isLogarithmic: Bool = false, isWhole: Bool = false) {
    (self.low, self.high) = (low, high)
    (self.isLogarithmic, self.isWhole) = (isLogarithmic, isWhole)
  }

  static func logarithmic(_ low: Double, _ high: Double) -> TuneRange {
    TuneRange(low, high, isLogarithmic: true)
  }

  /// Integers on a logarithmic scale.
  static func whole(_ low: Double, _ high: Double) -> TuneRange {
    TuneRange(low, high, isLogarithmic: true, isWhole: true)
  }

  /// Reads `3..31`, `3..31,log` or `0.3..1.0`; two integers give a range of integers.
  public init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    guard parts.count == 1 || (parts.count == 2 && ["log", "linear"].contains(parts[1])) else {
      return nil
    }
    let ends = parts[0].components(separatedBy: "..")
    guard ends.count == 2, let low = Double(ends[0]), let high = Double(ends[1]), low < high,
      low.isFinite, high.isFinite
    else { return nil }
    let isLogarithmic = parts.last == "log"
    guard !isLogarithmic || low > 0 else { return nil }
    self.init(
      low, high, isLogarithmic: isLogarithmic,
      isWhole: Int(ends[0]) != nil && Int(ends[1]) != nil)
  }

  /// One past the last integer, so that the last one has a share of the range, too.
  private var upper: Double { isWhole ? high + 1 : high }

  /// The number at a share of the range, from 0 to 1, rounded to four digits or to an integer.
  package func value(at share: Double) -> Double {
    let number =
      isLogarithmic
      ? low * exp(share * log(upper / low)) : low + share * (upper - low)
    guard !isWhole else { return min(max(number.rounded(.down), low), high) }
    return min(max(Self.rounded(number), low), high)
  }

  /// The share of a number: that of an integer's middle, and at most half a range outside.
  package func share(of value: Double) -> Double {
    let number = isWhole ? value + 0.5 : value
    guard !isLogarithmic || number > 0 else { return -0.5 }
    let share =
      isLogarithmic ? log(number / low) / log(upper / low) : (number - low) / (upper - low)
    return min(max(share, -0.5), 1.5)
  }

  /// Whether a value is so near an end of the range that a better one may lie outside.
  package func isAtEdge(_ value: Double) -> Bool {
    if isWhole { return value <= low || value >= high }
    let share = share(of: value)
    return share < 0.02 || share > 0.98
  }

  /// A value as it is written in a spec.
  package func text(of value: Double) -> String {
    Int(exactly: value).map(String.init) ?? "\(value)"
  }

  /// The range as the argument that gives it.
  package var text: String {
    func end(_ value: Double) -> String {
      // An integer that ends a range of all numbers has a decimal point.
      isWhole ? text(of: value) : "\(value)"
    }
    return "\(end(low))..\(end(high))" + (isLogarithmic ? ",log" : "")
  }

  private static func rounded(_ number: Double) -> Double {
    guard number != 0, number.isFinite else { return number }
    return Double(String(format: "%.4g", number)) ?? number
  }
}

extension ModelSpec {
  /// The same model with some parameters of the learner replaced, whatever names they have.
  func setting(
    _ values: [String: Double], in space: TuneSpace, _ library: LightGBMLibrary
  ) -> ModelSpec {
    var model = self
    if space.isDefault { model.classWeight = .none }
    for parameter in space.parameters {
      guard let value = values[parameter.name] else { continue }
      model.set(parameter.name, to: parameter.range.text(of: value), library)
    }
    return model
  }

  /// Replaces a parameter, whatever name it has, or adds it.
  /// - Parameter name: its canonical name.
  mutating func set(_ name: String, to text: String, _ library: LightGBMLibrary) {
    let written = written(name, library)
    parameters.removeAll { library.canonicalName(of: $0.name.value) == name }
    parameters.append(
      Parameter(name: written?.name ?? Located(name, at: span), value: Located(text, at: span)))
  }

  /// The parameter of a canonical name as the spec has it; nil if it has none.
  func written(_ name: String, _ library: LightGBMLibrary) -> Parameter? {
    parameters.last { library.canonicalName(of: $0.name.value) == name }
  }

  /// The value of a parameter, in a spec or by default; nil if it is not a number.
  func value(_ name: String, _ library: LightGBMLibrary) -> Double? {
    written(name, library).map { Double($0.value.value) } ?? TuneParameter.defaults[name]
  }
}
