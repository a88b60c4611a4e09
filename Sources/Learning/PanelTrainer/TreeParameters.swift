/// The parameters of trees as LightGBM reads them: the user's texts, and its defaults for the rest.
struct TreeParameters: Sendable {
  let leafCount: Int
  /// The largest depth of a leaf; 0 or less: any.
  let maxDepth: Int
  let minDataInLeaf: Int
  let minHessianInLeaf: Double
  let learningRate: Double
  let featureFraction: Double
  let featureSeed: Int
  let baggingFraction: Double
  let positiveFraction: Double
  let negativeFraction: Double
  let baggingFrequency: Int
  let baggingSeed: Int
  let l1: Double
  let l2: Double
  let minGain: Double
  let minDataPerGroup: Int
  let maxCategories: Int
  let categoryL2: Double
  let categorySmoothing: Double
  let maxOneHot: Int
  /// For each column, 1 or -1 if its effect must not fall or rise; empty if none has a constraint.
  let monotone: [Int]
  let monotonePenalty: Double
  let sigmoid: Double
  let startsFromAverage: Bool

  /// Reads parameters.
  /// - Parameters:
  ///   - given: the user's texts by canonical name, which have all digits.
  ///   - effective: all of LightGBM's values, as its model text lists them.
  init(given: [String: String], effective: [String: String]) {
    func text(_ name: String) -> String { given[name] ?? effective[name] ?? "" }
    func number(_ name: String) -> Double { Self.number(text(name)) }
    func whole(_ name: String) -> Int { Int(effective[name] ?? "") ?? 0 }
    leafCount = whole("num_leaves")
    maxDepth = whole("max_depth")
    minDataInLeaf = whole("min_data_in_leaf")
    minHessianInLeaf = number("min_sum_hessian_in_leaf")
    learningRate = number("learning_rate")
    featureFraction = number("feature_fraction")
    featureSeed = whole("feature_fraction_seed")
    baggingFraction = number("bagging_fraction")
    positiveFraction = number("pos_bagging_fraction")
    negativeFraction = number("neg_bagging_fraction")
    baggingFrequency = whole("bagging_freq")
    baggingSeed = whole("bagging_seed")
    l1 = number("lambda_l1")
    l2 = number("lambda_l2")
    minGain = number("min_gain_to_split")
    minDataPerGroup = whole("min_data_per_group")
    maxCategories = whole("max_cat_threshold")
    categoryL2 = number("cat_l2")
    categorySmoothing = number("cat_smooth")
    maxOneHot = whole("max_cat_to_onehot")
    monotone = text("monotone_constraints").split(separator: ",").map { Int($0) ?? 0 }
    monotonePenalty = number("monotone_penalty")
    sigmoid = number("sigmoid")
    startsFromAverage = effective["boost_from_average"] == "1"
  }

  /// Parses a decimal number with LightGBM's roundings: digits before and after the point are
  /// summed apart, and a power of ten scales them.
  static func number(_ text: String) -> Double {
    var rest = Substring(text).utf8[...]
    func digit() -> Double? {
      guard let byte = rest.first, (0x30...0x39).contains(byte) else { return nil }
      rest.removeFirst()
      return Double(byte - 0x30)
    }
    func sign() -> Double {
      guard let byte = rest.first, byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") else {
        return 1
      }
      rest.removeFirst()
      return byte == UInt8(ascii: "-") ? -1 : 1
    }
    let factor = sign()
    var value = 0.0
    while let next = digit() { value = value * 10 + next }
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      var fraction = 0.0
      var places = 0
      while let next = digit() {
        fraction = next + fraction * 10
        places += 1
      }
      value += fraction / power(10, places)
    }
    guard let byte = rest.first, byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") else {
      return factor * value
    }
    rest.removeFirst()
    let isFraction = sign() < 0
    var exponent = 0
    while let next = digit() { exponent = min(exponent * 10 + Int(next), 308) }
    var scale = 1.0
    for (step, power) in [(50, 1e50), (8, 1e8), (1, 10)] {
      while exponent >= step {
        scale *= power
        exponent -= step
      }
    }
    return factor * (isFraction ? value / scale : value * scale)
  }

  private static func power(_ base: Double, _ exponent: Int) -> Double {
    if exponent <= 0 { return 1 }
    if exponent % 2 == 0 { return power(base * base, exponent / 2) }
    if exponent % 3 == 0 { return power(base * base * base, exponent / 3) }
    return base * power(base, exponent - 1)
  }
}
