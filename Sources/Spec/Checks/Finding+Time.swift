import Diagnostics

// Findings about time: H250, H251, H280 to H282, H306, H420 to H427, H440 and H441; H532.
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
