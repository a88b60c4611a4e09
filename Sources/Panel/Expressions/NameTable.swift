internal import Diagnostics
internal import OrderedCollections
internal import Spec

/// The names that an expression may use, and those that it could be mistaken for.
struct NameTable {
  let sources: [String: SourceSpec]
  /// The names of the features that the experiment uses.
  let features: Set<String>
  private let lookAhead: LookAheadSpec?

  init(_ spec: ExperimentSpec) {
    sources = Dictionary(uniqueKeysWithValues: spec.sources.values.map { ($0.name.value, $0) })
    features = Set(spec.features.map(\.name.value))
    lookAhead = spec.lookAhead
  }

  /// The listed column of that name.
  func column(_ reference: ColumnReference) -> ColumnSpec? {
    sources[reference.source]?.columns[reference.column]
  }

  /// Whether reading a column would be look-ahead that the spec does not allow.
  func looksAhead(_ reference: ColumnReference) -> Bool {
    column(reference)?.columnClass == .current && lookAhead?.allows(reference) != true
  }

  /// The names of a source's listed columns.
  func columns(of source: String) -> [String] {
    sources[source].map { Array($0.columns.keys) } ?? []
  }
}
