internal import Diagnostics
internal import OrderedCollections
internal import YAML

/// Makes an experiment of a composed spec whose form has been checked and whose defaults are in.
///
/// It finds what form cannot see: names that refer to nothing, columns used against their type or
/// class, settings that contradict each other. Where a part is malformed it goes on with the rest.
struct SpecDecoder {
  let root: Fields
  var findings: [Finding] = []
  var catalog = Catalog()
  /// What `features` chose, once it is decoded.
  var choice = FeatureChoice(FeatureTable())
  /// Every place that reads a column which knows only today.
  var readsOfToday: [ReadOfToday] = []
  /// Warnings that are of interest only where nothing is wrong.
  var heldBack: [Finding] = []
  /// The spec's own file. What it extends is a catalogue to choose from, so that nothing in those files
  /// need be used.
  let mainFile: SourceFile
  /// The learner's settings once they are decoded, whatever else is wrong.
  private(set) var model: ModelSpec?

  init(_ resolved: Node) {
    mainFile = resolved.span.file
    root = Fields(resolved) ?? Fields(Mapping(), at: resolved.span)
  }

  /// The experiment; nil when a part cannot be decoded.
  /// - Parameter afterErrors: whether the form has errors, so that what seems unused may be used.
  mutating func decode(afterErrors: Bool) -> ExperimentSpec? {
    let sources = decodeSources()
    let lookAhead = decodeLookAhead()
    let accept = decodeAccept()
    let cohort = decodeCohort()
    let label = decodeLabel()
    let features = decodeFeatures()
    let cutoffs = decodeCutoffs()
    let model = decodeModel()
    let sample = decodeSample()
    let calibration = decodeCalibration()
    let evaluation = decodeEvaluation()
    let score = decodeScore()
    let capacity = decodeCapacity(of: score)
    let gates = decodeGates(evaluation)
    let name = decodeName()
    checkLookAhead(lookAhead, features: features, cutoffs: cutoffs)
    checkTime(cutoffs: cutoffs, label: label)
    checkCalibration(cutoffs: cutoffs, calibration: calibration)
    checkEarlyStopping(cutoffs: cutoffs, model: model)
    if !afterErrors { reportHeldBack() }
    self.model = model
    guard let name, let cutoffs, let cohort, let label, let model, let calibration, let evaluation
    else { return nil }
    return ExperimentSpec(
      name: name, description: root.text("description")?.value, sources: sources,
      asOf: root.date("as_of"), lookAhead: lookAhead, cutoffs: cutoffs, cohort: cohort,
      label: label,
      features: features, model: model, sample: sample, calibration: calibration,
      evaluation: evaluation,
      score: score, capacity: capacity, retrain: decodeRetrain(), gates: gates,
      accept: accept)
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
  /// The columns of today that the spec allows itself to read.
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

  /// The findings about the data that the spec accepts.
  mutating func decodeAccept() -> AcceptSpec {
    var accept = AcceptSpec()
    for entry in root.fields("accept")?.mapping.entries ?? [] {
      guard let reason = entry.value.text else { continue }
      if reason.value.allSatisfy(\.isWhitespace) {
        findings.append(.acceptedWithoutReason(entry.key, reason))
      }
      accept.reasons[entry.key.value] = reason
    }
    return accept
  }

  /// Notes that a column is read, if it knows only today.
  mutating func noteRead(_ reference: Located<ColumnReference>, _ column: ColumnSpec) {
    guard column.columnClass == .current else { return }
    readsOfToday.append(ReadOfToday(column: reference))
  }

  /// Refuses columns of today that are read without being allowed, all in one finding, and warns of
  /// those that are allowed.
  /// - Parameters:
  ///   - features: those chosen: what is allowed to others is not used.
  ///   - cutoffs: nil where they cannot be decoded.
  mutating func checkLookAhead(
    _ lookAhead: LookAheadSpec?, features: [FeatureSpec], cutoffs: CutoffsSpec?
  ) {
    // Counts beyond their range are a finding of their own.
    let count = cutoffs.map { cutoffs in
      [cutoffs.train, cutoffs.calibrate, cutoffs.test].reduce(0) { sum, count in
        let (total, isTooMany) = sum.addingReportingOverflow(count.value)
        return isTooMany ? .max : total
      }
    }
    // Where the allowance itself is malformed, that is what has to be mended first.
    let isMalformed = lookAhead == nil && root.key("look_ahead") != nil
    let refused = readsOfToday.map(\.column).filter { lookAhead?.allows($0.value) != true }
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

/// A place that reads a column which knows only today.
struct ReadOfToday {
  let column: Located<ColumnReference>
  /// The features that are made of what stands there; nil in cohort and label.
  var features: [String]?

  /// Whether one of the chosen features, the cohort or the label reads there.
  func isUsed(by chosen: Set<String>) -> Bool {
    features.map { !chosen.isDisjoint(with: $0) } ?? true
  }
}
