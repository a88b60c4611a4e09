import Diagnostics
import OrderedCollections
import YAML

extension SpecDecoder {
  /// Decodes `evaluation.segments`. A column is read as a feature would read it: as of the cutoff,
  /// and only if it is not `current`, unless `look_ahead` allows it.
  mutating func decodeSegments(_ fields: Fields) -> [SegmentSpec] {
    checkRepeats("segments", fields)
    return fields.items("segments").compactMap { item in
      guard let written = item.column else {
        return item.text.map { SegmentSpec(input: .feature($0)) }
      }
      let reference =
        written.value == Self.labelEvent ? labelColumn(standingAt: written.span) : written
      guard let reference else { return nil }
      checkRowUse(reference, .segment)
      return SegmentSpec(input: .column(reference))
    }
  }

  /// Checks that segments without a source are chosen features. Anything but a name has its own
  /// finding.
  mutating func checkSegments(features: [FeatureSpec]) {
    let chosen = features.map(\.name.value)
    for name in root.fields("evaluation")?.names("segments") ?? []
    where name.value.isIdentifier && !chosen.contains(name.value) {
      let columns = catalog.sources.values.filter { source in
        source.columns[name.value].map { ColumnPurpose.segment.types.contains($0.type) } ?? false
          && !source.isEvents
      }.map { ColumnReference(source: $0.name.value, column: name.value) }
      findings.append(.segmentOfNothing(name, features: chosen, columns: columns))
    }
  }
}
