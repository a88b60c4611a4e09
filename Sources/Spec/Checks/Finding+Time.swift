import Diagnostics

// Findings about time and calibration: H250, H251, H280 to H283, H306, H420 to H427, H440, H441 and
// H532.
extension Finding {
  static func nothingToCalibrateOn(
    _ count: Located<Int>, _ method: Located<CalibrationSpec.Method>
  ) -> Finding {
    Finding(
      250, "calibration `\(method.value.rawValue)` has no cutoffs to be fitted on",
      at: count.span, label: "needs at least 1",
      hints: [
        "`calibration: {fit: cross_fit}` fits it on out-of-fold margins of the train cutoffs",
        "`calibration: {method: none}` takes the learner's own probability",
      ])
  }

  static func foldsOfNoCrossFit(_ key: Located<String>) -> Finding {
    Finding(
      280, "`folds` is for `fit: cross_fit` only", at: key.span, label: "deals nothing",
      hints: ["leave it out, or write `fit: cross_fit`"])
  }

  static func calibrateCutoffsBeside(
    _ fit: Located<CalibrationSpec.Fit>, _ count: Located<Int>
  ) -> Finding {
    Finding(
      281, "`fit: \(fit.value.word)` needs no calibrate cutoffs", at: count.span, label: "write 0",
      notes: ["`fit` is written at \(fit.span.place)"],
      hints: [
        "`calibrate: 0` leaves them to train; `fit: calibrate` fits the calibrator on them"
      ])
  }

  static func fitsNothing(_ fit: Located<CalibrationSpec.Fit>) -> Finding {
    Finding(
      282, .warning, "there is no calibrator to fit", at: fit.span,
      label: "`calibration.method` is `none`",
      hints: ["leave `fit` out, or choose a calibration method"])
  }

  static func boundsNothing(
    _ bounds: Located<CalibrationSpec.Bounds>, _ method: Located<CalibrationSpec.Method>
  ) -> Finding {
    Finding(
      532, .warning, "`bounds` does nothing for `\(method.value.rawValue)`", at: bounds.span,
      label: "only `isotonic` has ends that could be 0 or 1",
      hints: ["leave `bounds` out, or write `method: isotonic`"])
  }

  static func calibratesNothing(
    _ count: Located<Int>, _ method: Located<CalibrationSpec.Method>
  ) -> Finding {
    Finding(
      251, .warning,
      count.value == 1
        ? "1 calibrate cutoff is set aside and not used"
        : "\(count.value) calibrate cutoffs are set aside and not used",
      at: count.span, label: "`calibration.method` is `none`",
      hints: ["`calibrate: 0` leaves them to train"])
  }

  static func validatesOnAllTrainCutoffs(_ validation: Located<Int>, train: Located<Int>) -> Finding
  {
    Finding(
      283,
      "early stopping validates on \(validation.value) of \(train.value) train cutoffs, which leaves none "
        + "to fit on",
      at: validation.span, label: "must be less than `cutoffs.train`",
      hints: ["2 or 3 cutoffs are usual; those whose labels reach into them are left out as well"])
  }

  static func notDeterministic(_ name: String, at span: SourceSpan) -> Finding {
    Finding(
      306, "`\(name)` may differ from run to run", at: span, label: "not allowed here",
      hints: ["`cutoff` is the day at which the expression is evaluated"])
  }

  static func labelClass(
    _ reference: Located<ColumnReference>, _ column: ColumnSpec
  ) -> Finding {
    Finding(
      420,
      "a label is an `event` date, and `\(reference.value)` is "
        + "`\(column.columnClass.rawValue)`", at: reference.span,
      label: "not the moment itself",
      notes: ["the class is declared at \(column.name.span.place)"],
      hints: ["a date that is set once, on the day it names, is `class: event`"])
  }

  static func entityWithoutCreated(_ name: Located<String>, _ source: SourceSpec) -> Finding {
    Finding(
      421, .warning, "every entity of `\(source.name.value)` exists at every cutoff",
      at: name.span, label: "has no `created`",
      notes: ["`\(source.name.value)` is declared at \(source.name.span.place)"],
      hints: ["`created` names the date column from which on a row exists"])
  }

