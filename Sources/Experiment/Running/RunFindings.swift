public import Diagnostics
public import Files
internal import Learning
internal import Spec

extension Finding {
  static func emptyCohort(_ spec: ExperimentSpec) -> Finding {
    Finding(
      504, "no entity is in the cohort at any train cutoff", at: spec.cohort.entity.span,
      notes: spec.label.among.map {
        ["only entities with a row of `\($0.source.value)` in the label window count"]
      } ?? [],
      hints: ["`holdout plan` shows the rows of every cutoff; relax `cohort.where`"])
  }

  /// - Parameters:
  ///   - first: the first validation cutoff.
  ///   - train: the number of train cutoffs.
  static func nothingBeforeValidation(
    _ validation: Located<Int>, first: CalendarDate, train: Int
  ) -> Finding {
    Finding(
      522,
      "no label window of a train cutoff ends before \(first), the first validation cutoff of "
        + "early stopping",
      at: validation.span, label: "leaves nothing to fit on",
      notes: [
        "of the \(train) train cutoffs, those before it have label windows that end after it"
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

  /// - Parameter count: the number of negative train rows.
  static func emptySample(_ span: SourceSpan, of count: Int) -> Finding {
    Finding(
      521, "the sample keeps none of the \(count) negative train rows", at: span,
      label: "there is nothing to compare the positives with",
      hints: ["keep more of them, such as `20 per positive`"])
  }

  static func noPositives(_ spec: ExperimentSpec, rows: Int) -> Finding {
    Finding(
      501, "none of the \(rows) train rows is positive", at: spec.label.span,
      label: spec.label.event.isAbsence
        ? "every entity has such an event in every train cutoff's label window"
        : "no such event falls into a train cutoff's label window",
      hints: ["`holdout plan` shows the positives of every cutoff; check the event and the cohort"])
  }

  static func onlyPositives(_ spec: ExperimentSpec, rows: Int) -> Finding {
    Finding(
      502, "all of the \(rows) train rows are positive", at: spec.label.span,
      label: "there are no negatives",
      hints: ["`holdout plan` shows the positives of every cutoff; check the event and the cohort"])
  }

  static func cannotCalibrate(_ spec: ExperimentSpec, _ reason: String) -> Finding {
    Finding(
      503, "`\(spec.calibration.method.value.rawValue)` calibration cannot be fitted: \(reason)",
      at: spec.calibration.method.span,
      hints: ["write `method: auto`, which chooses a method that the rows allow"])
  }

  /// - Parameter rows: the train rows outside the fold, `positives` of them positive.
  static func cannotCrossFit(
    _ spec: ExperimentSpec, fold: Int, of folds: Int, rows: Int, positives: Int
  ) -> Finding {
    let problem =
      rows == 0 ? "there are no" : positives == 0 ? "none is positive of" : "all are positive of"
    return Finding(
      520, "nothing can be learned outside fold \(fold) of \(folds)",
      at: spec.calibration.fit.span, label: "cross-fitting needs positives in more than one fold",
      notes: ["\(problem) the \(rows) train rows outside of it"],
      hints: [
        "`holdout plan` shows the positives; `calibration: {method: none}` uses the learner's own "
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
          ? "every value gives the same results"
          : "every value gives the same model", hints: [hint])
    case .list: return finding(530, at: value, nil, hints: [])
    case .unreadable: return finding(531, at: value, nil, hints: [])
    case .unknown(let word):
      let names = known.keys.sorted() + known.values.flatMap(\.self).sorted()
      let meant = Suggestion.closest(to: word, among: names).map { name in
        // An alias that is a close match suggests its parameter.
        known.keys.sorted().first { known[$0]?.contains(name) ?? false } ?? name
      }
      return finding(
        513, at: name, meant.map { "did you mean `\($0)`?" },
        hints: [
          LogisticSpec.parameters.contains(word)
            ? "it is a parameter of `learner: logistic`"
            : "LightGBM's documentation lists its parameters under Parameters"
        ])
    case .repeated: return finding(514, at: name, "leave one of them out", hints: [])
    case .malformed:
      return finding(
        515, at: value, "no spaces and no `=`",
        hints: ["write several values as a list: `[0.1, 0.2]`"])
    case .notACount:
      return finding(516, at: value, "the number of trees", hints: ["for example 100"])
    }
  }

  static func needsTrees(_ work: WorkOnTrees, _ model: ModelSpec) -> Finding {
    let (what, hint) =
      switch work {
      case .tuning:
        ("tuning searches parameters of trees", "`penalty: auto` chooses the penalty out of fold")
      case .halving:
        ("the rounds of `halving` differ in their trees", "remove `halving` from the sweep")
      case .comparingTrainers:
        ("both trainers grow trees", "write `learner: lightgbm`")
      }
    return Finding(
      529, "\(what), and the learner is `logistic`", at: model.span, hints: [hint])
  }

  /// - Parameter need: the parameter that the panel trainer does not support.
  static func needsLibrary(
    _ need: LibraryNeed, _ model: ModelSpec, _ library: LightGBMLibrary
  ) -> Finding {
    let written = model.written(need.parameter, library)
    let name = written?.name.value ?? need.parameter
    return Finding(
      534, "the panel trainer does not support this `\(name)`", at: model.trainer.span,
      label: "only LightGBM's library does",
      notes: written.map { ["`\(name)` is `\($0.value.value)`"] } ?? [],
      hints: ["write `trainer: auto`, which uses the library where it has to"])
  }

  /// The findings about constraints whose features are given by position, in the order written: errors
  /// for those that are also given by name.
  static func constraintsByPosition(
    _ model: ModelSpec, _ library: LightGBMLibrary
  ) -> [Finding] {
    model.parameters.compactMap { parameter in
      let (key, isNamed, example): (String, Bool, String)
      switch library.canonicalName(of: parameter.name.value) {
      case "monotone_constraints":
        (key, isNamed) = ("monotone", !model.constraints.monotone.isEmpty)
        example = "{FEATURE: increasing}"
      case "interaction_constraints":
        (key, isNamed) = ("interactions", !model.constraints.interactions.isEmpty)
        example = "[[FEATURE, FEATURE]]"
      default: return nil
      }
      return Finding(
        519, isNamed ? .error : .warning,
        isNamed
          ? "`\(parameter.name.value)` and `model.\(key)` are the same constraints"
          : "`\(parameter.name.value)` refers to features by their position",
        at: parameter.name.span,
        label: isNamed ? "leave one of them out" : "another feature would move them",
        hints: ["name the features: `model: {\(key): \(example)}`"])
    }
  }

  /// Reports that the learner failed while growing trees, on parameters that it had accepted.
  static func trainingFailed(_ model: ModelSpec, _ error: LearningError) -> Finding {
    Finding(
      533, "LightGBM cannot train this model", at: model.span,
      // Drop the line of LightGBM's source that follows the message.
      notes: [error.message.split(separator: " at /").first.map(String.init) ?? error.message],
      hints: [
        model.quantizedGradients
          ? "LightGBM 4.7 does not always find a split of rounded gradients: remove "
            + "`quantized_gradients`, or lower `min_data_in_leaf`"
          : "look at the model's parameters: training may work with fewer of them"
      ])
  }

  /// Reports parameters that the learner rejects. The learner names the parameter or quotes its
  /// value. If it does neither, all of them are shown.
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
    // The learner parses numbers with the code for its data files, and its message mentions those.
    let isNoNumber = message.contains("Unknown token")
    let said = isNoNumber ? "this is not a number" : message.split(separator: " at /").first ?? ""
    return Finding(
      516, "the learner rejects \(culprit.map { "`\($0.name.value)`" } ?? "these parameters")",
      at: culprit?.value.span ?? model.span,
      // Drop ` at /`, after which the learner names a line of its own source.
      notes: ["it says: \(said)"],
      hints: ["the Parameters page of LightGBM's documentation lists the allowed values"])
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

  /// Reports an output file whose path is taken by a file that Holdout did not write: H713.
  /// - Parameter canForce: whether `--force` would replace it.
  public static func notReplaced(_ error: FileError, canForce: Bool) -> Finding {
    Finding(
      713, "`\(error.path)` is not replaced: \(error.reason)",
      notes: ["nothing was written"],
      hints: [canForce ? "name another file, or add `--force`" : "name another file"])
  }

  /// Reports a file whose name does not give its format.
  static func unknownSuffix(_ path: String) -> Finding {
    Finding(
      395, "`\(path)` has no known file extension",
      hints: ["name it `.parquet`, or `.csv` for a spreadsheet"])
  }
}

/// Work that needs a learner that grows trees.
enum WorkOnTrees { case tuning, halving, comparingTrainers }

extension ModelSpec {
  /// - Throws: `FindingsError` if the learner grows no trees.
  func checkGrowsTrees(for work: WorkOnTrees) throws(FindingsError) {
    if logistic != nil { throw FindingsError(.needsTrees(work, self)) }
  }
}

extension Explanation {
  static let runFindings: [Explanation] = [
    Explanation(
      395, "a file name without a known extension",
      cause: """
        The panel is written as Parquet or as CSV, depending on the file name's extension.
        """,
      example: .commands("holdout panel spec.yaml --out panel.txt"),
      fix: "Use the extension `.parquet` or `.csv`."),
    Explanation(
      501, "no positive train rows",
      cause: """
        No entity of the cohort has the label's event in the label window of a train cutoff. \
        Nothing can be learned from rows that are all negative.
        """,
      example: .spec(
        #"«label»: {event: {source: calls, where: "kind = 'visit'"}}"#, Example.run),
      fix: """
        Look at the positives of every cutoff with `holdout plan`. Correct the event, its `where` \
        or the cohort, or lengthen the horizon or the train period.
        """),
    Explanation(
      502, "only positive train rows",
      cause: """
        Every entity of the cohort has the label's event in the label window of every train \
        cutoff. Nothing can be learned from rows that are all positive.
        """,
      example: .spec(
        """
        «label»: {event: {source: calls}, horizon: 6 months}
        cutoffs: {train: 1}
        """, Example.run),
      fix: """
        Look at the positives of every cutoff with `holdout plan`. Narrow the event with `where`, \
        shorten the horizon, or check that the sources also have entities without the event.
        """),
    Explanation(
      503, "calibration that cannot be fitted",
      cause: """
        The calibrate rows do not allow the chosen method: there are none, they all have one \
        class, they all have the same margin, or a higher margin goes with fewer positives. \
        Another method is never used silently.
        """,
      example: .spec(
        "calibration: {method: «isotonic»}",
        sql: "DELETE FROM customers WHERE first_order BETWEEN '2025-07-01' AND '2025-07-31';",
        Example.run),
      fix: """
        Raise `cutoffs.calibrate`, or write `method: auto`, which chooses a method that the \
        calibrate rows allow.
        """),
    Explanation(
      504, "empty cohort",
      cause: """
        No entity exists and meets every rule of `cohort.where` at any train cutoff, so the model \
        has no rows to learn from. Often a rule compares with a value that is spelled differently \
        in the data.
        """,
      example: .spec(
        """
        cohort:
          entity: «customers»
          where: [in: {column: history.region, values: [north]}]
        """, Example.run),
      fix: """
        Look at the rows of every cutoff with `holdout plan`, and remove the rules one by one to \
        find the one that excludes everything.
        """),
    Explanation(
      510, "parameter that Holdout sets",
      cause: """
        Holdout sets this parameter itself, from another key of the spec or to a fixed value. \
        Setting it here could contradict that key or make results depend on the machine.
        """,
      example: .spec("model: {params: {«seed»: 7}}"),
      fix: "Remove the parameter, and use the key in the message, if there is one."),
    Explanation(
      512, "parameter without effect",
      cause: """
        LightGBM reads many parameters only together with others: `bagging_fraction` where \
        `bagging_freq` is above 0, `drop_rate` with `boosting: dart`, `cat_l2` where a feature \
        holds categories. Alone, every value gives the same model, and every run of a sweep over \
        it has the same results.
        """,
      example: .spec("model: {params: {«bagging_fraction»: 0.8}}"),
      fix: "Add what the hint names, here `bagging_freq: 1`, or remove the parameter."),
    Explanation(
      513, "unknown learner parameter",
      cause: """
        LightGBM has no parameter with this name. It would ignore it and train with the default of \
        the parameter that was meant.
        """,
      example: .spec("model: {params: {«num_leafs»: 7}}"),
      fix: "Write the name, or an alias, from LightGBM's list of parameters."),
    Explanation(
      514, "learner parameter given twice",
      cause: """
        Two of LightGBM's names for the same parameter are given. It would use one value and \
        ignore the other.
        """,
      example: .spec("model: {params: {num_leaves: 7, «max_leaves»: 15}}"),
      fix: """
        Remove one of them. To replace an inherited parameter, use the name that it has there.
        """),
    Explanation(
      515, "malformed parameter value",
      cause: """
        LightGBM reads its parameters as one line of `name=value`, separated by spaces. An empty \
        value, or one with a space or `=`, would be misread.
        """,
      example: .spec(#"model: {params: {interaction_constraints: «"[0,1], [2,3]"»}}"#),
      fix: "Write the value without spaces, or several values as a YAML list."),
    Explanation(
      516, "parameter rejected by the learner",
      cause: """
        LightGBM rejects the value. Before any data are read, one tree is grown on made-up rows \
        with these parameters, so that this error appears at once and not in the middle of a run.
        """,
      example: .spec("model: {params: {num_leaves: «1»}}"),
      fix: """
        Write a value that LightGBM's documentation allows. The note has LightGBM's message: a \
        check such as `(num_leaves) > (1)` is the condition that must be true.
        """),
    Explanation(
      519, "constraints by position",
      cause: """
        `monotone_constraints` and `interaction_constraints` refer to features by their position. If \
        a feature is added, removed, or moved, the constraints apply to other features, and nothing \
        fails. `model.monotone` and `model.interactions` name features. Both forms together are an \
        error.
        """,
      example: .spec("model: {params: {«monotone_constraints»: [0, 1, 0, 0, 0, 0]}}"),
      fix: """
        Name the features: `monotone: {size: increasing}`, `interactions: [[size, region]]`.
        """),
    Explanation(
      520, "a cross-fitting fold without positives to learn from",
      cause: """
        Each fold's margins come from a model trained on the rows outside the fold. If none of \
        these is positive, all buyers are in this fold, and there is nothing to learn from.
        """,
      example: .spec(
        """
        cutoffs: {train: 4, calibrate: 0}
        calibration: {method: auto, fit: «cross_fit», folds: 2}
        """,
        sql: "UPDATE customers SET first_order = NULL WHERE first_order < '2025-08-01' "
          + "AND id <> (SELECT min(id) FROM customers WHERE first_order BETWEEN '2025-05-01' "
          + "AND '2025-06-30');", Example.run),
      fix: """
        Look at the buyers with `holdout plan`. Lengthen the horizon or the train period, or write \
        `calibration: {method: none}`, because so few buyers cannot calibrate a model.
        """),
    Explanation(
      521, "a sample without negatives",
      cause: """
        `sample` keeps every positive train row and a share of the negatives, drawn independently. \
        The share is so small, or the negatives so few, that none was drawn, and nothing can be \
        learned from rows that are all positive.
        """,
      example: .spec("sample: {negatives: «0.0000001»}", Example.run),
      fix: """
        Keep more of them: `negatives: 20 per positive` is usually enough. Without `sample`, the \
        model is trained on every train row.
        """),
    Explanation(
      522, "early stopping with nothing to fit on",
      cause: """
        The first fit of early stopping uses the train cutoffs whose label windows, plus the \
        embargo, end before the first validation cutoff. Otherwise the number of trees would be \
        chosen on labels that the fit has partly seen. There is no such train cutoff.
        """,
      example: .spec(
        """
        label: {horizon: 3 months}
        cutoffs: {train: 3}
        model: {early_stopping: {rounds: 5, validation_cutoffs: «1»}}
        """, Example.checkWithData),
      fix: "Raise `cutoffs.train`, validate on fewer cutoffs, or shorten the horizon."),
    Explanation(
      523, "early stopping on rows of one class",
      cause: """
        The number of trees is chosen by the log loss of the validation rows, after a fit on the \
        rows before them. Either the validation rows or the fitted rows have only one class, so \
        there is nothing to learn or to evaluate.
        """,
      example: .spec(
        "model: {«early_stopping»: {rounds: 5, validation_cutoffs: 1}}",
        sql: "DELETE FROM customers WHERE first_order BETWEEN '2025-06-01' AND '2025-06-30';",
        Example.run),
      fix:
        "Validate on more cutoffs, so that they have positives, or remove `early_stopping`."
    ),
    Explanation(
      529, "work on trees with a logistic regression",
      cause: """
        `holdout tune` searches parameters of LightGBM's trees, `halving` compares sweeps by rounds of \
        few trees, and `holdout verify --trainer` compares what two programs grow. A logistic \
        regression has no trees. Its only parameter that matters is the penalty, which a run chooses by \
        the log loss of rows out of fold.
        """,
      example: .spec(
        "«model»: {learner: logistic, params: null}", "holdout tune spec.yaml"),
      fix: "Leave the search out, or write `learner: lightgbm`."),
    Explanation(
      530, "list that the learner would misread",
      cause: """
        LightGBM does not check its lists. It reads past the end of a list that is shorter than \
        the features, and the index of a missing feature corrupts its memory. So a list must have \
        one number for each feature, or name existing features.
        """,
      example: .spec(#"model: {params: {interaction_constraints: «"[0,1],[9]"»}}"#),
      fix: """
        Write one number per feature, in the order of the spec's features, or groups of features by \
        index from 0: `"[0,1],[2]"`.
        """),
    Explanation(
      531, "value that the learner would misread",
      cause: """
        LightGBM silently reads a whole number of more than 32 bits as another number, accepts \
        `inf` and `nan` as numbers, and replaces an unknown word with its default.
        """,
      example: .spec("model: {params: {max_bin: «4294967297»}}"),
      fix: "Write a finite number within the range in the message, or one of the words."),
    Explanation(
      533, "a model that LightGBM cannot train",
      cause: """
        LightGBM accepted the parameters and failed while it grew trees. This happens with rounded \
        gradients (`quantized_gradients`) if the row count of a split after rounding differs from \
        the actual count.
        """,
      example: .commands(
        """
        holdout init shop &> init.log; cd shop
        holdout run experiments/first_order.yaml --threads 1 '«model»={quantized_gradients: true, seed: 2, params: {num_leaves: 7, min_data_in_leaf: 20}}'
        """),
      fix: """
        Remove `quantized_gradients`, which only costs time, or change `min_data_in_leaf`. Another \
        seed may work by luck.
        """),
    Explanation(
      534, "parameter that only the library supports",
      cause: """
        `model: {trainer: panel}` asks for the panel trainer, and a parameter changes how trees grow \
        in a way that it does not know. docs/learner.md lists what it supports.
        """,
      example: .spec("model: {trainer: «panel», params: {path_smooth: 1}}"),
      fix: "Write `trainer: auto` or `trainer: library`, or remove the parameter."),
    Explanation(
      701, "native library that cannot be loaded",
      cause: """
        Holdout reads data with DuckDB and trains with LightGBM, which it loads as shared \
        libraries. One of them is missing, belongs to another user, or is not for this machine. \
        The notes list where Holdout looked.
        """,
      example: .commands("HOLDOUT_DUCKDB=/nowhere/libduckdb.so holdout check spec.yaml"),
      fix: """
        Run `scripts/setup`, which puts both into `.native/lib`. If `HOLDOUT_DUCKDB` or \
        `HOLDOUT_LIGHTGBM` is set, correct the path in it or unset it.
        """),
    Explanation(
      713, "a file that Holdout did not write",
      cause: """
        `--out` and `--markdown` replace only files that Holdout has written, a Parquet file or a \
        Markdown page with its mark, and empty files. Anything else could be a registry, a spec, \
        or somebody's table. Links, devices, and pipes are never replaced.
        """,
      example: .commands("holdout panel spec.yaml --out data/calls.parquet"),
      fix: "Name another file. `--force` replaces any regular file."),
  ]
}
