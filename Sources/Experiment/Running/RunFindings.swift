public import Diagnostics
public import Files
internal import Learning
internal import Spec

extension Finding {
  static func emptyCohort(_ spec: ExperimentSpec) -> Finding {
    Finding(
      504, "no entity is in the cohort at any train cutoff", at: spec.cohort.entity.span,
      hints: ["`holdout plan` shows the rows of every cutoff; loosen `cohort.where`"])
  }

  /// - Parameters:
  ///   - first: the first validation cutoff.
  ///   - train: how many train cutoffs there are.
  static func nothingBeforeValidation(
    _ validation: Located<Int>, first: CalendarDate, train: Int
  ) -> Finding {
    Finding(
      522, "no train cutoff is over before \(first), the first that early stopping validates on",
      at: validation.span, label: "leaves nothing to fit on",
      notes: [
        "of the \(train) train cutoffs, those before it have label windows that reach past it"
      ],
      hints: ["raise `cutoffs.train`, or validate on fewer cutoffs"])
  }

  /// - Parameter days: the cutoffs whose rows are all of one class.
  static func cannotStopEarly(
    _ stopping: ModelSpec.EarlyStopping, days: [CalendarDate], rows: Int, positives: Int
  ) -> Finding {
    let reach = [days.first, days.last].compactMap { $0.map(\.description) }
    let which = positives == 0 ? "none" : "all"
    return Finding(
      523,
      "\(which) of the \(rows) train rows at the cutoffs \(reach.joined(separator: " to ")) "
        + "\(positives == 0 ? "is" : "are") positive",
      at: stopping.span, label: "the number of trees cannot be found there",
      hints: [
        "`holdout plan` shows the positives of every cutoff; validate on more cutoffs, or fewer"
      ])
  }