  static func labelWithoutDataThrough(_ span: SourceSpan, _ source: SourceSpec) -> Finding {
    Finding(
      422, "nobody knows until when `\(source.name.value)` has seen events", at: span,
      label: "so no label window is known to be over",
      hints: ["add `data_through` to `sources.\(source.name.value)` or at the top"])
  }

  static func lastNotMature(
    _ last: Located<CalendarDate>, settledOn end: CalendarDate, settles: Bool,
    observed: CalendarDate, _ source: SourceSpec
  ) -> Finding {
    Finding(
      423, "the labels of the last cutoff are not all in", at: last.span,
      label: settles ? "its labels are settled on \(end)" : "its window ends on \(end)",
      notes: ["`\(source.name.value)` is observed through \(observed)"],
      hints: ["`last: latest_mature` finds the last cutoff that can be judged"])
  }

  static func lastAfterData(
    _ last: Located<CalendarDate>, observed: CalendarDate, _ source: SourceSpec
  ) -> Finding {
    Finding(
      423, "the last cutoff lies after the data", at: last.span,
      label: "nothing of its window has been seen",
      notes: ["`\(source.name.value)` is observed through \(observed)"],
      hints: ["name an earlier day, or `latest_mature`"])
  }

  static func lastOffCadence(
    _ last: Located<CalendarDate>, nearest: CalendarDate?
  ) -> Finding {
    Finding(
      424, "`\(last.value)` is not a cutoff of this cadence", at: last.span,
      label: nearest.map { "did you mean \($0)?" } ?? "does not fit `cutoffs.every`",
      hints: ["`every: 30 days`, or another period, may have its last cutoff on any day"])
  }

  static func noEmbargo(at span: SourceSpan) -> Finding {
    Finding(
      425, .warning, "label windows of train reach into the next role's cutoffs", at: span,
      label: "no embargo",
      hints: ["`embargo: horizon` leaves out the cutoffs in between"])
  }

  static func foldsWithoutStep(_ folds: Located<Int>) -> Finding {
    Finding(
      440, "\(folds.value) folds need a `step`", at: folds.span,
      label: "how far each lies behind the one before is not said",
      hints: ["add `step: 3 months`, or another period, beside it"])
  }

  static func stepTooShort(_ step: Located<Period>, every span: SourceSpan) -> Finding {
    Finding(
      441, "a step of \(step.value) is shorter than the one between cutoffs", at: step.span,
      label: "does not move every fold", notes: ["`every` is written at \(span.place)"],
      hints: ["write a `step` that is as long as `every`, or a multiple of it"])
  }

  static func gapsBetweenWindows(_ horizon: Located<Period>, every span: SourceSpan) -> Finding {
    Finding(
      427, .warning, "label windows leave days between them that no cutoff looks at",
      at: horizon.span, label: "shorter than the step between cutoffs",
      notes: ["`every` is written at \(span.place)"],
      hints: ["an event on such a day counts nowhere; shorten the step or lengthen the horizon"])
  }

  static func asOfAfterData(
    _ asOf: Located<CalendarDate>, _ dataThrough: Located<CalendarDate>
  ) -> Finding {
    Finding(
      426, .warning, "`as_of` is later than the label's data", at: asOf.span,
      label: "cuts nothing off",
      notes: ["data_through is \(dataThrough.value) at \(dataThrough.span.place)"],
      hints: ["leave `as_of` out, or write an earlier day"])
  }
}

