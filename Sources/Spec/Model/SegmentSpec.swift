public import Diagnostics
internal import OrderedCollections

/// A division of the test rows into levels that are evaluated one by one.
public struct SegmentSpec: Sendable {
  /// What the levels are values of.
  public enum Input: Sendable {
    /// A chosen feature, by its name.
    case feature(Located<String>)
    /// A column of a source, as of the cutoff. The model does not learn from it.
    case column(Located<ColumnReference>)
  }

  /// What the levels are values of.
  public var input: Input

  /// The segment as it is written: `cat_region` or `customers.segment`.
  public var name: Located<String> {
    switch input {
    case .feature(let name): name
    case .column(let reference): reference.map(\.description)
    }
  }
}

extension ExperimentSpec {
  /// The columns of `evaluation.segments`, as features that are read like all others, and that no
  /// model learns from: categories of texts and flags, and the values of numbers.
  public var segmentColumns: [FeatureSpec] {
    evaluation.segments.compactMap { segment in
      guard case .column(let reference) = segment.input else { return nil }
      let column = sources[reference.value.source]?.columns[reference.value.column]
      let isNumber = column?.type == .number || column?.type == .integer
      return FeatureSpec(
        // No feature's name has a period.
        name: segment.name, set: "",
        expression: isNumber
          ? .column(.value, reference) : .category(.column(reference), CategoryPolicy()))
    }
  }
}
