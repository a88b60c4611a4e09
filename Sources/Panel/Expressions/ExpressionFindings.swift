internal import Diagnostics
internal import OrderedCollections
internal import Spec

extension Finding {
  static func sqlSyntax(_ message: String, at span: SourceSpan) -> Finding {
    Finding(301, "this SQL cannot be read: \(message)", at: span)
  }

  static func sqlNotAnExpression(at span: SourceSpan) -> Finding {
    Finding(
      302, "this is not a single SQL expression", at: span,
      hints: ["write one value per entity, such as `customers.ns_lead_source = '12'`"])
  }

  static func sqlSubquery(at span: SourceSpan) -> Finding {
    Finding(
      303, "a subquery could reach rows from after the cutoff", at: span,
      label: "not allowed here",
      hints: ["summarise an event table with `count`, `sum`, `mean`, `min`, `max` or `distinct`"])
  }

  static func sqlWindow(at span: SourceSpan) -> Finding {
    Finding(
      304, "a window function reads other rows", at: span, label: "not allowed here",
      hints: ["an expression sees one entity at one cutoff"])
  }

  static func sqlStar(at span: SourceSpan) -> Finding {
    Finding(305, "`*` does not name a column", at: span, label: "name the column")
  }

  static func sqlNotDeterministic(_ name: String, at span: SourceSpan) -> Finding {
    Finding(
      306, "`\(name)` may differ from run to run", at: span, label: "not allowed here",
      hints: ["`cutoff` is the day at which the expression is evaluated"])
  }

  static func sqlUnknownName(
    _ path: [String], scope: ExpressionScope, sources: [String: SourceSpec], at span: SourceSpan
  ) -> Finding {
    let name = path.joined(separator: ".")
    switch scope {
    case .events(let source):
      let columns = sources[source].map { Array($0.columns.keys) } ?? []
      return Finding(
        307, "`\(name)` is not a column of `\(source)`", at: span,
        label: suggestion(name, among: columns),
        notes: ["`\(source)` declares: \(columns.joined(separator: ", "))"])
    case .row(let readable):
      let owners = readable.filter { sources[$0]?.columns[path[path.count - 1]] != nil }
      let qualified = owners.map { "`\($0).\(path[path.count - 1])`" }.joined(separator: " or ")
      return Finding(
        307, "`\(name)` does not name a column that can be read here", at: span,
        label: owners.isEmpty
          ? suggestion(path[0], among: readable) : "did you mean \(qualified)?",
        notes: [
          "columns are written as `source.column`; "
            + "sources readable here: \(readable.joined(separator: ", "))"
        ])
    }
  }

  static func sqlUnknownColumn(
    _ reference: ColumnReference, in source: SourceSpec, at span: SourceSpan
  ) -> Finding {
    Finding(
      307, "`\(reference.source)` declares no column `\(reference.column)`", at: span,
      label: suggestion(reference.column, among: Array(source.columns.keys)),
      hints: ["list it under `sources.\(reference.source).columns` with its type and class"])
  }

  static func sqlReadsCurrent(_ reference: ColumnReference, at span: SourceSpan) -> Finding {
    Finding(
      410, "`\(reference)` is `current`: it holds today's value at every cutoff", at: span,
      label: "look-ahead", hints: ["read it from a history source as of the cutoff"])
  }

  private static func suggestion(_ word: String, among words: [String]) -> String? {
    Suggestion.closest(to: word, among: words).map { "did you mean `\($0)`?" }
  }
}
