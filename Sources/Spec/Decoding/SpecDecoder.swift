internal import Diagnostics
internal import OrderedCollections
internal import YAML

/// Decodes an experiment from a composed spec whose form has been checked and whose defaults are
/// filled in.
///
/// It finds what the form check cannot see: names that refer to nothing, columns used against their
/// type or class, and contradictory settings. If one part is malformed, it continues with the rest.
struct SpecDecoder {
  let root: Fields
  var findings: [Finding] = []
  var catalog = Catalog()
  /// The choice made by `features`, once it is decoded.
  var choice = FeatureChoice(FeatureTable())
  /// Every place that reads a `current` column.
  var readsOfToday: [ReadOfToday] = []
  /// Warnings that are reported only if there are no errors.
  var heldBack: [Finding] = []
  /// The spec's own file. The files that it extends are catalogs to choose from, so unused
  /// definitions in them are not reported.
  let mainFile: SourceFile
  /// The learner's settings once decoded, even if other parts have errors.
  private(set) var model: ModelSpec?

  init(_ resolved: Node) {
    mainFile = resolved.span.file
    root = Fields(resolved) ?? Fields(Mapping(), at: resolved.span)
  }

  /// Returns the experiment; nil if a part cannot be decoded.
  /// - Parameter afterErrors: whether the form has errors. If so, definitions that seem unused may
  ///   be used, and no warnings are given.
  mutating func decode(afterErrors: Bool) -> ExperimentSpec? {
    let day = decodeDay()
    let sources = decodeSources(day)
    let lookAhead = decodeLookAhead()
    let accept = decodeAccept()
    let cohort = decodeCohort()
    let label = decodeLabel()
    let (features, otherFeatures) = decodeFeatures()
    let cutoffs = decodeCutoffs()
    let model = decodeModel()
    let sample = decodeSample()
    let calibration = decodeCalibration()
    let evaluation = decodeEvaluation()
    let score = decodeScore()
    let capacity = decodeCapacity(of: score)
    let monitor = decodeMonitor()
    let gates = decodeGates(evaluation)
    let name = decodeName()
    let readers = features.filter(\.expression.isSQLOverFeatures)
    let inputs = readers.isEmpty ? [] : FeatureInputs(features + otherFeatures).all(of: readers)
    checkLookAhead(lookAhead, features: features + inputs, cutoffs: cutoffs)
    checkTime(cutoffs: cutoffs, label: label)
    checkCalibration(cutoffs: cutoffs, calibration: calibration)
    checkEarlyStopping(cutoffs: cutoffs, model: model)
    if !afterErrors { reportHeldBack() }
    self.model = model
    guard let name, let cutoffs, let cohort, let label, let model, let calibration, let evaluation
    else { return nil }
    return ExperimentSpec(
      name: name, description: root.text("description")?.value, day: day, sources: sources,
      asOf: root.date("as_of"), lookAhead: lookAhead, cutoffs: cutoffs, cohort: cohort,
      label: label,
      features: features, model: model, sample: sample, calibration: calibration,
      evaluation: evaluation,
      score: score, capacity: capacity, retrain: decodeRetrain(),
      monitor: monitor, gates: gates,
      accept: accept, otherFeatures: otherFeatures)
  }

  private mutating func decodeName() -> Located<String>? {
    guard let name = root.text("name") else { return nil }
    let allowed = name.value.utf8.allSatisfy { byte in
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || [UInt8](".-_@=,+".utf8).contains(byte)
    }
    let first = name.value.utf8.first ?? 46
    if !allowed || first == 45 || first == 46 || name.value.utf8.count > 200 {
      findings.append(.unsafeName(name))
    }
    return name
  }
}

extension SpecDecoder {
  /// Decodes the `current` columns that the spec allows itself to read.
  mutating func decodeLookAhead() -> LookAheadSpec? {
    guard let fields = root.fields("look_ahead") else { return nil }
    checkRepeats("allow", fields)
    var allowed: [Located<ColumnReference>] = []
    for item in fields.items("allow") {
      guard let reference = item.column, let (_, column) = column(reference) else { continue }
      if column.columnClass == .current {
        allowed.append(reference)
      } else {
        findings.append(.nothingToAllow(reference, column))
      }
    }
    guard let reason = fields.text("because") else { return nil }
    if reason.value.allSatisfy(\.isWhitespace) { findings.append(.noReason(reason)) }
    return LookAheadSpec(
      span: fields.key("allow")?.span ?? fields.span, allowed: allowed, reason: reason.value)
  }

