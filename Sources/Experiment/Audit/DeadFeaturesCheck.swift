internal import Columns
internal import Diagnostics
internal import Learning
internal import Panel
internal import Spec

/// `dead_features`: a feature with the same value in every train row, or with none, tells the
/// learner nothing. Usually a source, a join or a `where` behind it is broken.
///
/// Categories are examined in the learner's form. One whose levels are all too rare to be kept is
/// the same in every row because the spec says so (`min_frequency`), so it is named and does not
/// fail the check.
struct DeadFeaturesCheck {
  func outcome(_ subject: AuditSubject) -> AuditOutcome {
    let encodings = subject.own.model.encodings
    var dead: [(name: String, isNull: Bool)] = []
    var folded: [String] = []
    for (index, feature) in subject.spec.features.enumerated() {
      let columns = subject.train.map { $0.features.columns[index] }
      guard let value = Self.onlyValue(columns, encodings[index]) else { continue }
      if encodings[index].isCategory, value == Double(CategoryLevels.otherCode) {
        folded.append(feature.name.value)
      } else {
        dead.append((feature.name.value, value.isNaN))
      }
    }
    let rows = subject.train.reduce(0) { $0 + $1.rowCount }
    let numbers: [(String, Double)] = [
      ("features", Double(subject.spec.features.count)), ("dead", Double(dead.count)),
      ("folded", Double(folded.count)), ("train_rows", Double(rows)),
    ]
    let notes = folded.map(AuditDetail.foldedFeature)
    guard !dead.isEmpty else {
      return AuditOutcome(
        .pass, .featuresVary(areFolded: !folded.isEmpty), numbers: numbers, details: notes)
    }
    return AuditOutcome(
      .fail, .featuresDead(dead.map(\.name)), numbers: numbers,
      details: dead.map { .deadFeature($0.name, isNull: $0.isNull, rows: rows) } + notes)
  }

  /// The learner's number that all rows share, NaN for missing; nil when rows differ.
  private static func onlyValue(_ columns: [FeatureColumn], _ encoding: ColumnEncoding) -> Double? {
    var only: Double?
    func isOnly(_ value: Double) -> Bool {
      guard let known = only else {
        only = value
        return true
      }
      return known == value || (known.isNaN && value.isNaN)
    }
    func isSame<Value: FixedWidthInteger>(_ values: [Value]) -> Bool {
      values.allSatisfy { value in
        switch encoding {
        case .number: isOnly(value == .min ? .nan : Double(value))
        case .category(let codes, let missing, let unseen):
          isOnly(
            Self.code(
              value == .min
                ? missing : codes.indices.contains(Int(value)) ? codes[Int(value)] : unseen))
        }
      }
    }
    for column in columns {
      let isConstant =
        switch column {
        case .int8(let values): isSame(values)
        case .int16(let values): isSame(values)
        case .int32(let values): isSame(values)
        case .float(let values): values.allSatisfy { isOnly(Double($0)) }
        case .double(let values): values.allSatisfy(isOnly)
        }
      guard isConstant else { return nil }
    }
    return only
  }

  private static func code(_ code: Int32) -> Double { code < 0 ? .nan : Double(code) }
}
