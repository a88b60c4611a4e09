import Diagnostics
import OrderedCollections

// Findings about look-ahead that is refused or allowed, H410 and H412 to H416, and about accepted
// findings, H870.
extension Finding {
  /// Returns the finding for `current` columns that are read without permission.
  /// - Parameters:
  ///   - reads: all places that read a `current` column; at least one.
  ///   - cutoffCount: the number of cutoffs of the spec, if known.
  ///   - declaration: returns where a column's class is declared.
  static func lookAhead(
    _ reads: [Located<ColumnReference>], cutoffCount: Int?,
    declaration: (ColumnReference) -> SourceSpan?
  ) -> Finding {
    let columns = OrderedSet(reads.map(\.value))
    let first = reads[0]
    let message =
      columns.count == 1
      ? "`\(first.value)` is `current`: it has today's value at \(cutoffs(cutoffCount))"
      : "\(columns.count) columns are `current`: they have today's values at "
        + "\(cutoffs(cutoffCount)): \(columns.map { "`\($0)`" }.joined(separator: ", "))"
    let list = columns.map(\.description).joined(separator: ", ")
    return Finding(
      410, message, at: first.span, label: "look-ahead",
      notes: declaration(first.value).map { ["the class is declared at \($0.place)"] } ?? [],
      hints: [
        "read \(columns.count == 1 ? "it" : "them") from a history source as of the cutoff",
        "to allow it: `look_ahead: {allow: [\(list)], because: \"...\"}`; the results then include "
          + "the reason",
      ],
      related: reads.dropFirst().prefix(20).map {
        Related("`\($0.value)` is read here", at: $0.span)
      }
    )
  }

  private static func cutoffs(_ count: Int?) -> String {
    switch count {
    case nil: "every cutoff"
    case 1?: "the only cutoff"
    case let count?: "all \(count) cutoffs"
    }
  }

  static func lookAheadAllowed(
    _ lookAhead: LookAheadSpec, columns: [ColumnReference], cutoffCount: Int?
  ) -> Finding {
    let subject =
      columns.count == 1 ? "`\(columns[0])` has" : "\(columns.count) columns have"
    return Finding(
      412, .warning,
      "look-ahead: \(subject) today's value at \(cutoffs(cutoffCount))",
      at: lookAhead.span, label: "allowed here",
      notes: ["because: \(lookAhead.reason)"],
      hints: ["the metrics of such a run overstate how well the model predicts"])
  }

  static func nothingToAllow(
    _ reference: Located<ColumnReference>, _ column: ColumnSpec
  ) -> Finding {
    Finding(
      413,
      "`\(reference.value)` is `\(column.columnClass.rawValue)` and needs no allowance",
      at: reference.span, label: "only `current` columns look ahead",
      notes: ["the class is declared at \(column.name.span.place)"], hints: ["leave it out"])
  }

  static func noReason(_ reason: Located<String>) -> Finding {
    Finding(
      413, "look-ahead is allowed without a reason", at: reason.span, label: "say why",
      hints: ["the reason is shown with the results"])
  }

  static func acceptedWithoutReason(
    _ id: Located<String>, _ reason: Located<String>
  ) -> Finding {
    Finding(
      870, "`\(id.value)` is accepted without a reason", at: reason.span, label: "say why",
      hints: ["the reason is shown with the results"])
  }

  static func allowedForNothing(_ reference: Located<ColumnReference>) -> Finding {
    Finding(
      414, .warning, "`\(reference.value)` is allowed to look ahead, but nothing reads it",
      at: reference.span, label: "not read", hints: ["leave it out"])
  }

  static func immatureCounted(_ span: SourceSpan) -> Finding {
    Finding(
      415, .warning,
      "entities that have not bought yet count as negatives before the window is over",
      at: span, label: "immature labels",
      hints: ["`immature: refuse`, the default, uses only windows that are over"])
  }

  static func immatureAbsence(_ span: SourceSpan) -> Finding {
    Finding(
      415, "entities without an event so far would count as positives before the window is over",
      at: span, label: "not with `absent`",
      hints: ["`immature: refuse`, the default, uses only windows that are over"])
  }

