/// How a run works; nothing here changes a result.
public struct RunSettings: Sendable {
  public var threads: Int
  /// Called as work gets on, from the thread that runs.
  public var progress: @Sendable (RunProgress) -> Void

  public init(threads: Int, progress: @escaping @Sendable (RunProgress) -> Void = { _ in }) {
    self.threads = threads
    self.progress = progress
  }
}
