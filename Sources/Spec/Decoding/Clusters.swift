import Diagnostics
import OrderedCollections
import YAML

extension SpecDecoder {
  /// Decodes the column whose values are clusters, and checks that every entity has one value of it.
  mutating func decodeCluster(_ fields: Fields) -> Located<ColumnReference>? {
    guard let reference = fields.column("cluster"), let (source, column) = column(reference) else {
      return nil
    }
    // A cohort without a usable source has its own finding.
    guard let entity = root.fields("cohort")?.text("entity"),
      catalog.sources[entity.value] != nil
    else { return reference }
    if source.name.value != entity.value {
      findings.append(.clusterOfAnotherSource(reference, entity))
    } else if column.columnClass != .static {
      findings.append(.clusterThatChanges(reference, column))
    } else if !ColumnPurpose.cluster.types.contains(column.type) {
      findings.append(.typeDoesNotFit(reference, column, .cluster))
    }
    return reference
  }
}

// Findings about `evaluation.cluster`: H274 and H275.
extension Finding {
  static func clusterOfAnotherSource(
    _ reference: Located<ColumnReference>, _ entity: Located<String>
  ) -> Finding {
    Finding(
      274, "`\(reference.value)` is not a column of `\(entity.value)`, the cohort's source",
      at: reference.span, label: "an entity may have several rows there, or none",
      notes: ["the cohort's source is named at \(entity.span.place)"],
      hints: ["name a `static` column of `\(entity.value)`"])
  }

  static func clusterThatChanges(
    _ reference: Located<ColumnReference>, _ column: ColumnSpec
  ) -> Finding {
    Finding(
      275, "`\(reference.value)` is `\(column.columnClass.rawValue)`, and a cluster is `static`",
      at: reference.span, label: "may change over time",
      notes: ["the class is declared at \(column.name.span.place)"],
      hints: [
        "an entity whose account changes has no single cluster: name a column that never changes, "
          + "such as the account for which the entity was created"
      ])
  }
}

extension Explanation {
  static let clusterFindings: [Explanation] = [
    Explanation(
      274, "clusters of another source",
      cause: """
        `evaluation.cluster` divides the entities of the cohort, so every entity needs exactly one \
        value. Only the cohort's own source has one row per entity. A history has several, and \
        another source may have none.
        """,
      example: .spec("evaluation: {cluster: «history.region»}"),
      fix: """
        Name a `static` column of the cohort's source. If the column is in another source, join it \
        in the source's `sql`.
        """),
    Explanation(
      275, "clusters that change over time",
      cause: """
        Rows of one cluster are resampled together, count once as evidence, and stay in one fold. \
        An account that changes over time has no single cluster: the rows of an entity would be \
        divided among several, and then be treated as independent.
        """,
      example: .spec("evaluation: {cluster: «customers.status»}"),
      fix: """
        Name a column of class `static`. Declare a column `static` only if its value never changes \
        once the row exists.
        """),
  ]
}
