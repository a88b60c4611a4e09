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
  ///   - train: the number of train cutoffs.
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

  /// - Parameter count: the number of negative train rows.
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
        // An alias that is a close match suggests its parameter.
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

  /// Reports that the learner failed while growing trees, on parameters that it had accepted.
  static func trainingFailed(_ model: ModelSpec, _ error: LearningError) -> Finding {
    Finding(
      533, "LightGBM cannot train this model", at: model.span,
      // Drop the line of LightGBM's source that follows the message.
      notes: [error.message.split(separator: " at /").first.map(String.init) ?? error.message],
      hints: [
        model.quantizedGradients
          ? "LightGBM 4.7 does not always find a split of rounded gradients: leave "
            + "`quantized_gradients` out, or lower `min_data_in_leaf`"
          : "look at the parameters of the model: with fewer of them it may train"
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
      516, "the learner refuses \(culprit.map { "`\($0.name.value)`" } ?? "these parameters")",
      at: culprit?.value.span ?? model.span,
      // Drop ` at /`, after which the learner names a line of its own source.
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

  /// Reports an output file whose path is taken by a file that Holdout did not write: H713.
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

  /// Reports a file whose name does not give its format.
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

extension Explanation {
  static let runFindings: [Explanation] = [
    Explanation(
      395, "a file whose name does not say its form",
      cause: """
        The panel is written as Parquet or as CSV, and the suffix of the file's name decides which. \
        A file of another name would mislead whoever opens it.
        """,
      example: .commands("holdout panel spec.yaml --out panel.txt"),
      fix: "End the name in `.parquet` or `.csv`."),
    Explanation(
      501, "no positive train rows",
      cause: """
        No entity of the cohort has the label's event in the label window of a train cutoff. From \
        rows that are all negative nothing can be learned.
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
        cutoff. From rows that are all positive nothing can be learned.
        """,
      example: .spec(
        """
        «label»: {event: {source: calls}, horizon: 6 months}
        cutoffs: {train: 1}
        """, Example.run),
      fix: """
        Look at the positives of every cutoff with `holdout plan`. Narrow the event with `where`, \
        shorten the horizon, or check that the sources also hold entities without the event.
        """),
    Explanation(
      503, "calibration that cannot be fitted",
      cause: """
        The calibrate rows do not allow the method that was asked for: there are none, they are \
        all of one class, they all have the same margin, or a higher margin goes with fewer \
        positives. Another method is not put in its place in silence.
        """,
      example: .spec(
        "calibration: {method: «isotonic»}",
        sql: "DELETE FROM customers WHERE first_order BETWEEN '2025-07-01' AND '2025-07-31';",
        Example.run),
      fix: """
        Raise `cutoffs.calibrate`, or write `method: auto`, which picks what the calibrate rows \
        allow.
        """),
    Explanation(
      504, "empty cohort",
      cause: """
        No entity exists and meets every rule of `cohort.where` at any train cutoff, so the model \
        has no rows to learn from. Often a rule compares with a value that the data spell in \
        another way.
        """,
      example: .spec(
        """
        cohort:
          entity: «customers»
          where: [in: {column: history.region, values: [north]}]
        """, Example.run),
      fix: """
        Look at the rows of every cutoff with `holdout plan`, and take the rules out one by one to \
        find the one that leaves nothing.
        """),
    Explanation(
      510, "parameter that Holdout sets",
      cause: """
        Holdout decides this parameter itself: from another key of the spec, or in the same way in \
        every run. Set here too, it would contradict that key, or make results depend on the \
        machine.
        """,
      example: .spec("model: {params: {«seed»: 7}}"),
      fix: "Leave the parameter out, and use the key that the message names, if it names one."),
    Explanation(
      512, "parameter that changes nothing",
      cause: """
        LightGBM reads many parameters only together with others: `bagging_fraction` where \
        `bagging_freq` is above 0, `drop_rate` with `boosting: dart`, `cat_l2` where a feature holds \
        categories. Alone, every value gives the same model, and a sweep over it runs with the same \
        numbers.
        """,
      example: .spec("model: {params: {«bagging_fraction»: 0.8}}"),
      fix: "Add what the hint names, here `bagging_freq: 1`, or leave the parameter out."),
    Explanation(
      513, "unknown learner parameter",
      cause: """
        LightGBM has no parameter of this name. It would pass over it and train with the default \
        of the parameter that was meant.
        """,
      example: .spec("model: {params: {«num_leafs»: 7}}"),
      fix: "Write the name, or an alias, from LightGBM's list of parameters."),
    Explanation(
      514, "learner parameter given twice",
      cause: """
        Two of LightGBM's names for the same parameter are given. It would use one value and drop \
        the other.
        """,
      example: .spec("model: {params: {num_leaves: 7, «max_leaves»: 15}}"),
      fix: """
        Leave one of them out. To replace an inherited parameter, write it under the name that it \
        has there.
        """),
    Explanation(
      515, "malformed parameter value",
      cause: """
        LightGBM takes its parameters as one line of `name=value`, divided by spaces. A value that \
        is empty, or has a space or `=` in it, would be read as something else.
        """,
      example: .spec(#"model: {params: {interaction_constraints: «"[0,1], [2,3]"»}}"#),
      fix: "Write the value without spaces, or several values as a YAML list."),
    Explanation(
      516, "parameter refused by the learner",
      cause: """
        LightGBM refuses the value. Before any data are read, one tree is grown on made-up rows \
        with these parameters, so that this shows at once and not in the middle of a run.
        """,
      example: .spec("model: {params: {num_leaves: «1»}}"),
      fix: """
        Write a value that LightGBM's documentation allows. The note gives its own words: a check \
        such as `(num_leaves) > (1)` is the condition that must hold.
        """),
    Explanation(
      520, "a fold of cross-fitting that nothing can be learned for",
      cause: """
        Each fold's margins come from a model of the train rows outside the fold. Where none of \
        these is positive, all the buyers are in this one fold, and there is nothing to learn from.
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
        `calibration: {method: none}`: so few buyers calibrate nothing.
        """),
    Explanation(
      521, "a sample without negatives",
      cause: """
        `sample` keeps every positive train row and a share of the negatives, each by a draw of its \
        own. The share is so small, or the negatives so few, that none was drawn, and from rows that \
        are all positive nothing can be learned.
        """,
      example: .spec("sample: {negatives: «0.0000001»}", Example.run),
      fix: """
        Keep more of them: `negatives: 20 per positive` is enough for most. Without `sample` the \
        model learns from every train row.
        """),
    Explanation(
      522, "early stopping with nothing to fit on",
      cause: """
        The first fit of early stopping learns from train cutoffs whose label windows, and the \
        embargo behind them, are over by the first validation cutoff: the number of trees would else be \
        found on labels that the fit has seen in part. No train cutoff is over by then.
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
        The number of trees is found by the log loss of the validation rows, after a fit on the rows \
        before them. Where either has no positive row, or no other, there is nothing to learn, or \
        nothing to be wrong about.
        """,
      example: .spec(
        "model: {«early_stopping»: {rounds: 5, validation_cutoffs: 1}}",
        sql: "DELETE FROM customers WHERE first_order BETWEEN '2025-06-01' AND '2025-06-30';",
        Example.run),
      fix:
        "Validate on more cutoffs, so that positives fall into them, or leave `early_stopping` out."
    ),
    Explanation(
      530, "list that the learner would misread",
      cause: """
        LightGBM does not check its lists. One that is shorter than the features is read past its end, and \
        the index of a feature that is not there damages its memory. So a list has one number for each \
        feature, or names features that exist, before LightGBM sees it.
        """,
      example: .spec(#"model: {params: {interaction_constraints: «"[0,1],[9]"»}}"#),
      fix: """
        Write one number per feature, in the order of the spec's features, or groups of features by \
        index from 0: `"[0,1],[2]"`.
        """),
    Explanation(
      531, "value that the learner would take for another",
      cause: """
        LightGBM reads a whole number of more than 32 bits as another number, takes `inf` and `nan` for \
        numbers, and an unknown word for its default, without a word.
        """,
      example: .spec("model: {params: {max_bin: «4294967297»}}"),
      fix: "Write a finite number within the range that the message gives, or one of the words."),
    Explanation(
      533, "a model that LightGBM cannot train",
      cause: """
        LightGBM accepted the parameters and gave up while it grew trees. It does so with rounded \
        gradients (`quantized_gradients`) where the rows of a split, as rounding counts them, are not \
        those that are there.
        """,
      example: .commands(
        """
        holdout init shop &> init.log; cd shop
        holdout run experiments/first_order.yaml --threads 1 '«model»={quantized_gradients: true, seed: 2, params: {num_leaves: 7, min_data_in_leaf: 20}}'
        """),
      fix: """
        Leave `quantized_gradients` out, which costs time and nothing else, or change \
        `min_data_in_leaf`. Another seed may train, and is luck.
        """),
    Explanation(
      701, "native library that cannot be loaded",
      cause: """
        Holdout reads data with DuckDB and trains with LightGBM, which it loads as shared \
        libraries when it starts to work. One of them is not where it is looked for, belongs to \
        another user, or is not a library for this machine. The notes say where it was looked for.
        """,
      example: .commands("HOLDOUT_DUCKDB=/nowhere/libduckdb.so holdout check spec.yaml"),
      fix: """
        Run `scripts/setup`, which puts both into `.native/lib`. If `HOLDOUT_DUCKDB` or \
        `HOLDOUT_LIGHTGBM` is set, correct the path in it or unset it.
        """),
    Explanation(
      703, "results that cannot be written",
      cause: """
        The results folder cannot be made or written: a missing permission, a full disk, or a file \
        in its place. It is tried before any data are read, so that a long run rarely ends with \
        it.
        """,
      example: .commands("touch results && holdout run spec.yaml"),
      fix: """
        Correct the permissions or free some space, or name another folder with `results:` in \
        holdout.yaml.
        """),
    Explanation(
      713, "a file that would be replaced, and is not Holdout's",
      cause: """
        `--out` and `--markdown` replace what Holdout has written before: a Parquet file or a Markdown \
        page with its mark, or an empty file. Anything else may be a registry, a spec, or somebody's \
        table, and stays. A link, a device, or a pipe always stays.
        """,
      example: .commands("holdout panel spec.yaml --out data/calls.parquet"),
      fix: "Name another file. `--force` replaces a regular file, whatever it holds."),
  ]
}