  static func calibratedOnTest(_ span: SourceSpan) -> Finding {
    Finding(
      416, .warning, "the calibrator is evaluated on the rows that it is fitted on", at: span,
      label: "fitted on test",
      hints: [
        "`fit: calibrate` fits it on separate cutoffs, `fit: cross_fit` on out-of-fold train rows"
      ])
  }
}

extension Explanation {
  static let lookAheadFindings: [Explanation] = [
    Explanation(
      410, "a feature, rule, or label that reads a `current` column",
      cause: """
        A `current` column has today's value even in the rows of past cutoffs. A status that \
        became `customer` with the order itself tells the model the answer: the test metrics look \
        excellent, and scoring fails.
        """,
      example: .spec(
        """
        feature_sets: {more: [status: {category: «customers.status»}]}
        features: [account, more]
        """),
      fix: """
        Read the column from a history source as of the cutoff, or leave it out. Declare it \
        `class: static` only if its value never changes once the row exists. To show what \
        look-ahead adds, or to reproduce a workflow that had it, allow it under `look_ahead`; \
        metrics.json, the report, and the summary then say so.
        """),
    Explanation(
      412, "look-ahead that the spec allows",
      cause: """
        `look_ahead` lets the cohort, features, or label read columns that have only today's \
        value. Such a column may hold what happened after a cutoff, so the metrics overstate how \
        well the model predicts.
        """,
      example: .spec(
        """
        look_ahead: {«allow»: [customers.status], because: to show what it adds}
        feature_sets: {more: [status: {category: customers.status}]}
        features: [account, more]
        """),
      fix: """
        Use such a run only as an illustration, and never promote it. The warning goes away when \
        the allowance is removed; a history source gives the values known at each cutoff.
        """),
    Explanation(
      413, "an allowance that is not needed, or has no reason",
      cause: """
        Only `current` columns look ahead. `static`, `event`, and `history` columns are read as of \
        the cutoff, so allowing them would misdescribe the results. A blank reason tells readers \
        nothing.
        """,
      example: .spec(
        "look_ahead: {allow: [«customers.size»], because: to show what it adds}"),
      fix: """
        Remove the column from `allow`, and say in `because` why look-ahead is accepted.
        """),
    Explanation(
      414, "an allowance for a column that nothing reads",
      cause: """
        No rule, feature, or label reads the column. An unused allowance would hide look-ahead \
        that somebody adds later.
        """,
      example: .spec(
        "look_ahead: {allow: [«customers.status»], because: to show what it adds}"),
      fix: "Remove the column from `allow`."),
    Explanation(
      415, "labels of windows that are not over",
      cause: """
        With `immature: negative`, a cutoff can be used although its label window ends after the \
        last observed day. Everyone who buys in the rest of the window counts as a negative in \
        training and evaluation. With `absent`, nearly everyone would count as a positive, so the \
        two cannot be combined.
        """,
      example: .spec("label: {immature: «negative»}"),
      fix: """
        Remove the key: `last: latest_mature` finds the last cutoff with complete labels. \
        `negative` is for reproducing a workflow that counted this way; the results say so.
        """),
    Explanation(
      416, "a calibrator that is evaluated on the rows it is fitted on",
      cause: """
        With `fit: test`, the calibrator is fitted on the test rows and then evaluated on them. \
        The calibration error on those rows is near zero no matter how the calibrator does on \
        later rows.
        """,
      example: .spec("calibration: {fit: «test»}\ncutoffs: {calibrate: 0}"),
      fix: """
        Write `fit: calibrate` with separate cutoffs, or `fit: cross_fit` if the history is short. \
        `test` is for reproducing a workflow that did so; the results say so.
        """),
    Explanation(
      870, "incomplete data accepted without a reason",
      cause: """
        `accept` lets a run pass although its data end earlier than the spec says. The reason is \
        shown in the results and in the registry, so that readers know why the data were accepted.
        """,
      example: .spec("accept: {H417: «' '»}"),
      fix: """
        Write the reason: `accept: {H417: the shop was closed all summer}`, or remove the key and \
        add the missing rows.
        """),
  ]
}