  /// - Parameter count: how many negative train rows there are.
  static func emptySample(_ span: SourceSpan, of count: Int) -> Finding {
    Finding(
      521, "the sample keeps none of the \(count) negative train rows", at: span,
      label: "there is nothing to tell the positives from",
      hints: ["ask for more of them, such as `20 per positive`"])
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
      hints: ["write `method: auto`, which picks what the rows allow"])
  }

  /// - Parameter rows: the train rows outside the fold, `positives` of them positive.
  static func cannotCrossFit(
    _ spec: ExperimentSpec, fold: Int, of folds: Int, rows: Int, positives: Int
  ) -> Finding {
    let problem =
      rows == 0 ? "there are no" : positives == 0 ? "none is positive of" : "all are positive of"
    return Finding(
      520, "nothing can be learned outside fold \(fold) of \(folds)",
      at: spec.calibration.fit.span, label: "cross-fitting needs buyers in more than one fold",
      notes: ["\(problem) the \(rows) train rows outside of it"],
      hints: [
        "`holdout plan` shows the buyers; `calibration: {method: none}` takes the learner's own "
          + "probability"
      ])
  }

  /// - Parameter known: LightGBM's parameters with their aliases.
  static func parameter(
    _ problem: ParameterProblem, _ model: ModelSpec, known: [String: [String]]
  ) -> Finding {
    let written = model.parameters.last { $0.name.value == problem.name }
    let name = written?.name.span ?? model.span
    let value = written?.value.span ?? model.span
    let severity = problem.isFatal ? Finding.Severity.error : .warning
    func finding(_ id: Int, at span: SourceSpan, _ label: String?, hints: [String]) -> Finding {
      Finding(id, severity, problem.message, at: span, label: label, hints: hints)
    }
    switch problem {
    case .reserved(_, let reason):
      return finding(510, at: name, reason, hints: ["leave it out"])
    case .ineffective(_, _, let hint):
      let isSwept = model.sweptParameters.contains(problem.name)
      return finding(
        512, at: name,
        isSwept
          ? "every value gives a run with the same numbers"
          : "every value gives the same model", hints: [hint])
    case .list: return finding(530, at: value, nil, hints: [])
    case .unreadable: return finding(531, at: value, nil, hints: [])
    case .unknown(let word):
      let names = known.keys.sorted() + known.values.flatMap(\.self).sorted()
      let meant = Suggestion.closest(to: word, among: names).map { name in
        // An alias that is near stands for its parameter.
        known.keys.sorted().first { known[$0]?.contains(name) ?? false } ?? name
      }
      return finding(
        513, at: name, meant.map { "did you mean `\($0)`?" },
        hints: ["LightGBM's documentation lists its parameters under Parameters"])
    case .repeated: return finding(514, at: name, "leave one of them out", hints: [])
    case .malformed:
      return finding(
        515, at: value, "no blanks and no `=`",
        hints: ["several values are written as a list: `[0.1, 0.2]`"])
    case .notACount:
      return finding(516, at: value, "the number of trees", hints: ["for instance 100"])
    }
  }

  /// The learner gave up while it grew trees, on parameters that it had accepted.
  static func trainingFailed(_ model: ModelSpec, _ error: LearningError) -> Finding {
    Finding(
      533, "LightGBM cannot train this model", at: model.span,
      // Behind it stands a line of LightGBM's sources.
      notes: [error.message.split(separator: " at /").first.map(String.init) ?? error.message],
      hints: [
        model.quantizedGradients
          ? "LightGBM 4.7 does not always find a split of rounded gradients: leave "
            + "`quantized_gradients` out, or lower `min_data_in_leaf`"
          : "look at the parameters of the model: with fewer of them it may train"
      ])
  }

  /// The learner names the parameter that it refuses, or quotes its value; where it does neither, all
  /// of them are shown.
  static func refusedParameters(
    _ model: ModelSpec, _ error: LearningError, _ library: LightGBMLibrary
  ) -> Finding {
    let message = error.message
    let words = Set(message.split { !($0.isLetter || $0.isNumber || "_.-".contains($0)) })
    let named = model.parameters.filter { parameter in
      let name = library.canonicalName(of: parameter.name.value) ?? parameter.name.value
      return words.contains(name[...])
    }
    let quoted = model.parameters.filter { words.contains($0.value.value[...]) }
    let culprit = named.last ?? (quoted.count == 1 ? quoted[0] : nil)
    // The learner reads numbers with the code that reads its data files, and speaks of those.
    let isNoNumber = message.contains("Unknown token")
    let said = isNoNumber ? "this is not a number" : message.split(separator: " at /").first ?? ""
    return Finding(
      516, "the learner refuses \(culprit.map { "`\($0.name.value)`" } ?? "these parameters")",
      at: culprit?.value.span ?? model.span,
      // Behind ` at /` the learner names a line of its own source.
      notes: ["it says: \(said)"],
      hints: ["LightGBM's documentation says under Parameters what values it takes"])
  }

  static func missingLibrary(_ name: String, _ reason: String?) -> Finding {
    Finding(
      701, "the native library \(name) cannot be loaded",
      notes: reason?.split(separator: "\n").map(String.init) ?? [],
      hints: [
        "run scripts/setup, which puts it into .native/lib; if HOLDOUT_DUCKDB or HOLDOUT_LIGHTGBM is "
          + "set, check the path in it"
      ])
  }

  static func resultsElsewhere(_ folder: String) -> Finding {
    Finding(
      703, "`\(folder)` cannot be written: a link leads out of the results folder",
      hints: [
        "remove the link; if results belong elsewhere, name that folder with `results:` in "
          + "holdout.yaml"
      ])
  }

  /// An output file that takes the place of something that is not Holdout's: H713.
  /// - Parameter canForce: whether `--force` would replace it.
  public static func notReplaced(_ error: FileError, canForce: Bool) -> Finding {
    Finding(
      713, "`\(error.path)` is not replaced: \(error.reason)",
      notes: ["nothing was written"],
      hints: [canForce ? "name another file, or add `--force`" : "name another file"])
  }

  public static func cannotWriteFile(_ path: String, _ reason: String) -> Finding {
    Finding(
      703, "`\(path)` cannot be written: \(reason)",
      hints: ["name another file, or check the folder's permissions and the free space"])
  }

  /// A file whose name says nothing of its form.
  static func unknownSuffix(_ path: String) -> Finding {
    Finding(
      395, "`\(path)` does not say what kind of file it is",
      hints: ["name it `.parquet`, or `.csv` for a spreadsheet"])
  }

  static func unwritable(_ folder: String, _ reason: String) -> Finding {
    Finding(
      703, "`\(folder)` cannot be written: \(reason)",
      hints: [
        "check its permissions and the free space, or name another with `results:` in holdout.yaml"
      ])
  }
}
