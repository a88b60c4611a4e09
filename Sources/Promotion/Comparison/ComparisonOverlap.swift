/// What becomes of runs that answer different questions, or were judged on different rows.
public enum ComparisonOverlap: Sendable {
  /// They are refused, and the user is told that `--overlap` compares them.
  case refused
  /// They are compared on the rows that all of them have judged, by the base's labels.
  case compared
  /// They are refused where the user has no such choice.
  case unheard
}