extension Explanation {
  static let timeFindings: [Explanation] = [
    Explanation(
      250, "calibration without cutoffs",
      cause: """
        The calibration method is fitted on the calibrate cutoffs, and there are none. Fitted on \
        the train cutoffs instead, it would take the model's errors to be smaller than they are.
        """,
      example: .spec("cutoffs: {calibrate: «0»}"),
      fix: """
        Write at least 1 for `cutoffs.calibrate`. Where the history is too short for that, \
        `calibration: {fit: cross_fit}` fits it on out-of-fold margins of the train cutoffs, and \
        `calibration: {method: none}` keeps the learner's own probabilities.
        """),
    Explanation(
      251, "calibrate cutoffs that nothing uses",
      cause: """
        With `method: none` nothing is fitted on the calibrate cutoffs. They are only withheld \
        from train, which leaves the model fewer or older rows to learn from.
        """,
      example: .spec(
        """
        cutoffs: {calibrate: «2»}
        calibration: {method: none}
        """),
      fix: "Write `cutoffs: {calibrate: 0}`, or choose a calibration method."),
    Explanation(
      280, "folds of a calibration that is not cross-fitted",
      cause: """
        `calibration.folds` says into how many folds entities are dealt for `fit: cross_fit`. With \
        `fit: calibrate` the calibrator is fitted on the calibrate cutoffs as they are, and nothing \
        is dealt.
        """,
      example: .spec("calibration: {fit: calibrate, «folds»: 5}"),
      fix: """
        Leave `folds` out, or write `fit: cross_fit` with `cutoffs.calibrate: 0`. To judge a spec \
        at several times, `cutoffs.folds` is meant.
        """),
    Explanation(
      281, "calibrate cutoffs that the calibrator does not use",
      cause: """
        A cross-fitted calibrator is fitted on margins of the train cutoffs, one with `fit: test` on \
        those of test. Calibrate cutoffs, and \
        the embargo before them, would be withheld from train and used for nothing.
        """,
      example: .spec("calibration: {fit: cross_fit}\ncutoffs: {calibrate: «1»}"),
      fix: """
        Write `cutoffs: {calibrate: 0}`. With history enough for calibrate cutoffs, leave \
        `fit: cross_fit` out: their rows are later than the train rows, as scored rows will be.
        """),
    Explanation(
      282, "a way of fitting without a calibrator",
      cause: """
        With `method: none` no calibrator is fitted, so nothing is done for `fit: cross_fit` or \
        `fit: test`.
        """,
      example: .spec(
        """
        calibration: {method: none, fit: «cross_fit»}
        cutoffs: {calibrate: 0}
        """),
      fix: "Leave `fit` out, or choose a calibration method."),
    Explanation(
      283, "early stopping that takes every train cutoff",
      cause: """
        Early stopping validates on the last train cutoffs, and its first fit learns from those before \
        them. With as many validation cutoffs as there are train cutoffs it has nothing to learn from.
        """,
      example: .spec("model: {early_stopping: {rounds: 5, validation_cutoffs: «4»}}"),
      fix: "Validate on fewer cutoffs, or raise `cutoffs.train`."),
    Explanation(
      306, "a function that may differ from run to run",
      cause: """
        `today()`, `random()`, a setting of the machine and the like change between runs or \
        between machines, so the result could not be had again. A date counted from today is \
        look-ahead as well: every cutoff would see the same today. A source's own query may not \
        call such functions, either.
        """,
      example: .spec(
        """
        feature_sets: {more: [days: {sql: "date_diff('day', customers.created, «today»())"}]}
        features: [account, more]
        """),
      fix: """
        Write `cutoff` for the day at which the expression is evaluated, or use a feature such as \
        `{days_since: customers.created}`.
        """),
    Explanation(
      420, "a label whose column is not an `event`",
      cause: """
        A label asks whether something happens in the window after the cutoff, so its date must be \
        the moment itself. A `static` date may have been known long before, and a `current` or \
        `history` one may be overwritten later: the labels of past cutoffs would be false.
        """,
      example: .spec(
        """
        sources: {customers: {columns: {renewal: {type: date, class: static}}}}
        label: {event: «customers.renewal», horizon: 1 month}
        """),
      fix: """
        Name a date that is set once, on the day it names, and declare it `class: event`. If the \
        event can happen more than once, take an event source: `event: {source: orders}`.
        """),
    Explanation(
      421, "an entity source without `created`",
      cause: """
        Without the day on which an entity came into being, every one of today's entities is in \
        the rows of every cutoff, also long before it existed. Such rows are easy negatives; they \
        lower the base rate and flatter the metrics.
        """,
      example: .spec(
        """
        sources: {customers: {created: null}}
        cohort: {entity: «customers»}
        """),
      fix: """
        Name the date from which on a row exists: `created: created_on`. If all entities are older \
        than the first cutoff, the warning can stand.
        """),
    Explanation(
      422, "a label source without `data_through`",
      cause: """
        No event in a label window is a 0 only if the whole window has been observed. Without the \
        last observed day, the newest windows would be taken for complete, and buyers whose order \
        is not in the data yet would be learned as negatives.
        """,
      example: .spec(
        """
        data_through: null
        «label»: {event: customers.first_order, horizon: 1 month}
        """),
      fix: """
        Write `data_through`, the last day that the data cover wholly, at the source or at the top \
        of the spec.
        """),
    Explanation(
      423, "a last cutoff whose labels are not all in",
      cause: """
        The label window of `cutoffs.last`, with `label_delay` after it, ends after the last observed \
        day. Who buys in the rest of the window would count as a negative, and the test would be \
        judged on false labels.
        """,
      example: .spec("cutoffs: {last: «2025-08-31»}"),
      fix: """
        Write `last: latest_mature`, which finds the last cutoff that can be judged, or name an \
        earlier day.
        """),
    Explanation(
      424, "a last cutoff that is off the cadence",
      cause: """
        `cutoffs.last` names a day on which `cutoffs.every` puts no cutoff. To move it without a \
        word would make a timeline that nobody has asked for.
        """,
      example: .spec("cutoffs: {last: «2025-07-15»}"),
      fix: """
        Name the day of the cadence that is suggested, here `2025-06-30`, or change `every`. With \
        `every: 30 days` the last cutoff may be any day.
        """),
    Explanation(
      425, "no embargo between the roles",
      cause: """
        With `embargo: none` the label windows of train reach into the cutoffs of calibrate and \
        test. The model then learns from events that had not happened when the first test row was \
        scored, so the metrics look better than they will be in use.
        """,
      example: .spec("cutoffs: {embargo: «none»}"),
      fix: """
        Write `embargo: horizon`, or leave the key out. With `none` do not report the metrics as \
        what is to be expected.
        """),
    Explanation(
      426, "an `as_of` later than the data",
      cause: """
        `as_of` hides what came after a day, to repeat an experiment as it would have come out \
        then. A day after `data_through` hides nothing: the timeline is that of the data, and not \
        the one that `as_of` seems to promise.
        """,
      example: .spec("as_of: «2025-12-31»"),
      fix: """
        Take `as_of` away, write an earlier day, or bring the data up to that day and correct \
        `data_through`.
        """),
    Explanation(
      427, "days between label windows",
      cause: """
        The horizon is shorter than the step from cutoff to cutoff, so that some days lie in no label \
        window: an event on such a day counts nowhere.
        """,
      example: .spec("label: {horizon: «10 days»}"),
      fix: "Lengthen the horizon or shorten the step, unless the gap is meant."),
    Explanation(
      440, "several folds without a step",
      cause: """
        Each fold repeats the whole split further back, and `step` says how far. There is no \
        length that would be right for every experiment, so none is assumed.
        """,
      example: .spec("cutoffs: {folds: «3»}"),
      fix: """
        Add `step` beside it. As long as the test cutoffs reach, for instance `3 months` with three \
        month ends, each cutoff is tested on once.
        """),
    Explanation(
      441, "a step that does not move every fold",
      cause: """
        A fold ends with the last cutoff on or before its place. A step shorter than the one \
        between cutoffs brings two folds to the same cutoff; the same rows would then be counted as \
        if they had been judged twice.
        """,
      example: .spec("cutoffs: {folds: 3, step: «10 days»}"),
      fix: """
        Write a step in the unit of `every`, as long as it or a multiple of it: `1 month` for \
        `every: month_end`.
        """),
    Explanation(
      532, "bounds without isotonic regression",
      cause: """
        `calibration.bounds` says what keeps the ends of an isotonic function from 0 and 1. A sigmoid and a \
        shift of the log odds never come there, so that it changes nothing.
        """,
      example: .spec("calibration: {method: sigmoid, bounds: «none»}"),
      fix: "Leave `bounds` out, or write `method: isotonic`."),
  ]
}
