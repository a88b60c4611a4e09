import Diagnostics

// Findings about time and calibration: H211, H250, H251, H278, H280 to H283, H306, H420 to H427, H438
// to H441 and H532.
extension Finding {
  static func nothingToCalibrateOn(
    _ count: Located<Int>, _ method: Located<CalibrationSpec.Method>
  ) -> Finding {
    Finding(
      250, "calibration `\(method.value.rawValue)` has no cutoffs to fit on",
      at: count.span, label: "needs at least 1",
      hints: [
        "`calibration: {fit: cross_fit}` fits it on out-of-fold margins of the train cutoffs",
        "`calibration: {method: none}` uses the learner's own probability",
      ])
  }

  /// - Parameter isTime: whether the text is a time of day.
  static func badEndOfDay(_ text: Located<String>, isTime: Bool) -> Finding {
    Finding(
      278, "a day cannot end at `\(text.value)`", at: text.span,
      label: isTime ? "after 12:00 of the next calendar day" : "not a time of day",
      hints: [
        "write hours and minutes from 00:00 to 12:00 of the next calendar day, such as \"06:00\""
      ])
  }

  static func foldsOfNoCrossFit(_ key: Located<String>) -> Finding {
    Finding(
      280, "`folds` is for `fit: cross_fit` only", at: key.span, label: "has no effect",
      hints: ["leave it out, or write `fit: cross_fit`"])
  }

