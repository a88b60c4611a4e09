import Diagnostics

// Findings about how columns can be used: H223 and H243 to H249.
extension Finding {
  static func classMissing(
    _ name: Located<String>, type: ColumnSpec.ColumnType
  ) -> Finding {
    Finding(
      243, "the column `\(name.value)` has no class", at: name.span,
      label: "write `\(name.value): {type: \(type.rawValue), class: ...}`",
      notes: [
        "static: never changes once the row exists; event: a date that is itself the day it became "
          + "known; current: only today's value exists"
      ],
      hints: [
        "a value that changes and whose history is kept belongs in a source with `valid_from`"
      ])
  }

  static func historyWithoutVersions(_ span: SourceSpan, isEvents: Bool) -> Finding {
    Finding(
      244, "class `history` needs a source with `valid_from` and `valid_to`", at: span,
      label: isEvents
        ? "event rows have no versions: remove the class"
        : "this source has one value, not versions")
  }

  static func currentInHistory(_ span: SourceSpan) -> Finding {
    Finding(
      244, "a source with versions has no `current` columns", at: span,
      label: "remove the class: it is `history`")
  }

  static func eventNotDate(_ span: SourceSpan, type: ColumnSpec.ColumnType) -> Finding {
    Finding(
      244, "class `event` is for dates, and the type of this column is `\(type.rawValue)`",
      at: span,
      label: "a date that is itself the day it became known")
  }

  static func onlyForType(
    _ key: Located<String>, _ type: ColumnSpec.ColumnType, actual: ColumnSpec.ColumnType
  ) -> Finding {
    Finding(
      223, "`\(key.value)` is only for columns of type `\(type.rawValue)`", at: key.span,
      label: "the type here is `\(actual.rawValue)`")
  }

  static func fieldOfKey(_ field: Located<String>) -> Finding {
    Finding(
      223, "`json_field` does not apply to the key", at: field.span,
      hints: ["extract the key from the object with a query: `sql: SELECT ...`"])
  }

  static func orderWithoutDuplicates(_ key: Located<String>) -> Finding {
    Finding(
      223, "`order` has no effect because duplicates are an error", at: key.span,
      label: "add `duplicates: first` or `duplicates: last`")
  }

  static func duplicatesOfManyRows(_ key: Located<String>) -> Finding {
    Finding(
      223, "`duplicates` is for sources with one row per key", at: key.span,
      label: "history and event sources have many rows per key")
  }

  static func optionOfColumnSum(_ key: Located<String>) -> Finding {
    Finding(
      223, "`\(key.value)` is for sums over events, not for sums of features", at: key.span,
      label: "leave it out")
  }

  static func optionOfCategory(_ key: Located<String>) -> Finding {
    Finding(
      223, "`\(key.value)` is only for categories", at: key.span,
      label: "add `type: category`, or leave it out")
  }

  static func notADateColumn(_ name: Located<String>, _ column: ColumnSpec) -> Finding {
    Finding(
      245, "`\(name.value)` must be of type `date` here", at: name.span,
      label: "it is of type `\(column.type.rawValue)`",
      notes: ["the type is written at \(column.name.span.place)"])
  }

  static func typeDoesNotFit(
    _ reference: Located<ColumnReference>, _ column: ColumnSpec, _ purpose: ColumnPurpose,
    inRule: Bool = false
  ) -> Finding {
    let fitting = purpose.types.map { "`\($0.rawValue)`" }.inWords("or")
    let reader =
      switch purpose {
      case .label: "label.event"
      case .cluster: "evaluation.cluster"
      case .segment: "evaluation.segments"
      default: purpose.key
      }
    let hint: String? =
      switch purpose {
      case .label, .reference, .cluster: nil
      case .segment:
        "a feature `{\(ColumnPurpose.reading(column.type)): \(reference.value)}` can be a segment: its "
          + "values are divided into ranges"
      default:
        inRule
          ? "use `present` for any value, `in` for some values, `sql` for anything else"
          : "`\(ColumnPurpose.reading(column.type))` reads this type"
      }
    return Finding(
      245, "`\(reader)` reads columns of type \(fitting), not `\(column.type.rawValue)`",
      at: reference.span, label: "of type `\(column.type.rawValue)`",
      notes: ["the type is written at \(column.name.span.place)"],
      hints: hint.map { [$0] } ?? [])
  }

  static func aggregateNeedsNumbers(
    _ reference: Located<ColumnReference>, _ column: ColumnSpec, _ function: Aggregate.Function
  ) -> Finding {
    Finding(
      245,
      "`\(function.rawValue)` needs numbers, and `\(reference.value)` is of type "
        + "`\(column.type.rawValue)`", at: reference.span,
      label: "of type `\(column.type.rawValue)`",
      notes: ["the type is written at \(column.name.span.place)"],
      hints: ["`distinct` counts distinct values of any type; `count` counts rows"])
  }

