internal import Diagnostics
internal import Learning
internal import Panel
internal import Spec

/// `dead_features`: a feature with the same value in every train row, or with none, tells the
/// learner nothing. Usually a source, a join or a `where` behind it is broken.
///
/// Categories are examined in the learner's form: levels too rare to be kept count as one.
struct DeadFeaturesCheck {
  func outcome(_ subject: AuditSubject) -> AuditOutcome {
    let encodings = subject.own.model.encodings
    let dead = subject.spec.features.enumerated().compactMap {
      index, feature -> (String, String)? in
      let columns = subject.train.map { $0.features.columns[index] }
      guard let value = Self.onlyValue(columns, encodings[index]) else { return nil }
      let isNull = value.isNaN
      let isOther = encodings[index].isCategory && value == Double(CategoryLevels.otherCode)
      let meaning =
        isNull
        ? "null" : isOther ? "levels too rare to be separate (`min_frequency`)" : "the same"
      return (feature.name.value, meaning)
    }
    let rows = subject.train.reduce(0) { $0 + $1.rowCount }
    let numbers: [(String, Double)] = [
      ("features", Double(subject.spec.features.count)), ("dead", Double(dead.count)),
      ("train_rows", Double(rows)),
    ]
    guard !dead.isEmpty else {
      return AuditOutcome(
        verdict: .pass, sentence: "Every feature has at least two values in the train rows.",
        numbers: numbers)
    }
    return AuditOutcome(
      verdict: .fail,
      sentence:
        "\(AuditWords.names(dead.map(\.0))) \(dead.count == 1 ? "is" : "are") the same for every "
        + "train row and no use to the model: look for a broken source or rule, or remove "
        + "\(dead.count == 1 ? "it" : "them").",
      numbers: numbers,
      details: dead.map { "`\($0.0)`: \($0.1) in all \(AuditWords.count(rows, "row"))" })
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
    func whole<Value: FixedWidthInteger>(_ values: [Value]) -> Bool {
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
        case .int8(let values): whole(values)
        case .int16(let values): whole(values)
        case .int32(let values): whole(values)
        case .float(let values): values.allSatisfy { isOnly(Double($0)) }
        case .double(let values): values.allSatisfy(isOnly)
        }
      guard isConstant else { return nil }
    }
    return only
  }

  private static func code(_ code: Int32) -> Double { code < 0 ? .nan : Double(code) }
}
