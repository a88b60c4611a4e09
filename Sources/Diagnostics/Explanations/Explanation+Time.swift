extension Explanation {
  /// Findings about time and look-ahead: H404 to H427.
  static let time: [Explanation] = [
    Explanation(
      404, "too few cutoffs in the data",
      cause: """
        The cutoffs of all roles and the embargoes between them reach back to before the first day \
        of a source. On such a cutoff the source would seem empty, and the model would take \
        missing history for a quiet customer.
        """,
      example: .spec("cutoffs: {train: «24»}", Example.checkWithData),
      mend: """
        Lower `train`, shorten the horizon, or bring older data for the source that the note \
        names. `holdout plan` shows the timeline.
        """),
    Explanation(
      405, "a source that ends before the last cutoff",
      cause: """
        `data_through` of the source lies before the last test cutoff. The newest events or \
        versions would be missing just where the result is judged, and the metrics would be those \
        of a model with old data.
        """,
      example: .spec(
        "sources: {calls: {data_through: «2025-06-30»}}", Example.checkWithData),
      mend: """
        Bring newer data and correct `data_through`, or set `cutoffs.last` to an earlier day.
        """),
    Explanation(
      410, "a feature, a rule or a label that reads a `current` column",
      cause: """
        A `current` column holds only today's value, also in the rows of past cutoffs. A status \
        that became `customer` with the order itself would tell the model the answer: the test \
        looks excellent, and scoring fails.
        """,
      example: .spec(
        """
        feature_sets: {more: [status: {category: «customers.status»}]}
        features: [account, more]
        """),
      mend: """
        Read the column from a source of versions, as of the cutoff, or leave it out. Only if its \
        value truly never changes once the row exists, declare it `class: static`. To show what \
        look-ahead adds, or to repeat a flow that had it, allow it in writing under `look_ahead`; \
        metrics.json, report and summary then carry it.
        """),
    Explanation(
      411, "rows without the day they became known",
      cause: """
        An entity has no `created`, a version no `valid_from`, or an event no `time`. There is no \
        telling from which cutoff on the row was known; to count it from the beginning would be \
        look-ahead. Such rows are left out, and this warning counts them; where that leaves no row, \
        it is an error.
        """,
      example: .spec(
        "sources: {calls: {time: «day»}}", sql: "UPDATE calls SET day = NULL WHERE id = 'C7';",
        Example.checkWithData),
      mend: """
        Fill in the days at the source. If only a few rows are left out, the warning can stand; if \
        many are, look for another column that dates them.
        """),
    Explanation(
      412, "look-ahead that the spec allows",
      cause: """
        `look_ahead` lets cohort, features or label read columns that hold only today's value. What \
        came after a cutoff may stand in them, so the metrics tell how well the past can be told \
        from the present, and not what to expect in use.
        """,
      example: .spec(
        """
        look_ahead: {«allow»: [customers.status], because: to show what it adds}
        feature_sets: {more: [status: {category: customers.status}]}
        features: [account, more]
        """),
      mend: """
        Take such a run for an illustration and never promote it. The warning goes with the \
        allowance; a source of versions gives the columns as they were known.
        """),
    Explanation(
      413, "an allowance that allows nothing, or gives no reason",
      cause: """
        Only `current` columns look ahead: `static`, `event` and `history` columns are read as they \
        were known, and to allow them would say something false about the results. A blank reason \
        tells their readers nothing.
        """,
      example: .spec(
        "look_ahead: {allow: [«customers.size»], because: to show what it adds}"),
      mend: """
        Leave the column out of `allow`, and say in `because` why look-ahead is accepted.
        """),
    Explanation(
      414, "an allowance for a column that nothing reads",
      cause: """
        No rule, feature or label reads the column. An allowance that is kept for nothing will \
        cover look-ahead that somebody adds later.
        """,
      example: .spec(
        "look_ahead: {allow: [«customers.status»], because: to show what it adds}"),
      mend: "Leave the column out of `allow`."),
    Explanation(
      415, "labels of windows that are not over",
      cause: """
        With `immature: negative` a cutoff may play a role although its label window ends after \
        the last observed day. Everybody who buys in the rest of the window is learned, or judged, \
        as a negative.
        """,
      example: .spec("label: {immature: «negative»}"),
      mend: """
        Leave the key out: `last: latest_mature` finds the last cutoff whose labels are all in. \
        `negative` is for repeating a flow that counted this way; the results carry it.
        """),
    Explanation(
      416, "a calibrator that is judged on its own rows",
      cause: """
        With `fit: test` the calibrator is fitted on the test rows and then judged on them. Whatever \
        it is worth on later rows, calibration error comes out near zero there.
        """,
      example: .spec("calibration: {fit: «test»}\ncutoffs: {calibrate: 0}"),
      mend: """
        Write `fit: calibrate` with cutoffs of its own, or `fit: cross_fit` where history is short. \
        `test` is for repeating a flow that did so; the results carry it.
        """),
    Explanation(
      417, "label events that end long before the data do",
      cause: """
        `data_through` says that every event up to that day is in the data, but the last one is so \
        much older that, at the rate of the year before, chance would hardly ever leave such a gap. \
        Most likely the export stopped earlier. Buyers of the missing days would count as \
        negatives, in train and in test. The run carries it as a caveat, which the standard gates refuse, \
        and `holdout retrain` refuses such data at once.
        """,
      example: .spec(
        "data_through: «2026-03-31»", Example.checkWithData),
      mend: """
        Write the last day that the export really covers, or bring the newer events. If events \
        truly ceased, say so in the spec, `accept: {H417: why}`, or to `holdout retrain` with \
        `--accept H417="why"`: the caveat stays, with its reason, and gates let it pass.
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
      mend: """
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
      mend: """
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
      mend: """
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
      mend: """
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
      mend: """
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
      mend: """
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
      mend: """
        Take `as_of` away, write an earlier day, or bring the data up to that day and correct \
        `data_through`.
        """),
  ]
}
