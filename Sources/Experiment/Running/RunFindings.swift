internal import Diagnostics
internal import Learning
internal import Spec

extension Finding {
  static func emptyCohort(_ spec: ExperimentSpec) -> Finding {
    Finding(
      504, "no entity is in the cohort at any train cutoff", at: spec.cohort.entity.span,
      hints: ["`holdout plan` shows the rows of every cutoff; loosen `cohort.where`"])
  }

  static func noPositives(_ spec: ExperimentSpec, rows: Int) -> Finding {
    Finding(
      501, "none of the \(rows) train rows is positive", at: spec.label.span,
      label: "no such event falls into a train cutoff's label window",
      hints: ["`holdout plan` shows the positives of every cutoff; check the event and the cohort"])
  }

  static func onlyPositives(_ spec: ExperimentSpec, rows: Int) -> Finding {
    Finding(
      502, "all of the \(rows) train rows are positive", at: spec.label.span,
      label: "there is nothing to tell apart",
      hints: ["`holdout plan` shows the positives of every cutoff; check the event and the cohort"])
  }

  static func cannotCalibrate(_ spec: ExperimentSpec, _ reason: String) -> Finding {
    Finding(
      503, "`\(spec.calibration.method.value.rawValue)` calibration cannot be fitted: \(reason)",
      at: spec.calibration.method.span,
      hints: ["write `method: auto`, which picks what the calibrate rows allow"])
  }

  static func parameter(
    _ problem: ParameterProblem, _ spec: ExperimentSpec, known: [String]
  ) -> Finding {
    let written = spec.model.parameters.last { $0.name.value == problem.name }
    let suggestion = Suggestion.closest(to: problem.name, among: known)
    return Finding(
      problem.findingNumber, problem.isFatal ? .error : .warning, problem.message,
      at: written?.name.span ?? spec.model.span,
      label: problem.isUnknown ? suggestion.map { "did you mean `\($0)`?" } : nil)
  }

  /// The learner names the parameter that it refuses; where it does not, all of them are shown.
  static func refusedParameters(
    _ spec: ExperimentSpec, _ error: LearningError, _ library: LightGBMLibrary
  ) -> Finding {
    let culprit = spec.model.parameters.last { parameter in
      let name = library.canonicalName(of: parameter.name.value) ?? parameter.name.value
      return error.message.contains("(\(name))") || error.message.contains("`\(name)`")
    }
    return Finding(
      516, "the learner refuses \(culprit.map { "`\($0.name.value)`" } ?? "these parameters")",
      at: culprit?.name.span ?? spec.model.span,
      // Behind this the learner names a line of its own source.
      notes: ["it says: \(error.message.split(separator: " at /").first ?? "")"])
  }

  static func missingLibrary(_ name: String, _ reason: String?) -> Finding {
    Finding(
      701, "the native library \(name) cannot be loaded", notes: reason.map { [$0] } ?? [],
      hints: [
        "run scripts/setup, which puts it into .native/lib; if HOLDOUT_DUCKDB or HOLDOUT_LIGHTGBM is "
          + "set, check the path in it"
      ])
  }

  static func unwritable(_ folder: String, _ reason: String) -> Finding {
    Finding(
      703, "`\(folder)` cannot be written: \(reason)",
      hints: [
        "check its permissions and the free space, or name another with `results:` in holdout.yaml"
      ])
  }
}

extension ParameterProblem {
  fileprivate var isUnknown: Bool {
    if case .unknown = self { true } else { false }
  }

  fileprivate var findingNumber: Int {
    switch self {
    case .reserved: 510
    case .ineffective: 512
    case .unknown: 513
    case .repeated: 514
    case .malformed: 515
    }
  }

  /// The parameter's name as the user wrote it.
  fileprivate var name: String {
    switch self {
    case .unknown(let name), .reserved(let name, _), .repeated(let name, _),
      .malformed(let name, _), .ineffective(let name, _):
      name
    }
  }
}
