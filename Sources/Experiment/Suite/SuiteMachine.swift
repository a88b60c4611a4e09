/// How much of the machine a suite takes; nothing here changes a result.
public struct SuiteMachine: Sendable {
  public var threads: Int
  /// How many models are fitted side by side at most; nil: as many as there are threads.
  public var jobs: Int?
  /// Bytes that the fits may take together.
  public var memory: Int

  public init(threads: Int, jobs: Int?, memory: Int) {
    self.threads = threads
    self.jobs = jobs
    self.memory = memory
  }
}
