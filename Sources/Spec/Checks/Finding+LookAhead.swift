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
      ? "`\(first.value)` is `current`: it holds today's value at \(cutoffs(cutoffCount))"
      : "\(columns.count) columns are `current`: they hold today's values at "
        + "\(cutoffs(cutoffCount)): \(columns.map { "`\($0)`" }.joined(separator: ", "))"
    let list = columns.map(\.description).joined(separator: ", ")
    return Finding(
      410, message, at: first.span, label: "look-ahead",
      notes: declaration(first.value).map { ["the class is declared at \($0.place)"] } ?? [],
      hints: [
        "read \(columns.count == 1 ? "it" : "them") from a history source as of the cutoff",
        "to allow it in writing: `look_ahead: {allow: [\(list)], because: \"...\"}`; the results "
          + "then carry the reason",
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
      columns.count == 1 ? "`\(columns[0])` holds" : "\(columns.count) columns hold"
    return Finding(
      412, .warning,
      "look-ahead: \(subject) today's value at \(cutoffs(cutoffCount))",
      at: lookAhead.span, label: "allowed here",
      notes: ["because: \(lookAhead.reason)"],
      hints: ["the metrics of such a run are not what to expect in use"])
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
      hints: ["whoever reads the results sees the reason beside them"])
  }

  static func acceptedWithoutReason(
    _ id: Located<String>, _ reason: Located<String>
  ) -> Finding {
    Finding(
      870, "`\(id.value)` is accepted without a reason", at: reason.span, label: "say why",
      hints: ["whoever reads the results sees the reason beside them"])
  }

  static func allowedForNothing(_ reference: Located<ColumnReference>) -> Finding {
    Finding(
      414, .warning, "`\(reference.value)` is allowed to look ahead, and nothing reads it",
      at: reference.span, label: "not read", hints: ["leave it out"])
  }

  static func immatureCounted(_ span: SourceSpan) -> Finding {
    Finding(
      415, .warning, "who has not bought yet counts as a negative where the window is not over",
      at: span, label: "immature labels",
      hints: ["`immature: refuse`, or leaving the key out, judges finished windows only"])
  }

  static func calibratedOnTest(_ span: SourceSpan) -> Finding {
    Finding(
      416, .warning, "the calibrator is judged on the rows that it is fitted on", at: span,
      label: "fitted on test",
      hints: [
        "`fit: calibrate` fits it on cutoffs of its own, `fit: cross_fit` on train rows that its "
          + "models have not seen"
      ])
  }
}

extension Explanation {
  static let lookAheadFindings: [Explanation] = [
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
      fix: """
        Read the column from a source of versions, as of the cutoff, or leave it out. Only if its \
        value truly never changes once the row exists, declare it `class: static`. To show what \
        look-ahead adds, or to repeat a flow that had it, allow it in writing under `look_ahead`; \
        metrics.json, report and summary then carry it.
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
      fix: """
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
      fix: """
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
      fix: "Leave the column out of `allow`."),
    Explanation(
      415, "labels of windows that are not over",
      cause: """
        With `immature: negative` a cutoff may play a role although its label window ends after \
        the last observed day. Everybody who buys in the rest of the window is learned, or judged, \
        as a negative.
        """,
      example: .spec("label: {immature: «negative»}"),
      fix: """
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
      fix: """
        Write `fit: calibrate` with cutoffs of its own, or `fit: cross_fit` where history is short. \
        `test` is for repeating a flow that did so; the results carry it.
        """),
    Explanation(
      870, "incomplete data that are accepted without a reason",
      cause: """
        `accept` lets a run through although its data end before they are said to. Whoever reads its \
        results, or looks up in the registry why it was promoted, has to learn why that is as it should be.
        """,
      example: .spec("accept: {H417: «' '»}"),
      fix: """
        Write the reason: `accept: {H417: the shop was closed all summer}`, or take the key out and bring \
        the missing rows.
        """),
  ]
}
