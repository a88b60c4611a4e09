import Diagnostics
import Testing

@Suite("Suggestions are what was probably meant")
struct SuggestionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var word: String
    var meant: String?
    init(_ word: String, _ meant: String?) {
      self.word = word
      self.meant = meant
    }
    var testDescription: String { "\(word) means \(meant ?? "nothing known")" }
  }

  static let words = [
    "event", "horizon", "settle", "calibration", "evaluation", "features", "feature_sets",
    "learning_rate", "num_leaves", "top_k", "train", "test", "data_through", "min_positives", "by",
  ]

  static let cases: [Case] = [
    Case("horizont", "horizon"), Case("horzion", "horizon"), Case("Horizon", "horizon"),
    Case("hroizon", "horizon"), Case("feature", "features"), Case("featuers", "features"),
    Case("learning-rate", "learning_rate"), Case("learningRate", "learning_rate"),
    Case("learnig_rate", "learning_rate"), Case("num leaves", "num_leaves"),
    Case("topk", "top_k"), Case("TOP-K", "top_k"), Case("calib", "calibration"),
    Case("cal", "calibration"), Case("evalution", "evaluation"), Case("tset", "test"),
    Case("trian", "train"), Case("data", "data_through"), Case("min_positive", "min_positives"),
    Case("events", "event"), Case("evnt", "event"), Case("feature_set", "feature_sets"),
    Case("BY", "by"), Case("bx", nil), Case("x", nil), Case("", nil), Case("___", nil),
    Case("zzz", nil), Case("tree", nil), Case("cohort", nil), Case("日本語", nil),
    Case("ev", nil), Case(String(repeating: "horizon", count: 100), nil),
  ]

  @Test("for each word", arguments: cases)
  func closest(_ example: Case) {
    #expect(Suggestion.closest(to: example.word, among: Self.words) == example.meant)
  }

  @Test("the nearest wins, then the one of nearer length, then the first")
  func ties() {
    #expect(Suggestion.closest(to: "tst", among: ["rest", "test", "text"]) == "test")
    #expect(Suggestion.closest(to: "mean", among: ["meant", "means"]) == "meant")
    #expect(Suggestion.closest(to: "column", among: ["columns_x", "colum"]) == "colum")
  }

  @Test("a word is never suggested for itself, and nothing comes of nothing")
  func edges() {
    #expect(Suggestion.closest(to: "test", among: ["test"]) == nil)
    #expect(Suggestion.closest(to: "test", among: []) == nil)
    #expect(Suggestion.closest(to: "test", among: ["", "_"]) == nil)
  }

  @Test("two neighbours swapped are one slip, not two")
  func swaps() {
    #expect(Suggestion.closest(to: "abdc", among: ["abcd"]) == "abcd")
    #expect(Suggestion.closest(to: "badc", among: ["abcd"]) == nil)
  }
}
