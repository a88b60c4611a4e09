internal import Columns
internal import Cryptography
internal import Diagnostics
internal import Foundation
internal import Panel
internal import Runs
internal import Spec

/// `future_poison` and `future_delete`: the panel of a cutoff must be the same, value by value,
/// whatever the data say about later days.
///
/// The check probes the first and last train cutoff and the last test cutoff that have rows. For
/// each, it replaces (`DataAlteration.poisoned`) or removes (`.cut`) everything in the source rows
/// that was not known at the end of that day. It then loads the sources again, from their copies,
/// and repeats every step from parsing to features. A single differing value is a failure, because
/// there is no noise. If the data contain nothing later than any of these days, nothing could differ
/// and the check is inconclusive. If the label is conditional on rows in its window, the entire cohort is compared.
struct FutureCheck {
  let kind: FutureAlteration

  func outcome(_ subject: AuditSubject) throws -> AuditOutcome {
    let arrivals = try subject.builder.arrivals()
    var details: [AuditDetail] = []
    var differing: [PanelDifference] = []
    var rows = 0
    var later = 0
    var isLoaded = true
    let probed = Self.probed(subject)
    for block in probed {
      let day = block.cutoff.date
      rows += block.rowCount
      later += arrivals.reduce(0) { $0 + $1.count(after: day.days) }
      do {
        let found = try differences(block, subject)
        details += found.details.map { .on(day, $0) }
        differing += found.differences
      } catch {
        isLoaded = false
        details += AuditDetail.reasons(error).map { .on(day, $0) }
      }
    }
    let features = Set(differing.compactMap(\.feature)).sorted()
    let isCohort = differing.contains { $0.feature == nil }
    let numbers: [(String, Double)] = [
      ("cutoffs", Double(probed.count)), ("rows", Double(rows)), ("later_values", Double(later)),
      ("differing_features", Double(features.count + (isCohort ? 1 : 0))),
      ("differing_rows", Double(differing.map(\.rows).max() ?? 0)),
    ]
    func outcome(_ verdict: AuditCheck.Verdict, _ result: AuditResult) -> AuditOutcome {
      AuditOutcome(verdict, result, numbers: numbers, details: details)
    }
    if !differing.isEmpty {
      return outcome(.fail, .future(.read(kind, isCohort: isCohort, features: features)))
    }
    if !isLoaded { return outcome(.inconclusive, .future(.unreadable(kind))) }
    if later == 0 { return outcome(.inconclusive, .future(.nothingLater)) }
    return outcome(.pass, .future(.unread(kind, cutoffs: probed.map(\.cutoff.date))))
  }

  /// The first and last train cutoff and the last test cutoff with rows, each once.
  private static func probed(_ subject: AuditSubject) -> [PanelBlock] {
    // Cutoffs without rows have nothing to compare.
    let train = subject.train.filter { $0.rowCount > 0 }
    let test = subject.test.filter { $0.rowCount > 0 }
    let wanted = [train.first, train.last, test.last].compactMap(\.self)
    var seen: Set<CalendarDate> = []
    return wanted.filter { seen.insert($0.cutoff.date).inserted }
  }

  private func differences(
    _ block: PanelBlock, _ subject: AuditSubject
  ) throws -> (differences: [PanelDifference], details: [AuditDetail]) {
    let day = block.cutoff.date
    let builder = try PanelBuilder(
      subject.spec, project: subject.project.spec, projectFolder: subject.project.folder,
      engine: try NativeLibraries.engine(threads: subject.threads),
      alteration: kind == .poison ? .poisoned(after: day) : .cut(after: day),
      copies: subject.copies)
    // Which rows have a conditional label is part of the outcome. So the entire cohort is compared,
    // as it is scored.
    let isConditional = subject.spec.label.among != nil
    let cutoff =
      isConditional
      ? Cutoff(date: day, role: .immature, windowEnd: block.cutoff.windowEnd) : block.cutoff
    let altered = PanelContent(
      try builder.block(cutoff), builder: builder, keys: try builder.keys())
    let own = PanelContent(
      isConditional ? try subject.builder.block(cutoff) : block, builder: subject.builder,
      keys: subject.keys)
    let (before, after) = (own.digest, altered.digest)
    if before == after {
      return ([], [.samePanel(rows: own.keys.count, digest: before)])
    }
    let found = own.differences(from: altered)
    return (
      found,
      [.otherPanel(digest: before, altered: after)] + found.map(AuditDetail.panelDifference)
    )
  }
}

/// The content of a cutoff's panel: entity keys, features, and columns of segments, with categories
/// as texts and without labels.
///
/// Entity numbers and category codes differ between loads of the same data. Keys and texts do not.
struct PanelContent {
  struct Feature {
    let name: String
    let values: Values
  }

