internal import Foundation
internal import Learning
internal import Panel

/// One tree on a few made-up rows, which shows in a moment what the learner refuses.
struct ParameterTrial {
  private let configuration: LearnerConfiguration
  private let featureCount: Int
  private let threads: Int

  /// - Parameter threads: as many as the run has, so that no training beside it is waited for.
  init(_ configuration: LearnerConfiguration, featureCount: Int, threads: Int) {
    self.configuration = configuration
    self.featureCount = featureCount
    self.threads = threads
  }

  /// - Throws: `LearningError` with the learner's words.
  func run(with library: LightGBMLibrary) throws(LearningError) {
    var configuration = configuration
    configuration.iterations = 1
    let rowCount = 100
    let columns = (0..<featureCount).map { feature in
      FeatureColumn.int32((0..<rowCount).map { Int32(($0 * (feature + 3)) % 17) })
    }
    let trial = configuration
    try Self.withoutStandardError { () throws(LearningError) in
      let dataset = try Dataset(
        library: library, blocks: [FeatureBlock(rowCount: rowCount, columns: columns)],
        names: (0..<featureCount).map { "f\($0)" },
        encodings: [ColumnEncoding](repeating: .number, count: featureCount),
        labels: (0..<rowCount).map { UInt8($0 % 2) }, configuration: trial, threads: threads)
      _ = try Booster.train(on: dataset, configuration: trial, threads: threads)
    }
  }

  /// Runs work while what is written to standard error is dropped: LightGBM prints its fatal errors
  /// there itself, past its log callback, and the finding says them again, at their place.
  ///
  /// Trials run before a run's progress is shown, so that nobody else writes there meanwhile.
  private static func withoutStandardError(
    _ work: () throws(LearningError) -> Void
  ) throws(LearningError) {
    fflush(nil)
    let kept = dup(STDERR_FILENO)
    let nowhere = open("/dev/null", O_WRONLY)
    if kept >= 0, nowhere >= 0 { dup2(nowhere, STDERR_FILENO) }
    if nowhere >= 0 { close(nowhere) }
    defer {
      if kept >= 0 {
        dup2(kept, STDERR_FILENO)
        close(kept)
      }
    }
    try work()
  }
}
