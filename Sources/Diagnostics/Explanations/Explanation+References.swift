// What is named and does not exist, is named twice, or is not used: H232 to H242.
extension Explanation {
  static let references: [Explanation] = [
    Explanation(
      232, "unknown source",
      cause: """
        A feature, rule, label or contract names a source that `sources` does not declare, so \
        there is nothing to read.
        """,
      example: .spec("label: {event: «customer».first_order}"),
      mend: "Write the name of a declared source, or declare this one under `sources`."),
    Explanation(
      233, "unknown column",
      cause: """
        A column can be read only if its source lists it. What a column may know at a cutoff is \
        said there; a column taken straight from the table could bring today's value into the \
        past.
        """,
      example: .spec("feature_sets: {contact: [has_phone: {present: history.«phone»}]}"),
      mend: """
        Correct the name, or list the column under the source's `columns` with its type and, where \
        the source has one row per key, its class.
        """),
    Explanation(
      234, "unknown feature or feature set",
      cause: """
        `features` names something that `feature_sets` does not define. Passed over in silence, it \
        would leave the model without columns that were meant to be there.
        """,
      example: .spec("features: [account, «engagment»]"),
      mend: """
        Write the name of a set or of a single feature. A feature with a list of windows goes by \
        the names of its windows, such as `calls_30d`.
        """),
    Explanation(
      235, "unknown feature in a sum",
      cause: """
        A sum adds a feature that no set defines. A feature with a list of windows is one feature \
        for each window, and none has the plain name.
        """,
      example: .spec("feature_sets: {totals: [activity: {sum: [size, «calls»]}]}"),
      mend: """
        Write the names of features that exist, with their windows: `calls_30d`, `calls_all`.
        """),
    Explanation(
      236, "a sum that contains itself",
      cause: """
        A sum of features adds itself, directly or through other sums, so its value cannot be \
        computed.
        """,
      example: .spec("feature_sets: {totals: [activity: {sum: [size, «activity»]}]}"),
      mend: "Take one of the features on the circle out of its sum."),
    Explanation(
      237, "a feature that cannot be added",
      cause: """
        A sum adds columns of numbers of the panel. A category has levels and no number, and a \
        feature that is not chosen is no column.
        """,
      example: .spec("feature_sets: {totals: [activity: {sum: [size, «region»]}]}"),
      mend: """
        Take the category out of the sum. Choose every other feature that is added under \
        `features`, or take the sum away there too.
        """),
    Explanation(
      238, "feature defined twice",
      cause: """
        A feature's name is its column in the panel and is unique over all sets, without regard to \
        case. Of two features with one name, it could not be told which the model uses.
        """,
      example: .spec("feature_sets: {moves: [«age»: {days_since: history.moved}]}"),
      mend: """
        Rename one of the two. To replace the features of an inherited set, write that set anew \
        under its own name.
        """),
    Explanation(
      239, "reserved name",
      cause: """
        Some names have a meaning of their own: every panel has the columns `key`, `cutoff`, \
        `role` and `label`, and SQL knows `cutoff` and `entity`. A feature, source or column of \
        such a name would be taken for that.
        """,
      example: .spec("feature_sets: {extra: [«role»: {category: customers.segment}]}"),
      mend: """
        Rename the feature or source. A column of a table can be listed under another name with \
        `from`.
        """),
    Explanation(
      240, "nothing to take away",
      cause: """
        `-name` takes away a set or feature that stands before it in `features`, and \
        `-source.column` every feature before it that reads the column. Where that is none, the \
        feature may be chosen further on and be in the model after all.
        """,
      example: .spec("features: [«-has_email», account]"),
      mend: "Write it behind the set that contains the feature, correct its name, or drop it."),
    Explanation(
      241, "no feature left",
      cause: """
        Everything that `features` chooses is taken away again, or the sets it chooses are empty. \
        A model needs at least one column.
        """,
      example: .spec("features: [account, «-account»]"),
      mend: "Choose at least one feature that is not taken away."),
    Explanation(
      242, "unused source",
      cause: """
        No feature, rule, label or contract reads the source, so its data are neither loaded nor \
        checked. It is a warning, because a reference to it may have been forgotten.
        """,
      example: .spec("sources: {«orders»: {parquet: data/orders.parquet, key: id, time: day}}"),
      mend: "Read the source in a feature, rule or label, or take it out."),
  ]
}

// What a column or a source is used for against its type, class or shape: H243 to H249.
extension Explanation {
  static let columns: [Explanation] = [
    Explanation(
      243, "column without a class",
      cause: """
        A source with one row per key holds one value of the column, and only its class says from \
        when on that value was known. A default would let today's values into past cutoffs by \
        accident.
        """,
      example: .spec("sources: {customers: {columns: {«region»: text}}}"),
      mend: """
        Write the class: `static` if the value never changes, `event` for a date that is itself \
        the moment it became known, `current` if only today's value exists. Read a value whose \
        past is kept from a source with `valid_from` and `valid_to`.
        """),
    Explanation(
      244, "class that does not fit",
      cause: """
        `history` needs a source with versions, a source with versions has no `current` columns, \
        and only a date can be an `event`. A class that does not fit would promise a value as of \
        the cutoff that cannot be had.
        """,
      example: .spec("sources: {customers: {columns: {size: {class: «history»}}}}"),
      mend: """
        Write the class that describes how the column comes about: `static`, `event` or `current` \
        where there is one row per key. Leave it out in a source with versions or events.
        """),
    Explanation(
      245, "column of the wrong type",
      cause: """
        The expression, rule, label or source reads a column whose declared type it cannot use, \
        such as a text where a number is needed. It is not converted, because values that cannot \
        be converted would become nulls in silence.
        """,
      example: .spec("feature_sets: {extra: [segment: {value: «customers.segment»}]}"),
      mend: """
        Use an expression that reads this type, such as `category` for text, or correct the type \
        where the source lists the column.
        """),
    Explanation(
      246, "events read as one value",
      cause: """
        The expression or rule reads one value per entity, and an event source has many rows per \
        entity. Which of them is meant is not said.
        """,
      example: .spec("feature_sets: {extra: [call_kind: {category: «calls.kind»}]}"),
      mend: """
        Summarise the events with `count`, `sum`, `mean`, `min`, `max`, `distinct` or \
        `days_since_last`, with `where` if only some of them count.
        """),
    Explanation(
      247, "not an event source",
      cause: """
        Features such as `count` and `sum`, and a label that names a `source`, go by dated rows. \
        This source has no `time` column, so it cannot be told which of its rows lie before a \
        cutoff or in a label window.
        """,
      example: .spec("feature_sets: {extra: [moves: {count: «history»}]}"),
      mend: """
        Name an event source. If every row of this source is an event, declare it with `time` in \
        place of `created`, `valid_from` and `valid_to`.
        """),
    Explanation(
      248, "cohort of a source with many rows per entity",
      cause: """
        Every row of `cohort.entity` becomes a row of the panel at each cutoff. Versions and \
        events have many rows per key, so an entity would be counted more than once.
        """,
      example: .spec("cohort: {entity: «calls»}"),
      mend: "Name a source with one row per key. If there is none, make one with `sql`."),
    Explanation(
      249, "label that names a column of an event source",
      cause: """
        In an event source every row is an event, and its `time` column is the date. A single \
        column of it does not say which rows count.
        """,
      example: .spec(
        """
        sources: {calls: {columns: {day: date}}}
        label: {event: «calls.day»}
        """),
      mend: "Name the source: `event: {source: calls}`, with `where` if only some rows count."),
  ]
}