  enum Values {
    /// The bit patterns of numbers. A missing value is that of `Double.nan`.
    case numbers([UInt64])
    case texts([String?])
  }

  /// Ascending.
  let keys: [String]
  let features: [Feature]

  /// - Parameter keys: the keys of entities, by entity number.
  init(_ block: PanelBlock, builder: PanelBuilder, keys: [String]) {
    self.keys = block.entities.map { keys[Int($0)] }
    // The builder numbers columns of segments after the features.
    let read = builder.spec.features + builder.spec.segmentColumns
    let columns = block.features.columns + block.segments
    features = zip(read, columns).enumerated().map { index, pair in
      let (feature, column) = pair
      let levels = feature.expression.isCategory ? builder.levels(ofFeature: index) : nil
      return Feature(name: feature.name.value, values: column.content(levels: levels))
    }
  }

  /// SHA-256 of the content, as hexadecimal text.
  ///
  /// Every text is preceded by its length, so that no two contents give the same bytes.
  var digest: String {
    var bytes: [UInt8] = []
    func add(_ number: UInt64) {
      withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }
    func add(_ text: String?) {
      guard let text else { return add(UInt64.max) }
      add(UInt64(text.utf8.count))
      bytes.append(contentsOf: text.utf8)
    }
    add(UInt64(keys.count))
    for key in keys { add(key) }
    for feature in features {
      add(feature.name)
      switch feature.values {
      case .numbers(let values): for value in values { add(value) }
      case .texts(let values): for value in values { add(value) }
      }
    }
    return SHA256.hash(bytes).hexadecimal
  }

  /// The differences from another content of the same cutoff.
  func differences(from other: PanelContent) -> [PanelDifference] {
    var positions: [String: Int] = [:]
    for (row, key) in other.keys.enumerated() { positions[key] = row }
    let pairs = keys.enumerated().compactMap { row, key in positions[key].map { (row, $0) } }
    let own = Set(keys)
    let gone = keys.filter { positions[$0] == nil }
    let come = other.keys.filter { !own.contains($0) }
    var found: [PanelDifference] = []
    if let example = (gone + come).min() {
      found.append(
        PanelDifference(
          feature: nil, rows: gone.count + come.count, key: example,
          change: gone.contains(example) ? .left : .joined))
    }
    for (feature, changed) in zip(features, other.features) {
      let rows = pairs.filter { !feature.values.agrees(at: $0.0, with: changed.values, at: $0.1) }
      guard let first = rows.first else { continue }
      found.append(
        PanelDifference(
          feature: feature.name, rows: rows.count, key: keys[first.0],
          change: .value(
            from: feature.values.value(first.0), to: changed.values.value(first.1))))
    }
    return found
  }
}

extension PanelContent.Values {
  fileprivate func agrees(at row: Int, with other: Self, at otherRow: Int) -> Bool {
    switch (self, other) {
    case (.numbers(let values), .numbers(let others)): values[row] == others[otherRow]
    case (.texts(let values), .texts(let others)):
      // Compare bytes, because Swift's own comparison treats some different texts as equal.
      values[row].map { Array($0.utf8) } == others[otherRow].map { Array($0.utf8) }
    default: false
    }
  }

  fileprivate func value(_ row: Int) -> PanelDifference.Value {
    switch self {
    case .numbers(let values):
      let value = Double(bitPattern: values[row])
      return value.isNaN ? .missing : .number(value)
    case .texts(let values): return values[row].map(PanelDifference.Value.text) ?? .missing
    }
  }
}

extension FeatureColumn {
  /// - Parameter levels: the texts of a category's codes; nil for numbers.
  fileprivate func content(levels: [String]?) -> PanelContent.Values {
    func content<Value: FixedWidthInteger>(_ values: [Value]) -> PanelContent.Values {
      if let levels { return .texts(values.map { $0 == .min ? nil : levels[Int($0)] }) }
      return .numbers(values.map { ($0 == .min ? Double.nan : Double($0)).bitPattern })
    }
    func bits(_ value: Double) -> UInt64 { (value.isNaN ? Double.nan : value).bitPattern }
    return switch self {
    case .int8(let values): content(values)
    case .int16(let values): content(values)
    case .int32(let values): content(values)
    case .float(let values): .numbers(values.map { bits(Double($0)) })
    case .double(let values): .numbers(values.map { bits($0) })
    }
  }
}

/// One way in which two panels of a cutoff differ.
package struct PanelDifference: Sendable {
  package enum Value: Sendable {
    case missing
    case number(Double)
    case text(String)
  }

  package enum Change: Sendable {
    /// The entity was in the cohort, or is in it now.
    case left, joined
    case value(from: Value, to: Value)
  }

  /// nil: the cohort.
  package let feature: String?
  package let rows: Int
  /// The first entity that differs.
  package let key: String
  /// How it differs.
  package let change: Change
}
