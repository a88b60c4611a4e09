/// What a cutoff's rows are for.
public enum Role: String, CaseIterable, Sendable {
  case train, calibrate, test
  /// Dropped so that no label window of an earlier role reaches past the next role's first cutoff.
  case embargoed
  /// The label window has not been fully observed.
  case immature
}
