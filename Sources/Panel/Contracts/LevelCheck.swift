internal import Diagnostics
internal import Spec
internal import Warehouse

/// Checks whether the values that rules ask for occur in the data.
struct LevelCheck {
  let engine: Engine
  let sources: [String: LoadedSource]

  /// The number of values above which a column is not searched for the one that was probably meant.
  private static let mostLevels = 2_000

  /// Returns a warning for each value of `in` that no row of its source has at any time.
  func findings(_ rules: [Rule]) throws(WarehouseError) -> [Finding] {
    var findings: [Finding] = []
    for rule in rules {
      switch rule {
      case .not(let inner): findings += try self.findings([inner])
      case .any(let inner), .all(let inner): findings += try self.findings(inner)
      case .among(let column, let values): findings += try unknown(values, of: column.value)
      case .happened, .flag, .present, .count, .sql: continue
      }
    }
    return findings
  }

  private func unknown(
    _ values: [Located<String>], of column: ColumnReference
  ) throws(WarehouseError) -> [Finding] {
    guard let source = sources[column.source] else { return [] }
    let value = "CAST(\(SQL.identifier(column.column)) AS VARCHAR)"
    var findings: [Finding] = []
    for wanted in values {
      let count = try engine.connection.count(
        "SELECT count(*) FROM \(source.table) WHERE \(value) = \(SQL.literal(wanted.value))")
      guard count == 0 else { continue }
      let levels = try engine.connection.texts(
        "SELECT DISTINCT \(value) AS level FROM \(source.table) WHERE \(value) IS NOT NULL "
          + "ORDER BY level LIMIT \(Self.mostLevels + 1)"
      )
      findings.append(
        .unknownLevel(wanted, of: column, levels.count > Self.mostLevels ? [] : levels))
    }
    return findings
  }
}

extension Finding {
  fileprivate static func unknownLevel(
    _ value: Located<String>, of column: ColumnReference, _ levels: [String]
  ) -> Finding {
    let shown = levels.prefix(12).map { "`\($0)`" }.joined(separator: ", ")
    return Finding(
      323, .warning, "no row of `\(column.source)` has `\(value.value)` as its `\(column.column)`",
      at: value.span,
      label: Suggestion.closest(to: value.value, among: levels).map { "did you mean `\($0)`?" },
      notes: levels.isEmpty ? [] : ["its values: \(shown)\(levels.count > 12 ? ", ..." : "")"])
  }
}

extension Explanation {
  static let levelCheckFindings: [Explanation] = [
    Explanation(
      323, "a value that never occurs",
      cause: """
        A rule compares with a value that no row of the source has, now or at any time. It is \
        usually misspelled, and then the rule matches no entity.
        """,
      example: .spec(
        "cohort: {where: [{in: {column: history.region, values: [North, «Suoth»]}}]}",
        Example.checkWithData),
      fix: "Write a value that occurs; the note lists them.")
  ]
}
