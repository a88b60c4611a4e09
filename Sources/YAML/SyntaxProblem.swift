/// What stopped libyaml: its own words, and the two places it names.
struct SyntaxProblem {
  /// What libyaml met, such as `did not find expected key`.
  var problem: String
  /// What it was doing, such as `while parsing a block mapping`; empty if it does not say.
  var context: String
  /// The byte offset where it stopped.
  var offset: Int
  /// The byte offset where what it was doing began.
  var contextOffset: Int?
  /// The byte offset of the innermost bracket that is open.
  var openBracket: Int?
}
