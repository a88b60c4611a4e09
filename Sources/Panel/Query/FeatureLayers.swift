internal import Diagnostics
internal import OrderedCollections
internal import Spec
internal import Warehouse

/// The table `features` that the SQL of features reads: for every entity at a cutoff, the values of
/// other features.
///
/// It is made in layers. The first has the features that are read from sources. Each further layer
/// adds those that are computed from the layers below it, so that their SQL reads `features`, too.
struct FeatureLayers {
  /// SQL for the layers, to be used in `WITH` after the views of the sources.
  let views: String
  /// SQL that joins the table to the entities; each has one row in it.
  let join: String

  /// The column with the entity. The space keeps its name from equaling a feature's.
  private static let entity = SQL.identifier("feature entity")
  private static let table = SQL.identifier(FeatureInputs.table)

  /// Creates the layers.
  /// - Parameters:
  ///   - features: the features to read, each after those that it is computed from itself.
  ///   - rows: the text after FROM for the entities, joined with the sources' rows.
  init(
    _ features: [FeatureSpec], in query: PanelQuery, rows: String, at cutoff: CalendarDate
  ) {
    let layers = Self.layers(features, query.inputs)
    var views = [Self.first(layers[0], in: query, at: cutoff)]
    for (index, layer) in layers.enumerated().dropFirst() {
      let values = layer.map { feature in
        let value = Self.typed(Self.computed(feature, query, cutoff), feature.expression)
        return "\(value) AS \(SQL.identifier(feature.name.value))"
      }
      views.append(
        "\(Self.name(index)) AS (SELECT \(Self.table).*,\n  \(values.joined(separator: ",\n  "))\n"
          + "FROM \(rows)\n\(Self.join(index - 1, query)))")
    }
    self.views = views.joined(separator: ",\n")
    join = Self.join(layers.count - 1, query)
  }

  /// Creates a table whose values are all null, to find out the types of expressions over it.
  init(typesOf features: [FeatureSpec], in query: PanelQuery) {
    let entities = SQL.identifier(query.spec.cohort.entity.value)
    let values = features.map { feature in
      let type = feature.expression.facts.type.storage.input
      return "CAST(NULL AS \(type)) AS \(SQL.identifier(feature.name.value))"
    }
    let list = (["entity AS \(Self.entity)"] + values).joined(separator: ", ")
    views = "\(Self.name(0)) AS (SELECT \(list) FROM \(entities))"
    join = Self.join(0, query)
  }

  private static func name(_ layer: Int) -> String { SQL.identifier("features \(layer)") }

  private static func join(_ layer: Int, _ query: PanelQuery) -> String {
    "JOIN \(name(layer)) AS \(table) "
      + "ON \(table).\(Self.entity) = \(SQL.identifier(query.spec.cohort.entity.value)).entity"
  }

  /// Returns the features by the longest chain of features below them, in their order.
  private static func layers(
    _ features: [FeatureSpec], _ inputs: FeatureInputs
  ) -> [[FeatureSpec]] {
    var depths: [String: Int] = [:]
    var layers: [[FeatureSpec]] = [[]]
    for feature in features {
      let below = inputs.direct(feature).map { depths[$0.name.value] ?? 0 }.max()
      let depth = below.map { $0 + 1 } ?? 0
      depths[feature.name.value] = depth
      while layers.count <= depth { layers.append([]) }
      layers[depth].append(feature)
    }
    return layers
  }

  /// Returns the features that are read from sources: the results of their own queries, with the
  /// value for a missing row.
  private static func first(
    _ features: [FeatureSpec], in query: PanelQuery, at cutoff: CalendarDate
  ) -> String {
    let inner = query.reading(features)
    let entities = SQL.identifier(query.spec.cohort.entity.value)
    var values = ["\(entities).entity AS \(entity)"]
    var from = entities
    for (number, part) in inner.parts(cutoff, of: Set(features.indices)).enumerated() {
      let name = SQL.identifier("inputs \(number)")
      from += "\nLEFT JOIN (\(part.sql)\n) AS \(name) ON \(name).entity = \(entities).entity"
      for (column, index) in part.features.enumerated() {
        let value = typed("\(name).f\(column)", features[index].expression)
        values.append("\(value) AS \(SQL.identifier(features[index].name.value))")
      }
    }
    return "\(name(0)) AS (SELECT \(values.joined(separator: ",\n  "))\nFROM \(from))"
  }

  /// Returns SQL for a feature that is computed from others, as `FeatureBlock` computes it.
  private static func computed(
    _ feature: FeatureSpec, _ query: PanelQuery, _ cutoff: CalendarDate
  ) -> String {
    guard case .combination(let combination) = feature.expression else {
      return ExpressionCompiler(spec: query.spec, cutoff: cutoff).feature(feature)
    }
    let parts = combination.parts.map { part in
      "CAST(\(table).\(SQL.identifier(part.value)) AS DOUBLE)"
    }
    return combination.operation.sql(parts)
  }

  /// Returns SQL for a feature's value in the type that `features` has: whole numbers, other
  /// numbers with null for a missing one, or text.
  private static func typed(_ value: String, _ expression: FeatureExpression) -> String {
    let facts = expression.facts
    let type = facts.type.storage.input
    guard type != "VARCHAR" else { return value }
    let number =
      type == "DOUBLE"
      ? "nullif(CAST(\(value) AS DOUBLE), CAST('nan' AS DOUBLE))" : "CAST(\(value) AS \(type))"
    return facts.isZeroWithoutRow ? "coalesce(\(number), 0)" : number
  }
}
