/// A run of a scalar's content and the source bytes that say it.
struct ContentPiece {
  var content: Range<Int>
  var source: Range<Int>
  /// Whether content and source are the same bytes; else the whole source stands for the whole run.
  var isVerbatim: Bool
  /// Whether the source is a line break of a block scalar.
  var isLineBreak = false
}
