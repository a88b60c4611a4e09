import Diagnostics
import OrderedCollections
import YAML

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
