internal import Columns
internal import Diagnostics
internal import Panel
internal import Spec

/// The level of each test row in one of `evaluation.segments`.
struct SegmentLevels {
  /// The name in `evaluation.segments`.
  let name: String
  /// The names of the levels.
  let names: [String]
  /// The level of each row, an index of `names`.
  let codes: [Int32]

  /// - Parameter texts: the levels of each feature's codes.
  static func all(
    _ spec: ExperimentSpec, texts: [[String]], _ test: [PanelBlock]
  ) -> [SegmentLevels] {
    spec.evaluation.segments.compactMap { segment in
      guard let index = spec.features.firstIndex(where: { $0.name.value == segment.value }),
        case .category(_, let policy) = spec.features[index].expression
      else { return nil }
      // A missing value is a level of its own, after the dictionary's levels.
      let names = texts[index] + [policy.missing ?? "(missing)"]
      return SegmentLevels(
        name: segment.value, names: names,
        codes: test.flatMap { $0.features.columns[index].codes(missing: names.count - 1) })
    }
  }
}

extension FeatureColumn {
  /// A category column's codes, with a separate code for missing values.
  func codes(missing: Int) -> [Int32] {
    let missing = Int32(missing)
    return switch self {
    case .int8(let codes): codes.map { $0 == .min ? missing : Int32($0) }
    case .int16(let codes): codes.map { $0 == .min ? missing : Int32($0) }
    case .int32(let codes): codes.map { $0 == .min ? missing : $0 }
    case .float(let values): values.map { _ in -1 }
    case .double(let values): values.map { _ in -1 }
    }
  }
}
