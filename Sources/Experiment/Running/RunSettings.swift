/// How a run works; nothing here changes a result.
public struct RunSettings: Sendable {
  public var threads: Int
  /// Called as work gets on, from the thread that runs.
  public var progress: @Sendable (RunProgress) -> Void

  /// Rows that are binned already; nil: none are kept.
  var datasets: BinnedDatasets?

  public init(threads: Int, progress: @escaping @Sendable (RunProgress) -> Void = { _ in }) {
    self.threads = threads
    self.progress = progress
  }

  init(
    threads: Int, datasets: BinnedDatasets?,
    progress: @escaping @Sendable (RunProgress) -> Void
  ) {
    self.init(threads: threads, progress: progress)
    self.datasets = datasets
  }
}
