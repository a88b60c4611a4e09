/// What becomes of a retrained model. It is no part of what a run is made of.
public struct RetrainSpec: Sendable {
  /// When a retrained model takes the champion's place.
  public enum Promotion: String, CaseIterable, Sendable {
    /// Where its gates pass.
    case pass
    /// Where no gate fails: also where the data do not tell.
    case unlessFail = "unless_fail"
    /// Never by itself: it stays a challenger.
    case never
  }

  public var promote: Promotion

  public init(promote: Promotion = .pass) { self.promote = promote }
}
