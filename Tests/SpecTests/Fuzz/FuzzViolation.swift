/// A promise that the loaders broke on one input.
struct FuzzViolation: Hashable, CustomStringConvertible {
  /// The promise, in words that are the same for every input that breaks it.
  let promise: String
  /// What came instead, cut to a few lines.
  let detail: String
  /// The run's seed and the input's number, which give the input again.
  let seed: UInt64
  let number: Int

  /// Makes one of an input.
  init(_ promise: String, _ detail: String, in input: FuzzInput) {
    self.promise = promise
    self.detail = detail.count > 600 ? detail.prefix(600) + "…" : detail
    seed = input.seed
    number = input.number
  }

  /// The broken promise and how to see it again.
  var description: String {
    "\(promise)\n  HOLDOUT_FUZZ_SEED=\(seed) HOLDOUT_FUZZ_INPUT=\(number) shows it again\n\(detail)"
  }
}
