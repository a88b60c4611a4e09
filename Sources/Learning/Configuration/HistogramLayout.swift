/// The order in which LightGBM builds its histograms; it changes speed and memory, and sums in
/// another order, so it is part of a configuration and never probed.
public enum HistogramLayout: String, Sendable, Hashable, Codable {
  /// Row by row over all features: fastest for many rows and few features.
  case rowWise = "force_row_wise"
  /// Feature by feature: less memory, faster for many features.
  case columnWise = "force_col_wise"
}