  static func calibrateCutoffsBeside(
    _ fit: Located<CalibrationSpec.Fit>, _ count: Located<Int>
  ) -> Finding {
    Finding(
      281, "`fit: \(fit.value.word)` needs no calibrate cutoffs", at: count.span, label: "write 0",
      notes: ["`fit` is written at \(fit.span.place)"],
      hints: [
        "`calibrate: 0` gives them to train; `fit: calibrate` fits the calibrator on them"
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
      532, .warning, "`bounds` has no effect on `\(method.value.rawValue)`", at: bounds.span,
      label: "only `isotonic` can reach 0 or 1",
      hints: ["leave `bounds` out, or write `method: isotonic`"])
  }

  static func calibratesNothing(
    _ count: Located<Int>, _ method: Located<CalibrationSpec.Method>
  ) -> Finding {
    Finding(
      251, .warning,
      count.value == 1
        ? "1 calibrate cutoff is held out but not used"
        : "\(count.value) calibrate cutoffs are held out but not used",
      at: count.span, label: "`calibration.method` is `none`",
      hints: ["`calibrate: 0` gives them to train"])
  }

  static func validatesOnAllTrainCutoffs(_ validation: Located<Int>, train: Int) -> Finding {
    Finding(
      283,
      "early stopping validates on \(validation.value) of \(train) train cutoffs, leaving "
        + "none to fit on",
      at: validation.span, label: "must be less than `cutoffs.train`",
      hints: ["2 or 3 cutoffs are usual; cutoffs whose labels overlap them are excluded too"])
  }

  static func notDeterministic(_ name: String, at span: SourceSpan) -> Finding {
    Finding(
      306, "`\(name)` can change from run to run", at: span, label: "not allowed here",
      hints: ["`cutoff` is the day at which the expression is evaluated"])
  }

  static func labelClass(
    _ reference: Located<ColumnReference>, _ column: ColumnSpec
  ) -> Finding {
    Finding(
      420,
      "a label is an `event` date, and `\(reference.value)` is "
        + "`\(column.columnClass.rawValue)`", at: reference.span,
      label: "not the date of the event itself",
      notes: ["the class is declared at \(column.name.span.place)"],
      hints: ["a date that is set once, on the day of the event, is `class: event`"])
  }

  static func entityWithoutCreated(_ name: Located<String>, _ source: SourceSpec) -> Finding {
    Finding(
      421, .warning, "every entity of `\(source.name.value)` exists at every cutoff",
      at: name.span, label: "has no `created`",
      notes: ["`\(source.name.value)` is declared at \(source.name.span.place)"],
      hints: ["`created` names the date column that says when a row was created"])
  }

  static func labelWithoutDataThrough(_ span: SourceSpan, _ source: SourceSpec) -> Finding {
    Finding(
      422, "the last observed day of `\(source.name.value)` is not known", at: span,
      label: "so no label window is known to be complete",
      hints: ["add `data_through` to `sources.\(source.name.value)` or at the top"])
  }

  static func lastNotMature(
    _ last: Located<CalendarDate>, settledOn end: CalendarDate, settles: Bool,
    observed: CalendarDate, _ source: SourceSpec
  ) -> Finding {
    Finding(
      423, "the labels of the last cutoff are incomplete", at: last.span,
      label: settles ? "its labels are final on \(end)" : "its window ends on \(end)",
      notes: ["`\(source.name.value)` is observed through \(observed)"],
      hints: ["`last: latest_mature` finds the last cutoff with complete labels"])
  }

  static func lastAfterData(
    _ last: Located<CalendarDate>, observed: CalendarDate, _ source: SourceSpec
  ) -> Finding {
    Finding(
      423, "the last cutoff is after the end of the data", at: last.span,
      label: "no day of its window has been observed",
      notes: ["`\(source.name.value)` is observed through \(observed)"],
      hints: ["write an earlier day, or `latest_mature`"])
  }

  static func lastOffCadence(
    _ last: Located<CalendarDate>, nearest: CalendarDate?
  ) -> Finding {
    Finding(
      424, "`\(last.value)` is not a cutoff of this cadence", at: last.span,
      label: nearest.map { "did you mean \($0)?" } ?? "does not fit `cutoffs.every`",
      hints: ["with `every: 30 days`, or another period, the last cutoff can be any day"])
  }

  static func noEmbargo(at span: SourceSpan) -> Finding {
    Finding(
      425, .warning, "train label windows overlap the next role's cutoffs", at: span,
      label: "no embargo",
      hints: ["`embargo: horizon` leaves out the cutoffs in between"])
  }

  static func cutoffsNotAscending(
    _ day: Located<CalendarDate>, after before: Located<CalendarDate>
  ) -> Finding {
    Finding(
      439,
      day.value == before.value
        ? "the cutoff \(day.value) is listed twice"
        : "the cutoff \(day.value) is listed after \(before.value)",
      at: day.span, label: day.value == before.value ? "remove it" : "earlier than the one before",
      hints: ["write the cutoffs in ascending order, each once"])
  }

  static func tooManyCutoffs(from day: CalendarDate, at span: SourceSpan) -> Finding {
    Finding(
      211, "`from` must be a day with at most \(SpecLanguage.maximumCutoffs) cutoffs after it",
      at: span, label: "more than that since \(day)",
      hints: ["write a later day, or a wider grid"])
  }

  static func foldsWithoutStep(_ folds: Located<Int>) -> Finding {
    Finding(
      440, "\(folds.value) folds need a `step`", at: folds.span,
      label: "the distance between folds is not set",
      hints: ["add `step: 3 months`, or another period, next to it"])
  }

  static func stepTooShort(_ step: Located<Period>, every span: SourceSpan) -> Finding {
    Finding(
      441, "a step of \(step.value) is shorter than the time between cutoffs", at: step.span,
      label: "does not move every fold", notes: ["`every` is written at \(span.place)"],
      hints: ["write a `step` equal to `every`, or a multiple of it"])
  }

  static func gapsBetweenWindows(_ horizon: Located<Period>, every span: SourceSpan) -> Finding {
    Finding(
      427, .warning, "some days between label windows belong to no cutoff",
      at: horizon.span, label: "shorter than the time between cutoffs",
      notes: ["`every` is written at \(span.place)"],
      hints: ["events on those days are not counted; shorten `every` or lengthen the horizon"])
  }

  static func dataFromAfterData(
    _ from: Located<CalendarDate>, _ through: Located<CalendarDate>
  ) -> Finding {
    Finding(
      438, "the data end before they are complete", at: from.span,
      label: "after `data_through`, which is \(through.value)",
      notes: ["`data_through` is written at \(through.span.place)"],
      hints: ["`data_from` is the first complete day, `data_through` the last one"])
  }

  static func asOfAfterData(
    _ asOf: Located<CalendarDate>, _ dataThrough: Located<CalendarDate>
  ) -> Finding {
    Finding(
      426, .warning, "`as_of` is later than the label's data", at: asOf.span,
      label: "has no effect",
      notes: ["data_through is \(dataThrough.value) at \(dataThrough.span.place)"],
      hints: ["remove `as_of`, or write an earlier day"])
  }
}

extension Explanation {
  static let timeFindings: [Explanation] = [
    Explanation(
      250, "calibration without cutoffs",
      cause: """
        The calibrator is fitted on the calibrate cutoffs, and there are none. Fitted on the train \
        cutoffs, it would underestimate the model's errors.
        """,
      example: .spec("cutoffs: {calibrate: «0»}"),
      fix: """
        Write at least 1 for `cutoffs.calibrate`. If the history is too short for that, \
        `calibration: {fit: cross_fit}` fits it on out-of-fold margins of the train cutoffs, and \
        `calibration: {method: none}` keeps the learner's own probabilities.
        """),
    Explanation(
      278, "a time at which a day cannot end",
      cause: """
        `day.ends_at` is a time of the next calendar day: with `06:00`, Sunday ends on Monday at \
        06:00. A time after noon is refused, because the evening of the same day may be meant.
        """,
      example: .spec("day: {ends_at: «\"18:00\"»}"),
      fix: "Write hours and minutes from 00:00 to 12:00, such as `\"06:00\"`."),
    Explanation(
      251, "calibrate cutoffs that nothing uses",
      cause: """
        With `method: none`, nothing is fitted on the calibrate cutoffs. They are only withheld \
        from train, which leaves the model fewer or older rows.
        """,
      example: .spec(
        """
        cutoffs: {calibrate: «2»}
        calibration: {method: none}
        """),
      fix: "Write `cutoffs: {calibrate: 0}`, or choose a calibration method."),
    Explanation(
      280, "calibration folds without cross-fitting",
      cause: """
        `calibration.folds` is the number of folds of entities for `fit: cross_fit`. With `fit: \
        calibrate`, the calibrator is fitted on the calibrate cutoffs, and there are no folds.
        """,
      example: .spec("calibration: {fit: calibrate, «folds»: 5}"),
      fix: """
        Remove `folds`, or write `fit: cross_fit` with `cutoffs.calibrate: 0`. To evaluate a spec \
        at several times, use `cutoffs.folds`.
        """),
    Explanation(
      281, "calibrate cutoffs that the calibrator does not use",
      cause: """
        A cross-fitted calibrator is fitted on the train cutoffs, and one with `fit: test` on the \
        test cutoffs. Calibrate cutoffs, and the embargo before them, would be withheld from train \
        for nothing.
        """,
      example: .spec("calibration: {fit: cross_fit}\ncutoffs: {calibrate: «1»}"),
      fix: """
        Write `cutoffs: {calibrate: 0}`. If the history is long enough for calibrate cutoffs, \
        remove `fit: cross_fit`: their rows are later than the train rows, as scored rows are.
        """),
    Explanation(
      282, "`fit` without a calibrator",
      cause: """
        With `method: none`, no calibrator is fitted, so `fit: cross_fit` and `fit: test` have no \
        effect.
        """,
      example: .spec(
        """
        calibration: {method: none, fit: «cross_fit»}
        cutoffs: {calibrate: 0}
        """),
      fix: "Remove `fit`, or choose a calibration method."),
    Explanation(
      283, "early stopping that takes every train cutoff",
      cause: """
        Early stopping validates on the last train cutoffs, and its first fit uses the earlier \
        ones. If every train cutoff is a validation cutoff, no rows are left to fit on.
        """,
      example: .spec("model: {early_stopping: {rounds: 5, validation_cutoffs: «4»}}"),
      fix: "Validate on fewer cutoffs, or raise `cutoffs.train`."),
    Explanation(
      306, "a function that can change from run to run",
      cause: """
        `today()`, `random()`, and machine settings change between runs or machines, so the result \
        could not be reproduced. Counting from today is also look-ahead: every cutoff would see \
        the same today. A source's own query cannot call such functions either.
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
      420, "a label whose column is not of class `event`",
      cause: """
        A label asks whether something happens in the window after the cutoff, so its date must be \
        the date of the event itself. A `static` date may have been known long before, and a \
        `current` or `history` date may be overwritten later, so the labels of past cutoffs would \
        be wrong.
        """,
      example: .spec(
        """
        sources: {customers: {columns: {renewal: {type: date, class: static}}}}
        label: {event: «customers.renewal», horizon: 1 month}
        """),
      fix: """
        Name a date that is set once, on the day of the event, and declare it `class: event`. If \
        the event can happen more than once, use an event source: `event: {source: orders}`.
        """),
    Explanation(
      421, "an entity source without `created`",
      cause: """
        Without its creation date, every entity that exists today has a row at every cutoff, even \
        long before it existed. Such rows are easy negatives: they lower the base rate and inflate \
        the metrics.
        """,
      example: .spec(
        """
        sources: {customers: {created: null}}
        cohort: {entity: «customers»}
        """),
      fix: """
        Name the creation date: `created: created_on`. If all entities are older than the first \
        cutoff, you can ignore the warning.
        """),
    Explanation(
      422, "a label source without `data_through`",
      cause: """
        A label window without an event is a 0 only if the entire window has been observed. \
        Without the last observed day, the newest windows would count as complete, and buyers \
        whose orders are not in the data yet would be negatives.
        """,
      example: .spec(
        """
        data_through: null
        «label»: {event: customers.first_order, horizon: 1 month}
        """),
      fix: """
        Write `data_through`, the last day that the data cover completely, at the source or at the \
        top of the spec.
        """),
    Explanation(
      423, "a last cutoff with incomplete labels",
      cause: """
        The label window of `cutoffs.last`, plus `label_delay`, ends after the last observed day. \
        Entities that buy in the rest of the window would count as negatives, and the test metrics \
        would use wrong labels.
        """,
      example: .spec("cutoffs: {last: «2025-08-31»}"),
      fix: """
        Write `last: latest_mature`, which finds the last cutoff with complete labels, or an \
        earlier day.
        """),
    Explanation(
      424, "a last cutoff that is off the cadence",
      cause: """
        `cutoffs.last` is a day on which `cutoffs.every` puts no cutoff. Silently moving it would \
        make a different timeline from the one you wrote.
        """,
      example: .spec("cutoffs: {last: «2025-07-15»}"),
      fix: """
        Write the suggested day, here `2025-06-30`, or change `every`. With `every: 30 days`, the \
        last cutoff can be any day.
        """),
    Explanation(
      425, "no embargo between the roles",
      cause: """
        With `embargo: none`, the label windows of train overlap the calibrate and test cutoffs. \
        The model then learns from events that had not happened by the first test cutoff, so the \
        metrics look better than they will be in production.
        """,
      example: .spec("cutoffs: {embargo: «none»}"),
      fix: """
        Write `embargo: horizon`, or remove the key. With `none`, do not report the metrics as an \
        estimate of future performance.
        """),
    Explanation(
      426, "an `as_of` later than the data",
      cause: """
        `as_of` hides everything after a day, to repeat an experiment as it would have been run \
        then. A day after `data_through` hides nothing, so `as_of` would not change the timeline.
        """,
      example: .spec("as_of: «2025-12-31»"),
      fix: """
        Remove `as_of`, write an earlier day, or load newer data and correct `data_through`.
        """),
    Explanation(
      427, "days between label windows",
      cause: """
        The horizon is shorter than the time between cutoffs, so some days are in no label window. \
        Events on those days are not counted.
        """,
      example: .spec("label: {horizon: «10 days»}"),
      fix: "Lengthen the horizon or shorten `every`, unless you want the gap."),
    Explanation(
      438, "`data_from` after `data_through`",
      cause: """
        A source is complete from `data_from` to `data_through`. If the first day is after the \
        last, no day is complete, and there is no cutoff at which the source could be read.
        """,
      example: .spec("sources: {calls: {data_from: «2025-10-01»}}"),
      fix: "Correct one of the two days, or remove `data_from`."),
    Explanation(
      439, "listed cutoffs that are not in order",
      cause: """
        `cutoffs.every` lists the cutoffs by day. They must be in ascending order, each once: a day \
        out of order, or twice, is usually a typing error in the year or month.
        """,
      example: .spec("cutoffs: {every: [2025-02-28, 2025-05-31, «2025-04-30»]}"),
      fix: "Correct the day, or write the days in order."),
    Explanation(
      440, "several folds without a step",
      cause: """
        Each fold repeats the complete split further back, and `step` says how far. No default \
        would be right for every experiment.
        """,
      example: .spec("cutoffs: {folds: «3»}"),
      fix: """
        Add `step` next to it. If `step` covers all test cutoffs, for example `3 months` with \
        three month ends, each cutoff is tested once.
        """),
    Explanation(
      441, "a step that does not move every fold",
      cause: """
        A fold ends with the last cutoff on or before its end day. If the step is shorter than the \
        time between cutoffs, two folds end with the same cutoff, and the same rows would count \
        twice.
        """,
      example: .spec("cutoffs: {folds: 3, step: «10 days»}"),
      fix: """
        Write a step in the unit of `every`, equal to it or a multiple of it: `1 month` for \
        `every: month_end`.
        """),
    Explanation(
      532, "bounds without isotonic regression",
      cause: """
        `calibration.bounds` keeps the ends of an isotonic function away from 0 and 1. A sigmoid \
        or a shift of the log odds never reaches 0 or 1, so `bounds` has no effect.
        """,
      example: .spec("calibration: {method: sigmoid, bounds: «none»}"),
      fix: "Remove `bounds`, or write `method: isotonic`."),
  ]
}
