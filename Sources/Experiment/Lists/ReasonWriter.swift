public import Columns
internal import Diagnostics
public import Learning
internal import OrderedCollections
internal import Panel
public import Spec

/// Writes the reasons for the scores of a list's rows: the features that raised or lowered their
/// margins most.
///
/// ```swift
/// let writer = ReasonWriter(features: names, levels: levels, score: spec.score)
/// let columns = writer.columns(contributions, of: block.features.rows(places))
/// columns[0][row]  // "+ no contact in 210 days [feat_days_since_last_contact=210]"
/// ```
///
/// A row's reasons are its contributions by decreasing absolute value, ties in feature order.
/// Contributions of 0 and those of hidden features are never reasons. Text is built only for
/// printed reasons, so the main cost is one pass over the contributions.
public struct ReasonWriter: Sendable {
  /// The most reasons that a row has.
  public let count: Int
  /// In the order of the features.
  private let wordings: [FeatureWording]
  /// The features that are not hidden, ascending.
  private let shown: [Int]

  /// - Parameters:
  ///   - features: the names of the model's features, in its order.
  ///   - levels: for each feature, the texts of a category's codes, or nil for a number:
  ///     `PanelBuilder.levels(ofFeature:)` after the rows' block has been built.
  public init(features: [String], levels: [[String]?], score: ScoreSpec) {
    self.init(
      features: features, levels: levels, count: score.reasons, sentences: { score.sentences[$0] },
      hidden: score.hidden.map(\.value))
  }

  /// - Parameter hidden: names, or patterns with `*`.
  public init(
    features: [String], levels: [[String]?], count: Int,
    sentences: (String) -> ReasonSentences? = { _ in nil }, hidden: [String] = []
  ) {
    precondition(features.count == levels.count, "levels are needed per feature")
    let patterns = hidden.map(NamePattern.init)
    self.count = count
    wordings = zip(features, levels).map { name, levels in
      FeatureWording(name: name, levels: levels, sentences: sentences(name))
    }
    shown = features.indices.filter { feature in
      !patterns.contains { $0.matches(features[feature]) }
    }
  }

  /// The reasons of each row: `count` columns, strongest first; nil if a row has fewer.
  /// - Parameter values: the same rows in the same order.
  public func columns(_ contributions: Contributions, of values: FeatureBlock) -> [[String?]] {
    precondition(contributions.featureCount == wordings.count, "features of another model")
    return columns(contributions.values, of: values)
  }

  /// - Parameter contributions: in the layout of `Contributions.values`.
  public func columns(_ contributions: [Double], of values: FeatureBlock) -> [[String?]] {
    let width = wordings.count + 1
    precondition(
      values.columns.count == wordings.count && contributions.count == values.rowCount * width,
      "contributions of other rows")
    var columns = [[String?]](
      repeating: [String?](repeating: nil, count: values.rowCount), count: count)
    var strongest: [Int] = []
    strongest.reserveCapacity(count + 1)
    for row in 0..<values.rowCount {
      select(contributions, from: row * width, into: &strongest)
      for (index, feature) in strongest.enumerated() {
        columns[index][row] = wordings[feature].text(
          contribution: contributions[row * width + feature],
          value: values.columns[feature].value(ofRow: row))
      }
    }
    return columns
  }

  /// The features with the row's largest contributions, largest first.
  private func select(_ contributions: [Double], from start: Int, into strongest: inout [Int]) {
    strongest.removeAll(keepingCapacity: true)
    func size(_ feature: Int) -> Double { abs(contributions[start + feature]) }
    for feature in shown where size(feature) > 0 {
      var index = strongest.count
      // Stops at an equal contribution, so that the earlier feature stays first.
      while index > 0, size(strongest[index - 1]) < size(feature) { index -= 1 }
      guard index < count else { continue }
      strongest.insert(feature, at: index)
      if strongest.count > count { strongest.removeLast() }
    }
  }
}

/// A name, or a pattern in which `*` matches any characters or none.
struct NamePattern {
  private let pieces: [String]

