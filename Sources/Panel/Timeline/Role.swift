/// What a cutoff's rows are for.
public enum Role: String, CaseIterable, Codable, Sendable {
  case train, calibrate, test
  /// Dropped so that no label window of an earlier role reaches past the next role's first cutoff.
  case embargoed
  /// Mature, but after the cutoff that the timeline is built back from.
  case unused
  /// The label window has not been fully observed.
  case immature

  /// Whether its rows decide a result.
  public var hasRows: Bool {
    switch self {
    case .train, .calibrate, .test: true
    case .embargoed, .unused, .immature: false
    }
  }

  /// Whether a timeline gives the role on purpose: to learn from, to judge on, or to keep these apart.
  public var isOfSplit: Bool {
    switch self {
    case .train, .calibrate, .test, .embargoed: true
    case .unused, .immature: false
    }
  }
}
