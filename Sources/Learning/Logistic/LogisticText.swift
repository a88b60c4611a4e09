// The text of a logistic regression: a header, a paragraph per feature in column order, and a last
// line. Numbers are the shortest texts that give back the same bits.

extension LogisticRegression {
  /// The model as text, from which `init(modelText:)` makes an equal model.
  public var modelText: String {
    var lines = [
      LogisticText.first, "version=\(LogisticText.version)", "features=\(features.count)",
      "intercept=\(intercept)", "penalty=\(penalty)",
      "tried=\(LogisticText.list(trials.map(\.penalty)))",
      "log_loss=\(LogisticText.list(trials.map(\.logLoss)))",
    ]
    for feature in features {
      lines += [
        "", "feature=\(feature.name)", "kind=\(feature.cuts == nil ? "category" : "number")",
        "mean=\(feature.mean)", "mean_absolute=\(feature.meanAbsolute)",
        "coefficients=\(LogisticText.list(feature.coefficients))",
      ]
      if let cuts = feature.cuts { lines.append("cuts=\(LogisticText.list(cuts))") }
      lines.append("values=\(LogisticText.list(feature.values))")
    }
    return (lines + ["", LogisticText.last, ""]).joined(separator: "\n")
  }

  /// Reads a model from its text.
  /// - Throws: `invalidModel` with the defect in the text.
  public init(modelText: String) throws(LearningError) {
    var text = LogisticText(modelText)
    try text.expect(LogisticText.first)
    guard try text.value("version") == LogisticText.version else {
      throw LogisticText.invalid("it is of another version")
    }
    guard let count = Int(try text.value("features")), count > 0 else {
      throw LogisticText.invalid("its number of features is damaged")
    }
    let intercept = try text.number("intercept")
    let penalty = try text.number("penalty")
    let (tried, losses) = (try text.numbers("tried"), try text.numbers("log_loss"))
    guard tried.count == losses.count else {
      throw LogisticText.invalid("it has not one log loss for each penalty")
    }
    var features: [Feature] = []
    // No capacity is reserved: the number is only believed as far as the text goes.
    while features.count < count { features.append(try text.feature()) }
    try text.expect("")
    try text.expect(LogisticText.last)
    guard text.isAtEnd else { throw LogisticText.invalid("something follows its last line") }
    self.init(
      intercept: intercept, penalty: penalty, features: features,
      trials: zip(tried, losses).map { Trial(penalty: $0, logLoss: $1) })
  }
}

/// The lines of a logistic regression's text, read one after the other.
struct LogisticText {
  static let first = "holdout logistic regression"
  static let last = "end of model"
  static let version = "1"

  private let lines: [Substring]
  private var index = 0

  init(_ text: String) { lines = text.split(separator: "\n", omittingEmptySubsequences: false) }

  /// Whether a text is meant to be one of a logistic regression.
  static func isStart(of text: String) -> Bool { text.hasPrefix(first) }

  static func list(_ numbers: [Double]) -> String {
    numbers.map { "\($0)" }.joined(separator: " ")
  }

  static func invalid(_ reason: String) -> LearningError {
    LearningError(.invalidModel, "the model text cannot be used: \(reason)")
  }

  /// Whether nothing follows but the end of the last line.
  var isAtEnd: Bool { index == lines.count - 1 && lines[index].isEmpty }

  mutating func expect(_ line: String) throws(LearningError) {
    guard index < lines.count, lines[index] == line else {
      throw Self.invalid(
        line.isEmpty
          ? "line \(index + 1) is not empty" : "line \(index + 1) is not `\(line)`")
    }
    index += 1
  }

  /// The value of the next line, which must have this name.
  mutating func value(_ name: String) throws(LearningError) -> String {
    guard index < lines.count, lines[index].hasPrefix("\(name)=") else {
      throw Self.invalid("line \(index + 1) does not begin with `\(name)=`")
    }
    defer { index += 1 }
    return String(lines[index].dropFirst(name.count + 1))
  }

  mutating func number(_ name: String) throws(LearningError) -> Double {
    let numbers = try numbers(name)
    guard numbers.count == 1 else { throw Self.invalid("line \(index) is not one number") }
    return numbers[0]
  }

  /// - Parameter isFinite: whether infinite numbers are refused, too.
  mutating func numbers(
    _ name: String, isFinite: Bool = true
  ) throws(LearningError) -> [Double] {
    let text = try value(name)
    var numbers: [Double] = []
    for word in text.split(separator: " ", omittingEmptySubsequences: false) where !text.isEmpty {
      guard let number = Double(word), isFinite ? number.isFinite : !number.isNaN else {
        throw Self.invalid("line \(index) has something else than numbers")
      }
      numbers.append(number)
    }
    return numbers
  }

  mutating func feature() throws(LearningError) -> LogisticRegression.Feature {
    try expect("")
    let name = try value("feature")
    let kind = try value("kind")
    guard kind == "number" || kind == "category" else {
      throw Self.invalid("line \(index) is neither `kind=number` nor `kind=category`")
    }
    let (mean, meanAbsolute) = (try number("mean"), try number("mean_absolute"))
    let coefficients = try numbers("coefficients")
    // Between two numbers that are both infinite, or nearly, a cut can be infinite.
    let cuts = kind == "number" ? try numbers("cuts", isFinite: false) : nil
    let values = try numbers("values")
    let feature = LogisticRegression.Feature(
      name: name, cuts: cuts, values: values, mean: mean, meanAbsolute: meanAbsolute,
      coefficients: coefficients)
    guard feature.isSound else {
      throw Self.invalid("the bins of `\(name)` and their values do not match")
    }
    return feature
  }
}