  init(_ text: String) {
    pieces = text.split(separator: "*", omittingEmptySubsequences: false).map(String.init)
  }

  /// The first and last piece are anchored. Each of the others is matched as far left as possible,
  /// which leaves the most room for those that follow.
  func matches(_ name: String) -> Bool {
    guard pieces.count > 1, let first = pieces.first, let last = pieces.last else {
      return name == pieces.first
    }
    guard name.utf8.count >= first.utf8.count + last.utf8.count, name.hasPrefix(first),
      name.hasSuffix(last)
    else { return false }
    var rest = Array(name.utf8.dropFirst(first.utf8.count).dropLast(last.utf8.count))[...]
    for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
      let bytes = Array(piece.utf8)
      guard let start = rest.indices.first(where: { rest[$0...].starts(with: bytes) }) else {
        return false
      }
      rest = rest[(start + bytes.count)...]
    }
    return true
  }
}

/// The wording of one feature's reasons.
struct FeatureWording {
  private let name: String
  /// By code; nil if the feature is a number.
  private let levels: [String]?
  private let missing: ReasonSentence?
  private let zero: ReasonSentence?
  private let one: ReasonSentence?
  private let raises: ReasonSentence?
  private let lowers: ReasonSentence?
  private let otherwise: ReasonSentence?

  init(name: String, levels: [String]?, sentences: ReasonSentences?) {
    self.name = name
    self.levels = levels
    missing = (sentences?.missing?.value).map(ReasonSentence.init)
    zero = (sentences?.zero?.value).map(ReasonSentence.init)
    one = (sentences?.one?.value).map(ReasonSentence.init)
    raises = (sentences?.raises?.value).map(ReasonSentence.init)
    lowers = (sentences?.lowers?.value).map(ReasonSentence.init)
    otherwise = (sentences?.otherwise?.value).map(ReasonSentence.init)
  }

  /// - Parameters:
  ///   - contribution: not 0.
  ///   - value: the number or the level's code; nil if missing.
  func text(contribution: Double, value: Double?) -> String {
    let sign = contribution > 0 ? "+" : "-"
    let shown = value.map { value in
      levels.map { $0[Int(value)] } ?? NumberText.short(value)
    }
    let fact = shown.map { "\(name)=\($0)" } ?? "\(name) missing"
    guard let sentence = sentence(contribution: contribution, value: value) else {
      return "\(sign) \(fact)"
    }
    return "\(sign) \(sentence.text(shown ?? "")) [\(fact)]"
  }

  /// The first sentence that exists and applies. A sentence that includes the value does not apply
  /// if the value is missing.
  private func sentence(contribution: Double, value: Double?) -> ReasonSentence? {
    let turn = contribution > 0 ? raises : lowers
    guard let value else {
      return [missing, turn, otherwise].lazy.compactMap(\.self).first { !$0.namesValue }
    }
    let exact = levels != nil ? nil : value == 0 ? zero : value == 1 ? one : nil
    return exact ?? turn ?? otherwise
  }
}

/// A sentence in the spec, split at each `{value}`.
struct ReasonSentence {
  private let pieces: [String]

  init(_ text: String) {
    var pieces: [String] = []
    var rest = text[...]
    while let range = rest.firstRange(of: "{value}") {
      pieces.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    self.pieces = pieces + [String(rest)]
  }

  /// Whether the sentence includes the value.
  var namesValue: Bool { pieces.count > 1 }

  func text(_ value: String) -> String { pieces.joined(separator: value) }
}

extension FeatureColumn {
  /// A row's number, or the code of its level; nil if missing.
  func value(ofRow row: Int) -> Double? {
    switch self {
    case .int8(let values): values[row] == .min ? nil : Double(values[row])
    case .int16(let values): values[row] == .min ? nil : Double(values[row])
    case .int32(let values): values[row] == .min ? nil : Double(values[row])
    case .float(let values): values[row].isNaN ? nil : Double(values[row])
    case .double(let values): values[row].isNaN ? nil : values[row]
    }
  }
}
