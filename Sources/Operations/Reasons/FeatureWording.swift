internal import Diagnostics
internal import Spec

/// How the reasons of one feature are said.
struct FeatureWording {
  private let name: String
  /// By code; nil: the feature is a number.
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
  ///   - value: the number or the level's code; nil where missing.
  func text(contribution: Double, value: Double?) -> String {
    let sign = contribution > 0 ? "+" : "-"
    let shown = value.map { value in
      levels.map { $0[Int(value)] } ?? DecimalText.short(value)
    }
    let fact = shown.map { "\(name)=\($0)" } ?? "\(name) missing"
    guard let sentence = sentence(contribution: contribution, value: value) else {
      return "\(sign) \(fact)"
    }
    return "\(sign) \(sentence.text(shown ?? "")) [\(fact)]"
  }

  /// The first sentence that is there and fits. One that says what the value is does not fit where there
  /// is none.
  private func sentence(contribution: Double, value: Double?) -> ReasonSentence? {
    let turn = contribution > 0 ? raises : lowers
    guard let value else {
      return [missing, turn, otherwise].lazy.compactMap(\.self).first { !$0.namesValue }
    }
    let exact = levels != nil ? nil : value == 0 ? zero : value == 1 ? one : nil
    return exact ?? turn ?? otherwise
  }
}
