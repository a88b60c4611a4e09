internal import Diagnostics
internal import OrderedCollections
internal import Spec
internal import Warehouse

/// Columns whose type holds no single value, and keys whose type does not tell numbers apart.
struct NestedColumns {
  /// What a column of several values is.
  enum Kind { case list, structure, map, union }

  /// The kind of a type as the engine names it; nil for one of single values.
  static func kind(of type: String) -> Kind? {
    if type.hasSuffix("]") { return .list }
    for (start, kind) in [("STRUCT(", Kind.structure), ("MAP(", .map), ("UNION(", .union)]
    where type.hasPrefix(start) { return kind }
    return nil
  }

  /// The columns that a spec lists, or names as key or day, and that hold several values in each row.
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

  /// SQL for whether a key of a floating-point column is so large that the number next to it reads the same;
  /// nil where the column has another type.
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
      390, "column `\(name.value)` of `\(source.name.value)` holds \(what)", at: name.span,
      label: "a column has one value a row", notes: ["its type is `\(shortened(type))`"],
      hints: [
        (isEmbedded
          ? "choose a value of each with `sql`: `SELECT * REPLACE (\(value)) FROM ...`"
          : "choose a value of each with `sql`, in a query of the database")
          + (kind == .structure || kind == .map
            ? ", or name it: `\(name.value): {type: text, json_field: field}`" : "")
      ])
  }

  static func nestedField(
    _ field: Located<String>, _ column: ColumnSpec, in source: SourceSpec, what: String
  ) -> Finding {
    let name = column.physicalName.value
    return Finding(
      390, "field `\(field.value)` of `\(name)` in `\(source.name.value)` holds \(what)",
      at: field.span, label: "a column has one value a row",
      hints: [
        "choose a value of each with `sql`: `SELECT * REPLACE (\(SQL.identifier(name))"
          + "->>'$.\(field.value)\(what == "lists" ? "[0]" : ".name")' AS \(SQL.identifier(name))) FROM ...`"
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
      at: source.key.span, label: "for instance \(example)",
      notes: [
        "whole numbers from \(type == "FLOAT" ? "2^24" : "2^53") on are rounded, so that different "
          + "keys read alike"
      ],
      hints: ["write the keys as text or as whole numbers where the data are made"])
  }

  static func unstableSource(_ source: SourceSpec) -> Finding {
    Finding(
      396, "source `\(source.name.value)` gave other rows when it was read again",
      at: source.name.span, label: "no run on it can be repeated",
      notes: [
        "a view reads a clock or draws numbers, or the table was written to during the audit"
      ],
      hints: ["keep the rows in a table, or take the clock and the draws out of the view"])
  }

  static func infiniteFeature(
    _ feature: FeatureSpec, count: Int, key: String?, cutoff: CalendarDate
  ) -> Finding {
    Finding(
      391,
      "feature `\(feature.name.value)` is infinite in \(count == 1 ? "1 row" : "\(count.grouped) rows")"
        + " of \(cutoff)",
      at: feature.name.span, label: key.map { "for instance for key `\($0)`" },
      notes: ["numbers beyond 1.8e308, or a division by zero"],
      hints: [
        "bound the values, or divide by `nullif(..., 0)`: a learner takes no infinite number"
      ])
  }
}
