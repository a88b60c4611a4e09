internal import Diagnostics
internal import OrderedCollections
internal import Spec
internal import Warehouse

/// Finds columns whose type is not a single value, and keys whose type cannot distinguish all
/// numbers.
struct NestedColumns {
  /// The kind of a nested column.
  enum Kind { case list, structure, map, union }

  /// Returns the kind of a type as the engine names it; nil for single values.
  static func kind(of type: String) -> Kind? {
    if type.hasSuffix("]") { return .list }
    for (start, kind) in [("STRUCT(", Kind.structure), ("MAP(", .map), ("UNION(", .union)]
    where type.hasPrefix(start) { return kind }
    return nil
  }

  /// Returns findings about columns that a spec lists, or names as key or day, and that are nested.
  static func findings(
    _ source: SourceSpec, _ relation: RawRelation, times: [Located<String>]
  ) -> [Finding] {
    var findings: [Finding] = []
    func several(_ name: Located<String>) -> (kind: Kind, type: String)? {
      if let kind = relation.nested[name.value] {
        return (kind, kind == .list ? "a list of JSON" : "an object of JSON")
      }
      guard let type = relation.type(of: name.value), let kind = kind(of: type) else { return nil }
      return (kind, type)
    }
    for column in source.columns.values {
      guard let (kind, type) = several(column.physicalName) else { continue }
      // A field of a structure is a single value.
      if column.jsonField != nil, kind == .structure || kind == .map { continue }
      findings.append(.nestedColumn(column.physicalName, in: source, type: type, kind))
    }
    for name in [source.key] + times where source.columns[name.value] == nil {
      guard let (kind, type) = several(name) else { continue }
      findings.append(.nestedColumn(name, in: source, type: type, kind))
    }
    return findings
  }

  /// Returns SQL for whether a key in a floating-point column is so large that it cannot be
  /// distinguished from the next number; nil if the column has another type.
  static func isAmbiguous(_ name: String, type: String?) -> String? {
    let limit: String
    switch type {
    case "DOUBLE": limit = "9007199254740992"
    case "FLOAT": limit = "16777216"
    default: return nil
    }
    return "coalesce(abs(\(SQL.identifier(name))) >= \(limit), false)"
  }
}

extension Finding {
  static func nestedColumn(
    _ name: Located<String>, in source: SourceSpec, type: String, _ kind: NestedColumns.Kind
  ) -> Finding {
    let column = SQL.identifier(name.value)
    let isEmbedded = source.isEmbedded
    let (what, value) =
      switch kind {
      case .list: ("lists", "len(\(column)) AS \(column)")
      case .structure: ("structures", "\(column).field AS \(column)")
      case .map: ("maps", "\(column)['name'] AS \(column)")
      case .union: ("values of several types", "\(column).member AS \(column)")
      }
    return Finding(
      390, "column `\(name.value)` of `\(source.name.value)` contains \(what)", at: name.span,
      label: "a column has one value per row", notes: ["its type is `\(shortened(type))`"],
      hints: [
        (isEmbedded
          ? "choose one value per row with `sql`: `SELECT * REPLACE (\(value)) FROM ...`"
          : "choose one value per row with `sql`, in a query of the database")
          + (kind == .structure || kind == .map
            ? ", or name it: `\(name.value): {type: text, json_field: field}`" : "")
      ])
  }

  static func nestedField(
    _ field: Located<String>, _ column: ColumnSpec, in source: SourceSpec, what: String
  ) -> Finding {
    let name = column.physicalName.value
    return Finding(
      390, "field `\(field.value)` of `\(name)` in `\(source.name.value)` contains \(what)",
      at: field.span, label: "a column has one value per row",
      hints: [
        "choose one value per row with `sql`: `SELECT * REPLACE "
          + "(\(SQL.identifier(name))->>'$.\(field.value)\(what == "lists" ? "[0]" : ".name")' AS "
          + "\(SQL.identifier(name))) FROM ...`"
      ])
  }

  private static func shortened(_ type: String) -> String {
    type.count > 60 ? "\(type.prefix(57))..." : type
  }

