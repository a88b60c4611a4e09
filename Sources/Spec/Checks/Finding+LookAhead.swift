import Diagnostics
import OrderedCollections

// Findings about look-ahead that is refused or allowed: H410 and H412 to H416.
extension Finding {
  /// - Parameters:
  ///   - reads: every place that reads a column of today, at least one.
  ///   - cutoffCount: how many cutoffs the spec has, where that is known.
  ///   - declaration: where a column's class is declared.
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
