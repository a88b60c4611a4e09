internal import Diagnostics
internal import Spec

extension SQLText {
  /// Where the SQL itself stands, without the quotes or the `|` of the scalar that holds it.
  var content: SourceSpan {
    SQLTokens(text).extent.map { span(of: $0) } ?? span
  }
}
