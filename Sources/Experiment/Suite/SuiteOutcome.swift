/// How one experiment of a suite ended.
public enum SuiteOutcome: Sendable {
  case done(RunSummary)
  /// The same run had been made before, and is whole.
  case kept(RunSummary)
  /// Others of its race were better; it was not run.
  case dropped(DroppedEntrant)
  /// `FindingsError` for what the spec, the data or the machine are to blame for.
  case failed(any Error)
}
