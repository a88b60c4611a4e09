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
        value truly never changes once the row exists, declare it `class: static`.
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
        The label window of `cutoffs.last`, with `settle` after it, ends after the last observed \
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
