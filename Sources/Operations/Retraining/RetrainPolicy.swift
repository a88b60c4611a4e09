public import Promotion
public import Spec

/// When a retrained model takes the champion's place, and who says so.
public struct RetrainPolicy: Sendable {
  public let promotion: RetrainSpec.Promotion
  /// Where it was written: `retrain.promote` or `--promote`.
  public let origin: String

  public init(_ promotion: RetrainSpec.Promotion, origin: String) {
    self.promotion = promotion
    self.origin = origin
  }

  /// Whether a model with these gates goes into production.
  public func promotes(_ report: GateReport) -> Bool {
    switch promotion {
    case .pass: report.isOpen
    case .unlessFail: report.outcome != .fail
    case .never: false
    }
  }

  /// What the record says of a model that goes into production although its gates do not let it pass.
  public func override(_ report: GateReport) -> String? {
    report.isOpen
      ? nil : "\(origin) is \(promotion.rawValue), and no gate fails: the data do not tell"
  }
}