  /// Decodes the findings about the data, and the checks of the audit, that the spec accepts.
  mutating func decodeAccept() -> AcceptSpec {
    var accept = AcceptSpec()
    let findings = root.fields("accept")?.mapping.entries ?? []
    let checks = root.fields("audit")?.fields("accept")?.mapping.entries ?? []
    for entry in findings + checks {
      guard let reason = entry.value.text else { continue }
      if reason.value.allSatisfy(\.isWhitespace) {
        self.findings.append(.acceptedWithoutReason(entry.key, reason))
      }
      accept.reasons[entry.key.value] = reason
    }
    return accept
  }

  /// Records that a column is read if it is `current`.
  mutating func noteRead(_ reference: Located<ColumnReference>, _ column: ColumnSpec) {
    guard column.columnClass == .current else { return }
    readsOfToday.append(ReadOfToday(column: reference))
  }

  /// Reports all `current` columns that are read without permission in one finding, and warns about
  /// those that are allowed.
  /// - Parameters:
  ///   - features: the chosen features and those that they read; permission for columns that only
  ///     other features read is unused.
  ///   - cutoffs: nil if they cannot be decoded.
  mutating func checkLookAhead(
    _ lookAhead: LookAheadSpec?, features: [FeatureSpec], cutoffs: CutoffsSpec?
  ) {
    // Counts outside their range have their own finding.
    let count = cutoffs.flatMap { cutoffs -> Int? in
      guard let train = cutoffs.train.count, let calibrate = cutoffs.calibrate.count else {
        return nil
      }
      return [train, calibrate, cutoffs.test.value].reduce(0) { sum, count in
        let (total, isTooMany) = sum.addingReportingOverflow(count)
        return isTooMany ? .max : total
      }
    }
    // If `look_ahead` itself is malformed, that must be fixed first.
    let isMalformed = lookAhead == nil && root.key("look_ahead") != nil
    // A reference is read at one place, however many features read through it.
    var places: Set<String> = []
    let refused = readsOfToday.map(\.column).filter { column in
      lookAhead?.allows(column.value) != true
        && places.insert("\(column.value) \(column.span.place)").inserted
    }
    if !refused.isEmpty, !isMalformed {
      findings.append(.lookAhead(refused, cutoffCount: count) { declaration($0) })
    }
    guard let lookAhead, !lookAhead.allowed.isEmpty else { return }
    let chosen = Set(features.map(\.name.value))
    let read = Set(readsOfToday.filter { $0.isUsed(by: chosen) }.map(\.column.value))
    for column in lookAhead.allowed where !read.contains(column.value) {
      heldBack.append(.allowedForNothing(column))
    }
    let used = lookAhead.allowed.filter { read.contains($0.value) }.map(\.value)
    if !used.isEmpty {
      findings.append(.lookAheadAllowed(lookAhead, columns: used, cutoffCount: count))
    }
  }

  private func declaration(_ reference: ColumnReference) -> SourceSpan? {
    catalog.sources[reference.source]?.columns[reference.column]?.name.span
  }
}

/// A place that reads a `current` column.
struct ReadOfToday {
  let column: Located<ColumnReference>
  /// The features computed from it; nil in cohort, label and segments.
  var features: [String]?

  /// Returns whether one of the chosen features, the cohort, the label or a segment reads it.
  func isUsed(by chosen: Set<String>) -> Bool {
    features.map { !chosen.isDisjoint(with: $0) } ?? true
  }
}

/// The sources of a spec during decoding: their definitions, and which of them are used.
struct Catalog {
  /// The names of all sources, including malformed ones.
  private(set) var names: OrderedSet<String> = []
  /// The names of all listed columns by source, including malformed ones.
  private(set) var columnNames: [String: [String]] = [:]
  private(set) var sources: OrderedDictionary<String, SourceSpec> = [:]
  private(set) var used: Set<String> = []

  mutating func declare(_ name: String, columns: [String]) {
    names.append(name)
    columnNames[name] = columns
  }

  mutating func add(_ source: SourceSpec) { sources[source.name.value] = source }

  /// Records the column that refers to a source.
  mutating func refer(_ column: Located<ColumnReference>, to source: String) {
    sources[source]?.foreignKey = column
  }

  /// Records that a source is read, and with it those through which entities find its rows.
  mutating func use(_ source: String) {
    used.insert(source)
    used.formUnion(sources.foreignKeys(of: source).map(\.value.source))
  }
}
