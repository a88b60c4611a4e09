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