  static func eventsRowWise(
    _ reference: Located<ColumnReference>, _ purpose: ColumnPurpose
  ) -> Finding {
    Finding(
      246,
      "`\(reference.value.source)` has many rows per entity, and `\(purpose.key)` needs one",
      at: reference.span, label: "an event source",
      hints: ["count, sum, mean, min, max, distinct, and days_since_last summarize events"])
  }

  static func notEvents(
    _ name: Located<String>, _ source: SourceSpec, _ purpose: String
  ) -> Finding {
    Finding(
      247, "\(purpose) reads events, and `\(source.name.value)` is not an event source",
      at: name.span, label: "has no `time`",
      notes: ["`\(source.name.value)` is declared at \(source.name.span.place)"],
      hints: ["a source with a `time` column has events"])
  }

  static func notAnEntitySource(_ name: Located<String>, _ source: SourceSpec) -> Finding {
    Finding(
      248, "`cohort.entity` needs a source with one row per entity", at: name.span,
      label: source.isEvents ? "an event source" : "a source of versions",
      notes: ["`\(source.name.value)` is declared at \(source.name.span.place)"])
  }

  static func labelReadsEventRows(_ reference: Located<ColumnReference>) -> Finding {
    Finding(
      249, "`\(reference.value.source)` is an event source: each row is an event",
      at: reference.span,
      label: "write `{source: \(reference.value.source), where: ...}`")
  }
}

extension Explanation {
  static let columnsFindings: [Explanation] = [
    Explanation(
      223, "a key that does not apply here",
      cause: """
        The key exists, but not for this kind of source, column, or feature: for example, date \
        formats of a number. It would have no effect.
        """,
      example: .spec("sources: {customers: {«order»: [created]}}"),
      fix: "Follow the text at the marked place, or remove the key."),
    Explanation(
      243, "column without a class",
      cause: """
        A source with one row per key has one value of the column, and only its class says when \
        that value became known. A default could let today's values into past cutoffs by accident.
        """,
      example: .spec("sources: {customers: {columns: {«region»: text}}}"),
      fix: """
        Write the class: `static` if the value never changes, `event` for a date that is itself \
        the day it became known, `current` if only today's value exists. Read a value whose \
        history is kept from a source with `valid_from` and `valid_to`.
        """),
    Explanation(
      244, "class that does not apply",
      cause: """
        `history` needs a source with versions, a source with versions has no `current` columns, \
        and only a date can be an `event`. A wrong class would promise a value as of the cutoff \
        that the data do not have.
        """,
      example: .spec("sources: {customers: {columns: {size: {class: «history»}}}}"),
      fix: """
        Write the class that describes the column: `static`, `event`, or `current` in a source \
        with one row per key. Leave it out in a history source. In an event source, write `static` \
        for a date that is known when the row is written, such as a due date: a date without a \
        class is `event`, and null until its day.
        """),
    Explanation(
      245, "column of the wrong type",
      cause: """
        The expression, rule, label, or source reads a column whose declared type it cannot use, \
        such as text where a number is needed. The column is not converted, because values that \
        cannot be converted would silently become null.
        """,
      example: .spec("feature_sets: {extra: [segment: {value: «customers.segment»}]}"),
      fix: """
        Use an expression that reads this type, such as `category` for text, or correct the type \
        in the source's `columns`.
        """),
    Explanation(
      246, "an event source read as one value",
      cause: """
        The expression or rule needs one value per entity, and an event source has many rows per \
        entity. The spec does not say which row to use.
        """,
      example: .spec("feature_sets: {extra: [call_kind: {category: «calls.kind»}]}"),
      fix: """
        Summarize the events with `count`, `sum`, `mean`, `min`, `max`, `distinct`, or \
        `days_since_last`. Use `where` if only some of them count.
        """),
    Explanation(
      247, "not an event source",
      cause: """
        Features such as `count` and `sum`, and a label that names a `source`, need dated rows. \
        This source has no `time` column, so nothing says which of its rows are before a cutoff or \
        in a label window.
        """,
      example: .spec("feature_sets: {extra: [moves: {count: «history»}]}"),
      fix: """
        Name an event source. If every row of this source is an event, declare it with `time` \
        instead of `created`, `valid_from`, and `valid_to`.
        """),
    Explanation(
      248, "cohort of a source with many rows per entity",
      cause: """
        Every row of `cohort.entity` becomes a row of the panel at each cutoff. History and event \
        sources have many rows per key, so an entity would be counted more than once.
        """,
      example: .spec("cohort: {entity: «calls»}"),
      fix: "Name a source with one row per key. If there is none, create one with `sql`."),
    Explanation(
      249, "label that names a column of an event source",
      cause: """
        In an event source every row is an event, and its `time` column is the date. One column \
        does not say which rows count.
        """,
      example: .spec(
        """
        sources: {calls: {columns: {day: date}}}
        label: {event: «calls.day»}
        """),
      fix: "Name the source: `event: {source: calls}`, with `where` if only some rows count."),
  ]
}
