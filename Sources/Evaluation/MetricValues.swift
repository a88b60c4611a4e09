/// Metrics by the name they have in `metrics.json`; an undefined metric is absent.
public typealias MetricValues = [String: Double]
