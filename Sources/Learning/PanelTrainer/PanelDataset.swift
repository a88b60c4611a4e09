internal import CLightGBM
internal import Columns

/// What the panel trainer keeps of a dataset: bins in entity order, labels, weights.
final class PanelDataset: Sendable {
  let rows: PanelRows
  /// The columns grouped by when they change; nil for rows that are only predicted.
  let groups: RunGroups?
  let reference: BinReference
  /// One per row, in the rows' own order.
  let labels: [Float]
  let weights: [Float]?

  /// Bins rows for training, with the bins that LightGBM finds for them.
  /// - Parameter builder: the builder of the library's dataset of the same rows.
  /// - Throws: `callFailed`.
  convenience init(
    _ builder: DatasetBuilder, library: LightGBMLibrary, log: LogCollector
  ) throws(LearningError) {
    self.init(
      builder, reference: try builder.findBins(in: library, log: log), isForTraining: true)
  }

  /// Bins rows with bins that are already found.
  init(_ builder: DatasetBuilder, reference: BinReference, isForTraining: Bool) {
    rows = PanelRows(
      builder.rows, order: builder.order, reference: reference, threads: builder.threads)
    groups = isForTraining ? RunGroups(rows, threads: builder.threads) : nil
    self.reference = reference
    labels = builder.labels
    weights = builder.weights
  }
}