  static func ambiguousKeys(_ source: SourceSpec, type: String, count: Int, example: String)
    -> Finding
  {
    Finding(
      394,
      "\(count == 1 ? "1 row" : "\(count.grouped) rows") of `\(source.name.value)` "
        + "\(count == 1 ? "has" : "have") a key that `\(type)` cannot hold exactly",
      at: source.key.span, label: "for example \(example)",
      notes: [
        "whole numbers from \(type == "FLOAT" ? "2^24" : "2^53") on are rounded, so different keys "
          + "become equal"
      ],
      hints: ["export the keys as text or as whole numbers"])
  }

  static func unstableSource(_ source: SourceSpec) -> Finding {
    Finding(
      396, "source `\(source.name.value)` returned different rows when it was read again",
      at: source.name.span, label: "runs on it cannot be reproduced",
      notes: [
        "a view reads a clock or draws random numbers, or the table changed during the audit"
      ],
      hints: ["store the rows in a table, or remove the clock and random numbers from the view"])
  }

  static func infiniteFeature(
    _ feature: FeatureSpec, count: Int, key: String?, cutoff: CalendarDate
  ) -> Finding {
    Finding(
      391,
      "feature `\(feature.name.value)` is infinite in \(count == 1 ? "1 row" : "\(count.grouped) rows")"
        + " of \(cutoff)",
      at: feature.name.span, label: key.map { "for example for key `\($0)`" },
      notes: ["numbers beyond 1.8e308, or a division by zero"],
      hints: [
        "bound the values, or divide by `nullif(..., 0)`: the learner does not accept infinite "
          + "numbers"
      ])
  }
}

extension Explanation {
  static let nestedColumnsFindings: [Explanation] = [
    Explanation(
      390, "a column of lists or structures",
      cause: """
        A source column has one value per row: text, a number, a date, or a flag. This one \
        contains a list, a structure, or a map, whose text (`[1, 2]`) would be a separate level \
        for every combination of values.
        """,
      example: .spec(
        "sources: {calls: {columns: {«kind»: text}}}",
        sql: "ALTER TABLE calls ALTER kind TYPE VARCHAR[] USING [kind];", Example.checkWithData),
      fix: """
        Choose a value with `sql`: `len(tags)`, `list_contains(tags, 'x')` or `address.city`. For \
        a field of a structure, `json_field: city` does the same. A list of events belongs in an \
        event source, one row each: `unnest(tags)`.
        """),
    Explanation(
      391, "an infinite value of a feature",
      cause: """
        A sum beyond the largest number (1.8e308) and a division by zero are infinite. The learner \
        cannot compare such a value with others, and some panel file formats cannot store it.
        """,
      example: .spec(
        """
        feature_sets: {ratios: [{«per_unit»: {sql: "customers.size / (customers.size - 7)"}}]}
        features: [account, ratios]
        """, Example.run),
      fix: """
        Divide by `nullif(..., 0)`, which gives null instead, and bound values that can be too \
        large: `least(..., 1e12)`.
        """),
    Explanation(
      394, "keys that a floating-point column cannot hold",
      cause: """
        A DOUBLE column stores whole numbers exactly up to 2^53, and a FLOAT column up to 2^24. \
        Larger keys were rounded when the file was written, so different keys became equal and \
        would be joined to the wrong entity. Programs write such a column when one of the whole \
        numbers is missing.
        """,
      example: .spec(
        calls,
        sql: "ALTER TABLE calls ALTER id TYPE DOUBLE USING 9007199254740992 + hash(id) % 1000;",
        Example.checkWithData),
      fix: "Export the keys as text or as 64-bit whole numbers."),
    Explanation(
      396, "a source that changes while it is read",
      cause: """
        The audit reads sources that are not files twice, and this one returned different rows the \
        second time. Runs on a view that reads a clock or draws random numbers cannot be \
        reproduced. A view that uses today's date is not found this way, because it changes once a \
        day.
        """,
      example: .spec(
        """
        sources: {«visits»: {table: seen, connection: shop, key: id, time: day, columns: {n: number}}}
        feature_sets: {visits: [{visits: {sum: visits.n}}]}
        features: [account, visits]
        """,
        sql: """
          ATTACH 'data/shop.duckdb' AS shop;
          CREATE VIEW shop.seen AS SELECT 'C' || range AS id, DATE '2024-06-01' AS day, random() AS n
          FROM range(500);
          DETACH shop;
          """, "holdout audit spec.yaml"),
      fix: """
        Store the rows in a table, or remove the clock and random numbers from the view. If the \
        table is being written, audit again afterwards.
        """),
  ]
}
