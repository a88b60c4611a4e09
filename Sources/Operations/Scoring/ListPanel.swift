internal import Columns
internal import Diagnostics
internal import Learning
internal import OrderedCollections
internal import Panel
internal import Promotion
internal import Spec

/// The cohort of one cutoff, with the model's features and the source columns that a list
/// publishes.
///
/// The published columns are appended as features after those of the model, which never sees them.
struct ListPanel {
  let block: PanelBlock
  /// The texts of each feature's category codes; nil for numbers.
  let levels: [[String]?]
  let featureCount: Int
  private let spec: ExperimentSpec
  /// The index of each published source column in the block; nil if it is unknown at the cutoff.
  private let places: [String: Int?]

  /// The experiment with the published source columns appended to its features, and without
  /// segments: a list is not evaluated.
  static func extended(_ spec: ExperimentSpec, _ score: ScoreSpec) -> ExperimentSpec {
    var extended = spec
    extended.evaluation.segments = []
    extended.features += score.sourceColumns.map { column, reference in
      FeatureSpec(
        // The space keeps the name from equaling a feature's.
        name: column.name.map { "published \($0)" }, set: "",
        expression: .category(.column(reference), CategoryPolicy()))
    }
    return extended
  }

  /// - Parameter builder: the builder of the extended experiment.
  init(_ block: PanelBlock, spec: ExperimentSpec, score: ScoreSpec, builder: PanelBuilder) {
    self.block = block
    self.spec = spec
    featureCount = spec.features.count
    levels = builder.spec.features.enumerated().map { index, feature in
      feature.expression.isCategory ? builder.levels(ofFeature: index) : nil
    }
    var places: [String: Int?] = [:]
    for (offset, (column, reference)) in score.sourceColumns.enumerated() {
      let isKnown = spec.isKnown(reference.value, at: block.cutoff.date)
      places[column.name.value] = .some(isKnown ? featureCount + offset : nil)
    }
    self.places = places
  }

  /// The columns that the model reads.
  var features: FeatureBlock {
    FeatureBlock(
      rowCount: block.rowCount, columns: Array(block.features.columns.prefix(featureCount)))
  }

  /// The content of a published column.
  enum Content {
    case numbers(FeatureColumn)
    /// Codes of texts, and the text for a missing value.
    case texts(FeatureColumn, levels: [String], missing: String?)
    /// The column is unknown at the cutoff.
    case unknown
  }

  func content(of column: PublishedColumn) -> Content {
    switch column.input {
    case .feature(let name):
      guard let index = spec.features.firstIndex(where: { $0.name.value == name.value }) else {
        return .unknown
      }
      guard let policy = spec.features[index].expression.policy else {
        return .numbers(block.features.columns[index])
      }
      return .texts(
        block.features.columns[index], levels: levels[index] ?? [], missing: policy.missing)
    case .column:
      guard let place = places[column.name.value] ?? nil else { return .unknown }
      return .texts(block.features.columns[place], levels: levels[place] ?? [], missing: nil)
    }
  }

  /// The engine type of a published column: that of the source column, otherwise text.
  func type(of column: PublishedColumn) -> String {
    guard case .column(let reference) = column.input,
      let source = spec.sources[reference.value.source]?.columns[reference.value.column]
    else { return "VARCHAR" }
    return switch source.type {
    case .text: "VARCHAR"
    case .integer: "BIGINT"
    case .number: "DOUBLE"
    case .date: "DATE"
    case .flag: "BOOLEAN"
    }
  }

  /// The groups that a published column forms: an index per row, counted from 0, and each group's
  /// name.
  func groups(of column: PublishedColumn) -> (numbers: [Int32], names: [String]) {
    guard case .texts(let codes, var names, let missing) = content(of: column) else {
      return ([Int32](repeating: 0, count: block.rowCount), [""])
    }
    // Rows without a value form a group like any other, merged with one of the same name.
    let nameless = Int32(missing.flatMap { names.firstIndex(of: $0) } ?? names.count)
    if Int(nameless) == names.count { names.append(missing ?? "") }
    return (codes.codes.map { $0 < 0 ? nameless : $0 }, names)
  }
}

extension ScoreSpec {
  /// The published columns that are read from sources.
  var sourceColumns: [(column: PublishedColumn, reference: Located<ColumnReference>)] {
    published.compactMap { column in
      if case .column(let reference) = column.input { (column, reference) } else { nil }
    }
  }
}

extension ExperimentSpec {
  /// Whether a column's values at a cutoff are those of that time. For a column with only today's
  /// values, or one whose rows are found through such a column, this holds only on the last observed
  /// day.
  func isKnown(_ reference: ColumnReference, at cutoff: CalendarDate) -> Bool {
    let read = [reference] + sources.foreignKeys(of: reference.source).map(\.value)
    return read.allSatisfy { column in
      guard let source = sources[column.source],
        source.columns[column.column]?.columnClass == .current
      else { return true }
      return (source.dataThrough?.value ?? dataThrough).map { cutoff >= $0 } ?? false
    }
  }
}

extension FeatureColumn {
  /// A category's codes; negative if missing.
  var codes: [Int32] {
    switch self {
    case .int8(let codes): codes.map { $0 == .min ? -1 : Int32($0) }
    case .int16(let codes): codes.map { $0 == .min ? -1 : Int32($0) }
    case .int32(let codes): codes.map { $0 == .min ? -1 : $0 }
    case .float, .double: preconditionFailure("codes are whole numbers")
    }
  }
}
