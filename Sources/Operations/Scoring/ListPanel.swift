internal import Diagnostics
internal import Learning
internal import OrderedCollections
internal import Panel
internal import Promotion
internal import Spec

/// The cohort of one cutoff: the model's features, and the columns that a list publishes of sources.
///
/// The latter ride along as further features behind those of the model, which never sees them.
struct ListPanel {
  let block: PanelBlock
  /// The model's features and what each row's codes of a category stand for; nil for numbers.
  let levels: [[String]?]
  let featureCount: Int
  private let spec: ExperimentSpec
  /// The place of each published column of a source among the block's columns; nil: it is unknown at
  /// the cutoff.
  private let places: [String: Int?]

  /// The experiment with the published columns of sources as features behind its own.
  static func extended(_ spec: ExperimentSpec, _ score: ScoreSpec) -> ExperimentSpec {
    var extended = spec
    extended.features += score.sourceColumns.map { column, reference in
      FeatureSpec(
        // A blank keeps the name from being that of a feature.
        name: column.name.map { "published \($0)" }, set: "",
        expression: .category(.column(reference), CategoryPolicy()))
    }
    return extended
  }

  /// - Parameter builder: of the extended experiment.
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

  /// What a published column holds.
  enum Content {
    case numbers(FeatureColumn)
    /// Codes of texts, and the text where there is none.
    case texts(FeatureColumn, levels: [String], missing: String?)
    /// Nothing is known of it at the cutoff.
    case unknown
  }

  func content(of column: PublishedColumn) -> Content {
    switch column.input {
    case .feature(let name):
      guard let index = spec.features.firstIndex(where: { $0.name.value == name.value }) else {
        return .unknown
      }
      guard case .category(_, let policy) = spec.features[index].expression else {
        return .numbers(block.features.columns[index])
      }
      return .texts(
        block.features.columns[index], levels: levels[index] ?? [], missing: policy.missing)
    case .column:
      guard let place = places[column.name.value] ?? nil else { return .unknown }
      return .texts(block.features.columns[place], levels: levels[place] ?? [], missing: nil)
    }
  }

  /// The engine's type of a published column: that of the source's column, else text.
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

  /// A number from 0 on per row and the text of each: the groups that a published column makes.
  func groups(of column: PublishedColumn) -> (numbers: [Int32], names: [String]) {
    guard case .texts(let codes, var names, let missing) = content(of: column) else {
      return ([Int32](repeating: 0, count: block.rowCount), [""])
    }
    // Rows without a value are a group like any other; one of equal name is the same group.
    let nameless = Int32(missing.flatMap { names.firstIndex(of: $0) } ?? names.count)
    if Int(nameless) == names.count { names.append(missing ?? "") }
    return (codes.codes.map { $0 < 0 ? nameless : $0 }, names)
  }
}

extension ScoreSpec {
  /// The published columns that are read of sources.
  var sourceColumns: [(column: PublishedColumn, reference: Located<ColumnReference>)] {
    published.compactMap { column in
      if case .column(let reference) = column.input { (column, reference) } else { nil }
    }
  }
}

extension ExperimentSpec {
  /// Whether a column says at a cutoff what it said then: one of today's values does only on the last
  /// observed day.
  func isKnown(_ reference: ColumnReference, at cutoff: CalendarDate) -> Bool {
    guard let source = sources[reference.source],
      source.columns[reference.column]?.columnClass == .current
    else { return true }
    return (source.dataThrough?.value ?? dataThrough).map { cutoff >= $0 } ?? false
  }
}

extension FeatureColumn {
  /// A category's codes; negative where there is none.
  var codes: [Int32] {
    switch self {
    case .int8(let codes): codes.map { $0 == .min ? -1 : Int32($0) }
    case .int16(let codes): codes.map { $0 == .min ? -1 : Int32($0) }
    case .int32(let codes): codes.map { $0 == .min ? -1 : $0 }
    case .float, .double: preconditionFailure("codes are whole numbers")
    }
  }
}
