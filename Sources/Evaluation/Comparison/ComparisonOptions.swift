internal import Foundation

/// What decides a comparison, and how sure it has to be.
public struct ComparisonOptions: Sendable, Equatable {
  /// The metric that the verdict is about, by its name among the pooled metrics or the top lists.
  public var metric: String
  /// The smallest difference worth having, in the metric's own unit; above 0.
  public var smallestEffect: Double
  /// How intervals are made; the level is that of one comparison, before correction for several.
  public var bootstrap: BootstrapOptions

  public init(
    metric: String = "roc_auc", smallestEffect: Double = 0.005,
    bootstrap: BootstrapOptions = BootstrapOptions(resamples: 2000)
  ) {
    precondition(smallestEffect > 0, "the smallest effect worth having is above 0")
    self.metric = metric
    self.smallestEffect = smallestEffect
    self.bootstrap = bootstrap
  }
}

extension ComparisonOptions {
  /// Metrics of which less is better.
  private static let losses: Set<String> = ["log_loss", "brier", "ece"]

  /// Whether less of the decisive metric is better.
  public var lowerIsBetter: Bool { Self.losses.contains(metric) }

  /// The smallest true difference that is found to be better with a probability of 0.8: by then the
  /// estimate lies above both what chance allows and the smallest effect.
  func smallestDetectable(standardError: Double, alpha: Double) -> Double {
    let needed = max(
      Self.normalQuantile(1 - alpha / 2) * standardError, smallestEffect)
    return needed + Self.normalQuantile(0.8) * standardError
  }

  /// The normal distribution's quantile, by bisection of its distribution function.
  private static func normalQuantile(_ probability: Double) -> Double {
    var (low, high) = (-40.0, 40.0)
    for _ in 0..<200 {
      let middle = (low + high) / 2
      if 0.5 * erfc(-middle / 2.0.squareRoot()) < probability {
        low = middle
      } else {
        high = middle
      }
    }
    return (low + high) / 2
  }
}
