internal import Diagnostics
internal import Spec
internal import Warehouse

/// Submits each free SQL expression to the engine separately, so that its objections can be located
/// in the user's file.
struct ExpressionCheck {
  let engine: Engine
  let query: PanelQuery

  /// Returns findings about names, functions and types that the engine rejects, and about values
  /// that do not suit the expression's purpose.
  func findings(at cutoff: Cutoff) throws -> [Finding] {
    var findings: [Finding] = []
    for use in query.spec.expressions {
      let (statement, offset) = statement(use, at: cutoff)
      do throws(WarehouseError) {
        try engine.connection.prepare(statement)
        if let type = try type(of: use, at: cutoff),
          let finding = Finding.sqlValue(use, kind: ValueKind(type))
        {
          findings.append(finding)
        }
      } catch {
        findings.append(EngineRefusal(use, error, offset: offset).finding)
      }
    }
    return findings
  }

  /// Returns findings about expressions that fail on the data of a cutoff.
  func failures(at cutoff: Cutoff) throws -> [Finding] {
    var findings: [Finding] = []
    var failed: Set<String> = []
    // An expression is computed after the features that it reads, which are fewer than its own
    // readers read. If one of them fails, the cause is not in the expression.
    let uses = query.spec.expressions.enumerated()
      .sorted { ($0.element.inputs.count, $0.offset) < ($1.element.inputs.count, $1.offset) }
      .map(\.element)
    for use in uses where failed.isDisjoint(with: use.inputs.map(\.name.value)) {
      let (statement, offset) = statement(use, at: cutoff, computing: true)
      do throws(WarehouseError) {
        try engine.connection.execute(statement)
      } catch {
        findings.append(EngineRefusal(use, error, offset: offset).finding)
        if let feature = use.feature { failed.insert(feature) }
      }
    }
    return findings
  }

  /// Returns the engine's type of an expression's value before any conversion.
  private func type(
    of use: ExpressionUse, at cutoff: Cutoff
  ) throws(WarehouseError) -> String? {
    let (views, from) = rows(use, at: cutoff, computing: false)
    let sql = "DESCRIBE WITH \(views) SELECT (\(use.sql.text)\n) AS value FROM \(from)"
    return try engine.connection.query(sql).next()?["column_type"]?.text(0)
  }

  /// Returns a statement that computes only this expression, and the expression's offset in it.
  /// - Parameter isComputing: whether the features that it reads are computed, too; if not, they
  ///   only have types.
  private func statement(
    _ use: ExpressionUse, at cutoff: Cutoff, computing isComputing: Bool = false
  ) -> (String, Int) {
    let (views, from) = rows(use, at: cutoff, computing: isComputing)
    // In WHERE, the engine rejects aggregates, which have no meaning for one entity.
    let before = "WITH \(views) SELECT count(*) FROM \(from) WHERE CAST(("
    return ("\(before)\(use.sql.text)\n) AS \(use.purpose.type)) IS NOT NULL", before.utf8.count)
  }

  /// Returns the rows on which an expression is computed: the views, and the text after FROM.
  private func rows(
    _ use: ExpressionUse, at cutoff: Cutoff, computing isComputing: Bool
  ) -> (views: String, from: String) {
    let spec = query.spec
    let names: [String]
    var from: String
    var conditions: [SQLText] = []
    switch use.scope {
    case .row(let sources, _):
      names = sources.filter { query.sources[$0] != nil }
      let entity = SQL.identifier(spec.cohort.entity.value)
      from = entity
      for name in names.dropFirst() {
        from +=
          " LEFT JOIN \(SQL.identifier(name)) ON \(SQL.identifier(name)).entity = \(entity).entity"
      }
    case .events(let source, let others):
      names = [source]
      from = SQL.identifier(source)
      conditions = others.isEmpty ? [] : [use.sql]
    }
    let views = names.compactMap { query.view($0, at: cutoff.date, reading: conditions) }
      .joined(separator: ",\n")
    guard !use.inputs.isEmpty else { return (views, from) }
    let layers =
      isComputing
      ? FeatureLayers(use.inputs, in: query, rows: from, at: cutoff.date)
      : FeatureLayers(typesOf: use.inputs, in: query)
    return ("\(views),\n\(layers.views)", "\(from) \(layers.join)")
  }
}

extension Finding {
  /// Returns the finding for an expression whose value does not suit its purpose: H302 for several
  /// values, H308 for a value of another type; nil if the value is suitable.
  static func sqlValue(_ use: ExpressionUse, kind: ValueKind) -> Finding? {
    if kind == .several {
      return .sqlNotAnExpression(
        at: use.sql.content, label: "several values",
        hint: "choose one value: an element or a field")
    }
    guard kind != .number, use.purpose != .feature(.category) else { return nil }
    return Finding(
      308, "this SQL gives \(noun(kind)), but \(expectation(use.purpose))", at: use.sql.content,
      hints: [hint(kind, use)])
  }

  private static func noun(_ kind: ValueKind) -> String {
    switch kind {
    case .text: "text"
    case .date: "a date"
    case .interval: "a length of time"
    case .number, .several, .other: "a value of another type"
    }
  }

  private static func expectation(_ purpose: ValuePurpose) -> String {
    switch purpose {
    case .feature(.flag): "the feature is a flag"
    case .feature: "the feature is a number"
    case .condition: "a condition is true or false"
    }
  }

  private static func hint(_ kind: ValueKind, _ use: ExpressionUse) -> String {
    let isConcatenated = SQLTokens(use.sql.text).first("||") != nil
    switch (kind, use.purpose) {
    case (.text, .condition) where isConcatenated, (.text, .feature(.flag)) where isConcatenated:
      return SyntaxDiagnosis.connectives
    case (.text, .condition): return "compare it with text, as in `... = 'text'`"
    case (.text, .feature(.flag)):
      return "the feature's `type` is `flag`; for text write `type: category`"
    case (.text, _): return "the feature's `type` is `number`; for text write `type: category`"
    case (.date, .condition), (.date, .feature(.flag)):
      return "compare it with a day, as in `... <= cutoff`"
    case (.date, _): return "for the number of days up to the cutoff, use `days_since`"
    case (.interval, _): return "`date_diff('day', a, b)` counts the days between two dates"
    default: return "convert it, as in `CAST(... AS \(use.purpose.type))`"
    }
  }
}

/// The kind of value that an expression has, derived from the engine's type.
enum ValueKind {
  /// A number, a flag, or always null.
  case number
  case text
  case date
  /// A length of time.
  case interval
  /// Several values: a list, a struct, a tuple, a map.
  case several
  case other

  /// Creates the kind of a type.
  /// - Parameter type: the type as written by `DESCRIBE`, such as `DECIMAL(2,1)` or `INTEGER[]`.
  init(_ type: String) {
    let name = type.prefix { $0 != "(" }
    self =
      if type.hasSuffix("]") || Self.nested.contains(String(name)) {
        .several
      } else if Self.numbers.contains(String(name)) {
        .number
      } else if ["VARCHAR", "ENUM", "JSON", "UUID"].contains(name) {
        .text
      } else if name == "DATE" || name.hasPrefix("TIME") {
        .date
      } else if name == "INTERVAL" {
        .interval
      } else {
        .other
      }
  }

  private static let nested: Set<String> = ["STRUCT", "TUPLE", "MAP", "UNION"]
  private static let numbers: Set<String> = [
    "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER",
    "UBIGINT", "UHUGEINT", "BIGNUM", "FLOAT", "DOUBLE", "DECIMAL", "BOOLEAN", "\"NULL\"", "NULL",
  ]
}
