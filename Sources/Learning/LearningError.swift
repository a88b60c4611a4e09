/// A failed operation of the learner: its kind, a message, and the C function involved.
public struct LearningError: Error, Sendable, Hashable, CustomStringConvertible {
  /// A kind of failure; new kinds may be added.
  public struct Code: Sendable, Hashable, CustomStringConvertible {
    /// The kind's stable name, in snake case.
    public let description: String

    private init(_ name: String) { description = name }

    /// The native library could not be loaded.
    public static let libraryUnavailable = Code("library_unavailable")
    /// The native library lacks a function, so its version is not the one that Holdout calls.
    public static let missingSymbol = Code("missing_symbol")
    /// Rows, columns, labels or weights do not match, or cannot be learned from.
    public static let invalidInput = Code("invalid_input")
    /// A parameter is malformed, or parts of a configuration contradict each other.
    public static let invalidParameter = Code("invalid_parameter")
    /// A model's text is damaged, or of an unsupported version or kind.
    public static let invalidModel = Code("invalid_model")
    /// The caller stopped the operation.
    public static let cancelled = Code("cancelled")
    /// A call into the native library failed.
    public static let callFailed = Code("call_failed")
  }

  /// The kind of failure.
  public let code: Code
  /// What was expected, what was found, and what to do.
  public let message: String
  /// The C function that failed, such as `LGBM_BoosterCreate`; nil if none was involved.
  public let function: String?

  /// Creates an error; `function` names the C function that failed, if one did.
  public init(_ code: Code, _ message: String, function: String? = nil) {
    self.code = code
    self.message = message
    self.function = function
  }

  /// The message, preceded by the C function's name if there is one.
  public var description: String {
    function.map { "\($0): \(message)" } ?? message
  }
}
